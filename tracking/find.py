"""Parcels by a carrier's number. Numbers are recycled and shared, so a number has lives, and an instant picks among them."""

from collections import defaultdict
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from django.db import connection
from django.db.models.functions import Least

from postpurchase.lib.ids import uuid7
from postpurchase.tenancy import scope
from tracking.models import ENDED, Leg, Shipment, Status

RECYCLED = timedelta(days=120)  # this long after the last scan of an ended parcel, its number names another one
OVER = frozenset({*ENDED, Status.EXPIRED})
LOCK = "SELECT pg_advisory_xact_lock(%s)"


@dataclass(frozen=True)
class Life:
    """One life of a number: the parcel that a leg leads to, and when it lived."""

    carrier: str
    number: str
    epoch: int
    shipment_id: UUID
    status: str
    last_scan_at: datetime | None
    began_at: datetime
    cancelled_at: datetime | None

    def ended_before(self, at: datetime) -> bool:
        """Whether the parcel's journey was over so long before that the number has been given to another since."""
        return self.status in OVER and self.last_scan_at is not None and at > self.last_scan_at + RECYCLED


Lives = dict[str, list[Life]]


def named(external_ids: Collection[str], connection_id: UUID) -> dict[str, UUID]:
    """The parcels that the connection knows by these external ids. One query."""
    if not external_ids:
        return {}
    rows = Shipment.objects.filter(connection_id=connection_id, external_id__in=external_ids)
    return dict(rows.values_list("external_id", "pk"))


def lives_of(numbers: Collection[str]) -> Lives:
    """Every life of each number, by epoch. One query."""
    found: Lives = defaultdict(list)
    if not numbers:
        return found
    began = Least("shipment__shipped_at", "shipment__first_scan_at", "shipment__created_at")
    columns = ("carrier", "number", "epoch", "shipment_id", "shipment__status", "shipment__last_scan_at", began, "shipment__cancelled_at")
    for row in Leg.objects.filter(number__in=numbers).order_by("number", "carrier", "epoch").values_list(*columns):
        life = Life(*row)
        found[life.number].append(life)
    return found


def of_carrier(lives: Iterable[Life], carrier: str) -> list[Life]:
    """The lives with that carrier; where it has none, those of the one carrier that the number is known with."""
    every = list(lives)
    exact = [life for life in every if life.carrier == carrier]
    return exact if exact or len({life.carrier for life in every}) > 1 else every


def parcels_at(lives: Iterable[Life], carrier: str, at: datetime) -> list[UUID]:
    """The parcels that a scan of then is about: several where orders share a box; one that was taken back only if it is alone."""
    own = of_carrier(lives, carrier)
    open_then = [
        life for earlier, life in zip([None, *own], own, strict=False) if not life.ended_before(at) and not _of_earlier(earlier, life, at)
    ]
    kept = [life for life in open_then if not life.cancelled_at] or open_then
    return list(dict.fromkeys(life.shipment_id for life in kept))


def _of_earlier(earlier: Life | None, life: Life, at: datetime) -> bool:
    """Whether `life` came of recycling, and what happened at `at` is still about the earlier life."""
    return earlier is not None and earlier.ended_before(life.began_at) and not earlier.ended_before(at)


def next_epoch(lives: Iterable[Life], carrier: str) -> int:
    """The number of the next life of a number with that carrier."""
    return max((life.epoch + 1 for life in lives if life.carrier == carrier), default=0)


def one_at_a_time() -> None:
    """Wait until no other worker makes parcels for this merchant; held to the end of the transaction. So no number gets two of them."""
    merchant = UUID(str(scope.demand("making parcels").merchant_id))
    with connection.cursor() as cursor:
        cursor.execute(LOCK, [int.from_bytes(merchant.bytes[8:], "big", signed=True)])


def open_unordered(wanted: Collection[tuple[str, str]], lives: Lives, connection_id: UUID) -> dict[tuple[str, str], UUID]:
    """A parcel without an order for each (carrier, number) that somebody scanned before we knew it. Call under one_at_a_time."""
    rows = {key: Shipment(id=uuid7(), connection_id=connection_id, carrier=key[0], number=key[1]) for key in sorted(wanted)}
    Shipment.objects.bulk_create(rows.values())
    legs = [Leg(shipment=row, carrier=key[0], number=key[1], epoch=next_epoch(lives[key[1]], key[0])) for key, row in rows.items()]
    Leg.objects.bulk_create(legs)
    return {key: row.pk for key, row in rows.items()}
