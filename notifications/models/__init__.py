"""Flows and who is in them, the messages that wait or went, and whom we may write to."""

from notifications.models.consent import Consent, Preference, Suppression
from notifications.models.flows import Decision, Enrolment, Flow, FlowVersion, InFlight
from notifications.models.messages import MOVES, Attempt, Guarantee, Message, MessageBody, ProviderEvent, State, Stream
from notifications.models.rules import Confirm, MessagingRules

__all__ = [
    "MOVES", "Attempt", "Confirm", "Consent", "Decision", "Enrolment", "Flow", "FlowVersion", "Guarantee", "InFlight", "Message",
    "MessageBody", "MessagingRules", "Preference", "ProviderEvent", "State", "Stream", "Suppression",
]  # fmt: skip
