"""Parcels by a carrier's number. Numbers are recycled and shared, so a number has lives, and an instant picks among them."""

from collections import defaultdict
from collections.abc import Collection, Iterable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Protocol
from uuid import UUID

from django.db import connection
from django.db.models.functions import Least

from postpurchase.lib.ids import uuid7
from postpurchase.tenancy import scope
from tracking.models import ENDED, Leg, Shipment, Status

RECYCLED = timedelta(days=120)  # this long after the last scan of an ended parcel, its number names another one
OVER = frozenset({*ENDED, Status.EXPIRED})
VAGUE = ("", "other")  # carriers that are none
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
    carrier_seen: bool = False

    @property
    def unsure(self) -> bool:
        """Whether its carrier is not told, or by scans only, so that another scan may name it otherwise."""
        return self.carrier_seen or not known(self.carrier)

    def ended_before(self, at: datetime) -> bool:
        """Whether the parcel's journey was over so long before that the number has been given to another since."""
        return self.status in OVER and self.last_scan_at is not None and at > self.last_scan_at + RECYCLED


Lives = dict[str, list[Life]]


class Seen(Protocol):
    """What somebody scanned: a number, perhaps its carrier, and when."""

    @property
    def carrier(self) -> str: ...
    @property
    def number(self) -> str: ...
    @property
    def occurred_at(self) -> datetime: ...


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
    began = Least("shipment__shipped_at", "shipment__first_scan_at", "shipment__last_scan_at", "shipment__created_at")
    leg, parcel = ("carrier", "number", "epoch", "shipment_id"), ("shipment__status", "shipment__last_scan_at")
    rows = Leg.objects.filter(number__in=numbers).order_by("number", "carrier", "epoch")
    for row in rows.values_list(*leg, *parcel, began, "shipment__cancelled_at", "shipment__carrier_seen"):
        life = Life(*row)
        found[life.number].append(life)
    return found


def known(carrier: str) -> str:
    """The carrier's code; '' for a word that names none."""
    return "" if carrier in VAGUE else carrier


def of_carrier(lives: Iterable[Life], carrier: str) -> list[Life]:
    """The lives with that carrier; where it has none, or is not told, those of the one carrier that the number is known with.

    Known with several, a number says nothing by itself: whoever does not say which is with those whose carrier nobody told.
    """
    every = list(lives)
    exact = [life for life in every if life.carrier == carrier] if known(carrier) else []
    if exact or len({known(life.carrier) for life in every}) < 2:
        return exact or every
    return [] if known(carrier) else [life for life in every if not known(life.carrier)]


def of_shop(lives: Iterable[Life], carrier: str) -> list[Life]:
    """The lives that a shop may mean. Not the one that stays by itself since nobody knows whose of several parcels it is."""
    every = list(lives)
    alone = len({known(life.carrier) for life in every}) < 2
    return [life for life in of_carrier(every, carrier) if alone or known(life.carrier) or not life.carrier_seen]


def lives_at(lives: Iterable[Life], carrier: str, at: datetime) -> list[Life]:
    """The lives that a scan of then is about: several where orders share a box; one that was taken back only if it is alone."""
    every = list(lives)
    same = [life for life in every if life.carrier == carrier] if known(carrier) else []
    own = _open_at(same, at) or of_carrier(_open_at(every, at), carrier)
    return [life for life in own if not life.cancelled_at] or own


def parcels_at(lives: Iterable[Life], carrier: str, at: datetime) -> list[UUID]:
    """The parcels of those lives."""
    return list(dict.fromkeys(life.shipment_id for life in lives_at(lives, carrier, at)))


def _open_at(lives: list[Life], at: datetime) -> list[Life]:
    return [life for life in lives if not life.ended_before(at) and not any(_of_earlier(one, life, at) for one in lives)]


def _of_earlier(earlier: Life, life: Life, at: datetime) -> bool:
    """Whether `life` came of recycling, and what happened at `at` is still about the earlier life."""
    return earlier.ended_before(life.began_at) and not earlier.ended_before(at)


def next_epoch(lives: Iterable[Life], carrier: str) -> int:
    """The number of the next life of a number with that carrier."""
    return max((life.epoch + 1 for life in lives if life.carrier == carrier), default=0)


def renamed(lives: Iterable[Life], leg: Leg) -> list[Life]:
    """The lives, with the leg's carrier and epoch in its own."""
    return [replace(life, carrier=leg.carrier, epoch=leg.epoch) if life.shipment_id == leg.shipment_id else life for life in lives]


def one_at_a_time() -> None:
    """Wait until no other worker makes parcels for this merchant; held to the end of the transaction. So no number gets two of them."""
    merchant = UUID(str(scope.demand("making parcels").merchant_id))
    with connection.cursor() as cursor:
        cursor.execute(LOCK, [int.from_bytes(merchant.bytes[8:], "big", signed=True)])


def open_unordered(wanted: Iterable[Seen], lives: Lives, connection_id: UUID) -> None:
    """A parcel without an order for each, added to the lives: somebody scanned it before we knew it. Call under one_at_a_time."""
    whose = [
        (Shipment(id=uuid7(), connection_id=connection_id, carrier=known(one.carrier), number=one.number, carrier_seen=True), one)
        for one in wanted
    ]
    Shipment.objects.bulk_create(row for row, _ in whose)
    legs = [Leg(shipment=row, carrier=row.carrier, number=row.number, epoch=next_epoch(lives[row.number], row.carrier)) for row, _ in whose]
    Leg.objects.bulk_create(legs)
    for (row, one), leg in zip(whose, legs, strict=True):
        began = min(one.occurred_at, row.created_at)
        lives[row.number].append(Life(row.carrier, row.number, leg.epoch, row.pk, row.status, None, began, None, carrier_seen=True))
