"""Walk forward by month: forecast each month's parcels with what was known on its first morning, and see what came of it. Pure."""

from collections.abc import Iterator, Sequence
from datetime import date, timedelta
from typing import NamedTuple

from tracking.promises import fit as fitting
from tracking.promises.fit import Fit, Forecast, Grain, Past
from tracking.promises.lanes import MIXED, Known, Lanes, Parcel

ENOUGH = 100  # parcels known to have arrived before the first month that counts
A_FEW = 30  # from here on forecasts are made, to learn from what comes of them
LOST_AFTER = 2.0  # times the 95 % day of all: a parcel still open then is taken for lost, as waiting for it would make all promises late
SOONEST_LOST = 14  # days


class Said(NamedTuple):
    """A forecast that counts."""

    parcel: Parcel
    forecast: Forecast


def months(first: int, last: int) -> Iterator[tuple[int, int]]:
    """(first day, first day of the next one) of the months from one ordinal day to another."""
    at = date.fromordinal(first).replace(day=1)
    while at.toordinal() <= last:
        after = (at + timedelta(days=32)).replace(day=1)
        yield at.toordinal(), after.toordinal()
        at = after


def walk(parcels: Sequence[Parcel]) -> list[Said]:
    """The forecasts for parcels from the month on that has ENOUGH before it; for open ones too. In the order of their starts."""
    ordered = sorted(parcels, key=lambda one: one.start)
    arrivals = sorted((one for one in ordered if one.end is not None), key=_known)
    lanes, past, said, seen = Lanes(), list[Past](), list[Said](), 0
    for today, after in months(ordered[0].start, ordered[-1].start) if ordered else ():
        while seen < len(arrivals) and _known(arrivals[seen]) < today:
            lanes.add(arrivals[seen], (arrivals[seen].end or 0) - arrivals[seen].start)
            seen += 1
        if seen < A_FEW:
            continue
        known, fits = look_around(lanes, ordered, past, today)
        style = fitting.best(past, today)
        as_ = fitting.grain(past, today, style)
        fresh = [fitting.remember(one, known, fits) for one in ordered if today <= one.start < after]
        past += fresh
        if seen >= ENOUGH:
            said += [Said(one.parcel, _rounded(one.said[style], as_)) for one in fresh]
    return said


def _known(parcel: Parcel) -> int:
    """The day from which a parcel that came may teach. Where days are counted from a schedule it may come before it starts, and those
    alone of all that start later would make their lane look early.
    """
    return max(parcel.start, parcel.end or 0)


def _rounded(said: Forecast, as_: Grain) -> Forecast:
    return said._replace(p50=fitting.told(said.p50, as_))


def look_around(lanes: Lanes, parcels: Sequence[Parcel], past: Sequence[Past], today: int) -> tuple[Known, dict[str, Fit]]:
    """What is known on a morning, and the levels that follow. Parcels that start or end later are not looked at."""
    patience = lost_after(lanes, today)
    open_ = [one for one in parcels if one.start < today and (one.end is None or one.end >= today)]
    old = [one for one in parcels if today - 2 * patience - 30 <= one.start < today - patience]
    never = sum(1 for one in old if one.end is None or one.end >= today)
    lost = never / (len(old) + 20)
    known = Known(lanes, today, [one for one in open_ if today - one.start <= patience], lost)
    return known, fitting.fit(past, today, lost=lost, patience=patience)


def lost_after(lanes: Lanes, today: int) -> float:
    """Days after which an open parcel is taken for lost."""
    every = Known(lanes, today).curve(Parcel(today, None, (), ()), MIXED)
    return max(LOST_AFTER * every[-2], SOONEST_LOST)
