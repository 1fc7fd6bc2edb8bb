"""The work on backtests, started by nudges and by a sweep; and the end of what is not kept."""

from datetime import timedelta
from uuid import UUID

from django.db.models import Q

from backtest import work
from backtest.models import Backtest
from postpurchase.jobs.forget import forget
from postpurchase.jobs.queues import BULK
from postpurchase.jobs.task import TenantTask, every, task
from postpurchase.lib import clock
from postpurchase.tenancy.scope import every_tenant
from transfers.lease import FREE
from transfers.models import Standing

KEPT = timedelta(days=30)


@task(queue=BULK, network=True)
def work_on_backtest(self: TenantTask, merchant_id: str, backtest_id: str) -> None:
    """A slice of a backtest, then to the end of the queue."""
    if work.slice_of(merchant_id, UUID(backtest_id)):
        work_on_backtest.enqueue(merchant_id, backtest_id)


@every(timedelta(seconds=15), queue=BULK)
def resume() -> None:
    """Go on where a worker died or a nudge was lost."""
    over = FREE | Q(lease_until__lt=clock.machine_now())
    with every_tenant("backtests: find those that nobody works on"):
        found = list(Backtest.objects.filter(over, state=Standing.RUNNING).values_list("merchant_id", "pk")[:500])
    for merchant_id, pk in found:
        work_on_backtest.enqueue(merchant_id, str(pk))


@every(timedelta(hours=1), queue=BULK)
def forget_old() -> None:
    """Backtests are kept for 30 days with what they found."""
    old = Backtest.objects.exclude(state=Standing.RUNNING).filter(created_at__lt=clock.business_now() - KEPT).order_by("created_at")
    forget(old, "backtests: forget those that are over for a month")
