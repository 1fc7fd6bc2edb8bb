"""How many parcels and requests wait for somebody: counted once a request, whoever of the rail, home and the queue asks first."""

from typing import Any, NamedTuple

from django.db.models import Count, IntegerField, Q, QuerySet, Value
from django.http import HttpRequest

from desk.review import unplaced, waiting
from postpurchase.ui import words

CASES, WISHES = 1, 2


class Counts(NamedTuple):
    """Of parcels `past` are those past their day, `mine` the person's own: both only where they were asked for."""

    parcels: int
    requests: int  # of orders that have no parcel
    past: int = 0
    mine: int = 0


def counted(request: HttpRequest, *, whole: bool = False) -> Counts:
    """What waits now; `whole`: with `past` and `mine`, which are dearer. One statement, none the second time."""
    held: Counts | None = getattr(request, "queue_counts", None)
    if held is None or whole:
        held = _counted(request.member.id, whole=whole)  # type: ignore[attr-defined]
        request.queue_counts = held  # type: ignore[attr-defined]
    return held


def _counted(member_id: Any, *, whole: bool) -> Counts:
    past, mine = Q(due_on__lt=words.now().date()), Q(assignee=member_id)
    more: dict[str, Any] = {"past": Count("id", filter=past), "mine": Count("id", filter=mine)} if whole else _none()
    found = {row[0]: row[1:] for row in _of(waiting(), CASES, more).union(_of(unplaced(), WISHES, _none()), all=True)}
    parcels, past_day, own = found.get(CASES, (0, 0, 0))
    return Counts(parcels, found.get(WISHES, (0,))[0], past_day, own)


def _of(rows: QuerySet[Any], what: int, more: dict[str, Any]) -> QuerySet[Any]:
    grouped = rows.order_by().annotate(what=Value(what)).values("what")
    found: QuerySet[Any] = grouped.annotate(n=Count("id"), **more).values_list("what", "n", "past", "mine")
    return found


def _none() -> dict[str, Any]:
    return {name: Value(0, IntegerField()) for name in ("past", "mine")}
