"""A parcel as its page sees it: the row, when it should arrive, where its days begin, and what its scans say in public."""

from dataclasses import dataclass
from datetime import date, datetime
from zoneinfo import ZoneInfo

from django.utils.translation import gettext_noop

from integrations.carriers import directory
from portal.reading import BrandRow, OrderRow, ParcelRow, ScanRow
from portal.tongue import told as _
from postpurchase.lib import clock
from postpurchase.ui import words
from postpurchase.ui.badges import badge_for
from postpurchase.ui.words import Speech
from tracking import estimates, zones
from tracking.estimates import Window

TELLS_OF_PEOPLE = frozenset({"delivered", "attempt_failed", "available_for_pickup", "exception", "returning", "returned"})
SHORTEST_NAME = 3
SAID = {
    "front_door": gettext_noop("Delivered at the door"),
    "letterbox": gettext_noop("Delivered in the letterbox"),
    "neighbour": gettext_noop("Handed to a neighbour"),
    "collected": gettext_noop("Collected"),
    "signed": gettext_noop("Delivered, signed for"),
    "customs_hold": gettext_noop("Held at customs"),
    "payment_due": gettext_noop("Customs waits for a payment"),
    "delayed_weather": gettext_noop("Held up by the weather"),
    "refused": gettext_noop("Not accepted at the door"),
    "damaged": gettext_noop("Found damaged"),
    "absent": gettext_noop("Nobody was there"),
}


@dataclass(frozen=True, slots=True)
class Shop:
    """What every parcel of the page shares."""

    order: OrderRow
    brand: BrandRow
    zone: ZoneInfo  # the brand's: for times that bring none
    today: date  # at the shopper's
    guarded: list[str]  # words of the buyer's that some scan contains
    contact: str  # a link that reaches the shop, with the order named; may be empty
    speech: Speech


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
    def promise(self) -> date | None:
        """The day that the shop promised."""
        return self.row.promised_on or self.shop.order.promised_to

    @property
    def told(self) -> date | None:
        """The same, or else the day that was told first."""
        return self.promise or self.row.first_estimate_on

    @property
    def missed(self) -> date | None:
        """The same, if the parcel cannot come by then any more."""
        told, window = self.told, self.window
        return told if told and window and window.misses(told, self.shop.today) else None


def shop_of(order: OrderRow, brand: BrandRow, contact: str, rows: list[ParcelRow]) -> Shop:
    """What the parcels share."""
    told = "\n".join([scan.text for row in rows for scan in row.scans]).casefold()
    guarded = [word for word in _words_of(order.guarded) if word in told]
    home = zones.of_country(order.ship_country, brand.time_zone)
    today = clock.business_now().astimezone(home).date()
    return Shop(order, brand, zones.named(brand.time_zone), today, guarded, contact, words.speech())


def parcels_of(rows: list[ParcelRow], shop: Shop) -> list[Parcel]:
    """The parcels that are or were on their way; the shop's own cancellations only where there is nothing else."""
    live = [row for row in rows if row.status != "cancelled"]
    windows = [estimates.arrival(row, shop.order, shop.brand) for row in live]
    return [Parcel(row, window, shop, n, len(live)) for n, (row, window) in enumerate(zip(live, windows, strict=True), 1)]


def expected(shop: Shop) -> Window:
    """When an order that has not left yet should arrive."""
    return estimates.expected_window(shop.order, shop.brand)


def zone_of(scan: ScanRow, shop: Shop) -> ZoneInfo:
    """The zone of the place of a scan."""
    return zones.of_country(scan.country, shop.brand.time_zone)


def at_place(scan: ScanRow, shop: Shop) -> datetime:
    """When it was there: naive where the carrier told only the clock on the wall."""
    if scan.local_time:
        return scan.local_time.replace(tzinfo=None)
    return scan.occurred_at.astimezone(zone_of(scan, shop))


def place_of(scan: ScanRow, here: Speech) -> str:
    """City and country; never more."""
    country = words.country(scan.country, here=here) if len(scan.country) == 2 else scan.country
    return ", ".join(part for part in (scan.city.strip(), country) if part)


def text_of(scan: ScanRow, shop: Shop) -> str:
    """What the carrier wrote, unless it may tell of a person: then, and where it wrote nothing, our own words for the status."""
    text = scan.text.strip()
    public = scan.status not in TELLS_OF_PEOPLE and not (shop.guarded and _names_any(text.casefold(), shop.guarded))
    return text if text and public else status_words(scan.status, scan.substatus)


def status_words(status: str, substatus: str) -> str:
    """A scan's meaning in our words."""
    if substatus in SAID:
        return _(SAID[substatus])
    return str(badge_for(status).word) if status else _("Scanned")


def _names_any(text: str, guarded: list[str]) -> bool:
    return any(word in text for word in guarded)


def _words_of(guarded: list[str]) -> frozenset[str]:
    """The guarded texts and their parts, as they may turn up inside other text."""
    whole = [text.casefold().strip() for text in guarded]
    parts = [part for text in whole for part in text.replace(",", " ").split()]
    return frozenset(word for word in (*whole, *parts) if len(word) >= SHORTEST_NAME)
