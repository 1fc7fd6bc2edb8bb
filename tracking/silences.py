"""How long parcels of a lane are quiet before they come: counted as they come, and made into rules where there are enough of them.

Counts stand beside those of transit times (LaneStat), under stages of their own. A rule that was learned is one working day more than 95
of 100 parcels ever took, and never stricter than the trade at home.
"""

from collections import Counter, defaultdict
from collections.abc import Collection, Iterator, Sequence
from datetime import date, datetime
from itertools import pairwise
from uuid import UUID
from zoneinfo import ZoneInfo

from postpurchase.lib import clock
from tracking import workdays
from tracking.groups import Home, place_of, text
from tracking.health import FIRST_SCAN_DAYS, QUIET_DAYS
from tracking.health_rules import HealthRule
from tracking.limits import Lane
from tracking.models import LaneStat, Scan, Shipment
from tracking.promises.lanes import month_of

LABEL, QUIET = "label", "quiet"  # stages: until the first scan, and the longest time between two scans
COLUMNS = {LABEL: ("first_scan_days", FIRST_SCAN_DAYS), QUIET: ("quiet_days", QUIET_DAYS)}
ENOUGH, LEVEL, MONTHS, MOST = 30, 0.95, 12, 30  # parcels, share, months looked back, working days that a rule may have at most
Counts = dict[tuple[str, int], Counter[str]]  # a group's key and month -> working days -> parcels


def count(parcels: Sequence[Shipment], home: Home) -> tuple[Counts, set[Lane]]:
    """The silences of parcels that came, by lane and month, and the lanes they are of. One query."""
    seen: dict[UUID, list[datetime]] = defaultdict(list)
    for pk, at in (
        Scan.objects.filter(shipment_id__in=[one.pk for one in parcels]).order_by("occurred_at").values_list("shipment_id", "occurred_at")
    ):
        seen[pk].append(at)
    counts: Counts = defaultdict(Counter)
    touched: set[Lane] = set()
    for parcel in parcels:
        country, zone = place_of(parcel, home)
        for stage, began, days in _silences(parcel, seen[parcel.pk], country, zone):
            for lane in ladder(parcel, country):
                counts[key(stage, lane), month_of(began.toordinal())][str(days)] += 1
                touched.add(lane)
    return counts, touched


def ladder(parcel: Shipment, country: str) -> list[Lane]:
    """The lanes that a parcel teaches: its carrier's to the country, and its service's."""
    wide = Lane(parcel.carrier, "", country)
    return [wide, Lane(parcel.carrier, parcel.service, country)] if parcel.service else [wide]


def key(stage: str, lane: Lane) -> str:
    """A lane of a stage as LaneStat keeps it."""
    return text(stage, ("lane", lane.carrier, lane.country, lane.service))


def _silences(parcel: Shipment, seen: list[datetime], country: str, zone: ZoneInfo) -> Iterator[tuple[str, date, int]]:
    """(stage, the day it began, working days): until the first scan, and the longest between two scans of the carrier."""
    first = parcel.first_scan_at
    if not first:
        return
    start, began = (parcel.shipped_at or parcel.created_at).astimezone(zone).date(), first.astimezone(zone).date()
    if start <= began:
        yield LABEL, start, workdays.between(start, began, country)
    days = [at.astimezone(zone).date() for at in seen if first <= at <= (parcel.delivered_at or at)]
    if len(days) > 1:
        yield QUIET, began, max(workdays.between(one, two, country) for one, two in pairwise(days))


def teach(touched: Collection[Lane]) -> None:
    """Make rules anew of all that is counted of these lanes. Two queries, and one for what changes."""
    names = {key(stage, lane): (stage, lane) for lane in touched for stage in COLUMNS}
    since = month_of(clock.business_now().date().toordinal()) - MONTHS
    told: dict[tuple[str, Lane], Counter[int]] = defaultdict(Counter)
    for name, arrived in LaneStat.objects.filter(key__in=names, month__gte=since).values_list("key", "arrived"):
        told[names[name]].update({int(days): parcels for days, parcels in arrived.items()})
    rules = [rule for lane in touched if (rule := _rule(lane, {stage: told[stage, lane] for stage in COLUMNS}))]
    HealthRule.objects.bulk_create(
        rules,
        update_conflicts=True,
        unique_fields=["merchant", "learned", "carrier", "service", "country"],
        update_fields=["first_scan_days", "quiet_days", "parcels", "changed_at"],
    )


def _rule(lane: Lane, told: dict[str, Counter[int]]) -> HealthRule | None:
    """None for a lane that too little is known of."""
    limits = {
        name: min(MOST, max(least, reached(told[stage]) + 1)) for stage, (name, least) in COLUMNS.items() if told[stage].total() >= ENOUGH
    }
    most = max(counted.total() for counted in told.values())
    return HealthRule(learned=True, parcels=most, **lane._asdict(), **limits) if limits else None


def reached(told: Counter[int]) -> int:
    """The fewest days within which LEVEL of the parcels stayed."""
    so_far, wanted = 0, LEVEL * told.total()
    for days in sorted(told):
        so_far += told[days]
        if so_far >= wanted:
            return days
    raise ValueError("nothing is counted")
