"""How good the forecasts were: errors, coverage and losses beside those of simple medians and of the promised days."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from statistics import fmean, median

from console.deliveries.read import History
from tracking.promises.fit import pinball
from tracking.promises.simple import Choice, Plain, simple
from tracking.promises.walk import ENOUGH, Said, walk

RATIO = 0.98  # most that our median error may be of the best simple one
OVERALL = (0.78, 0.82)
QUARTERLY = (0.70, 0.90)
MANY = 100  # deliveries of a quarter that is judged


@dataclass
class Figures:
    """Errors in days of one kind of forecast. `kept`: share that came on or before the 80 % day."""

    name: str
    n: int
    median_error: float
    mean_error: float
    kept: float
    loss: float  # mean pinball loss of the 80 % day
    loss_middle: float


@dataclass
class Verdict:
    """All that is told."""

    ours: Figures
    simple: Figures | None
    promised: Figures | None
    early: float  # share on or before our median
    deadline: float  # share on or before our 95 % day
    quarters: dict[str, tuple[int, float]] = field(default_factory=dict)

    @property
    def ratio(self) -> float | None:
        """Our median error by the best simple one's; None where that is nothing, or 0: then the means are compared."""
        if self.simple is None:
            return None
        if self.simple.median_error:
            return self.ours.median_error / self.simple.median_error
        return None

    @property
    def falls_short(self) -> list[str]:
        """The bars that are not reached, in words."""
        found = []
        if self.ratio is not None and self.ratio > RATIO:
            found.append(f"ratio {self.ratio:.3f} is above {RATIO}")
        if not OVERALL[0] <= self.ours.kept <= OVERALL[1]:
            found.append(f"coverage {self.ours.kept:.1%} is outside {OVERALL[0]:.0%} to {OVERALL[1]:.0%}")
        bad = [name for name, (n, kept) in self.quarters.items() if n >= MANY and not QUARTERLY[0] <= kept <= QUARTERLY[1]]
        if bad:
            found.append(f"outside {QUARTERLY[0]:.0%} to {QUARTERLY[1]:.0%} in {', '.join(bad)}")
        return found


def judge(history: History) -> Verdict | None:
    """Walk the history forward; None where too little arrived before its last month to forecast anything."""
    said = [one for one in walk(history.parcels) if one.parcel.end is not None]
    if not said:
        return None
    part = _usual_part(history)
    days = [(one.parcel.end or 0) - one.parcel.start for one in said]
    middles = [one.forecast.p50 + part for one in said]
    ours = _figures("ours", [one.parcel.took for one in said], middles, [one.forecast.p80 for one in said])
    ours.kept = fmean(took <= one.forecast.p80 for one, took in zip(said, days, strict=True))  # by the end of that day
    quarters: dict[str, list[bool]] = defaultdict(list)
    for one, took in zip(said, days, strict=True):
        left = date.fromordinal(one.parcel.start)
        quarters[f"{left.year} Q{(left.month + 2) // 3}"].append(took <= one.forecast.p80)
    return Verdict(
        ours,
        _best(history),
        _promised(history, said),
        fmean(one.parcel.took <= middle for one, middle in zip(said, middles, strict=True)),
        fmean(took <= one.forecast.p95 for one, took in zip(said, days, strict=True)),
        {name: (len(kept), fmean(kept)) for name, kept in sorted(quarters.items())},
    )


def _usual_part(history: History) -> float:
    """The part of a day that parcels take beyond whole days, by the first that came: before anything that counts was said."""
    first = sorted((one for one in history.parcels if one.end is not None), key=lambda one: one.end or 0)[:ENOUGH]
    return fmean(one.part for one in first) if first else 0.0


def _figures(name: str, days: Sequence[float], p50: Sequence[float], p80: Sequence[float]) -> Figures:
    errors = [abs(took - middle) for took, middle in zip(days, p50, strict=True)]
    loss = fmean(pinball(took, late, 0.8) for took, late in zip(days, p80, strict=True))
    middle = fmean(pinball(took, one, 0.5) for took, one in zip(days, p50, strict=True))
    kept = fmean(took <= late for took, late in zip(days, p80, strict=True))
    return Figures(name, len(days), median(errors), fmean(errors), kept, loss, middle)


def _best(history: History) -> Figures | None:
    found = [_plain(choice, told) for choice, told in simple(history.parcels, history.lanes).items() if told]
    return min(found, key=lambda one: (one.median_error, one.mean_error)) if found else None


def _plain(choice: Choice, told: Sequence[Plain]) -> Figures:
    days = [one.parcel.took for one in told]
    return _figures(str(choice), days, [one.p50 for one in told], [one.p80 for one in told])


def _promised(history: History, said: Sequence[Said]) -> Figures | None:
    counted = {id(one.parcel) for one in said}
    pairs = [
        ((parcel.end or 0) - parcel.start, day - parcel.start)
        for parcel, day in zip(history.parcels, history.promised, strict=True)
        if day is not None and id(parcel) in counted
    ]
    return _figures("promised", [took for took, _ in pairs], [day for _, day in pairs], [day for _, day in pairs]) if pairs else None
