"""What the dashboard asks about parcels. Each question takes a fixed number of statements, whatever the shop's size."""

from collections.abc import Iterator, Sequence
from datetime import date, datetime, timedelta
from typing import NamedTuple
from uuid import UUID

from django.db.models import Count, F, Prefetch, Q, QuerySet
from django.db.models.functions import Coalesce, TruncDate

from orders.models import Order
from postpurchase.lib import clock
from tracking import zones
from tracking.health import Flag
from tracking.models import EstimateSnapshot, HealthInterval, Leg, Scan, Shipment, ShipmentLine, Status

CONCERNS: dict[str, tuple[Flag, ...]] = {
    "stalled": (Flag.STALLED, Flag.NO_SCAN_AFTER_LABEL),
    "late": (Flag.LATE_VS_PROMISE, Flag.LATE_VS_EDD),
    "undelivered": (Flag.REPEATED_ATTEMPTS, Flag.PICKUP_EXPIRING, Flag.CONFLICT),
}
HELD_UP = "exceptions"


class Troubled(NamedTuple):
    """A parcel that somebody should look at, and since when."""

    shipment_id: UUID
    since: datetime
    order_id: UUID | None
    order_number: str | None
    carrier: str
    number: str
    status: str
    substatus: str


class Concern(NamedTuple):
    """One kind of trouble: how many parcels have it, and the oldest of them."""

    kind: str  # stalled, late, undelivered, exceptions
    parcels: int
    oldest: list[Troubled]


class DeliveryDay(NamedTuple):
    """Parcels delivered on one day of the shop's zone, by the promise or first estimate they had."""

    day: date
    on_time: int
    late: int
    unpromised: int


def attention(limit: int = 5) -> list[Concern]:
    """What needs a look today, with up to `limit` of the oldest parcels each. Six statements."""
    open_now = HealthInterval.objects.filter(resolved_at=None)
    counts = open_now.aggregate(**{kind: Count("shipment", distinct=True, filter=Q(flag__in=flags)) for kind, flags in CONCERNS.items()})
    found = [Concern(kind, counts[kind], _oldest(open_now.filter(flag__in=flags), limit)) for kind, flags in CONCERNS.items()]
    held_up = Shipment.objects.filter(status=Status.EXCEPTION)
    columns = ("pk", "status_at", "order_id", "order__number", "carrier", "number", "status", "substatus")
    oldest = [Troubled(*row) for row in held_up.order_by("status_at").values_list(*columns)[:limit]]
    return [*found, Concern(HELD_UP, held_up.count(), oldest)]


def for_order(order: Order) -> list[Shipment]:
    """An order's parcels, the first one first, with items and their lines, legs, scans (newest first), open problems and estimates."""
    parts = (
        Prefetch("items", ShipmentLine.objects.select_related("line").order_by("line__position")),
        Prefetch("legs", Leg.objects.order_by("position")),
        Prefetch("scans", Scan.objects.order_by("-occurred_at", "-pk")),
        Prefetch("health_intervals", HealthInterval.objects.order_by("opened_at")),
        Prefetch("estimates", EstimateSnapshot.objects.order_by("told_at", "pk")),
    )
    return list(Shipment.objects.filter(order=order).order_by("created_at", "pk").prefetch_related(*parts))


def deliveries(days: int = 30) -> list[DeliveryDay]:
    """Each of the last `days` days of the shop's zone, today last, with its deliveries on time and late. Two statements."""
    zone = zones.named(zones.of_brand())
    today = clock.business_now().astimezone(zone).date()
    first = today - timedelta(days=days - 1)
    rows = Shipment.objects.filter(delivered_at__gte=zones.end_of_day(first - timedelta(days=1), zone)).order_by()
    due = Coalesce("promised_on", "order__promised_to", "first_estimate_on")
    dated = rows.annotate(day=TruncDate("delivered_at", tzinfo=zone), due=due).values_list("day")
    counted = dated.annotate(
        on_time=Count("pk", filter=Q(day__lte=F("due"))), late=Count("pk", filter=Q(day__gt=F("due"))), open=Count("pk", filter=Q(due=None))
    )
    told = {row[0]: DeliveryDay(*row) for row in counted}
    return [told.get(day, DeliveryDay(day, 0, 0, 0)) for day in _days(first, today)]


def _oldest(intervals: QuerySet[HealthInterval], limit: int) -> list[Troubled]:
    """A parcel may have several flags of one kind: the earliest counts."""
    columns = (
        "shipment_id", "opened_at", "shipment__order_id", "shipment__order__number", "shipment__carrier", "shipment__number",
        "shipment__status", "shipment__substatus",
    )  # fmt: skip
    most = limit * max(len(flags) for flags in CONCERNS.values())
    rows: Sequence[Troubled] = [Troubled(*row) for row in intervals.order_by("opened_at").values_list(*columns)[:most]]
    once: dict[UUID, Troubled] = {}
    for row in rows:
        once.setdefault(row.shipment_id, row)
    return list(once.values())[:limit]


def _days(first: date, last: date) -> Iterator[date]:
    return (first + timedelta(days=offset) for offset in range((last - first).days + 1))
