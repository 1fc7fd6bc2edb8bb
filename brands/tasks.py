"""Reading shops' sites, started by nudges and by a sweep."""

from datetime import timedelta

from brands import pictures, suggest
from brands.models import Logo, Reading, Suggestion
from postpurchase.jobs.forget import forget
from postpurchase.jobs.queues import BULK
from postpurchase.jobs.task import TenantTask, every, task
from postpurchase.lib import clock
from postpurchase.tenancy.models import Brand
from postpurchase.tenancy.scope import every_tenant

KEPT = timedelta(days=30)


@task(queue=BULK, network=True)
def read_soon(self: TenantTask, merchant_id: str) -> None:
    """Read the sites that the merchant asked for."""
    for row_id in suggest.waiting(merchant_id):
        suggest.carry_out(merchant_id, row_id)


@every(timedelta(seconds=30), queue=BULK)
def read_waiting() -> None:
    """Read what a lost nudge or a dead worker left."""
    with every_tenant("brands: find sites that wait to be read"):
        due = Suggestion.objects.filter(state=Reading.ASKED, due_at__lte=clock.machine_now())
        found = list(due.order_by().values_list("merchant_id", flat=True).distinct()[:50])
    for merchant_id in found:
        read_soon.enqueue(merchant_id)


@every(timedelta(hours=24), queue=BULK)
def forget_suggestions() -> None:
    """Old looks go, and pictures that no brand and no page shows."""
    old = clock.machine_now() - KEPT
    forget(Suggestion.objects.filter(asked_at__lt=old).order_by("asked_at"), "brands: forget suggestions after 30 days")
    with every_tenant("brands: which logos are shown"):
        shown = {
            url.rpartition("/")[2].removesuffix(".png") for url in Brand.objects.exclude(logo_url="").values_list("logo_url", flat=True)
        }
        shown |= pictures.shown()
        unused = [pk for pk in Logo.objects.filter(made_at__lt=old).values_list("pk", flat=True) if str(pk) not in shown]
    forget(Logo.objects.filter(pk__in=unused).order_by("pk"), "brands: forget logos that nothing shows")
