"""Parcels as cards, their five steps, and the products in them."""

from datetime import datetime

from portal.answers import NEARLY, THERE, Told
from portal.journey import Parcel, Shop, at_place, place_of, text_of, zone_of
from portal.reading import LineRow, ScanRow
from portal.shown import Box, Card, Item, Seen, Step, Track, Way
from portal.tongue import told as _
from postpurchase.ui.badges import Badge

ICONS = {
    "info_received": "package",
    "in_transit": "truck",
    "out_for_delivery": "truck",
    "attempt_failed": "bell",
    "available_for_pickup": "map-pin",
    "exception": "triangle-alert",
    "returning": "undo-2",
    "delivered": "circle-check",
    "returned": "undo-2",
    "lost_or_destroyed": "package-x",
}
TONES = {
    "delivered": "ok",
    "exception": "warn",
    "attempt_failed": "warn",
    "returning": "warn",
    "returned": "warn",
    "lost_or_destroyed": "bad",
}
OPEN = 5  # scans of a parcel that a section of their own shows at once


def card_of(parcel: Parcel, told: Told, lines: list[LineRow]) -> Card:
    """The card of one parcel; with its own sentence where the page has several."""
    scans = [seen(scan, parcel.shop, newest=n == 0) for n, scan in enumerate(parcel.row.scans)]
    return Card(
        position=parcel.position,
        count=parcel.count,
        badge=_badge(parcel, told),
        expected_text=told.answer if parcel.count > 1 else "",
        carrier_name=parcel.carrier,
        number=parcel.row.number,
        carrier_url=parcel.carrier_url,
        latest=scans[0] if scans else None,
        scans=scans,
        items=items_of(parcel, lines),
    )


def _badge(parcel: Parcel, told: Told) -> Badge | str:
    moving = parcel.row.status in ("pending", "unknown", "info_received", "in_transit")
    if moving and "stalled" in parcel.row.health:
        return Badge("warn", "hourglass", _("No news"))
    if moving and told.flag:
        return Badge("warn", "clock", _("Late"))
    return parcel.row.status


def seen(scan: ScanRow, shop: Shop, *, newest: bool) -> Seen:
    """A scan as anybody may see it."""
    tone = TONES.get(scan.status, "accent" if newest else "")
    zone = zone_of(scan, shop).key
    return Seen(text_of(scan, shop), place_of(scan, shop.speech), at_place(scan, shop), zone, ICONS.get(scan.status, "map-pin"), tone)


def items_of(parcel: Parcel, lines: list[LineRow]) -> list[Item]:
    """What is in the parcel, in the order's order; nothing where nobody said."""
    units = {item.line: item.quantity for item in parcel.row.items}
    return [Item(line.title, line.variant, units[line.id]) for line in lines if line.id in units]


def unshipped(lines: list[LineRow], parcels: list[Parcel]) -> list[Item]:
    """What no parcel carries yet and nobody was refunded for. A parcel that lists nothing is taken to carry all of it."""
    if any(not parcel.row.items for parcel in parcels):
        return []
    packed: dict[object, int] = {}
    for parcel in parcels:
        for item in parcel.row.items:
            packed[item.line] = packed.get(item.line, 0) + item.quantity
    left = [(line, line.quantity - packed.get(line.id, 0) - line.refunded) for line in lines if line.requires_shipping]
    return [Item(line.title, line.variant, units) for line, units in left if units > 0]


def ways_of(cards: list[Card]) -> list[Way]:
    """The scans of each parcel that has some, the newest first."""
    return [Way(_which(card), card.scans[:OPEN], card.scans[OPEN:], len(card.scans)) for card in cards if card.scans]


def boxes_of(cards: list[Card], rest: list[Item], note: str) -> list[Box]:
    """What is in each parcel of which somebody said it, then the rest with its note."""
    boxes = [Box(_which(card), "", card.items) for card in cards if card.items]
    return [*boxes, Box(_("Still to come") if boxes else "", note, rest)] if rest else boxes


def _which(card: Card) -> str:
    return _("Parcel %(n)s of %(count)s") % {"n": card.position, "count": card.count} if card.count > 1 else ""


def track_of(parcel: Parcel, told: Told) -> Track | None:
    """How far the parcel is."""
    if told.step is None:
        return None
    row = parcel.row
    collect = row.status == "available_for_pickup"
    label = _("Progress of parcel %(n)s") % {"n": parcel.position} if parcel.count > 1 else _("Progress of your parcel")
    nearly = _("Ready to collect") if collect else _("Out for delivery")
    arrived = row.delivered_at if told.step == THERE else None
    reached = [row.shipped_at or row.created_at, row.first_scan_at, row.out_at if not collect else None, arrived]
    return steps(label, told.step, told.tone, [parcel.shop.order.placed_at, *reached], nearly=nearly, last=told.last)


def steps(label: str, current: int, tone: str, reached: list[datetime | None], *, nearly: str = "", last: str = "") -> Track:
    """The five steps, `current` of them reached. `last` stands under the last one until it is."""
    words = [_("Ordered"), _("Shipped"), _("On the way"), nearly or _("Out for delivery"), _("Delivered")]
    states = ["past" if n < current else "current" if n == current else "future" for n in range(len(words))]
    dates = [at if n <= current and (n != NEARLY or current >= NEARLY) else None for n, at in enumerate(reached)]
    texts = ["", "", "", "", "" if current == THERE else last]
    return Track(tone, label, [Step(*step) for step in zip(words, states, dates, texts, strict=True)])
