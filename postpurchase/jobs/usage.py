"""How much of what came in on which day: counted every ten minutes for all merchants, so that a page reads a few hundred rows."""

from collections.abc import Callable
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

from django.db.models import Count, Max, QuerySet

from postpurchase.lib import clock
from postpurchase.lib.ids import first_of
from postpurchase.tenancy.models import UsageDay
from postpurchase.tenancy.scope import every_tenant

FIRST = timedelta(days=35)  # how far the first count of all goes back
Rows = Callable[[], "QuerySet[Any]"]
_kinds: dict[str, Rows] = {}


def counted(what: str, rows: Rows) -> None:
    """Have rows counted by the day that they were written on, which their id says. `what` has at most 20 letters."""
    _kinds[what] = rows


def roll_up() -> None:
    """Count the days since the last count, today too. Safe to repeat; a day that is over is counted once more after its end."""
    now = clock.machine_now()
    with every_tenant("usage: where the last count stopped"):
        last = UsageDay.objects.aggregate(at=Max("counted_at"))["at"]
    day = max(last or now - FIRST, now - FIRST).astimezone(UTC).date()
    while day <= now.date():
        for what, rows in _kinds.items():
            _count(day, what, rows, now)
        day += timedelta(days=1)


def _count(day: date, what: str, rows: Rows, now: datetime) -> None:
    """By the primary key alone: a day's ids lie side by side, so yesterday's million rows are not looked at."""
    since = datetime.combine(day, time.min, UTC)
    with every_tenant("usage: count a day's rows by merchant"):
        made = rows().filter(pk__gte=first_of(since), pk__lt=first_of(since + timedelta(days=1)))
        found = made.order_by().values_list("merchant_id").annotate(n=Count("pk"))
        UsageDay.objects.bulk_create(
            [UsageDay(merchant_id=merchant, day=day, what=what, count=n, counted_at=now) for merchant, n in found],
            update_conflicts=True,
            unique_fields=["merchant", "day", "what"],
            update_fields=["count", "counted_at"],
        )
