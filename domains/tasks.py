"""Checks of names, when somebody asks and again and again after that."""

from datetime import timedelta
from uuid import UUID

from domains import check
from domains.models import Domain
from postpurchase.jobs.queues import POLL
from postpurchase.jobs.task import TenantTask, every, task
from postpurchase.lib import clock
from postpurchase.tenancy.scope import every_tenant

AT_ONCE = 500
LEASE = timedelta(minutes=5)  # a check that was lost is made after this time


@task(queue=POLL, network=True)
def check_domain(self: TenantTask, merchant_id: str, domain_id: str) -> None:
    """Check one name."""
    check.check(merchant_id, UUID(domain_id))


@every(timedelta(seconds=30), queue=POLL)
def check_due() -> None:
    """Find the names whose next check has come."""
    now = clock.machine_now()
    with every_tenant("domains: find those to check"):
        due = Domain.objects.filter(check_at__lte=now).order_by("check_at").select_for_update(skip_locked=True, of=("self",))
        found = list(due.values_list("merchant_id", "pk")[:AT_ONCE])
        Domain.objects.filter(pk__in=[pk for _, pk in found]).update(check_at=now + LEASE)
    for merchant_id, pk in found:
        check_domain.enqueue(merchant_id, str(pk))
