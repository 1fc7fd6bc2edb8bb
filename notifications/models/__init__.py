"""Flows and who is in them, the messages that wait or went, and whom we may write to."""

from notifications.models.consent import Consent, Suppression
from notifications.models.designs import EmailDesign, EmailDesignVersion
from notifications.models.flows import Decision, Enrolment, Flow, FlowVersion
from notifications.models.messages import MOVES, Attempt, Guarantee, Message, MessageBody, ProviderEvent, State, Stream

__all__ = [
    "MOVES", "Attempt", "Consent", "Decision", "EmailDesign", "EmailDesignVersion", "Enrolment", "Flow", "FlowVersion",
    "Guarantee", "Message", "MessageBody",
    "ProviderEvent", "State", "Stream", "Suppression",
]  # fmt: skip
