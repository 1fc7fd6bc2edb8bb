"""State machines on rows: a MOVES table beside the choices, and one compare-and-set that makes a move or says why not."""

from collections.abc import Mapping
from typing import Any

from django.db.models import Model, Q

Moves = Mapping[str, frozenset[str]]


class IllegalMove(Exception):
    """The row is in a state that this move does not start from. The doors answer 409."""


def sources(moves: Moves, target: str) -> list[str]:
    """The states from which `target` can be reached in one move."""
    return [state for state, targets in moves.items() if target in targets]


def move(row: Model, target: str, moves: Moves, *, only_if: Q | None = None, **values: Any) -> None:
    """Set `row.state` to `target` in one UPDATE that also checks the source state; other columns ride along.

    Two workers cannot both win: the loser's UPDATE touches no row. Raises IllegalMove.
    """
    rows = type(row)._default_manager.filter(Q(pk=row.pk, state__in=sources(moves, target)) & (only_if or Q()))
    if not rows.update(state=target, **values):
        raise IllegalMove(f"{row._meta.verbose_name} is {row.state}: it cannot become {target}")  # type: ignore[attr-defined]
    for name, value in {"state": target, **values}.items():
        setattr(row, name, value)
