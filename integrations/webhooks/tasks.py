"""Calling endpoints, started by nudges and by a sweep: the broker only wakes us, the rows decide."""

from datetime import timedelta

from integrations.models import Outbound, WebhookDelivery, WebhookEndpoint
from integrations.webhooks import deliver
from postpurchase.jobs.forget import forget
from postpurchase.jobs.queues import BULK, HOOKS
from postpurchase.jobs.task import TenantTask, every, task
from postpurchase.lib import clock
from postpurchase.tenancy.scope import every_tenant

LOG_KEPT = timedelta(days=30)


@task(queue=HOOKS, network=True)
def deliver_soon(self: TenantTask, merchant_id: str) -> None:
    """Something of this merchant is due: send what is due, fairly, whoever's it is."""
    deliver.drain()


@every(timedelta(seconds=5), queue=HOOKS)
def deliver_due() -> None:
    """Send what is due: what a lost nudge left, and what has come due with time."""
    deliver.drain()


@every(timedelta(seconds=20), queue=HOOKS)
def rescue_lost() -> None:
    """Take back what dead workers held."""
    deliver.rescue()


@every(timedelta(hours=1), queue=BULK)
def purge_log() -> None:
    """Forget deliveries after 30 days, and removed endpoints once nothing is left of them. What is still due is never forgotten."""
    old = clock.business_now() - LOG_KEPT
    over = WebhookDelivery.objects.filter(created_at__lt=old).exclude(state__in=(Outbound.DUE, Outbound.CLAIMED))
    forget(over.order_by("created_at"), "webhooks: forget the log after 30 days")
    with every_tenant("webhooks: forget removed endpoints"):
        WebhookEndpoint.objects.filter(removed_at__lt=old, deliveries=None).delete()
