"""Parcels at large: conditions that lists of orders are narrowed by, and the counts of the first page."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from django.db.models import Count, Exists, F, OuterRef, Q, QuerySet
from django.db.models.functions import Coalesce, TruncDate

from integrations.carriers import directory
from orders.models import Order
from tracking.models import ENDED, NOT_STARTED, Leg, Scan, Shipment, Status
from tracking.models import NEEDS_EYE as NEEDS_EYE
from tracking.questions import CONCERNS, HELD_UP

LATE, QUIET, UNDELIVERED = (tuple(flag.value for flag in CONCERNS[kind]) for kind in ("late", "stalled", "undelivered"))

# What a parcel of an order may be asked to be; the words of the order list's filters and of the links that lead there.
PARCEL: dict[str, Q] = {
    "late": Q(health__overlap=LATE),
    "stalled": Q(health__overlap=QUIET),
    "undelivered": Q(health__overlap=UNDELIVERED),
    HELD_UP: Q(status=Status.EXCEPTION),
    "label": Q(status__in=NOT_STARTED),
    "in_transit": Q(status=Status.IN_TRANSIT),
    "out_for_delivery": Q(status=Status.OUT_FOR_DELIVERY),
    "available_for_pickup": Q(status=Status.AVAILABLE_FOR_PICKUP),
    "returning": Q(status__in=(Status.RETURNING, Status.RETURNED)),
    "delivered": Q(status=Status.DELIVERED),
}


STANDS = Q(cancelled_at=None)  # the shop has not taken it back
MOVING = Q(status__in=(Status.IN_TRANSIT, Status.ATTEMPT_FAILED, Status.AVAILABLE_FOR_PICKUP, Status.OUT_FOR_DELIVERY))
OPEN = ~Q(status__in=(*ENDED, Status.EXPIRED))


def has_parcel(wanted: Q) -> Exists:
    """A condition on orders: one of its parcels is like that."""
    return Exists(Shipment.objects.filter(wanted, order=OuterRef("pk")))


def orders_needing_eye() -> QuerySet[Order]:
    """Orders with a parcel that somebody should look at."""
    return Order.objects.filter(has_parcel(NEEDS_EYE))


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
    came = Q(status=Status.DELIVERED, delivered_at__gte=since)
    dated = Shipment.objects.annotate(
        day=TruncDate("delivered_at", tzinfo=zone), due=Coalesce("promised_on", "order__promised_to", "first_estimate_on")
    )
    found = dated.filter(MOVING | came, STANDS).aggregate(
        moving=Count("id", filter=MOVING),
        moving_orders=Count("order", filter=MOVING, distinct=True),
        out=Count("id", filter=Q(status=Status.OUT_FOR_DELIVERY)),
        out_done=Count("id", filter=came & Q(delivered_at__gte=today)),
        delivered=Count("id", filter=came),
        on_time=Count("id", filter=came & (Q(due=None) | Q(day__lte=F("due")))),
    )
    return Now(**found)


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
    rows = Shipment.objects.filter(OPEN, STANDS).values("carrier")
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


def numbers_of(text: str) -> list[str]:
    """The carriers' numbers that a text may mean, as they are kept: without spaces, and with or without its hyphens; [] for none."""
    told = directory.normalise_number(text)
    plain = told.replace("-", "")
    return list(dict.fromkeys((told, plain))) if len(plain) >= 8 and any(char.isdigit() for char in plain) else []


def orders_of_number(number: str) -> list[UUID]:
    """The orders of parcels with that tracking number, however it is written; [] for what cannot be one."""
    plain = numbers_of(number)
    if not plain:
        return []
    found = Leg.objects.filter(number__in=plain).exclude(shipment__order=None).values_list("shipment__order_id", flat=True)
    return list(dict.fromkeys(found[:20]))


def last_seen(shipment_ids: list[UUID]) -> dict[UUID, Any]:
    """The newest scan of each parcel. One query."""
    return {
        scan.shipment_id: scan
        for scan in Scan.objects.filter(shipment__in=shipment_ids).order_by("shipment", "-occurred_at", "-id").distinct("shipment")
    }
