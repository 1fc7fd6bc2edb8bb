"""Two lives of the same order set side by side, and counts of them that can be added up portion by portion."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any, NamedTuple
from uuid import UUID

from backtest.models import Difference
from notifications.replay.life import Moment

SIDES = ("draft", "live")


class Fate(NamedTuple):
    """What a step's message came to. `verdict` due: it waits beyond the end."""

    verdict: str
    reason: str
    at: datetime
    template: str


@dataclass(frozen=True)
class Pair:
    """A step of an order or a parcel, on both sides."""

    order_id: UUID
    subject: UUID
    node: str
    draft: Fate | None
    live: Fate | None

    @property
    def difference(self) -> Difference:
        """Only what goes out counts: two reasons not to send are the same to the shopper."""
        mine, theirs = _goes(self.draft), _goes(self.live)
        if mine and theirs:
            return Difference.SAME if self.draft.at == self.live.at else Difference.MOVED  # type: ignore[union-attr]
        return Difference.ONLY_DRAFT if mine else Difference.ONLY_LIVE if theirs else Difference.SAME


def _goes(fate: Fate | None) -> bool:
    return fate is not None and fate.verdict in ("send", "due")


def fates(moments: Iterable[Moment], since: datetime) -> dict[tuple[UUID, UUID, str], Fate]:
    """(order, subject, step) -> what its message came to from `since` on."""
    found: dict[tuple[UUID, UUID, str], Fate] = {}
    for one in moments:
        if one.letter and one.kind == "planned" and one.letter.waits:
            key = (one.life.order_id, one.life.subject, one.node)
            found[key] = Fate("due", "", one.letter.due_at, one.letter.template)
        elif one.letter and one.kind == "decided" and one.at >= since:
            found[one.life.order_id, one.life.subject, one.node] = Fate(one.verdict, one.reason, one.at, one.letter.template)
    return found


def pairs(draft: dict[tuple[UUID, UUID, str], Fate], live: dict[tuple[UUID, UUID, str], Fate]) -> list[Pair]:
    """Both sides of every step that either came to."""
    return [Pair(*key, draft.get(key), live.get(key)) for key in {**draft, **live}]


def add(summary: dict[str, Any], found: Iterable[Pair], entered: tuple[int, int]) -> dict[str, Any]:
    """The counts with these added: entered, steps {node: {side: {verdict: n}}}, reasons {reason: {side: n}}, days {day: {side: sent}},
    differences. As large as the flow has steps and the time has days.
    """
    told = {name: dict(summary.get(name, {})) for name in ("entered", "steps", "reasons", "days", "differences")}
    for side, number in zip(SIDES, entered, strict=True):
        told["entered"][side] = told["entered"].get(side, 0) + number
    counted: Counter[tuple[str, str, str, str]] = Counter()
    for pair in found:
        counted["differences", pair.difference.value, "", ""] += 1
        for side, fate in zip(SIDES, (pair.draft, pair.live), strict=True):
            if fate:
                counted["steps", pair.node, side, fate.verdict] += 1
                if fate.verdict == "send":
                    counted["days", fate.at.date().isoformat(), side, ""] += 1
                elif fate.verdict != "due":
                    counted["reasons", fate.reason, side, ""] += 1
    for path, number in counted.items():
        _put(told, [part for part in path if part], number)
    return told


def _put(told: dict[str, Any], path: list[str], number: int) -> None:
    *above, last = path
    for part in above:
        told = told.setdefault(part, {})
    told[last] = told.get(last, 0) + number
