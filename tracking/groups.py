"""Which parcels are like which: a parcel's stage, where its time begins, and the groups it is counted in."""

from datetime import date
from typing import NamedTuple
from zoneinfo import ZoneInfo

from django.db.models import F, QuerySet
from django.db.models.fields.json import KeyTextTransform

from postpurchase.tenancy.models import Brand
from tracking import workdays, zones
from tracking.models import Shipment
from tracking.promises.lanes import EVERY, Key, Parcel

MADE, MOVING = "made", "moving"
STAGES = (MADE, MOVING)
ZONE = 2  # signs of a postcode that name a zone


class Home(NamedTuple):
    """What every parcel of the merchant shares."""

    zone: str  # IANA
    country: str
    ours_first: bool


class Journey(NamedTuple):
    """A parcel's way in one stage: when the stage began and, where it came, ended. Days are those of the place it goes to."""

    start: date
    end: date | None
    country: str
    ladder: tuple[Key, ...]
    effects: tuple[Key, ...]

    def day(self, count: int) -> date:
        """The day that is so many working days after the start."""
        return workdays.add(self.start, count, self.country)

    def parcel(self, today: date) -> Parcel:
        """As the engine knows it; days on which nobody works are taken out up to its end, or up to `today`."""
        until = self.end or today
        off = max(0, (until - self.start).days) - workdays.between(self.start, until, self.country)
        end = max(self.start, self.end).toordinal() if self.end else None
        return Parcel(self.start.toordinal(), end, self.ladder, self.effects, off)


def home() -> Home:
    """Of the merchant in scope. One query."""
    found = Brand.objects.order_by("id").values_list("time_zone", "estimates_first").first() or ("UTC", "carrier")
    return Home(found[0], zones.country_of(found[0]), found[1] == "ours")


def with_places(rows: QuerySet[Shipment]) -> QuerySet[Shipment]:
    """Parcels with what their orders say of where they go: ship_to and postcode."""
    return rows.annotate(
        ship_to=F("order__ship_country"),
        postcode=KeyTextTransform("postcode", "order__shipping_address"),
        promised_to=F("order__promised_to"),
    )


def place_of(parcel: Shipment, home: Home) -> tuple[str, ZoneInfo]:
    """The country that it goes to, the shop's where that is not known, and the zone of its days."""
    country = getattr(parcel, "ship_to", "") or home.country
    return country, zones.of_country(country, home.zone)


def journey(parcel: Shipment, stage: str, home: Home, *, end: date | None = None) -> Journey:
    """The parcel's way from the beginning of a stage. Its groups: country; carrier and countries; and zone; and service."""
    country, zone = place_of(parcel, home)
    began = parcel.first_scan_at if stage == MOVING else parcel.shipped_at or parcel.created_at
    start = (began or parcel.created_at).astimezone(zone).date()
    origin = parcel.origin_country or home.country
    area = "".join((getattr(parcel, "postcode", "") or "").split()).upper()[:ZONE]
    lane = (parcel.carrier, origin, country)
    ladder: tuple[Key, ...] = (("to", country), ("lane", *lane), ("zone", *lane, area), ("service", *lane, area, parcel.service[:60]))
    return Journey(start, end, country, ladder, (("weekday", str(start.weekday())),))


def text(stage: str, key: Key) -> str:
    """A group of a stage as LaneStat keeps it."""
    return "|".join((stage, *(part.replace("|", "/") for part in key)))[:200]


def keys_of(one: Parcel) -> tuple[Key, ...]:
    """All groups that the parcel is counted in."""
    return (EVERY, *one.ladder, *one.effects)
