"""The work on imports, started by nudges and by a sweep: the rows decide what is left to do."""

from datetime import timedelta
from uuid import UUID

from django.db.models import Q

from postpurchase.jobs.queues import BULK
from postpurchase.jobs.task import TenantTask, every, task
from postpurchase.lib import clock
from postpurchase.tenancy.scope import every_tenant
from transfers.importing import work
from transfers.lease import FREE
from transfers.models import WORKING, Import

ANALYZE = "ANALYZE orders_customer, orders_order, orders_line, tracking_shipment, tracking_leg, tracking_scan, events_domainevent"


@task(queue=BULK, network=True)
def work_on_import(self: TenantTask, merchant_id: str, import_id: str) -> None:
    """A slice of an import, then to the end of the queue: a large one must not keep the others waiting."""
    if work.slice_of(merchant_id, UUID(import_id), analyze):
        work_on_import.enqueue(merchant_id, import_id)


@every(timedelta(seconds=15), queue=BULK)
def resume() -> None:
    """Go on where a worker died or a nudge was lost."""
    over = FREE | Q(lease_until__lt=clock.machine_now())
    with every_tenant("imports: find those that nobody works on"):
        found = list(Import.objects.filter(over, state__in=WORKING).values_list("merchant_id", "pk")[:500])
    for merchant_id, pk in found:
        work_on_import.enqueue(merchant_id, str(pk))


def analyze() -> None:
    """In a transaction of its own: it locks against others of its kind. Only the platform role may (PostgreSQL 17 and later)."""
    with every_tenant("import: have the tables counted before their plans go wrong"):
        work.analyze_now(ANALYZE)
