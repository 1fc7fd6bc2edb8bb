"""How long parcels take, as a curve of quantiles: estimated with parcels still on their way, blended, and read at any level.

Kaplan and Meier (1958): a parcel that has not arrived tells that it takes longer than it has taken so far. Days are numbers of any sign: a
day counted from a schedule may be negative. A whole day d stands for the times from d - 0.5 to d + 0.5, so that quantiles are not lumpy.
"""

from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import accumulate

LEVELS = (0.01, 0.03, *(n / 20 for n in range(1, 20)), 0.97, 0.99)
MEDIAN = LEVELS.index(0.5)
STEEPEST = 4.0  # beyond the last level the curve goes on, so many times the way from the median to it for a whole unit of level


@dataclass
class Counts:
    """Parcels by days: those that arrived, and those that had not after so many days. Weights, so that old ones may count less."""

    arrived: dict[int, float] = field(default_factory=dict)
    open: dict[int, float] = field(default_factory=dict)

    def add(self, other: "Counts", weight: float) -> None:
        """Take in the other's parcels, each counted `weight` times."""
        for day, count in other.arrived.items():
            self.arrived[day] = self.arrived.get(day, 0.0) + count * weight
        for day, count in other.open.items():
            self.open[day] = self.open.get(day, 0.0) + count * weight

    @property
    def size(self) -> float:
        """Weight of the parcels that arrived."""
        return sum(self.arrived.values())


def survival(counts: Counts) -> list[tuple[int, float]]:
    """The Kaplan-Meier estimate: days with arrivals, in order, and the share of parcels that takes longer than each.

    A parcel open after d days was at risk on every day up to d - 1 and is no longer counted from d on, as day d is not over.
    """
    at_risk = sum(counts.arrived.values()) + sum(counts.open.values())
    share, found = 1.0, []
    for day in sorted(counts.arrived.keys() | counts.open.keys()):
        at_risk -= counts.open.get(day, 0.0)
        came = counts.arrived.get(day, 0.0)
        if came and at_risk > 0:
            share *= max(0.0, 1.0 - came / at_risk)
            at_risk -= came
            found.append((day, share))
    return found


def masses(counts: Counts, lost: float = 0.0) -> list[tuple[int, float]]:
    """Days in order with the share of parcels that arrives on each, of those that ever arrive: `lost` is the share that never does.

    What young parcels hide of the tail is not spread: the shares then sum to less than 1.
    """
    found, before = [], 1.0
    for day, share in survival(counts):
        found.append((day, (before - share) / (1.0 - lost)))
        before = share
    return found


def quantiles(steps: Sequence[tuple[int, float]]) -> tuple[float, ...]:
    """Days at each of LEVELS, never falling, of days with their shares. A tail that is not seen goes on from what is."""
    days = [day for day, _ in steps]
    reached = list(accumulate(share for _, share in steps))
    middle = days[min(bisect_left(reached, reached[-1] / 2), len(days) - 1)]
    found = []
    for level in LEVELS:
        at = bisect_left(reached, level - 1e-9)
        if at == len(steps):
            found.append(days[-1] + 0.5 + (level - reached[-1]) * 2 * (days[-1] + 0.5 - middle))
            continue
        below = reached[at - 1] if at else 0.0
        found.append(days[at] - 0.5 + min(1.0, (level - below) / (reached[at] - below)))
    return rising(found)


def rising(days: Sequence[float]) -> tuple[float, ...]:
    """The days, with none before its predecessor."""
    return tuple(accumulate(days, max))


def blend(own: Sequence[float], parent: Sequence[float], weight: float) -> tuple[float, ...]:
    """Between two curves, level by level: `weight` of the own one. What rises stays rising."""
    return tuple(weight * one + (1.0 - weight) * other for one, other in zip(own, parent, strict=True))


def read(days: Sequence[float], level: float) -> float:
    """The days at a level; straight on beyond the ends, so that any number of days is reached by some level."""
    if level <= LEVELS[0]:
        return days[0] - (LEVELS[0] - level) * _slope(days[MEDIAN] - days[0])
    if level >= LEVELS[-1]:
        return days[-1] + (level - LEVELS[-1]) * _slope(days[-1] - days[MEDIAN])
    at = bisect_left(LEVELS, level)
    low, high = LEVELS[at - 1], LEVELS[at]
    return days[at - 1] + (days[at] - days[at - 1]) * (level - low) / (high - low)


def level_of(days: Sequence[float], taken: float) -> float:
    """The lowest level at which the curve reaches `taken` days: the inverse of `read`."""
    if taken < days[0]:
        return LEVELS[0] - (days[0] - taken) / _slope(days[MEDIAN] - days[0])
    if taken > days[-1]:
        return LEVELS[-1] + (taken - days[-1]) / _slope(days[-1] - days[MEDIAN])
    at = bisect_left(days, taken)
    if at == 0 or days[at] == days[at - 1]:
        return LEVELS[at]
    return LEVELS[at - 1] + (LEVELS[at] - LEVELS[at - 1]) * (taken - days[at - 1]) / (days[at] - days[at - 1])


def remaining(days: Sequence[float], elapsed: int, level: float) -> float:
    """The level among parcels that took longer than `elapsed` whole days: of those left, not of all. It is past `elapsed`."""
    gone = min(max(level_of(days, elapsed + 0.5), 0.0), 0.995)
    return max(read(days, gone + level * (1.0 - gone)), elapsed + 0.5)


def _slope(way: float) -> float:
    return max(STEEPEST * way, STEEPEST)
