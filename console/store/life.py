"""The life of one order as a list of timed acts: what the shop and the carriers would have sent, and when."""

import random
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from console.store.goods import PRODUCTS, price
from console.store.places import COUNTRIES, Country
from integrations.types import (
    AddressData,
    ConsentData,
    CustomerData,
    EstimateData,
    Item,
    LineData,
    OrderData,
    OrderRefundData,
    PlaceData,
    RefundData,
    ScanData,
    ShipmentData,
    ShippedLineData,
)  # fmt: skip

FATES = (
    ("smooth", 70), ("split", 8), ("late", 8), ("attempt", 4), ("pickup", 3), ("refunded", 3), ("cancelled", 2), ("lost", 1), ("returned", 1),
)  # fmt: skip
CODES = {
    "info_received": ("LBL", "Label made, the parcel is expected"), "accepted": ("PU", "Picked up"), "departed": ("DP", "Left the terminal"),
    "arrived_hub": ("AR", "Sorted at the hub"), "out_for_delivery": ("OD", "Out for delivery"), "delivered": ("DL", "Delivered"),
    "attempt_failed": ("NH", "Nobody home, card left"), "available_for_pickup": ("PI", "Ready to collect"),
    "returning": ("RT", "On its way back to the sender"), "returned": ("RS", "Back at the sender"), "lost_or_destroyed": ("LO", "Searched for and not found"),
}  # fmt: skip


@dataclass(frozen=True)
class Act:
    """Something that is told to us at a time."""

    at: datetime
    item: Item


def life(
    dice: random.Random, number: int, placed: datetime, *, fate: str = "", country: Country | None = None, email: str = "",
    again: OrderData | None = None,
) -> list[Act]:  # fmt: skip
    """An order's acts in order of time. `dice` decides what is not given; the same seed gives the same life. `again`: an earlier order of
    the same person.
    """
    if again and again.shipping_address:
        country = next(one for one in COUNTRIES if one.code == again.shipping_address.country)
    where = country or dice.choices(COUNTRIES, [one.weight for one in COUNTRIES])[0]
    fate = fate or dice.choices([name for name, _ in FATES], [share for _, share in FATES])[0]
    order = _order(dice, number, placed, where, email)
    order = _of(again, order) if again else order
    acts = [Act(placed + timedelta(seconds=5), order)]
    if fate == "cancelled":
        gone = placed + timedelta(hours=dice.uniform(1, 8))
        return [*acts, Act(gone, _changed(order, gone, cancelled_at=gone, cancel_reason="customer"))]
    groups = [order.lines[:1], order.lines[1:]] if fate == "split" and len(order.lines) > 1 else [order.lines]
    for position, lines in enumerate(groups):
        acts += _parcel(dice, order, where, fate, lines, position)
    if fate in ("refunded", "lost"):
        acts.append(_refund(dice, order, max(act.at for act in acts), lost=fate == "lost"))
    return sorted(acts, key=lambda act: act.at)


def _order(dice: random.Random, number: int, placed: datetime, where: Country, email: str) -> OrderData:
    first, last = dice.choice(where.first), dice.choice(where.last)
    address = email or f"{_plain(first)}.{_plain(last)}.{dice.randrange(900)}@example.{where.code.lower()}"
    lines = [_line(dice, number, index, where.currency) for index in range(dice.choices([1, 2, 3, 4], [45, 30, 17, 8])[0])]
    items = sum(line.unit_price * line.quantity for line in lines)
    discount = items // 10 if dice.random() < 0.18 else 0
    shipping = 0 if items > price(9000, where.currency) else price(690, where.currency)
    total = items - discount + shipping
    town, postcode = dice.choice(where.towns)
    consent = (
        ConsentData(marketing_email=dice.random() < 0.62, at=placed, text="News and offers by email", confirmed=True)
        if dice.random() < 0.9
        else None
    )
    return OrderData(
        external_id=f"shop-{number}", number=f"#{number}", placed_at=placed, updated_at=placed, currency=where.currency, total=total,
        lines=lines, email=address, order_discount=discount, shipping_total=shipping, tax_total=total // 6, taxes_included=True,
        discount_codes=["TRAIL10"] if discount else [], shop_currency="EUR", channel="Online shop", locale=where.locale,
        customer=CustomerData(email=address, first_name=first, last_name=last, locale=where.locale),
        shipping_address=AddressData(
            name=f"{first} {last}", line1=f"{dice.choice(where.streets)} {dice.randrange(1, 140)}", city=town, postcode=postcode, country=where.code
        ),
        tags=["VIP"] if dice.random() < 0.06 else [], consent=consent, financial_status="paid",
    )  # fmt: skip


def _of(before: OrderData, order: OrderData) -> OrderData:
    """The order as the person of an earlier one places it."""
    same = {name: getattr(before, name) for name in ("email", "customer", "shipping_address", "consent", "locale")}
    return _changed(order, order.placed_at, **same)


def _line(dice: random.Random, number: int, index: int, currency: str) -> LineData:
    product = dice.choice(PRODUCTS)
    quantity = dice.choices([1, 2, 3], [78, 17, 5])[0] if product.cents < 5000 else 1
    return LineData(
        external_id=f"{number}-{index + 1}", title=product.title, quantity=quantity, unit_price=price(product.cents, currency), sku=product.sku,
        variant=dice.choice(product.variants), weight_grams=product.grams, use_days=product.use_days,
    )  # fmt: skip


