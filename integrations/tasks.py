"""Housekeeping of the doors' own records."""

from datetime import timedelta

from integrations.models import Delivery, IdempotencyRecord, InboundDelivery
from postpurchase.jobs.forget import forget
from postpurchase.jobs.queues import BULK
from postpurchase.jobs.task import every
from postpurchase.lib import clock, ids
from postpurchase.tenancy.scope import every_tenant

KEPT = timedelta(hours=24)
DELIVERIES_KEPT = timedelta(days=30)
OVER = (Delivery.DONE, Delivery.IGNORED, Delivery.FAILED, Delivery.HELD)


@every(timedelta(hours=1), queue=BULK)
def purge_idempotency_records() -> None:
    """Forget answers older than a day: their keys may be used again."""
    with every_tenant("api: forget idempotency keys after a day"):
        IdempotencyRecord.objects.filter(created_at__lt=clock.machine_now() - KEPT).delete()


@every(timedelta(hours=1), queue=BULK)
def forget_deliveries() -> None:
    """Forget what shops and carriers sent after 30 days, with all the personal data in it. What still waits for its order stays."""
    old = InboundDelivery.objects.filter(pk__lt=ids.first_of(clock.machine_now() - DELIVERIES_KEPT), state__in=OVER)
    forget(old.order_by("pk"), "inbox: forget deliveries after 30 days")
