"""The work on jobs: a batch with its progress is one transaction, so a worker that dies has done each row once or not at all."""

import logging
from uuid import UUID

from django.utils.translation import gettext as _

from bulk.acts import ACTS, name_of
from bulk.models import Job, Refusal
from postpurchase.lib import clock, faults
from postpurchase.lib.states import IllegalMove
from postpurchase.tenancy.scope import in_merchant
from postpurchase.ui import paging
from transfers import lease
from transfers.exporting import sources
from transfers.models import Standing

log = logging.getLogger(__name__)
BATCH, SLICE = 100, 20.0  # rows of a transaction; seconds of a task


def slice_of(merchant_id: object, job_id: UUID, seconds: float = SLICE) -> bool:
    """Work on a job for a while. Whether there is more to do."""
    with in_merchant(merchant_id):
        job = lease.claim(Job, job_id, (Standing.RUNNING,))
    if job is None:
        return False
    problem = _("Something went wrong on our side. What was done so far stays.")
    return lease.work(
        merchant_id, job, lambda: _batch(merchant_id, job), seconds=seconds, failed=Standing.FAILED, problem=problem, over=lambda _: None
    )


def _batch(merchant_id: object, job: Job) -> bool:
    """The next rows with their progress, or none of both. Whether there are more."""
    with in_merchant(merchant_id):
        rows = sources.listed(job.subject, job.query)
        found = paging.page(rows, after=job.cursor, size=BATCH, keys=sources.SOURCES[job.subject].keys)
        refusals = [refusal for row in found.items if (refusal := _one(job, row))]
        Refusal.objects.bulk_create(refusals, ignore_conflicts=True)
        faults.reach("bulk.batch")
        ended = {} if found.next_cursor else {"state": Standing.DONE, "finished_at": clock.business_now()}
        done, refused = job.done + len(found.items) - len(refusals), job.refused + len(refusals)
        lease.go_on(job, cursor=found.next_cursor, done=done, refused=refused, **ended)
    return bool(found.next_cursor)


def _one(job: Job, row: object) -> Refusal | None:
    try:
        ACTS[job.subject][job.act].run(row, job)
    except IllegalMove as error:
        return Refusal(job=job, row=row.pk, name=name_of(row)[:120], reason=str(error)[:300])  # type: ignore[attr-defined]
    return None
