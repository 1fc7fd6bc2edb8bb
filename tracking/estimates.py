"""When a parcel should arrive: what was told, by whom and when; and the window to show a shopper."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Protocol
from uuid import UUID
from zoneinfo import ZoneInfo

from integrations.carriers import directory
from integrations.types import EstimateData, Outcome, Recorded
from postpurchase.events import bus
from postpurchase.events.catalogue import EstimateChanged, Fact
from postpurchase.lib import clock
from postpurchase.tenancy.models import Brand
from tracking import find, workdays, zones
from tracking.models import ENDED, EstimateSnapshot, Shipment
from tracking.settle import judge, lock, write

OURS = "ours"  # the source of forecasts from the merchant's own lanes (tracking/foresee.py)
SHOWN = ("first_estimate_on", "estimate_on", "estimate_earliest_on", "estimate_source")


class Promise(Protocol):
    """What is read of an order: when it was placed, where it goes, what was promised. An Order has it."""

    @property
    def placed_at(self) -> datetime: ...
    @property
    def ship_country(self) -> str: ...
    @property
    def promised_from(self) -> date | None: ...
    @property
    def promised_to(self) -> date | None: ...


class Custom(Protocol):
    """How fast a shop usually is, in which zone. A Brand has it."""

    @property
    def time_zone(self) -> str: ...
    @property
    def handling_days(self) -> int: ...
    @property
    def transit_days_min(self) -> int: ...
    @property
    def transit_days_max(self) -> int: ...


class Estimated(Protocol):
    """What was told of a parcel. A Shipment has it."""

    @property
    def status(self) -> str: ...
    @property
    def promised_on(self) -> date | None: ...
    @property
    def first_estimate_on(self) -> date | None: ...
    @property
    def estimate_on(self) -> date | None: ...
    @property
    def estimate_earliest_on(self) -> date | None: ...
    @property
    def estimate_source(self) -> str: ...


@dataclass(frozen=True)
class Window:
    """Days of arrival, at the shopper's place. late: the last of them is over. first_told: the day that was named first, if it moved."""

    earliest: date
    latest: date
    source: str  # carrier, merchant, shop, ours, promise, brand
    late: bool = False
    first_told: date | None = None

    def misses(self, day: date, today: date) -> bool:
        """Whether the parcel cannot come by that day any more: a window that begins in time may still keep it."""
        return max(self.earliest, today) > day


def record_estimates(estimates: Sequence[EstimateData], *, connection_id: UUID) -> list[Recorded]:
    """Keep what was told; a result per item, in the given order. `Recorded.id` is the parcel's.

    The parcel is found as a scan's is. What was told last counts, whenever it comes in; a repeat is UNCHANGED. PARKED: not known yet.
    """
    now = clock.business_now()
    parcels = _parcels(estimates, connection_id, now)
    locked = {row.pk: row for row in lock(Shipment.objects.filter(pk__in={pk for found in parcels for pk in found}))}
    history = histories(list(locked))
    fresh: list[EstimateSnapshot] = []
    results = [_note(data, found, history, fresh, now) for data, found in zip(estimates, parcels, strict=True)]
    if fresh:
        EstimateSnapshot.objects.bulk_create(fresh)
        told = [locked[pk] for pk in sorted({snapshot.shipment_id for snapshot in fresh})]
        bus.publish_all(show(told, history, now, ours_first=_ours_first()))
    return results


def expected_window(order: Promise, brand: Custom) -> Window:
    """The days promised for an order; else the brand's handling and transit time in working days of its zone, from when it was placed."""
    if order.promised_to:
        return Window(order.promised_from or order.promised_to, order.promised_to, "promise")
    placed = order.placed_at.astimezone(zones.named(brand.time_zone)).date()
    shipped = workdays.add(placed, brand.handling_days, zones.country_of(brand.time_zone))
    first, last = (workdays.add(shipped, days, order.ship_country) for days in (brand.transit_days_min, brand.transit_days_max))
    return Window(first, last, "brand")


def arrival(shipment: Estimated, order: Promise | None, brand: Custom) -> Window | None:
    """The window to show for a parcel: the day that was told, else what was promised, else the brand's usual time. None: nothing is known.

    A day that has passed is still told, as late: hiding it when the shopper needs it most would be no answer.
    """
    zone = zones.of_country(order.ship_country if order else "", brand.time_zone)
    today = _today(zone)
    window = _told(shipment) or (expected_window(order, brand) if order else None)
    if window is None:
        return None
    if window.latest < today:
        window = _kept_promise(shipment, order, today) or window
    late = shipment.status not in ENDED and today > window.latest
    first = shipment.first_estimate_on if shipment.first_estimate_on != window.latest else None
    return Window(window.earliest, window.latest, window.source, late, first)


def _told(shipment: Estimated) -> Window | None:
    if shipment.estimate_on:
        earliest = shipment.estimate_earliest_on or shipment.estimate_on
        return Window(min(earliest, shipment.estimate_on), shipment.estimate_on, shipment.estimate_source or "carrier")
    return Window(shipment.promised_on, shipment.promised_on, "merchant") if shipment.promised_on else None


