"""The merchant's account with a provider of texts: set, taken away, tried out."""

import re
from datetime import timedelta
from uuid import UUID

from django.conf import settings

from notifications import wake
from notifications.models import Channel, Guarantee, Message, SmsAccount, SmsProvider, Stream
from notifications.sms import phones
from postpurchase.lib import clock, crypto
from postpurchase.tenancy.models import Brand
from postpurchase.tenancy.scope import merchant_id

SID, TOKEN, SERVICE = re.compile(r"AC[0-9a-f]{32}"), re.compile(r"[0-9a-f]{32}"), re.compile(r"MG[0-9a-f]{32}")
NAME = re.compile(r"(?=.*[A-Za-z])[A-Za-z0-9 ]{1,11}")
TEST_LASTS = timedelta(minutes=10)


class Unfit(ValueError):
    """A field cannot be as it was given. `field` is its name; `fault` says which fault it is, for the words of the door."""

    def __init__(self, field: str, fault: str) -> None:
        super().__init__(fault)
        self.field, self.fault = field, fault


def offered() -> list[SmsProvider]:
    """The providers to choose from: the mail catcher on a development machine only."""
    return [SmsProvider.TWILIO] if settings.SECURE else [SmsProvider.TWILIO, SmsProvider.SINK]


def current() -> SmsAccount | None:
    """The account of the merchant in scope."""
    return SmsAccount.objects.first()


def keep(*, provider: str, sid: str, token: str, sender: str) -> SmsAccount:
    """Set the account of the merchant in scope; without a token the one that is kept stays. Raises Unfit."""
    old = current()
    if provider not in offered():
        raise Unfit("provider", "provider")
    if provider == SmsProvider.TWILIO:
        _check(sid, token, sender, kept=bool(old and old.account_sid == sid))
    values = {"provider": provider, "account_sid": sid, "sender": _sender(sender), "changed_at": clock.machine_now()}
    if token or old is None:
        values["token_sealed"] = crypto.seal(token, UUID(str(merchant_id())))
    return SmsAccount.objects.update_or_create(defaults=values)[0]


def _check(sid: str, token: str, sender: str, *, kept: bool) -> None:
    if not SID.fullmatch(sid):
        raise Unfit("account_sid", "sid")
    if not (TOKEN.fullmatch(token) or (kept and not token)):
        raise Unfit("token", "token")
    if not _sender(sender):
        raise Unfit("sender", "sender")


def _sender(text: str) -> str:
    """A number in E.164, a messaging service, or a name; '' for none of them."""
    text = text.strip()
    if SERVICE.fullmatch(text) or NAME.fullmatch(text):
        return text
    return phones.e164(text, "")


def remove() -> bool:
    """No text leaves any more, and the token is gone. Whether there was an account."""
    return bool(SmsAccount.objects.all().delete()[0])


def send_test(number: str, *, once: str) -> Message:
    """A text to a number of the merchant's choosing, due now. The same `once` is the same message. Raises Unfit."""
    brand = Brand.objects.order_by("id")[0]
    to = phones.e164(number, "")
    if not to:
        raise Unfit("number", "number")
    now = clock.business_now()
    message, _ = Message.objects.get_or_create(
        dedupe_key=f"test:sms:{once}",
        defaults={
            "template": "test", "channel": Channel.SMS, "stream": Stream.TRANSACTIONAL, "guarantee": Guarantee.AT_MOST_ONCE,
            "to_address": to, "locale": brand.locale, "due_at": now, "expires_at": now + TEST_LASTS,
        },
    )  # fmt: skip
    wake.sender()
    return message
