"""What a merchant asks of all parcels at once: what needs them, what is where, what came when."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from django.db.models import Case, Count, Exists, F, OuterRef, Q, QuerySet, Value, When
from django.db.models.functions import Coalesce, TruncDate

from integrations.carriers import directory
from orders.models import Order
from tracking.health import Flag
from tracking.models import ENDED, HealthInterval, Leg, Scan, Shipment, Status

LATE = (Flag.LATE_VS_PROMISE.value, Flag.LATE_VS_EDD.value)
QUIET = (Flag.STALLED.value, Flag.NO_SCAN_AFTER_LABEL.value)
IN_TROUBLE = (Status.EXCEPTION, Status.LOST_OR_DESTROYED)
LABEL_ONLY = (Status.PENDING, Status.INFO_RECEIVED, Status.UNKNOWN)

# What a parcel of an order may be asked to be; the words of the order list's filters and of the links that lead there.
PARCEL: dict[str, Q] = {
    "late": Q(health__overlap=LATE),
    "stalled": Q(health__overlap=QUIET),
    "exception": Q(status__in=IN_TROUBLE) | Q(action_required="merchant"),
    "label": Q(status__in=LABEL_ONLY),
    "in_transit": Q(status=Status.IN_TRANSIT),
    "out_for_delivery": Q(status=Status.OUT_FOR_DELIVERY),
    "available_for_pickup": Q(status=Status.AVAILABLE_FOR_PICKUP),
    "returning": Q(status__in=(Status.RETURNING, Status.RETURNED)),
    "delivered": Q(status=Status.DELIVERED),
}


# Somebody should look at it: an open health flag, held up, lost, or waiting for the merchant.
NEEDS_EYE = ~Q(health=[]) | PARCEL["exception"]


def has_parcel(wanted: Q) -> Exists:
    """A condition on orders: one of its parcels is like that."""
    return Exists(Shipment.objects.filter(wanted, order=OuterRef("pk"), cancelled_at=None))


def orders_needing_eye() -> QuerySet[Order]:
    """Orders with a parcel that somebody should look at."""
    return Order.objects.filter(has_parcel(NEEDS_EYE), cancelled_at=None)


@dataclass(frozen=True)
class Trouble:
    """How many parcels share a problem, and the one that has had it longest."""

    kind: str  # a key of PARCEL
    parcels: int
    oldest: Shipment
    since: datetime


def troubles() -> list[Trouble]:
    """What is wrong now, the late ones last. Two queries, however many parcels."""
    open_flags = HealthInterval.objects.filter(resolved_at=None, shipment__order__cancelled_at=None, shipment__cancelled_at=None)
    kind = Case(*(When(flag__in=flags, then=Value(name)) for name, flags in (("stalled", QUIET), ("late", LATE))), default=Value(""))
    flagged = open_flags.annotate(kind=kind).exclude(kind="")
    counts = dict(flagged.values("kind").annotate(n=Count("shipment", distinct=True)).values_list("kind", "n"))
    oldest = flagged.order_by("kind", "opened_at", "id").distinct("kind").select_related("shipment__order")
    found = {row.kind: Trouble(row.kind, counts[row.kind], row.shipment, row.opened_at) for row in oldest}
    return [found[name] for name in ("stalled", "late") if name in found]


def held_up() -> Trouble | None:
    """Parcels that are held up or lost. Two queries, one if there are none."""
    rows = Shipment.objects.filter(PARCEL["exception"], cancelled_at=None, order__cancelled_at=None).exclude(status_at=None)
    oldest = rows.order_by("status_at", "id").select_related("order").first()
    return Trouble("exception", rows.count(), oldest, oldest.status_at) if oldest else None  # type: ignore[arg-type]


@dataclass(frozen=True)
class Now:
    """Open parcels at this moment, and those that came or should have come lately."""

    moving: int
    moving_orders: int
    out: int
    out_done: int  # delivered today
    on_time: int
    delivered: int  # of the days asked for


def now(since: datetime, today: datetime, zone: ZoneInfo) -> Now:
    """Counts for the tiles: deliveries from `since` on; `today` is when the day began in `zone`. One query."""
    on_way = Q(status__in=(Status.IN_TRANSIT, Status.ATTEMPT_FAILED, Status.AVAILABLE_FOR_PICKUP, Status.OUT_FOR_DELIVERY))
    came = Q(status=Status.DELIVERED, delivered_at__gte=since)
    dated = Shipment.objects.annotate(day=TruncDate("delivered_at", tzinfo=zone), due=due_on())
    found = dated.filter(on_way | came, cancelled_at=None).aggregate(
        moving=Count("id", filter=on_way),
        moving_orders=Count("order", filter=on_way, distinct=True),
        out=Count("id", filter=Q(status=Status.OUT_FOR_DELIVERY)),
        out_done=Count("id", filter=came & Q(delivered_at__gte=today)),
        delivered=Count("id", filter=came),
        on_time=Count("id", filter=came & (Q(due=None) | Q(day__lte=F("due")))),
    )
    return Now(**found)


def due_on() -> Any:
    """The day that a parcel was due: the merchant's promise, else the first day that anybody told."""
    return Coalesce(F("promised_on"), F("order__promised_to"), F("first_estimate_on"))