def _kept_promise(shipment: Estimated, order: Promise | None, today: date) -> Window | None:
    """What was promised, while that may still be kept: it outlives a day that was told and is over."""
    if shipment.promised_on and shipment.promised_on >= today:
        return Window(shipment.promised_on, shipment.promised_on, "merchant")
    if order and order.promised_to and order.promised_to >= today:
        return Window(order.promised_from or order.promised_to, order.promised_to, "promise")
    return None


def _today(zone: ZoneInfo) -> date:
    return clock.business_now().astimezone(zone).date()


def _parcels(estimates: Sequence[EstimateData], connection_id: UUID, now: datetime) -> list[list[UUID]]:
    named = find.named({data.shipment_external_id for data in estimates} - {""}, connection_id)
    lives = find.lives_of({directory.normalise_number(data.number) for data in estimates} - {""})
    found = []
    for data in estimates:
        at, carrier = data.told_at or now, directory.normalise(data.carrier)
        by_number = find.parcels_at(lives[directory.normalise_number(data.number)], carrier, at)
        found.append([named[data.shipment_external_id]] if data.shipment_external_id in named else by_number)
    return found


def histories(shipment_ids: list[UUID]) -> dict[UUID, list[EstimateSnapshot]]:
    """Every day told of each parcel, the first one first."""
    found: dict[UUID, list[EstimateSnapshot]] = defaultdict(list)
    for snapshot in EstimateSnapshot.objects.filter(shipment_id__in=shipment_ids).order_by("told_at", "pk"):
        found[snapshot.shipment_id].append(snapshot)
    return found


def _note(
    data: EstimateData, parcels: list[UUID], history: dict[UUID, list[EstimateSnapshot]], fresh: list[EstimateSnapshot], now: datetime
) -> Recorded:
    """Add the data to the histories of its parcels, unless it repeats what was last told before it."""
    name = data.shipment_external_id or data.number
    if not parcels:
        return Recorded(Outcome.PARKED, name, parked_for=f"shipment:{name}")
    outcome, told_at = Outcome.UNCHANGED, data.told_at or now
    for shipment_id in parcels:
        before = [one for one in history[shipment_id] if one.told_at <= told_at]
        if before and _says(before[-1]) == (data.source, data.earliest_on, data.expected_on):
            continue
        snapshot = EstimateSnapshot(
            shipment_id=shipment_id, source=data.source[:12], earliest_on=data.earliest_on, expected_on=data.expected_on, told_at=told_at
        )
        history[shipment_id] = sorted([*history[shipment_id], snapshot], key=lambda one: one.told_at)
        fresh.append(snapshot)
        outcome = Outcome.CREATED
    return Recorded(outcome, name, parcels[0])


def _says(snapshot: EstimateSnapshot) -> tuple[str, date | None, date]:
    return snapshot.source, snapshot.earliest_on, snapshot.expected_on


def show(parcels: Sequence[Shipment], history: dict[UUID, list[EstimateSnapshot]], now: datetime, *, ours_first: bool) -> list[Fact]:
    """Bring what locked parcels show in line with their histories, and write it. Returns the facts, for the caller to publish."""
    facts: list[Fact] = []
    changed: list[Shipment] = []
    home_zone = zones.of_brand()
    for parcel in parcels:
        if not history[parcel.pk]:
            continue
        today = now.astimezone(zones.of_country(getattr(parcel, "ship_to", "") or "", home_zone)).date()
        first, last, was = history[parcel.pk][0], chosen(history[parcel.pk], today, ours_first=ours_first), parcel.estimate_on
        shown = (first.expected_on, last.expected_on, last.earliest_on, last.source)
        if shown == tuple(getattr(parcel, name) for name in SHOWN):
            continue
        for name, value in zip(SHOWN, shown, strict=True):
            setattr(parcel, name, value)
        parcel.version += 1
        changed.append(parcel)
        if was != parcel.estimate_on and parcel.status not in ENDED:
            slipped = last.expected_on > first.expected_on
            facts.append(EstimateChanged(order_id=parcel.order_id, shipment_id=parcel.pk, was=was, now=last.expected_on, slipped=slipped))
    conflicts = {parcel.pk for parcel in changed if "conflict" in parcel.health}
    facts += judge(changed, now, home_zone=home_zone, conflicts=conflicts)
    write(changed)
    Shipment.objects.bulk_update(changed, SHOWN)
    return facts


def chosen(history: Sequence[EstimateSnapshot], today: date, *, ours_first: bool) -> EstimateSnapshot:
    """The estimate that is shown: what others told last, or ours; the other one where the day of the first is over and its own is not."""
    told = [one for one in history if one.source != OURS]
    ours = [one for one in history if one.source == OURS]
    last = [kind[-1] for kind in ((ours, told) if ours_first else (told, ours)) if kind]
    return next((one for one in last if one.expected_on >= today), last[0])


def _ours_first() -> bool:
    return Brand.objects.order_by("id").values_list("estimates_first", flat=True).first() == OURS
