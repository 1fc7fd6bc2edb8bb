"""Whom we may write to: consent for marketing, suppression for everything."""

import hashlib
from collections.abc import Iterable
from datetime import datetime

from django.conf import settings

from notifications.models import Channel, Consent, Message, Stream, Suppression
from orders.models import Order
from postpurchase.lib import signing
from postpurchase.lib.clock import business_now
from postpurchase.tenancy.rows import rows_of
from postpurchase.tenancy.scope import merchant_id


def address_hash(address: str) -> bytes:
    """A keyed hash of the address, different for each merchant: it can be checked against, and not turned back."""
    key = hashlib.sha256(b"suppression" + settings.LINK_KEY + str(merchant_id()).encode()).digest()
    return signing.hmac_sha256(key, address.strip().lower().encode())


def suppress(address: str, *, scope: str, reason: str, channel: str = Channel.EMAIL) -> None:
    """Stop writing to an address, for marketing or for all. Takes effect on everything not yet handed over. Safe to repeat."""
    Suppression.objects.get_or_create(address_hash=address_hash(address), channel=channel, scope=scope, defaults={"reason": reason})


def lift(address: str, *, reason: str, channel: str) -> bool:
    """Take back what was suppressed for this reason. Whether there was anything."""
    mine = Suppression.objects.filter(address_hash=address_hash(address), channel=channel, reason=reason)
    return bool(mine.delete()[0])


def suppressed(addresses: Iterable[str], *, channel: str = Channel.EMAIL) -> dict[str, set[str]]:
    """Address -> the scopes it is suppressed for, in one query."""
    by_hash = {address_hash(address): address for address in addresses if address}
    found: dict[str, set[str]] = {}
    for row in rows_of(Suppression, "channel = %s AND address_hash = ANY(%s)", channel, list(by_hash)) if by_hash else []:
        found.setdefault(by_hash[bytes(row.address_hash)], set()).add(row.scope)
    return found


def consents(addresses: Iterable[str], *, channel: str = Channel.EMAIL) -> dict[str, bool]:
    """Address -> what its newest marketing consent says, in one query; absent where nobody asked."""
    wanted = [address for address in set(addresses) if address]
    if not wanted:
        return {}
    rows = Consent.objects.filter(address__in=wanted, channel=channel, purpose=Stream.MARKETING)
    return dict(rows.order_by("address", "-at", "-id").distinct("address").values_list("address", "given"))


def record(address: str, *, given: bool, source: str, text: str = "", at: datetime | None = None, order: Order | None = None) -> None:
    """Keep what a person said about marketing by email, with its proof."""
    Consent.objects.create(address=address.lower(), given=given, source=source, text=text, at=at or business_now(), order=order)


def from_order(order: Order) -> None:
    """Keep what the shopper agreed to at checkout."""
    said = order.marketing_consent
    if said and order.email:
        at = datetime.fromisoformat(said["at"])
        record(
            order.email, given=said["marketing_email"], source=said.get("source", "checkout"), text=said.get("text", ""), at=at, order=order
        )


def unsubscribe(message: Message) -> None:
    """The person behind a message wants no more marketing. Guards see it on everything not yet handed over. Safe to repeat."""
    address = message.to_address
    if Stream.MARKETING not in suppressed([address]).get(address, set()):
        record(address, given=False, source=f"unsubscribe link in message {message.pk}")
    suppress(address, scope=Stream.MARKETING, reason="unsubscribed")
