"""Levels that hold: which level of a lane's curve did 80 of 100 parcels lately arrive within?

Conformal in spirit (Vovk et al. 2005; Gibbs and Candes 2021): each forecast is scored by the lowest level whose day would have been kept.
The level for the next promise is the 80 % point of the late scores. Parcels still open tell a lower bound of theirs, so the estimate is
Kaplan and Meier's again, and a wave of parcels that do not come is seen before they have come.
"""

from collections.abc import Iterable, Sequence
from typing import NamedTuple

SLOW, FAST = (45.0, 15.0), (8.0, 20.0)  # days after which a score counts half, and scores that what stood before counts for
OLDEST = 120  # days


class Score(NamedTuple):
    """How a forecast turned out: the lowest level that would have been kept, or for an open parcel a level that would not."""

    start: int  # ordinal of the day the parcel left
    level: float
    arrived: bool


def corrected(scores: Iterable[Score], today: int, level: float, *, reach: float | None = None) -> float:
    """The level to read a curve at so that a share of `level` is kept. `reach`: the share of all scores that this is (else `level`).

    Twice: what held for months, which takes out the rounding to whole days, and from there what held lately, which follows seasons.
    """
    told = [(today - score.start, score.level, not score.arrived) for score in scores if today - score.start <= OLDEST]
    found = level
    for half_life, patience in (SLOW, FAST):
        weighed = sorted((one, is_open, 0.5 ** (age / half_life)) for age, one, is_open in told)
        weight = sum(counts for _, is_open, counts in weighed if not is_open)
        if weight:
            found = (weight * _reached(weighed, reach or level) + patience * found) / (weight + patience)
    return found


def _reached(told: Sequence[tuple[float, bool, float]], level: float) -> float:
    """Where the Kaplan-Meier estimate of the scores reaches the level; the last score where it does not."""
    at_risk, share, last = sum(one[2] for one in told), 1.0, told[-1][0]
    for score, is_open, weight in told:
        if not is_open:
            share *= max(0.0, 1.0 - weight / at_risk) if at_risk > 0 else 0.0
            last = score
            if 1.0 - share >= level:
                return score
        at_risk -= weight
    return last
