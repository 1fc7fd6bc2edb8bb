"""Deliveries that are read again: some by hand at once, those of a time a portion at a time."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from django.db import IntegrityError, transaction
from django.db.models import QuerySet

from integrations.models import Connection, Delivery, InboundDelivery, Replay
from postpurchase.jobs import nudge
from postpurchase.lib import clock, ids
from postpurchase.lib.states import IllegalMove
from postpurchase.tenancy import scope

WHAT: dict[str, tuple[str, ...]] = {  # what of a time is read again
    "unread": (Delivery.FAILED, Delivery.PARKED),
    "failed": (Delivery.FAILED,),
    "parked": (Delivery.PARKED,),
    "all": (Delivery.FAILED, Delivery.PARKED, Delivery.IGNORED, Delivery.DONE),
}
AGAIN = WHAT["all"]  # the states from which a delivery can be read again
PORTION = 1000
ENOUGH = 2000  # waiting deliveries of a connection; more would keep what comes in meanwhile waiting too long
WORK = "integrations.connections.tasks.replay_portion"


def again(row: Connection, chosen: Sequence[UUID]) -> int:
    """Read these deliveries of a connection again, within seconds. Returns how many; those under way, and those erased, stay as they are.

    Raises IllegalMove while the connection is paused.
    """
    _demand_on(row)
    return _put_back(InboundDelivery.objects.filter(connection=row, pk__in=list(chosen)))


def begin(row: Connection, since: datetime, until: datetime, *, what: str, by: str) -> Replay | None:
    """Read again what came from `since` to before `until`. The work is done by tasks. None if there is nothing.

    Raises IllegalMove while the connection is paused, or while another such replay of it is under way; KeyError for an unknown `what`.
    """
    _demand_on(row)
    replay = Replay(connection=row, states=[str(state) for state in WHAT[what]], since=since, until=until, by=by)
    replay.total = _of(replay).count()
    if not replay.total:
        return None
    try:
        with transaction.atomic():
            replay.save()
    except IntegrityError:
        raise IllegalMove("A replay of this connection is under way: let it come to its end first.") from None
    nudge.after_commit(WORK, scope.merchant_id())
    return replay


def work() -> bool:
    """A portion of each replay of the merchant in scope. Whether there may be more to do at once."""
    busy = False
    for replay in Replay.objects.filter(finished_at=None).select_for_update(skip_locked=True, of=("self",)).order_by("id"):
        busy = _portion(replay) or busy
    return busy


def _portion(replay: Replay) -> bool:
    waiting = InboundDelivery.objects.filter(connection=replay.connection_id, state=Delivery.DUE)
    if waiting[:ENOUGH].count() >= ENOUGH:
        return False  # the sweep comes back
    rows = _of(replay) if replay.reached is None else _of(replay).filter(pk__gt=replay.reached)
    found = list(rows.order_by("id").values_list("pk", flat=True)[:PORTION])
    replay.done += len(found)
    replay.reached = found[-1] if found else replay.reached
    if len(found) < PORTION:
        replay.finished_at = clock.machine_now()
    _put_back(InboundDelivery.objects.filter(pk__in=found))
    replay.save(update_fields=["done", "reached", "finished_at"])
    return replay.finished_at is None


def _of(replay: Replay) -> QuerySet[InboundDelivery]:
    """Its deliveries, by the time in their ids: what the log's index is ordered by."""
    rows = InboundDelivery.objects.filter(connection=replay.connection_id, state__in=replay.states)
    return rows.filter(pk__gte=ids.first_of(replay.since), pk__lt=ids.first_of(replay.until))


def _put_back(rows: QuerySet[InboundDelivery]) -> int:
    """Due now: the inbox's sweep finds them. Reading is work of a floor above, which cannot be called from here."""
    over = rows.filter(state__in=AGAIN).exclude(body=b"")
    return over.update(state=Delivery.DUE, due_at=clock.machine_now(), attempts=0, error="", parked_for="")


def _demand_on(row: Connection) -> None:
    if row.paused_at:
        raise IllegalMove("This connection is paused: resume it first.")
