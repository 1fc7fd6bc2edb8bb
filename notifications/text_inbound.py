"""What comes back from a provider of texts: answers of shoppers, and what became of a message. Each event counts once."""

import uuid
from dataclasses import dataclass

from django.utils import translation
from django.utils.translation import gettext

from notifications import consent
from notifications.engagement import record
from notifications.models import Channel, Message, ProviderEvent, State, Suppression
from notifications.sms import phones
from notifications.sms.words import Asked, asked
from postpurchase.lib import clock
from postpurchase.tenancy.models import Brand
from postpurchase.ui import tongue

STOPPED, GONE = "stopped", "unreachable"  # reasons of a suppression
ARRIVED = ("sent", "delivered", "read")  # Twilio's words for a text that left
FAILED = ("failed", "undelivered")
NO_SUCH_NUMBER = ("30005", "30006")  # Twilio: unknown handset; a landline
BLOCKED = "21610"  # Twilio's own list says that the person wants none


@dataclass(frozen=True)
class Answer:
    """What a shopper sent. `event_id`: the provider's id of it."""

    event_id: str
    number: str
    text: str


def answered(answer: Answer) -> str:
    """Act on a shopper's text, in one transaction with its record. Returns what to answer, '' for nothing; a repeat is not answered."""
    number, wish = phones.e164(answer.number, "") or answer.number[:40], asked(answer.text)
    fresh = _once(f"sms:{answer.event_id}", wish.value, answer.text if wish is not Asked.NOTHING else "")  # the rest is not ours to read
    if not fresh or wish is Asked.NOTHING:
        return ""
    brand = Brand.objects.order_by("id")[0]
    with translation.override(tongue.nearest([brand.locale]) or "en"):
        if wish is Asked.STOP:
            return _stop(number, brand)
        if wish is Asked.START:
            return _start(number, brand)
        return _help(brand)


def _stop(number: str, brand: Brand) -> str:
    """No more texts to this number. One confirmation: who is on the list already gets none."""
    already = Suppression.ALL in consent.suppressed([number], channel=Channel.SMS).get(number, set())
    consent.suppress(number, scope=Suppression.ALL, reason=STOPPED, channel=Channel.SMS)
    last = Message.objects.filter(channel=Channel.SMS, to_address=number, state=State.SENT).order_by("-sent_at").first()
    if last and not already:
        record.left(last)
    return "" if already else gettext("%(shop)s: You get no more texts from us. Reply START to get them again.") % {"shop": brand.name}


def _start(number: str, brand: Brand) -> str:
    lifted = consent.lift(number, reason=STOPPED, channel=Channel.SMS)
    return gettext("%(shop)s: You get our texts again. Reply STOP to end them.") % {"shop": brand.name} if lifted else ""


def _help(brand: Brand) -> str:
    contact = brand.support_email or brand.support_phone or brand.support_url or brand.website
    return gettext("%(shop)s: texts about your orders. Help: %(contact)s. Reply STOP to end them.") % {
        "shop": brand.name,
        "contact": contact,
    }


def reported(message_id: uuid.UUID, *, event_id: str, status: str, error: str) -> None:
    """What the provider says became of a message: it ends a doubt, or fails. Unknown messages are none of ours."""
    message = Message.objects.filter(pk=message_id, channel=Channel.SMS).first()
    if message is None or not _once(f"sms:{event_id}:{status}", status, error, message):
        return
    doubtful = Message.objects.filter(pk=message.pk, state=State.UNKNOWN)
    if status in ARRIVED:
        doubtful.update(state=State.SENT, sent_at=clock.business_now(), reason="provider_told")
    elif status in FAILED:
        doubtful.update(state=State.FAILED, reason="provider_told", error=f"{status} {error}"[:500])
        if error in NO_SUCH_NUMBER:
            consent.suppress(message.to_address, scope=Suppression.ALL, reason=GONE, channel=Channel.SMS)
        elif error == BLOCKED:
            consent.suppress(message.to_address, scope=Suppression.ALL, reason=STOPPED, channel=Channel.SMS)


def _once(event_id: str, kind: str, detail: str, message: Message | None = None) -> bool:
    """Keep the event; False if it had been kept."""
    values = {"kind": kind[:20], "message": message, "detail": detail[:500]}
    return ProviderEvent.objects.get_or_create(event_id=event_id[:200], defaults=values)[1]
