"""Flows and who is in them, the messages that wait or went, and whom we may write to."""

from notifications.models.consent import Consent, Preference, Suppression
from notifications.models.designs import EmailDesign, EmailDesignVersion
from notifications.models.engagement import Act, Engagement, Link
from notifications.models.flows import FORKED, Decision, Enrolment, Flow, FlowVersion, InFlight
from notifications.models.messages import MOVES, Attempt, Channel, Guarantee, Message, MessageBody, ProviderEvent, State, Stream
from notifications.models.results import ResultDay, ResultsKept
from notifications.models.rules import Confirm, MessagingRules
from notifications.models.sms import SmsAccount, SmsProvider

__all__ = [
    "FORKED", "MOVES", "Act", "Attempt", "Channel", "Confirm", "Consent", "Decision", "EmailDesign", "EmailDesignVersion", "Engagement",
    "Enrolment", "Flow", "FlowVersion", "Guarantee", "InFlight", "Link", "Message", "MessageBody", "MessagingRules", "Preference",
    "ProviderEvent", "ResultDay", "ResultsKept", "SmsAccount", "SmsProvider", "State", "Stream", "Suppression",
]  # fmt: skip
