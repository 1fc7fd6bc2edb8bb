"""Shopify's ways of writing ids, money and times, and how to read them."""

from collections.abc import Iterable, Mapping
from datetime import datetime
from decimal import ROUND_HALF_UP, Decimal, InvalidOperation
from typing import Any

from integrations.registry import Unreadable
from postpurchase.lib.money import BadAmount, exponent, to_minor

Raw = Mapping[str, Any]
EXACT = 2**53  # beyond this some tools on the way have rounded numeric ids; the graphql id keeps the true one


def id_of(raw: Raw, key: str = "id") -> str:
    """The id as text, "" where there is none. Beyond 2**53 the tail of `admin_graphql_api_id` is taken where `key` is the row's own id."""
    value = raw.get(key)
    if isinstance(value, bool) or not isinstance(value, int | str):
        return ""
    tail = str(raw.get("admin_graphql_api_id") or "").partition("?")[0].rpartition("/")[2] if key == "id" else ""
    exact = isinstance(value, int) and abs(value) <= EXACT
    return tail if tail.isdigit() and not exact else str(value)[:120]


def need(value: str, what: str) -> str:
    """`value`, or Unreadable naming what is missing."""
    if not value:
        raise Unreadable(f"{what} is missing")
    return value


def text(raw: Raw, *keys: str, most: int = 120) -> str:
    """The first of the keys that holds something, cut to `most` characters."""
    for key in keys:
        value = raw.get(key)
        if value not in (None, ""):
            return str(value).strip()[:most]
    return ""


def when(raw: Raw, *keys: str) -> datetime | None:
    """The first of the keys that holds a time with an offset."""
    for key in keys:
        found = moment(raw.get(key))
        if found:
            return found
    return None


def moment(value: Any) -> datetime | None:
    """A time with an offset, or None for anything else: a time without one is never guessed at."""
    try:
        found = datetime.fromisoformat(value)
    except (TypeError, ValueError):
        return None
    return found if found.tzinfo else None


def money(amount: Any, currency: str) -> int:
    """'12.30', '12.3000' or 12.3 in minor units. Further decimals are rounded half up. Nothing is 0. Raises Unreadable."""
    if amount in (None, ""):
        return 0
    try:
        step = Decimal(1).scaleb(-exponent(currency))
        return to_minor(Decimal(str(amount)).quantize(step, ROUND_HALF_UP), currency)
    except (InvalidOperation, BadAmount) as error:
        raise Unreadable(f"{amount!r} {currency} is not an amount of money") from error


def presentment(raw: Raw, key: str, currency: str) -> int:
    """What the shopper saw: `<key>_set.presentment_money`, or the plain `<key>` of older payloads."""
    side = (raw.get(f"{key}_set") or {}).get("presentment_money") or {}
    return money(side.get("amount", raw.get(key)), str(side.get("currency_code") or currency))


def shop_money(raw: Raw, key: str, currency: str) -> int:
    """What the shop books: `<key>_set.shop_money`, or the plain `<key>`."""
    side = (raw.get(f"{key}_set") or {}).get("shop_money") or {}
    return money(side.get("amount", raw.get(key)), str(side.get("currency_code") or currency))


def summed(rows: Iterable[Raw] | None, key: str, currency: str) -> int:
    """The sum of a key over rows, as the shopper saw it."""
    return sum(presentment(row, key, currency) for row in rows or [])
