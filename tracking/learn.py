"""What parcels that came teach: how long lanes take, and whether the days told held. Each is counted once, in sums that grow."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from django.db import connection
from django.db.models import Min

from postpurchase.tenancy import scope
from tracking import silences
from tracking.groups import MOVING, STAGES, Home, journey, keys_of, place_of, text
from tracking.models import EstimateSnapshot, LaneStat, PromiseWeek, Scan, Shipment, Status
from tracking.promises.lanes import month_of

LOCK = "SELECT pg_advisory_xact_lock(hashtextextended(%s, 5))"
TRIED = (
    Status.ATTEMPT_FAILED,
    Status.AVAILABLE_FOR_PICKUP,
    Status.DELIVERED,
)  # the carrier was there: the promise is kept or not from then
SUMS = ("parcels", "promised", "on_time", "forecast", "kept", "slipped", "slipped_days")
LONGEST = 400  # working days; more is a mistake in the dates


def learn(parcels: Sequence[Shipment], home: Home) -> None:
    """Count parcels that came, read by groups.with_places. The caller sees to it that each comes once."""
    if not parcels:
        return
    with connection.cursor() as cursor:
        cursor.execute(LOCK, [f"lanes of {scope.demand('lanes').merchant_id}"])
    ids = [parcel.pk for parcel in parcels]
    tried = dict(Scan.objects.filter(shipment_id__in=ids, status__in=TRIED).values_list("shipment_id").annotate(at=Min("occurred_at")))
    ours = _first_of_ours(ids)
    lanes: dict[tuple[str, int], Counter[str]] = defaultdict(Counter)
    weeks: dict[tuple[Any, ...], Counter[str]] = defaultdict(Counter)
    took: dict[tuple[Any, ...], Counter[str]] = defaultdict(Counter)
    for parcel in parcels:
        came = _came(parcel, tried.get(parcel.pk), home)
        if came is None:
            continue
        days = _count_lanes(parcel, came, home, lanes)
        key = _week(parcel, came, home)
        weeks[key].update(_kept(parcel, came, ours.get(parcel.pk)))
        if days is not None:
            took[key][str(days)] += 1
    quiet, touched = silences.count(parcels, home)
    _add_lanes(lanes | quiet)
    _add_weeks(weeks, took)
    silences.teach(touched)


def _came(parcel: Shipment, tried: datetime | None, home: Home) -> date | None:
    """The day of the first attempt or, where none was seen, of the delivery; at the place it went to."""
    moments = [at for at in (tried, parcel.delivered_at) if at]
    return min(moments).astimezone(place_of(parcel, home)[1]).date() if moments else None


def _count_lanes(parcel: Shipment, came: date, home: Home, lanes: dict[tuple[str, int], Counter[str]]) -> int | None:
    """Count it in every group of every stage it went through. Returns its working days from the first scan."""
    days = None
    for stage in STAGES:
        if stage == MOVING and not parcel.first_scan_at:
            continue
        one = journey(parcel, stage, home, end=came).parcel(came)
        days = one.days(came.toordinal() + 1)
        if 0 <= days <= LONGEST:
            for key in keys_of(one):
                lanes[text(stage, key), month_of(one.start)][str(days)] += 1
    return days if parcel.first_scan_at else None


def _week(parcel: Shipment, came: date, home: Home) -> tuple[Any, ...]:
    monday = came - timedelta(days=came.weekday())
    country, _ = place_of(parcel, home)
    return monday, parcel.carrier, parcel.service, parcel.origin_country or home.country, country


def _kept(parcel: Shipment, came: date, ours: date | None) -> Counter[str]:
    told: date | None = parcel.promised_on or getattr(parcel, "promised_to", None) or parcel.first_estimate_on
    found = Counter(parcels=1)
    if told:
        late = (came - told).days
        found.update(promised=1, on_time=int(late <= 0), slipped=int(late > 0), slipped_days=max(0, late))
    if ours:
        found.update(forecast=1, kept=int(came <= ours))
    return found


def _first_of_ours(ids: list[UUID]) -> dict[UUID, date]:
    rows = EstimateSnapshot.objects.filter(shipment_id__in=ids, source="ours").order_by("shipment_id", "told_at", "pk")
    return dict(rows.distinct("shipment_id").values_list("shipment_id", "expected_on"))


def _add_lanes(fresh: dict[tuple[str, int], Counter[str]]) -> None:
    asked = LaneStat.objects.filter(key__in={key for key, _ in fresh}, month__in={month for _, month in fresh})
    held = {(row.key, row.month): row for row in asked}
    for (key, month), counted in fresh.items():
        row = held.setdefault((key, month), LaneStat(key=key, month=month))
        row.arrived = merged(row.arrived, counted)
    _save(LaneStat, [held[key] for key in fresh], ["arrived"])


def _add_weeks(fresh: dict[tuple[Any, ...], Counter[str]], took: dict[tuple[Any, ...], Counter[str]]) -> None:
    names = ("week", "carrier", "service", "origin", "country")
    asked = PromiseWeek.objects.filter(week__in={key[0] for key in fresh}, carrier__in={key[1] for key in fresh})
    held = {tuple(getattr(row, name) for name in names): row for row in asked}
    for key, counted in fresh.items():
        row = held.setdefault(key, PromiseWeek(**dict(zip(names, key, strict=True))))
        for name in SUMS:
            setattr(row, name, getattr(row, name) + counted[name])
        row.took = merged(row.took, took[key])
    _save(PromiseWeek, [held[key] for key in fresh], [*SUMS, "took"])


def merged(held: dict[str, int], fresh: Iterable[tuple[str, int]] | Counter[str]) -> dict[str, int]:
    """Two counts as one."""
    return dict(Counter(held) + Counter(dict(fresh)))


def _save(model: Any, rows: list[Any], fields: list[str]) -> None:
    model.objects.bulk_create([row for row in rows if row._state.adding])
    model.objects.bulk_update([row for row in rows if not row._state.adding], fields)
