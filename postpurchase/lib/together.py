"""Work that comes in at the same moment in several threads is done together: one statement and one commit for as many as wait.

Nobody waits for company. Who comes first works alone; those who come meanwhile are done by the first of them, all at once.
"""

import threading
from collections.abc import Callable, Hashable
from dataclasses import dataclass
from typing import Generic, TypeVar

T = TypeVar("T")
R = TypeVar("R")
MOST = 50  # items at once


@dataclass(slots=True)
class _Place(Generic[T, R]):
    item: T
    turn: threading.Event | None = None  # set when the result is there, or when it is this one's turn to work for all
    leads: bool = False
    result: R | None = None


class Together(Generic[T, R]):
    """`do` gives each caller its own item's result. Items of different groups are never done together."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._waiting: dict[Hashable, list[_Place[T, R]]] = {}  # of groups for which somebody is at work

    def do(self, group: Hashable, item: T, work: Callable[[list[T]], list[R]]) -> R | None:
        """The result of this item; None where it could not be done with others, and has to be done alone.

        Raises what `work` raises, if the item was alone.
        """
        mine = self._enter(group, item)
        if mine.turn and not (mine.turn.wait() and mine.leads):
            return mine.result
        with self._lock:
            waiting = self._waiting[group]
            together, self._waiting[group] = [mine, *waiting[: MOST - 1]], waiting[MOST - 1 :]
        try:
            for place, result in zip(together, work([place.item for place in together]), strict=True):
                place.result = result
        except Exception:
            if len(together) == 1:
                raise
        finally:
            self._leave(group, together[1:])
        return mine.result

    def waiting(self, group: Hashable) -> list[T]:
        """The items that wait for their turn."""
        with self._lock:
            return [place.item for place in self._waiting.get(group, [])]

    def _enter(self, group: Hashable, item: T) -> _Place[T, R]:
        mine = _Place[T, R](item)
        with self._lock:
            if group in self._waiting:
                mine.turn = threading.Event()
                self._waiting[group].append(mine)
            else:
                self._waiting[group] = []
        return mine

    def _leave(self, group: Hashable, done: list[_Place[T, R]]) -> None:
        """Let the next one lead, if anybody waits, and tell those whose work is done."""
        with self._lock:
            if self._waiting[group]:
                following = self._waiting[group].pop(0)
                following.leads = True
                done = [*done, following]
            else:
                del self._waiting[group]
        for place in done:
            if place.turn:
                place.turn.set()
