"""How promises were kept: sums over weeks by carrier, service or lane, read from PromiseWeek. Each question is two statements at most."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django.db.models import F, QuerySet, Sum

from tracking.models import PromiseWeek

BY: dict[str, tuple[str, ...]] = {
    "carrier": ("carrier",),
    "service": ("carrier", "service"),
    "lane": ("carrier", "service", "origin", "country"),
}
MOST = 50  # groups shown, those with most parcels
SUMS = ("parcels", "promised", "on_time", "forecast", "kept", "slipped", "slipped_days")


@dataclass(frozen=True)
class Kept:
    """Promises of one group. Shares are None where there is nothing to divide by."""

    group: tuple[str, ...]
    parcels: int
    promised: int
    on_time: int
    forecast: int
    kept: int
    slipped: int
    slipped_days: int
    median: int | None = None  # working days from the first scan

    @property
    def punctual(self) -> float | None:
        """Share that came, or was tried, on or before the first day told."""
        return self.on_time / self.promised if self.promised else None

    @property
    def coverage(self) -> float | None:
        """Share that came on or before the day of our first estimate; 0.8 is what it means to be."""
        return self.kept / self.forecast if self.forecast else None

    @property
    def slippage(self) -> float | None:
        """Days by which the late ones were late, on average."""
        return self.slipped_days / self.slipped if self.slipped else None


def groups(since: date, by: str) -> list[Kept]:
    """The groups with most parcels in the weeks from `since` on. Two statements."""
    names = BY[by]
    rows = list(_since(since).values(*names).annotate(**_sums()).order_by(F("parcels_").desc(), *names)[:MOST])
    told = [tuple(row[name] for name in names) for row in rows]
    took = _took(since, names, told)
    return [_kept(group, row, middle(took[group])) for group, row in zip(told, rows, strict=True)]


def whole(since: date) -> Kept:
    """All of them together. One statement."""
    found = _since(since).aggregate(**_sums())
    return _kept((), found, None)


def weeks(since: date) -> dict[date, tuple[int, int]]:
    """Monday -> parcels on time and late of those a day was told of. One statement."""
    rows = _since(since).values_list("week").annotate(good=Sum("on_time"), late=Sum("slipped")).order_by("week")
    return {week: (good, late) for week, good, late in rows}


def monday(day: date, back: int = 0) -> date:
    """The Monday of the day's week, or of one so many weeks before."""
    return day - timedelta(days=day.weekday(), weeks=back)


def middle(took: Counter[str]) -> int | None:
    """The median of counted days."""
    days = sorted((int(day), count) for day, count in took.items())
    reached, half = 0, sum(count for _, count in days) / 2
    for day, count in days:
        reached += count
        if reached >= half:
            return day
    return None


def _kept(group: tuple[str, ...], sums: dict[str, Any], median: int | None) -> Kept:
    return Kept(group, **{name: sums[f"{name}_"] or 0 for name in SUMS}, median=median)


def _since(since: date) -> QuerySet[PromiseWeek]:
    return PromiseWeek.objects.filter(week__gte=since)


def _sums() -> dict[str, Sum]:
    return {f"{name}_": Sum(name) for name in SUMS}


def _took(since: date, names: Sequence[str], wanted: Sequence[tuple[str, ...]]) -> dict[tuple[str, ...], Counter[str]]:
    found: dict[tuple[str, ...], Counter[str]] = {group: Counter() for group in wanted}
    rows = _since(since).filter(carrier__in={group[0] for group in wanted}).values_list(*names, "took")
    for row in rows:
        group = tuple(row[:-1])
        if group in found:
            found[group].update(row[-1])
    return found
