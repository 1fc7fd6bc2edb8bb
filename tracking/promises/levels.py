"""Levels that hold: which level of a lane's curve did 80 of 100 parcels lately arrive within?

Conformal in spirit (Vovk et al. 2005; Gibbs and Candes 2021): each forecast is scored by the lowest level whose day would have been kept.
The level for the next promise is the 80 % point of the late scores. Parcels still open tell a lower bound of theirs, so the estimate is
Kaplan and Meier's again, and a wave of parcels that do not come is seen before they have come.
"""

from collections.abc import Iterable, Sequence
from typing import NamedTuple

PATIENCE = 40.0  # parcels that the level as it stands counts for
HALF_LIFE = 12.0  # days after which a score counts half
OLDEST = 90  # days


class Score(NamedTuple):
    """How a forecast turned out: the lowest level that would have been kept, or for an open parcel a level that would not."""

    start: int  # ordinal of the day the parcel left
    level: float
    arrived: bool


def corrected(scores: Iterable[Score], today: int, level: float, *, before: float | None = None) -> float:
    """The level to read a curve at so that a share of `level` is kept; `before` stands where there are few scores (else `level`)."""
    told = [
        (score.level, not score.arrived, 0.5 ** ((today - score.start) / HALF_LIFE)) for score in scores if today - score.start <= OLDEST
    ]
    prior = level if before is None else before
    weight = sum(one[2] for one in told if not one[1])
    if not weight:
        return prior
    found = _reached(sorted(told), level)
    mixed: float = (weight * found + PATIENCE * prior) / (weight + PATIENCE)
    return mixed


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
