"""The verdict of an A/B test by the rule that was set before it began: one look, when every arm has its number of people."""

from collections.abc import Sequence
from dataclasses import dataclass

from notifications.results.interval import Interval, difference


@dataclass(frozen=True)
class Tried:
    """An arm: the people it was given, how many of them have had their time, and how many of these did what was hoped for.

    `ripe` and `hits` are of the first people alone, at most as many as the rule asks for: later ones change nothing.
    """

    name: str
    people: int
    ripe: int
    hits: int
    holdout: bool = False


@dataclass(frozen=True)
class Verdict:
    """What the rule says. `best`: the place of the arm with the largest share, `margin`: its lead over the next, None while it runs."""

    over: bool
    won: bool = False
    best: int = 0
    margin: Interval | None = None
    smallest: int = 0  # ripe people of the smallest arm


def judge(arms: Sequence[Tried], *, people: int, confidence: int) -> Verdict:
    """Judge once `people` of each arm are ripe. An arm wins that is better than every other one, at `confidence` percent.

    Several arms need no wider intervals: a false winner would have to beat all that are as good as it, which is rarer than beating
    one (intersection-union: R. L. Berger, Technometrics 24 (1982) 295).
    """
    smallest = min(arm.ripe for arm in arms)
    if smallest < people:
        return Verdict(over=False, smallest=smallest)
    best, *others = sorted(range(len(arms)), key=lambda at: (-arms[at].hits / arms[at].ripe, at))
    leads = [difference(_of(arms[best]), _of(arms[at]), confidence / 100) for at in others]
    return Verdict(True, all(lead.low > 0 for lead in leads), best, min(leads, key=lambda lead: lead.low), smallest)


def _of(arm: Tried) -> tuple[int, int]:
    return arm.hits, arm.ripe
