"""Whom we may write to: consent for marketing, suppression for everything."""

import hashlib
from collections.abc import Iterable
from datetime import datetime
from functools import lru_cache
from typing import Any
from uuid import UUID

from django.conf import settings

from notifications.engagement import record as kept
from notifications.models import Consent, Message, Stream, Suppression
from orders.models import Order
from postpurchase.lib import signing
from postpurchase.lib.clock import business_now
from postpurchase.tenancy.rows import rows_of
from postpurchase.tenancy.scope import merchant_id

EMAIL, SMS = "email", "sms"  # the channels


def address_hash(address: str, merchant: UUID | None = None) -> bytes:
    """A keyed hash of the address, different for each merchant (the one in scope): it can be checked against, and not turned back."""
    return signing.hmac_sha256(_key(settings.LINK_KEY, merchant or merchant_id()), address.strip().lower().encode())


@lru_cache(maxsize=1024)
def _key(secret: bytes, merchant: UUID | None) -> bytes:
    return hashlib.sha256(b"suppression" + secret + str(merchant).encode()).digest()


def suppress(address: str, *, scope: str, reason: str, channel: str = EMAIL) -> None:
    """Stop writing to an address, for one stream or for all. Takes effect on everything not yet handed over. Safe to repeat."""
    Suppression.objects.get_or_create(address_hash=address_hash(address), channel=channel, scope=scope, defaults={"reason": reason})


def lift(address: str, *, reason: str, channel: str) -> bool:
    """Take back what was suppressed for this reason. Whether there was anything."""
    mine = Suppression.objects.filter(address_hash=address_hash(address), channel=channel, reason=reason)
    return bool(mine.delete()[0])


def suppressed(addresses: Iterable[str], *, channel: str = EMAIL) -> dict[str, set[str]]:
    """Address -> the scopes it is suppressed for on a channel, in one query."""
    by_hash = {address_hash(address): address for address in addresses if address}
    found: dict[str, set[str]] = {}
    for row in rows_of(Suppression, "channel = %s AND address_hash = ANY(%s)", channel, list(by_hash)) if by_hash else []:
        found.setdefault(by_hash[bytes(row.address_hash)], set()).add(row.scope)
    return found


def consents(addresses: Iterable[str], *, channel: str = EMAIL, purpose: str = Stream.MARKETING) -> dict[str, bool]:
    """Address -> what its newest consent to that purpose on that channel says, in one query; absent where nobody asked, or where it
    waits to be confirmed.
    """
    wanted = [address for address in set(addresses) if address]
    if not wanted:
        return {}
    rows = Consent.objects.filter(address__in=wanted, channel=channel, purpose=purpose, pending=False)
    return dict(rows.order_by("address", "-at", "-id").distinct("address").values_list("address", "given"))


def record(
    address: str,
    *,
    given: bool,
    source: str,
    text: str = "",
    at: datetime | None = None,
    order: Order | None = None,
    channel: str = EMAIL,
    purpose: str = Stream.MARKETING,
    **more: Any,
) -> Consent:
    """Keep what a person said about being written to, with its proof. `more`: text_version, proof, pending."""
    row = said(
        address, given=given, source=source, text=text, at=at or business_now(), order=order, channel=channel, purpose=purpose, **more
    )
    row.save(force_insert=True)
    return row


def said(address: str, *, channel: str = EMAIL, purpose: str = Stream.MARKETING, **more: Any) -> Consent:
    """The same as a row that is not yet kept, for who keeps many; all of what `record` takes must be told."""
    return Consent(address=address.lower(), channel=channel, purpose=purpose, **more)


def unsubscribe(message: Message) -> None:
    """The person behind a message wants no more marketing. Nothing that has not been handed over goes any more. Safe to repeat."""
    if refuse(message.to_address, source=f"unsubscribe link in message {message.pk}"):
        kept.left(message)


def refuse(address: str, *, source: str, channel: str = EMAIL, purpose: str = Stream.MARKETING, **more: Any) -> bool:
    """A person wants no more of that purpose on that channel. Whether that is new; safe to repeat."""
    fresh = purpose not in suppressed([address], channel=channel).get(address, set())
    if fresh:
        record(address, given=False, source=source, channel=channel, purpose=purpose, **more)
    suppress(address, scope=purpose, reason="unsubscribed", channel=channel)
    return fresh


def agree(address: str, *, source: str, channel: str = EMAIL, purpose: str = Stream.MARKETING, **more: Any) -> None:
    """A person agrees by themselves, after whatever they said before. What bounced or complained stays suppressed."""
    record(address, given=True, source=source, channel=channel, purpose=purpose, **more)
    Suppression.objects.filter(address_hash=address_hash(address), channel=channel, scope=purpose, reason="unsubscribed").delete()
