"""What a forecast has to beat: the median of a lane's past, as anybody would work it out. The best of several such choices."""

import math
from collections import defaultdict
from collections.abc import Sequence
from statistics import median
from typing import NamedTuple

from tracking.promises.lanes import Parcel
from tracking.promises.walk import ENOUGH, months

LEAST = 10  # parcels of a lane; fewer, and the next wider group speaks
WINDOWS = (None, 365, 180, 90)  # days looked back


class Choice(NamedTuple):
    """Days looked back (None: all), and which end of the lane is asked where the lane has too few parcels (None: neither)."""

    window: int | None
    end: int | None

    def __str__(self) -> str:
        back = f"the last {self.window} days" if self.window else "all the past"
        return f"{back}, lane{'' if self.end is None else ', ' + ('first', 'last')[self.end] + ' column'}, all"


class Plain(NamedTuple):
    """The simple forecast for a parcel that arrived: median and 80 % day."""

    parcel: Parcel
    p50: float
    p80: float


Key = tuple[str, ...]


def simple(parcels: Sequence[Parcel], lanes: Sequence[Key]) -> dict[Choice, list[Plain]]:
    """Every choice's forecasts for the parcels that arrived, walked forward by month as ours are; lanes beside the parcels."""
    rows = sorted(zip(parcels, lanes, strict=True), key=lambda row: row[0].start)
    arrivals = [row for row in rows if row[0].end is not None]
    ends = (0, 1) if lanes and len(lanes[0]) > 1 else (None,)
    found: dict[Choice, list[Plain]] = {Choice(window, end): [] for window in WINDOWS for end in ends}
    for today, after in months(rows[0][0].start, rows[-1][0].start) if rows else ():
        before = [row for row in arrivals if (row[0].end or 0) < today]
        if len(before) < ENOUGH:
            continue
        asked = [row for row in arrivals if today <= row[0].start < after]
        for window in WINDOWS:
            known = _known([row for row in before if window is None or (row[0].end or 0) >= today - window])
            for end in ends:
                found[Choice(window, end)] += _told(asked, known, end)
    return found


def _told(asked: list[tuple[Parcel, Key]], known: dict[Key, tuple[float, float]], end: int | None) -> list[Plain]:
    told = []
    for one, lane in asked:
        ladder = (("lane", *lane), ("end", str(end), lane[-1 if end else 0]) if end is not None else ("all",), ("all",))
        found = next((known[key] for key in ladder if key in known), None)
        if found:
            told.append(Plain(one, *found))
    return told


def _known(before: list[tuple[Parcel, Key]]) -> dict[Key, tuple[float, float]]:
    groups = defaultdict(list)
    for one, lane in before:
        for key in (("lane", *lane), ("end", "0", lane[0]), ("end", "1", lane[-1]), ("all",)):
            groups[key].append(one.took)
    return {key: (median(days), sorted(days)[math.ceil(0.8 * len(days)) - 1]) for key, days in groups.items() if len(days) >= LEAST}
