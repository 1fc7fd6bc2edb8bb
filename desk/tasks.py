"""What time does to cases: those put off wait again, and parcels from before there were cases get theirs."""

from datetime import timedelta

from desk.models import Case, Contact, State, UsualOrder, Visit
from desk.revalue import revalue
from desk.review import review, uncased, wake
from postpurchase.jobs.forget import forget
from postpurchase.jobs.queues import BULK
from postpurchase.jobs.task import TenantTask, every, task
from postpurchase.lib import clock
from postpurchase.lib.ids import first_of
from postpurchase.tenancy.scope import every_tenant

BATCH = 500
VISITS_KEPT = timedelta(days=120)  # the longest period of the page that tells of them is 90 days


@every(timedelta(minutes=1), queue=BULK)
def wake_cases() -> None:
    """Have the cases waken whose time has come."""
    with every_tenant("desk: find merchants with cases that were put off until now"):
        due = Case.objects.filter(state=State.SNOOZED, until__lte=clock.business_now()).order_by()
        merchants = list(due.values_list("merchant_id", flat=True).distinct())
    for merchant_id in merchants:
        wake_up.enqueue(merchant_id)


@task(queue=BULK)
def wake_up(self: TenantTask, merchant_id: str) -> None:
    """A merchant's cases."""
    wake(clock.business_now())


@every(timedelta(hours=1), queue=BULK)
def find_missing() -> None:
    """Have cases opened for parcels that have none."""
    with every_tenant("desk: find merchants with parcels that need somebody and have no case"):
        merchants = list(uncased().order_by().values_list("merchant_id", flat=True).distinct())
    for merchant_id in merchants:
        open_missing.enqueue(merchant_id)


@task(queue=BULK)
def open_missing(self: TenantTask, merchant_id: str) -> None:
    """A portion, then to the end of the queue."""
    found = list(uncased().order_by("-created_at", "-id").values_list("pk", flat=True)[:BATCH])
    review(found)
    if len(found) == BATCH:
        self.enqueue(merchant_id)


@every(timedelta(minutes=1), queue=BULK)
def find_changed() -> None:
    """Have cases valued anew where what is usual has changed."""
    with every_tenant("desk: find merchants whose cases are to be valued anew"):
        merchants = list(UsualOrder.objects.filter(revalue_after__isnull=False).order_by().values_list("merchant_id", flat=True))
    for merchant_id in merchants:
        revalue_cases.enqueue(merchant_id)


@task(queue=BULK)
def revalue_cases(self: TenantTask, merchant_id: str) -> None:
    """A portion, then to the end of the queue."""
    if revalue():
        self.enqueue(merchant_id)


@every(timedelta(hours=1), queue=BULK)
def forget_visits() -> None:
    """Looks at pages, and contacts after them, that no page tells of any more."""
    old = first_of(clock.machine_now() - VISITS_KEPT)
    for model in (Visit, Contact):
        forget(model.objects.filter(pk__lt=old).order_by("pk"), "desk: visits that nobody is told of any more")