def _changed(order: OrderData, at: datetime, **fields: object) -> OrderData:
    named = {name: getattr(order, name) for name in order.__struct_fields__}
    return OrderData(**(named | {"updated_at": at} | fields))


def _parcel(dice: random.Random, order: OrderData, where: Country, fate: str, lines: list[LineData], position: int) -> list[Act]:
    number = _number(dice, where.number)
    made = order.placed_at + timedelta(hours=dice.uniform(3, 26) + 14 * position)
    days = dice.uniform(*where.days) + (dice.uniform(3, 7) if fate == "late" else 0)
    promised = (order.placed_at + timedelta(days=where.days[1] + 2)).date()
    shipment = ShipmentData(
        carrier=where.carrier, number=number, external_id=f"{order.external_id}-F{position + 1}", order_external_id=order.external_id,
        lines=[ShippedLineData(line_external_id=line.external_id, quantity=line.quantity) for line in lines],
        shipped_at=made, promised_on=promised, origin_country="SE",
    )  # fmt: skip
    estimate = EstimateData(expected_on=(made + timedelta(days=where.days[1])).date(), carrier=where.carrier, number=number, told_at=made)
    acts = [Act(made, shipment), Act(made + timedelta(minutes=20), estimate)]
    return acts + [Act(at, _scan(where, number, at, word, place)) for at, word, place in _road(dice, where, made, days, fate, order)]


def _road(
    dice: random.Random, where: Country, made: datetime, days: float, fate: str, order: OrderData
) -> list[tuple[datetime, str, tuple[str, str]]]:
    home = (order.shipping_address.city, where.code) if order.shipping_address else where.hubs[-1]
    steps = [
        (made + timedelta(minutes=9), "info_received", where.hubs[0]),
        (made + timedelta(hours=dice.uniform(2, 9)), "accepted", where.hubs[0]),
    ]
    for index, hub in enumerate(where.hubs[1:]):
        share = (index + 1) / (len(where.hubs) + 0.5)
        steps.append((made + timedelta(days=days * share), "arrived_hub", hub))
        steps.append((made + timedelta(days=days * share, hours=dice.uniform(2, 7)), "departed", hub))
    if fate == "lost":
        return [*steps[:-1], (made + timedelta(days=days + dice.uniform(9, 13)), "lost_or_destroyed", where.hubs[-1])]
    out = _morning(made + timedelta(days=days), dice)
    steps = [step for step in steps if step[0] < out] + [(out, "out_for_delivery", home)]
    return steps + _ending(dice, fate, out, home, where)


def _ending(
    dice: random.Random, fate: str, out: datetime, home: tuple[str, str], where: Country
) -> list[tuple[datetime, str, tuple[str, str]]]:
    there = out + timedelta(hours=dice.uniform(1.5, 8))
    if fate == "attempt":
        return [(there, "attempt_failed", home), (out + timedelta(days=1, hours=4), "delivered", home)]
    if fate == "pickup":
        return [(there, "available_for_pickup", home), (there + timedelta(days=dice.uniform(1, 4)), "delivered", home)]
    if fate == "returned":
        back = there + timedelta(days=6)
        return [(there, "attempt_failed", home), (back, "returning", where.hubs[-1]), (back + timedelta(days=4), "returned", where.hubs[0])]
    return [(there, "delivered", home)]


def _scan(where: Country, number: str, at: datetime, word: str, place: tuple[str, str]) -> ScanData:
    code, text = CODES[word]
    moving = word in ("accepted", "departed", "arrived_hub")
    return ScanData(
        carrier=where.carrier, number=number, occurred_at=at, code=code, text=text, status="in_transit" if moving else word,
        substatus=word if moving else "front_door" if word == "delivered" else "", place=PlaceData(city=place[0], country=place[1]), source="demo",
    )  # fmt: skip


def _refund(dice: random.Random, order: OrderData, after: datetime, *, lost: bool) -> Act:
    """All of the money where all was lost or one thing was all of it, else the price of one."""
    at, line = after + timedelta(days=dice.uniform(2, 9)), order.lines[0]
    whole = lost or (len(order.lines) == 1 and line.quantity == 1)
    amount, reason = order.total if whole else line.unit_price, "Lost on the way" if lost else "Too small"
    refund = RefundData(external_id=f"{order.external_id}-R1", amount=amount, processed_at=at, reason=reason)
    return Act(at, OrderRefundData(order_external_id=order.external_id, refund=refund))


def _morning(moment: datetime, dice: random.Random) -> datetime:
    return datetime(moment.year, moment.month, moment.day, 6, dice.randrange(10, 59), tzinfo=UTC)


def _number(dice: random.Random, pattern: str) -> str:
    letters = {"#": "0123456789", "A": "ABCDEFGHJKLMNPRSTUVWXYZ"}
    fixed = pattern[:2] if pattern[:2] in ("00", "1Z", "6A") else ""
    rest = pattern[len(fixed) :]
    return fixed + "".join(dice.choice(letters[char]) if char in letters else char for char in rest)


def _plain(name: str) -> str:
    folded = name.lower().translate(str.maketrans("åäöáéíóúèêñçãôëøßï’", "aaoaeiouee" + "ncaoeosi-"))
    return "".join(char if char.isascii() and char.isalnum() else "-" for char in folded).strip("-")
