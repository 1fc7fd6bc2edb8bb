"""From forecasts made and what came of them to the next ones: which way of blending does better lately, and which levels hold."""

import math
from collections.abc import Sequence
from statistics import fmean, median
from typing import NamedTuple

from tracking.promises import levels
from tracking.promises.curve import level_of, read, remaining
from tracking.promises.lanes import MIXED, MOVED, Known, Parcel
from tracking.promises.levels import Score

STYLES = (MIXED, MOVED)
TARGETS = (0.1, 0.5, 0.8, 0.95)
P10, P50, P80, P95 = range(4)
LOWEST, HIGHEST = 0.03, 1.3  # levels a curve is read at: one far outside says that the curve is wrong, not how far
FEW = 50.0  # weight of known outcomes below which the first style is taken
LOSS_HALF_LIFE = 90.0  # days
WHOLE = 0.2  # where one day holds the parcels from this far below a level to this far above it, the day itself is told


class Forecast(NamedTuple):
    """Days at each of TARGETS from the start. The middle one may lie within a day; the others are whole."""

    p10: int
    p50: float
    p80: int
    p95: int


class Grain(NamedTuple):
    """How finely a moment is told, in days; 0 for exactly. `shift`: where within that grain."""

    size: float
    shift: float = 0.0


GRAINS = (Grain(0.0), Grain(1.0), Grain(0.5), Grain(1.0, -0.4), Grain(1.0, 0.4))


class Past(NamedTuple):
    """A forecast that was made: for whom, with which curves and, for losses, what each style would have said."""

    parcel: Parcel
    curves: dict[str, tuple[float, ...]]
    said: dict[str, Forecast]


class Fit(NamedTuple):
    """A style and, for each of TARGETS, the level of its curves that lately held."""

    style: str
    levels: tuple[float, ...]

    def forecast(self, days: Sequence[float], elapsed: int | None = None) -> Forecast:
        """Read a curve. `elapsed`: so many whole days are over and the parcel has not come, so what is said lies after them."""
        at = [read(days, one) if elapsed is None else remaining(days, elapsed, min(one, 1.0)) for one in self.levels]
        low, middle, promise, deadline = sorted(at)
        level = self.levels[P50]
        if elapsed is None and read(days, level + WHOLE) - read(days, level - WHOLE) < 1:
            middle = float(round(middle))
        return Forecast(whole(low), middle, whole(promise), whole(deadline))


UNFITTED = Fit(MIXED, TARGETS)


def whole(days: float) -> int:
    """The day on which so many days end: day d stands for d - 0.5 to d + 0.5."""
    return math.ceil(days - 0.5 - 1e-9)


def pinball(days: float, said: float, level: float) -> float:
    """The loss that the quantile of `level` makes smallest: a day too early costs `level`, a day too late 1 - `level`."""
    return max(level * (days - said), (level - 1.0) * (days - said))


def fit(past: Sequence[Past], today: int, *, lost: float, patience: float) -> dict[str, Fit]:
    """The levels for each style, by what is known on the morning of `today`: ends from then on are not looked at.

    `lost`: the share that never arrives. `patience`: days after which an open parcel is taken for lost.
    """
    recent = [one for one in past if 0 < today - one.parcel.start <= levels.OLDEST]
    known = [one for one in recent if _came(one.parcel, today) or today - one.parcel.start <= patience]
    return {style: Fit(style, _levels(known, style, today, lost)) for style in STYLES}


def best(past: Sequence[Past], today: int) -> str:
    """The style whose forecasts lost less lately, of parcels that arrived before `today`."""
    weight, loss = 0.0, dict.fromkeys(STYLES, 0.0)
    for one in past:
        if not _came(one.parcel, today):
            continue
        counts = 0.5 ** ((today - one.parcel.start) / LOSS_HALF_LIFE)
        weight += counts
        for style, said in one.said.items():
            days = one.parcel.days(today)
            loss[style] += counts * (pinball(days, said.p50, 0.5) + pinball(days, said.p80, 0.8))
    return min(STYLES, key=lambda style: loss[style]) if weight > FEW else MIXED


def grain(past: Sequence[Past], today: int, style: str) -> Grain:
    """How the middle is best told, by errors of parcels that arrived before `today`: where days are whole, so are the errors of a whole
    day, and a moment within one of them may be nearer to more parcels.
    """
    known = [(one.parcel.days(today), one.said[style].p50) for one in past if _came(one.parcel, today)]
    if len(known) < FEW:
        return GRAINS[0]
    errors = {one: [abs(days - told(middle, one)) for days, middle in known] for one in GRAINS}
    return min(errors, key=lambda one: (median(errors[one]), fmean(errors[one])))


def told(middle: float, as_: Grain) -> float:
    """The middle, rounded to that grain."""
    return round(middle / as_.size) * as_.size + as_.shift if as_.size else middle


def remember(parcel: Parcel, known: Known, fits: dict[str, Fit]) -> Past:
    """Forecast a parcel in every style."""
    curves = {style: known.curve(parcel, style) for style in STYLES}
    return Past(parcel, curves, {style: fits[style].forecast(days) for style, days in curves.items()})


def _levels(known: Sequence[Past], style: str, today: int, lost: float) -> tuple[float, ...]:
    found = []
    for target in TARGETS:
        early = 0.0 if target == 0.5 else 0.5  # whole days are promised, and kept from their first moment; the middle is a moment
        scores = [
            Score(one.parcel.start, level_of(one.curves[style], one.parcel.days(today) - early), _came(one.parcel, today)) for one in known
        ]
        level = levels.corrected(scores, today, target, reach=target * (1.0 - lost))
        found.append(min(max(level, LOWEST), HIGHEST if target > 0.5 else 1.0 - LOWEST))
    return tuple(sorted(found))


def _came(parcel: Parcel, today: int) -> bool:
    return parcel.end is not None and parcel.end < today
