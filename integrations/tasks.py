"""Housekeeping of the doors' own records."""

from datetime import timedelta

from integrations.models import IdempotencyRecord
from postpurchase.jobs.queues import BULK
from postpurchase.jobs.task import every
from postpurchase.lib import clock
from postpurchase.tenancy.scope import every_tenant

KEPT = timedelta(hours=24)


@every(timedelta(hours=1), queue=BULK)
def purge_idempotency_records() -> None:
    """Forget answers older than a day: their keys may be used again."""
    with every_tenant("api: forget idempotency keys after a day"):
        IdempotencyRecord.objects.filter(created_at__lt=clock.machine_now() - KEPT).delete()
