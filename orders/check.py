"""Whether an item can be recorded: its types and lengths, what PostgreSQL cannot hold, and what contradicts itself."""

import re
from collections.abc import Iterable, Iterator
from datetime import date
from functools import cache
from typing import Any, TypeVar

import msgspec

from integrations.types import CustomerData, FieldError, OrderData, OrderDeleted, OrderRefundData, RefundData
from postpurchase.lib import money

S = TypeVar("S", bound=msgspec.Struct)
YEARS = range(1990, 2200)  # a date outside is a mistake of the sender, and Python cannot read back all that PostgreSQL stores
TOO_LARGE = f"is too large: an amount is at most {money.MOST} minor units"
UNREADABLE = (UnicodeEncodeError, OverflowError, TypeError)


def order(given: OrderData, *, decoded: bool = False) -> tuple[OrderData, list[FieldError]]:
    """The order as it will be stored, and what is wrong with it: an empty list means that it can be recorded.

    `decoded`: it comes from the typed decoder, out of JSON without NUL, so that it need not go through it again.
    """
    read, errors = (given, []) if decoded else _read(given)
    return read, errors or list(_contradictions(read))


def refund(given: OrderRefundData) -> tuple[OrderRefundData, list[FieldError]]:
    """As order(), for a refund told on its own."""
    read, errors = _read(given)
    return read, errors or list(_years({"/refund/processed_at": read.refund.processed_at}))


def customer(given: CustomerData) -> tuple[CustomerData, list[FieldError]]:
    """As order(), for a customer. One without an email cannot be found again."""
    read, errors = _read(given)
    if not errors and not read.email:
        errors = [FieldError("/email", "is missing: a customer is found again by email, so send one")]
    return read, errors


def deletion(given: OrderDeleted) -> tuple[OrderDeleted, list[FieldError]]:
    """As order(), for a deletion."""
    read, errors = _read(given)
    if not errors and read.at.tzinfo is None:
        errors = [FieldError("/at", "has no offset: send an ISO 8601 time with one")]
    return read, errors or list(_years({"/at": read.at}))


def _read(item: S) -> tuple[S, list[FieldError]]:
    """Through JSON and the typed decoder: adapters build items unchecked, and what is compared later must be what is stored."""
    try:
        body = msgspec.json.encode(item)
        read: S = _decoder(type(item)).decode(body)
    except msgspec.ValidationError as error:
        return item, [_from_decoder(str(error))]
    except RecursionError:
        return item, [FieldError("/extra", "is nested too deeply to be stored: flatten it")]
    except UNREADABLE as error:
        return item, list(_unstorable(item)) or [FieldError("", f"cannot be stored: {error}")]
    return read, list(_unstorable(read)) if b"\\u0000" in body else []


@cache
def _decoder(kind: type[S]) -> msgspec.json.Decoder[S]:
    return msgspec.json.Decoder(kind)


def _from_decoder(message: str) -> FieldError:
    """msgspec says: Expected `str`, got `int` - at `$.lines[0].title`."""
    text, _, place = message.partition(" - at ")
    return FieldError(re.sub(r"[.\[]+(\w+|\.\.\.)\]?", r"/\1", place.strip("`").removeprefix("key in `").removeprefix("$")), text)


def _unstorable(item: Any) -> Iterator[FieldError]:
    for pointer, text in _texts(item):
        if "\0" in text:
            yield FieldError(pointer, "contains a NUL character, which cannot be stored: remove it")
        elif not text.isascii() and any("\ud800" <= char <= "\udfff" for char in text):
            yield FieldError(pointer, "contains half of a surrogate pair, which is not a character: remove it")


def _texts(item: Any) -> Iterator[tuple[str, str]]:
    """(JSON pointer, text) of every text and key in the item; without recursion, as senders decide how deep it is."""
    waiting: list[tuple[str, Any]] = [("", item)]
    while waiting:
        pointer, value = waiting.pop()
        if isinstance(value, str):
            yield pointer, value
            continue
        for key, below in _parts(value):
            place = f"{pointer}/{key.replace('~', '~0').replace('/', '~1')}"
            waiting.append((place, below))
            if isinstance(value, dict):
                yield place, key


def _parts(value: Any) -> Iterable[tuple[str, Any]]:
    if isinstance(value, msgspec.Struct):
        return msgspec.structs.asdict(value).items()
    if isinstance(value, dict):
        return ((str(key), item) for key, item in value.items())
    return ((str(index), item) for index, item in enumerate(value)) if isinstance(value, list | tuple) else ()


def _contradictions(order: OrderData) -> Iterator[FieldError]:
    yield from _currencies(order)
    yield from _lines(order)
    yield from _times(order)
    yield from _refunds(order.refunds)


def _currencies(order: OrderData) -> Iterator[FieldError]:
    for name, code in {"currency": order.currency, "shop_currency": order.shop_currency or "EUR"}.items():
        try:
            money.exponent(code)
        except money.BadAmount as error:
            yield FieldError(f"/{name}", f"{error}: send one, for example EUR")


def _lines(order: OrderData) -> Iterator[FieldError]:
    seen: set[str] = set()
    net = 0
    for index, line in enumerate(order.lines):
        cost = line.unit_price * line.quantity
        net += cost - line.discount
        if line.external_id in seen:
            yield FieldError(f"/lines/{index}/external_id", f"{line.external_id!r} is the id of an earlier line too: give each its own")
        seen.add(line.external_id)
        if line.discount > cost:
            yield FieldError(f"/lines/{index}/discount", f"is more than the line costs ({cost}): lower it")
    if order.lines and order.order_discount > max(0, net):
        yield FieldError("/order_discount", f"is more than the lines cost after their own discounts ({net}): lower it")
    if sum(line.unit_price * line.quantity + line.tax for line in order.lines) > money.MOST:
        yield FieldError("/lines", TOO_LARGE)


def _times(order: OrderData) -> Iterator[FieldError]:
    yield from _years({f"/{name}": getattr(order, name) for name in _DATES})
    if order.cancelled_at and order.cancelled_at < order.placed_at:
        yield FieldError("/cancelled_at", "is before placed_at: send the time of the cancellation")
    if order.promised_from and order.promised_to and order.promised_to < order.promised_from:
        yield FieldError("/promised_to", "is before promised_from: swap them or send one only")


_DATES = ("placed_at", "updated_at", "cancelled_at", "promised_from", "promised_to")


def _years(dates: dict[str, date | None]) -> Iterator[FieldError]:
    for pointer, value in dates.items():
        if value is not None and value.year not in YEARS:
            yield FieldError(pointer, f"is in the year {value.year}: send a date from {YEARS.start} to {YEARS.stop - 1}")


def _refunds(refunds: list[RefundData]) -> Iterator[FieldError]:
    seen: set[str] = set()
    for index, refund in enumerate(refunds):
        yield from _years({f"/refunds/{index}/processed_at": refund.processed_at})
        if refund.external_id in seen:
            yield FieldError(
                f"/refunds/{index}/external_id", f"{refund.external_id!r} is the id of an earlier refund too: give each its own"
            )
        seen.add(refund.external_id)
    if sum(refund.amount for refund in refunds) > money.MOST:
        yield FieldError("/refunds", TOO_LARGE)
