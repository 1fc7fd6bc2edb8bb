"""The work on exports, started by nudges and by a sweep; and the end of every file after its week."""

from datetime import timedelta
from uuid import UUID

from django.db.models import Q

from postpurchase.jobs.queues import BULK
from postpurchase.jobs.task import TenantTask, every, task
from postpurchase.lib import clock
from postpurchase.tenancy.scope import every_tenant
from transfers import forget
from transfers.exporting import write
from transfers.lease import FREE
from transfers.models import Export, Progress


@task(queue=BULK, network=True)
def work_on_export(self: TenantTask, merchant_id: str, export_id: str) -> None:
    """A slice of an export, then to the end of the queue."""
    if write.slice_of(merchant_id, UUID(export_id)):
        work_on_export.enqueue(merchant_id, export_id)


@every(timedelta(seconds=15), queue=BULK)
def resume() -> None:
    """Go on where a worker died or a nudge was lost."""
    over = FREE | Q(lease_until__lt=clock.machine_now())
    with every_tenant("exports: find those that nobody works on"):
        found = list(Export.objects.filter(over, state=Progress.RUNNING).values_list("merchant_id", "pk")[:500])
    for merchant_id, pk in found:
        work_on_export.enqueue(merchant_id, str(pk))


@every(timedelta(hours=1), queue=BULK)
def forget_files() -> None:
    """Files are kept for seven days."""
    with every_tenant("files: forget those that are over a week old"):
        forget.old(clock.business_now())
