"""Parcels go wrong without a scan, by time passing. The sweep looks at those whose time to look has come."""

from datetime import timedelta

from postpurchase.events import bus
from postpurchase.jobs.queues import BULK
from postpurchase.jobs.task import TenantTask, every, task
from postpurchase.lib import clock
from postpurchase.tenancy.scope import every_tenant, in_merchant
from tracking import codes, zones
from tracking.foresee import due_batch
from tracking.health import Flag
from tracking.models import CarrierCode, Shipment
from tracking.settle import judge, lock, write

BATCH = 500


@every(timedelta(minutes=5), queue=BULK)
def sweep() -> None:
    """Check the parcels of each merchant that has one to look at."""
    with every_tenant("tracking: find merchants with parcels whose health may have changed"):
        due = Shipment.objects.filter(check_at__lte=clock.business_now()).order_by()
        merchants = list(due.values_list("merchant_id", flat=True).distinct())
    for merchant_id in merchants:
        check.enqueue(merchant_id)


@task(queue=BULK, network=True)
def check(self: TenantTask, merchant_id: str) -> None:
    """Judge a merchant's due parcels, a batch a transaction, until none is left."""
    while check_batch(merchant_id) == BATCH:
        pass


def check_batch(merchant_id: object) -> int:
    """Judge up to BATCH due parcels in one transaction; returns how many. Skips what another worker holds."""
    with in_merchant(merchant_id):
        now = clock.business_now()
        parcels = lock(Shipment.objects.filter(check_at__lte=now), skip_locked=True, most=BATCH)
        conflicts = {parcel.pk for parcel in parcels if Flag.CONFLICT in parcel.health}
        before = {parcel.pk: parcel.health for parcel in parcels}
        facts = judge(parcels, now, home_zone=zones.of_brand(), conflicts=conflicts)
        for parcel in parcels:
            parcel.version += before[parcel.pk] != parcel.health
        write(parcels)
        bus.publish_all(facts)
    return len(parcels)


@task(queue=BULK)
def reread(self: TenantTask, merchant_id: str) -> None:
    """A portion of the parcels with a code that got another meaning, then to the end of the queue."""
    if codes.reread():
        self.enqueue(merchant_id)


@every(timedelta(minutes=1), queue=BULK)
def resume_rereading() -> None:
    """Go on where a worker died or a nudge was lost."""
    with every_tenant("codes: find the merchants whose history is being read anew"):
        found = set(CarrierCode.objects.filter(redo_total__isnull=False).values_list("merchant_id", flat=True))
    for merchant_id in found:
        reread.enqueue(merchant_id)


@every(timedelta(minutes=5), queue=BULK)
def foresee() -> None:
    """Forecast the parcels of each merchant that has one whose time has come, and learn from those that came."""
    with every_tenant("tracking: find merchants with parcels to forecast, or to learn from"):
        due = Shipment.objects.filter(estimate_at__lte=clock.business_now()).order_by()
        merchants = list(due.values_list("merchant_id", flat=True).distinct())
    for merchant_id in merchants:
        forecast.enqueue(merchant_id)


@task(queue=BULK, network=True)
def forecast(self: TenantTask, merchant_id: str) -> None:
    """Forecast a merchant's due parcels, a batch a transaction, until none is left."""
    while forecast_batch(merchant_id) == BATCH:
        pass


def forecast_batch(merchant_id: object) -> int:
    """Forecast up to BATCH due parcels in one transaction; returns how many. Skips what another worker holds."""
    with in_merchant(merchant_id):
        return due_batch(BATCH)
