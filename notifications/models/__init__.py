"""Flows and who is in them, the messages that wait or went, and whom we may write to."""

from notifications.models.consent import Consent, Suppression
from notifications.models.flows import Decision, Enrolment, Flow, FlowVersion
from notifications.models.messages import MOVES, Attempt, Channel, Guarantee, Message, MessageBody, ProviderEvent, State, Stream
from notifications.models.sms import SmsAccount, SmsProvider

__all__ = [
    "MOVES", "Attempt", "Channel", "Consent", "Decision", "Enrolment", "Flow", "FlowVersion", "Guarantee", "Message", "MessageBody",
    "ProviderEvent", "SmsAccount", "SmsProvider", "State", "Stream", "Suppression",
]  # fmt: skip
