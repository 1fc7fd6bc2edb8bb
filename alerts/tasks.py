"""Telling people, started by nudges and by a sweep."""

from datetime import timedelta

from alerts import channels
from alerts.models import Pile
from alerts.tell import tell
from postpurchase.jobs.queues import BULK, HOOKS
from postpurchase.jobs.task import TenantTask, every, task
from postpurchase.lib import clock
from postpurchase.tenancy.scope import every_tenant


@task(queue=HOOKS, network=True)
def tell_soon(self: TenantTask, merchant_id: str) -> None:
    """Tell the people of a merchant, and its chat, what is due."""
    tell(merchant_id)


@every(timedelta(seconds=30), queue=BULK)
def tell_due() -> None:
    """Tell what has come due with time, and what a lost nudge left."""
    with every_tenant("alerts: find merchants whose people are to be told something"):
        due = Pile.objects.filter(due_at__lte=clock.business_now()).order_by().values_list("merchant_id", flat=True).distinct()
        found = list(due[:1000])
    for merchant_id in found:
        tell_soon.enqueue(merchant_id)


@task(queue=HOOKS, network=True)
def greet(self: TenantTask, merchant_id: str) -> None:
    """Say hello to a chat that was just connected."""
    channels.greet(merchant_id)
