"""What mail providers report after sending: hard bounces and complaints stop all mail to an address; a delivery ends a doubt."""

import uuid
from collections.abc import Mapping
from typing import Any

from anymail.signals import AnymailTrackingEvent, EventType

from notifications import consent
from notifications.models import Message, ProviderEvent, State, Suppression
from postpurchase.lib import clock
from postpurchase.tenancy import gates
from postpurchase.tenancy.scope import in_merchant

STOPS = {EventType.BOUNCED: "bounced", EventType.COMPLAINED: "complained", EventType.REJECTED: "rejected"}
SOFT = ("blocked", "timed_out")
SPARKPOST_SOFT = ("20", "21", "22", "23", "24", "40", "70")  # https://support.sparkpost.com/docs/deliverability/bounce-classification-codes
PROOF = (EventType.DELIVERED, EventType.SENT, EventType.OPENED, EventType.CLICKED)


def receive(sender: object, event: AnymailTrackingEvent, esp_name: str, **kwargs: Any) -> None:
    """anymail's tracking signal, after it has checked the provider's signature or shared secret."""
    message_id = _message_id(event)
    merchant_id = gates.by_message(message_id) if message_id else None
    if message_id is None or merchant_id is None:
        return  # not a message of ours, or one that has been erased
    with in_merchant(merchant_id):
        record(Message.objects.get(pk=message_id), event, esp_name)


def _message_id(event: AnymailTrackingEvent) -> uuid.UUID | None:
    try:
        return uuid.UUID(str((event.metadata or {}).get("message")))
    except ValueError:
        return None


def record(message: Message, event: AnymailTrackingEvent, esp_name: str) -> None:
    """Keep the event once, and act on it."""
    name = f"{esp_name}:{event.event_id or f'{event.event_type}:{message.pk}'}"[:200]
    detail = str(event.description or event.mta_response or "")[:500]
    hard = event.event_type in STOPS and event.reject_reason not in SOFT and not _may_pass(event)
    given = {"kind": str(event.event_type)[:20], "message": message, "detail": detail, "hard": hard}
    if not ProviderEvent.objects.get_or_create(event_id=name, defaults=given)[1]:
        return
    if hard:
        consent.suppress(message.to_address, scope=Suppression.ALL, reason=STOPS[event.event_type])
    if event.event_type in PROOF:
        told = event.timestamp or clock.business_now()
        Message.objects.filter(pk=message.pk, state=State.UNKNOWN).update(state=State.SENT, sent_at=told, reason="provider_told")


def _may_pass(event: AnymailTrackingEvent) -> bool:
    """Whether a bounce may be over tomorrow: a full mailbox, a server that is away. anymail calls these bounces like any other where
    the provider tells them apart by name (Postmark, Brevo, Mandrill), by a class (SparkPost), by a flag (Mailjet) or in words (SES).
    """
    if event.event_type != EventType.BOUNCED:
        return False
    whole = event.esp_event if isinstance(event.esp_event, Mapping) else {}
    said = whole.get("msys", {}).get("message_event", whole)
    named = {str(said.get(key, "")).lower().replace("_", "") for key in ("Type", "event")}
    by_class = str(said.get("bounce_class", "")) in SPARKPOST_SOFT
    return "softbounce" in named or by_class or said.get("hard_bounce") is False or str(event.description).startswith("Transient")
