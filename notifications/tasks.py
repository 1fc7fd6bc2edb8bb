"""Sending, started by nudges and by a sweep: the broker only wakes us, the rows decide."""

from datetime import timedelta
from uuid import UUID

from django.db.models import Count, Q

from notifications import awake, dispatch, library, rates, settle
from notifications.designs import links
from notifications.models import EmailDesign, Flow, FlowVersion, MessageBody
from notifications.results import keep
from postpurchase.jobs.forget import forget
from postpurchase.jobs.queues import BULK, SEND
from postpurchase.jobs.task import TenantTask, every, task
from postpurchase.lib import clock, ids
from postpurchase.tenancy.scope import every_tenant, in_merchant

BODIES_KEPT = timedelta(days=90)


@task(queue=SEND, network=True)
def send_soon(self: TenantTask, merchant_id: str) -> None:
    """Something of this merchant is due: send what is due, fairly, whoever's it is."""
    dispatch.drain(most_batches=20)


@every(timedelta(seconds=5), queue=SEND)
def send_due() -> None:
    """Send what is due: what a lost nudge left, and what has come due with time."""
    dispatch.drain(most_batches=200)


@every(timedelta(seconds=5), queue=BULK)
def go_on() -> None:
    """Steps without a message whose time has come: waits before forks, time-outs."""
    awake.wake_due()


@task(queue=BULK, network=True)
def settle_published(self: TenantTask, merchant_id: str) -> None:
    """Deal with those in flight as the merchant said when they published."""
    settle.settle(UUID(merchant_id))


@every(timedelta(minutes=5), queue=BULK)
def settle_lost() -> None:
    """What a lost nudge left unsettled."""
    with every_tenant("flows: find merchants whose published versions are not settled"):
        merchants = list(FlowVersion.objects.filter(settle.UNSETTLED).order_by().values_list("merchant_id", flat=True).distinct())
    for merchant_id in merchants:
        settle.settle(merchant_id)


@every(timedelta(seconds=20), queue=SEND)
def rescue_lost() -> None:
    """Take back what dead workers held."""
    dispatch.rescue()


@every(timedelta(hours=1), queue=BULK)
def forget_bodies() -> None:
    """Forget how messages read after 90 days; that they were sent, to whom and why stays."""
    old = MessageBody.objects.filter(pk__lt=ids.first_of(clock.machine_now() - BODIES_KEPT))
    forget(old.order_by("pk"), "messages: forget bodies after 90 days")


@every(timedelta(minutes=10), queue=BULK)
def count_rates() -> None:
    """Count bounces and complaints of those who have any; let go what rests without need."""
    for merchant_id in rates.to_count():
        count_rates_of.enqueue(merchant_id)
    for merchant_id in rates.at_rest():
        let_go.enqueue(merchant_id)


@task(queue=BULK)
def count_rates_of(self: TenantTask, merchant_id: str) -> None:
    """Of one merchant."""
    rates.count()


@every(timedelta(hours=1), queue=BULK)
def keep_results() -> None:
    """Count what came of messages, of those who have flows."""
    with every_tenant("results: find merchants who have flows"):
        merchants = list(Flow.objects.filter(live__isnull=False).order_by().values_list("merchant_id", flat=True).distinct())
    for merchant_id in merchants:
        keep_results_of.enqueue(merchant_id)


@task(queue=BULK)
def keep_results_of(self: TenantTask, merchant_id: str) -> None:
    """Of one merchant."""
    keep.keep()


@task(queue=BULK, network=True)
def let_go(self: TenantTask, merchant_id: str) -> None:
    """Its marketing goes again: plan what rested meanwhile."""
    rates.let_go(merchant_id)


@every(timedelta(days=1), queue=BULK)
def offer_new_flows() -> None:
    """Merchants from before an update get the default flows that came with it, switched off (library.install)."""
    known = Count("id", filter=Q(key__in=[default.key for default in library.DEFAULTS]))
    with every_tenant("flows: find merchants who lack a default one"):
        lacking = Flow.objects.order_by().values_list("merchant_id").annotate(n=known).filter(n__lt=len(library.DEFAULTS))
        merchants = [merchant_id for merchant_id, _ in lacking]
    for merchant_id in merchants:
        with in_merchant(merchant_id):
            library.install()


@task(queue=BULK, network=True)
def call_links_soon(self: TenantTask, merchant_id: str) -> None:
    """Call the links of the designs that wait for it."""
    for row_id in links.waiting(merchant_id):
        links.carry_out(merchant_id, row_id)


@every(timedelta(minutes=1), queue=BULK)
def call_links() -> None:
    """Call what a lost nudge or a dead worker left."""
    with every_tenant("notifications: find designs whose links wait to be called"):
        due = EmailDesign.objects.filter(links_due_at__lte=clock.machine_now())
        found = list(due.order_by().values_list("merchant_id", flat=True).distinct()[:50])
    for merchant_id in found:
        call_links_soon.enqueue(merchant_id)
