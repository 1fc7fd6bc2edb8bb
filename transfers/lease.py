"""One worker at a time: a lease on a row of long work, and the token that fences out a worker which overslept."""

import logging
import uuid
from collections.abc import Callable
from datetime import timedelta
from typing import Any, TypeVar

from django.db.models import Q

from postpurchase.jobs.retry import backoff
from postpurchase.lib import clock
from postpurchase.tenancy.scope import in_merchant
from transfers.models import Leased

log = logging.getLogger(__name__)
LEASE = timedelta(seconds=60)  # a part takes a second or two
GIVE_UP = 5
L = TypeVar("L", bound=Leased)
FREE = Q(lease_until=None)


class Fenced(Exception):
    """The lease is another's by now, or the work was cancelled: what this transaction did is undone."""


def claim(model: type[L], pk: uuid.UUID, states: tuple[str, ...]) -> L | None:
    """The row under a fresh lease, or None where it is another's or there is nothing to do."""
    now, token = clock.machine_now(), uuid.uuid4()
    rows: Any = model._default_manager
    free = rows.filter(FREE | Q(lease_until__lt=now), pk=pk, state__in=states)
    if not free.update(lease_until=now + LEASE, lease_token=token):
        return None
    found: L = rows.get(pk=pk)
    return found


def go_on(row: Leased, **values: Any) -> None:
    """Write what a step came to, in the step's own transaction, and hold the lease longer. Raises Fenced."""
    values |= {"lease_until": clock.machine_now() + LEASE, "attempts": 0}
    _mine(row, values)


def let_go(row: Leased, **values: Any) -> None:
    """As go_on(), and give the lease back. Raises Fenced."""
    _mine(row, {**values, "lease_until": None, "lease_token": None})


def stumble(row: Leased, failed: dict[str, Any], problem: str) -> bool:
    """A step raised what nobody foresaw: again a little later; after GIVE_UP times in a row it has failed. Whether it has."""
    attempts = row.attempts + 1
    over = attempts >= GIVE_UP
    until = None if over else clock.machine_now() + backoff(attempts, most=60)
    values = {"attempts": attempts, "lease_until": until, "lease_token": None} | (failed | {"problem": problem} if over else {})
    type(row)._default_manager.filter(pk=row.pk, lease_token=row.lease_token).update(**values)
    return over


def work(
    merchant_id: object, row: Leased, step: Callable[[], bool], *, seconds: float, failed: str, problem: str, over: Callable[[Any], None]
) -> bool:
    """Step after step, each its own transaction, until `step` says that none is left, or for `seconds`. Whether there is more.

    After an error that nobody foresaw see stumble(); `over` is called in the transaction that gives the row up as `failed`.
    """
    until = clock.monotonic() + seconds
    try:
        while step():
            if clock.monotonic() > until:
                with in_merchant(merchant_id):
                    let_go(row)
                return True
    except Fenced:
        log.info("%s %s was cancelled, or is another worker's", row._meta.model_name, row.pk)
    except Exception:
        log.exception("%s %s stumbled", row._meta.model_name, row.pk)
        with in_merchant(merchant_id):
            if stumble(row, {"state": failed, "finished_at": clock.business_now()}, problem):
                over(row)
    return False


def _mine(row: Leased, values: dict[str, Any]) -> None:
    rows: Any = type(row)._default_manager
    if not rows.filter(pk=row.pk, lease_token=row.lease_token, state=getattr(row, "state", None)).update(**values):
        raise Fenced
    for name, value in values.items():
        setattr(row, name, value)