@dataclass(frozen=True)
class DeliveryDay:
    """How many parcels came on a day, and how many of them after the day they were due."""

    day: date
    delivered: int
    late: int


def per_day(since: datetime, zone: ZoneInfo) -> list[DeliveryDay]:
    """Deliveries by local day from `since` on, oldest first; days without any are left out. A parcel without a due day is on time."""
    rows = Shipment.objects.filter(status=Status.DELIVERED, delivered_at__gte=since)
    dated = rows.annotate(day=TruncDate("delivered_at", tzinfo=zone), due=due_on())
    counted = dated.values("day").annotate(n=Count("id"), late=Count("id", filter=Q(day__gt=F("due")))).order_by("day")
    return [DeliveryDay(row["day"], row["n"], row["late"]) for row in counted]


@dataclass(frozen=True)
class CarrierLoad:
    """A carrier's open parcels by what they do."""

    carrier: str
    label: int
    moving: int
    out: int
    late: int  # late or stalled, whatever else they do
    whole: int


def by_carrier(most: int = 8) -> list[CarrierLoad]:
    """Open parcels of the carriers that have most of them. One query."""
    rows = Shipment.objects.exclude(status__in=(*ENDED, Status.EXPIRED)).filter(cancelled_at=None).values("carrier")
    counted = rows.annotate(
        label=Count("id", filter=PARCEL["label"]),
        out=Count("id", filter=PARCEL["out_for_delivery"]),
        late=Count("id", filter=Q(health__overlap=[*LATE, *QUIET])),
        whole=Count("id"),
    )
    found = counted.order_by("-whole", "carrier")[:most]
    return [CarrierLoad(**row, moving=row["whole"] - row["label"] - row["out"]) for row in found]


def carriers(since: datetime) -> list[str]:
    """The carriers of parcels made from `since` on."""
    return list(Shipment.objects.filter(created_at__gte=since).order_by("carrier").values_list("carrier", flat=True).distinct())


def orders_of_number(number: str) -> list[UUID]:
    """The orders of parcels with that tracking number, however it is written; [] for what cannot be one."""
    plain = directory.normalise_number(number)
    if len(plain) < 8 or not any(char.isdigit() for char in plain):
        return []
    found = Leg.objects.filter(number=plain).exclude(shipment__order=None).values_list("shipment__order_id", flat=True)
    return list(dict.fromkeys(found[:20]))


def last_seen(shipment_ids: list[UUID]) -> dict[UUID, Any]:
    """The newest scan of each parcel. One query."""
    return {
        scan.shipment_id: scan
        for scan in Scan.objects.filter(shipment__in=shipment_ids).order_by("shipment", "-occurred_at", "-id").distinct("shipment")
    }
