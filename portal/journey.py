"""A parcel as its page sees it: the row, when it should arrive, where its days begin, and what its scans say in public."""

from dataclasses import dataclass
from datetime import date, datetime
from zoneinfo import ZoneInfo

from django.utils.translation import gettext as _

from integrations.carriers import directory
from orders.models import Order
from portal.reading import BrandRow, OrderRow, ParcelRow, ScanRow
from postpurchase.lib import clock
from postpurchase.tenancy.models import Brand
from postpurchase.ui import words
from postpurchase.ui.badges import badge_for
from tracking import estimates, zones
from tracking.estimates import Window
from tracking.models import Shipment

TELLS_OF_PEOPLE = frozenset({"delivered", "attempt_failed", "available_for_pickup", "exception", "returning", "returned"})
SHORTEST_NAME = 3


@dataclass(frozen=True, slots=True)
class Shop:
    """What every parcel of the page shares."""

    order: OrderRow
    brand: BrandRow
    zone: ZoneInfo  # the brand's: for times that bring none
    today: date  # at the shopper's
    guarded: frozenset[str]
    contact: str  # a link that reaches the shop, with the order named; may be empty


@dataclass(frozen=True, slots=True)
class Parcel:
    """One parcel of the page."""

    row: ParcelRow
    window: Window | None
    shop: Shop
    position: int
    count: int

    @property
    def carrier(self) -> str:
        """What people call the carrier."""
        return directory.display(self.row.carrier) if self.row.carrier else _("The carrier")

    @property
    def carrier_url(self) -> str:
        """The carrier's own page of the parcel; may be empty."""
        return self.row.tracking_url or directory.tracking_url(self.row.carrier, self.row.number)

    @property
    def due(self) -> date | None:
        """The last day on which it should arrive."""
        return self.window.latest if self.window else None

    @property
    def broken_promise(self) -> date | None:
        """The day that was promised, or else told first, if the parcel comes later than that."""
        told = self.row.promised_on or self.shop.order.promised_to or self.row.first_estimate_on
        due = self.due
        return told if told and due and max(due, self.shop.today) > told else None


def shop_of(order: OrderRow, brand: BrandRow, contact: str) -> Shop:
    """What the parcels share."""
    home = zones.of_country(order.country, brand.time_zone)
    today = clock.business_now().astimezone(home).date()
    return Shop(order, brand, zones.named(brand.time_zone), today, _words_of(order.guarded), contact)


def parcels_of(rows: list[ParcelRow], shop: Shop) -> list[Parcel]:
    """The parcels that are or were on their way; the shop's own cancellations only where there is nothing else."""
    live = [row for row in rows if row.status != "cancelled"]
    order, brand = _order(shop.order), _brand(shop.brand)
    windows = [estimates.arrival(_shipment(row), order, brand) for row in live]
    return [Parcel(row, window, shop, n, len(live)) for n, (row, window) in enumerate(zip(live, windows, strict=True), 1)]


def expected(shop: Shop) -> Window:
    """When an order that has not left yet should arrive."""
    return estimates.expected_window(_order(shop.order), _brand(shop.brand))


def _order(row: OrderRow) -> Order:
    return Order(id=row.id, placed_at=row.placed_at, ship_country=row.country, promised_from=row.promised_from, promised_to=row.promised_to)


def _brand(row: BrandRow) -> Brand:
    days = {"handling_days": row.handling_days, "transit_days_min": row.transit_days_min, "transit_days_max": row.transit_days_max}
    return Brand(time_zone=row.time_zone, **days)


def _shipment(row: ParcelRow) -> Shipment:
    return Shipment(
        id=row.id,
        status=row.status,
        promised_on=row.promised_on,
        first_estimate_on=row.first_estimate_on,
        estimate_on=row.estimate_on,
        estimate_earliest_on=row.estimate_earliest_on,
        estimate_source=row.estimate_source,
        shipped_at=row.shipped_at,
        created_at=row.created_at,
    )


def zone_of(scan: ScanRow, shop: Shop) -> ZoneInfo:
    """The zone of the place of a scan."""
    return zones.of_country(scan.country, shop.brand.time_zone)


def at_place(scan: ScanRow, shop: Shop) -> datetime:
    """When it was there: naive where the carrier told only the clock on the wall."""
    if scan.local_time:
        return scan.local_time.replace(tzinfo=None)
    return scan.occurred_at.astimezone(zone_of(scan, shop))


def place_of(scan: ScanRow) -> str:
    """City and country; never more."""
    country = words.country(scan.country) if len(scan.country) == 2 else scan.country
    return ", ".join(part for part in (scan.city.strip(), country) if part)


def text_of(scan: ScanRow, shop: Shop) -> str:
    """What the carrier wrote, unless it may tell of a person: then, and where it wrote nothing, our own words for the status."""
    text = scan.text.strip()
    folded = text.casefold()
    public = scan.status not in TELLS_OF_PEOPLE and not any(word in folded for word in shop.guarded)
    return text if text and public else status_words(scan.status, scan.substatus)


def status_words(status: str, substatus: str) -> str:
    """A scan's meaning in our words."""
    said = {
        "front_door": _("Delivered at the door"),
        "letterbox": _("Delivered in the letterbox"),
        "neighbour": _("Handed to a neighbour"),
        "collected": _("Collected"),
        "signed": _("Delivered, signed for"),
        "customs_hold": _("Held at customs"),
        "payment_due": _("Customs waits for a payment"),
        "delayed_weather": _("Held up by the weather"),
        "refused": _("Not accepted at the door"),
        "damaged": _("Found damaged"),
        "absent": _("Nobody was there"),
    }
    return said.get(substatus) or (str(badge_for(status).word) if status else _("Scanned"))


def _words_of(guarded: list[str]) -> frozenset[str]:
    """The guarded texts and their parts, as they may turn up inside other text."""
    whole = [text.casefold().strip() for text in guarded]
    parts = [part for text in whole for part in text.replace(",", " ").split()]
    return frozenset(word for word in (*whole, *parts) if len(word) >= SHORTEST_NAME)
