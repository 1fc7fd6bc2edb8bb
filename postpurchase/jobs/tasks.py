"""Housekeeping of the ground itself."""

from datetime import timedelta

from django.db.models import F, Q

from postpurchase.jobs import usage
from postpurchase.jobs.forget import forget
from postpurchase.jobs.queues import BULK
from postpurchase.jobs.task import TenantTask, every, task
from postpurchase.lib import clock
from postpurchase.lib.ids import first_of
from postpurchase.tenancy import audit
from postpurchase.tenancy.models import DELETED, AuditCheck, AuditOrigin, RateCount
from postpurchase.tenancy.scope import every_tenant

CHECKED_EVERY = timedelta(days=1)
ADDRESSES_KEPT = timedelta(days=365)


@every(timedelta(hours=1), queue=BULK)
def forget_rate_counts() -> None:
    """Windows that are over count nothing any more."""
    RateCount.objects.filter(until__lt=clock.machine_now()).delete()


@every(timedelta(minutes=10), queue=BULK)
def count_usage() -> None:
    """What came in, by merchant and day."""
    usage.roll_up()


@task(queue=BULK)
def check_log(self: TenantTask, merchant_id: str) -> None:
    """Read a merchant's audit log through."""
    audit.check()


@every(timedelta(minutes=1), queue=BULK)
def check_logs() -> None:
    """Those that somebody asked for, and every log once a day."""
    due = Q(checked_at=None) | Q(checked_at__lt=F("asked_at")) | Q(checked_at__lt=clock.machine_now() - CHECKED_EVERY)
    with every_tenant("audit: which logs are to be read through"):
        found = list(AuditCheck.objects.filter(due).order_by("asked_at").values_list("merchant_id", flat=True)[:100])
    for merchant_id in found:
        check_log.enqueue(merchant_id)


@every(timedelta(hours=1), queue=BULK)
def forget_addresses() -> None:
    """Addresses that acts came from: a year, and no longer than their person's account."""
    old = first_of(clock.machine_now() - ADDRESSES_KEPT)
    forget(AuditOrigin.objects.filter(user__email__endswith=DELETED).order_by("pk"), "audit: addresses of people who are gone")
    forget(AuditOrigin.objects.filter(pk__lt=old).order_by("pk"), "audit: addresses that are a year old")
