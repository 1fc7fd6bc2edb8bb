"""When a parcel would arrive that is not sent yet, from the lanes that parcels like it took."""

from datetime import date, datetime, time, timedelta
from typing import NamedTuple

from postpurchase.tenancy.models import Brand
from tracking import workdays
from tracking.groups import MOVING, home, journey, place_of
from tracking.models import Shipment
from tracking.outlook import Outlook

PROMISE = 0.8  # of parcels like this arrive by the day that is expected


class Way(NamedTuple):
    """A parcel as it would be: the codes of carrier and countries (ISO 3166-1 alpha-2), and when the carrier gets it (aware)."""

    carrier: str
    service: str
    origin: str
    country: str
    postcode: str
    picked_up: datetime


class Predicted(NamedTuple):
    """Days at the place it goes to. `confidence`: the share of such parcels that is there by `expected`; None: the shop's usual time."""

    earliest: date
    expected: date
    latest: date
    confidence: float | None


class Handling(NamedTuple):
    """How an order becomes a parcel: until when orders count for the day, days on which work is done (1: Monday), how long it takes."""

    cutoff: time | None
    weekdays: frozenset[int]
    days: int
    hours: float


def picked_up(ordered_at: datetime, how: Handling) -> datetime:
    """When the carrier gets what is ordered then; all by the clock that `ordered_at` is told in."""
    moment = ordered_at
    if how.cutoff and moment.time() > how.cutoff:
        moment = datetime.combine(moment.date() + timedelta(days=1), how.cutoff, moment.tzinfo)
    moment = _open(moment, how)
    for _ in range(how.days):
        moment = _open(moment + timedelta(days=1), how)
    return moment + timedelta(hours=how.hours)


def predict(way: Way) -> Predicted:
    """From the merchant's own lanes; where too little is known of them, the days in transit that the brand says are usual."""
    here = home()
    parcel = Shipment(
        carrier=way.carrier, service=way.service, origin_country=way.origin, created_at=way.picked_up, first_scan_at=way.picked_up
    )
    parcel.ship_to, parcel.postcode = way.country, way.postcode  # type: ignore[attr-defined]  # as groups.with_places() adds them
    trip = journey(parcel, MOVING, here)
    foreseen = Outlook(MOVING, [trip], trip.start, here).forecast(trip)
    if foreseen:
        return Predicted(foreseen.earliest_on, foreseen.p80, foreseen.p95, PROMISE)
    brand = Brand.objects.order_by("id").first() or Brand()
    country, _ = place_of(parcel, here)
    first, last = (workdays.add(trip.start, days, country) for days in (brand.transit_days_min, brand.transit_days_max))
    return Predicted(first, last, last, None)


def _open(moment: datetime, how: Handling) -> datetime:
    while how.weekdays and moment.isoweekday() not in how.weekdays:
        moment += timedelta(days=1)
    return moment
