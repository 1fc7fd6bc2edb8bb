"""The work on jobs, started by nudges and by a sweep; and the end of what is not kept."""

from datetime import timedelta
from uuid import UUID

from django.db.models import Q

from bulk import keep, work
from bulk.models import Job, SavedFilter
from postpurchase.jobs.forget import forget
from postpurchase.jobs.queues import BULK
from postpurchase.jobs.task import TenantTask, every, task
from postpurchase.lib import clock
from postpurchase.tenancy.scope import every_tenant
from transfers.lease import FREE
from transfers.models import Standing

KEPT = timedelta(days=30)


@task(queue=BULK, network=True)
def work_on_job(self: TenantTask, merchant_id: str, job_id: str) -> None:
    """A slice of a job, then to the end of the queue."""
    if work.slice_of(merchant_id, UUID(job_id)):
        work_on_job.enqueue(merchant_id, job_id)


@every(timedelta(seconds=15), queue=BULK)
def resume() -> None:
    """Go on where a worker died or a nudge was lost."""
    over = FREE | Q(lease_until__lt=clock.machine_now())
    with every_tenant("jobs: find those that nobody works on"):
        found = list(Job.objects.filter(over, state=Standing.RUNNING).values_list("merchant_id", "pk")[:500])
    for merchant_id, pk in found:
        work_on_job.enqueue(merchant_id, str(pk))


@every(timedelta(hours=1), queue=BULK)
def forget_old() -> None:
    """Jobs are kept for 30 days with what they refused, filters that were taken away for one."""
    now = clock.business_now()
    old = Job.objects.exclude(state=Standing.RUNNING).filter(created_at__lt=now - KEPT).order_by("created_at")
    forget(old, "jobs: forget those that are over for a month")
    gone = SavedFilter.objects.filter(removed_at__lt=now - keep.FORGOTTEN).order_by("removed_at")
    forget(gone, "filters: forget those that were taken away")
