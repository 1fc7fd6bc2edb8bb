"""Work on connections: replays, and what a pause left behind."""

from datetime import timedelta

from django.db.models import Exists, OuterRef

from integrations.connections import keep, replay
from integrations.models import Connection, Delivery, InboundDelivery, Replay
from postpurchase.jobs.queues import BULK
from postpurchase.jobs.task import TenantTask, every, task
from postpurchase.lib import clock
from postpurchase.tenancy.scope import every_tenant, in_merchant

KEPT = timedelta(days=30)  # as long as what they replayed


@task(queue=BULK)
def replay_portion(self: TenantTask, merchant_id: str) -> None:
    """A portion of each of the merchant's replays, then to the end of the queue."""
    if replay.work():
        self.enqueue(merchant_id)


@every(timedelta(seconds=5), queue=BULK)
def resume_replays() -> None:
    """Go on where the inbox was full, a worker died or a nudge was lost."""
    with every_tenant("replays: find those under way"):
        found = set(Replay.objects.filter(finished_at=None).values_list("merchant_id", flat=True))
    for merchant_id in found:
        replay_portion.enqueue(merchant_id)


@every(timedelta(minutes=1), queue=BULK)
def free_stragglers() -> None:
    """Read what was still put aside in the moment in which its connection was resumed."""
    with every_tenant("inbox: find what is held although nothing is paused"):
        held = InboundDelivery.objects.filter(connection=OuterRef("pk"), merchant=OuterRef("merchant"), state=Delivery.HELD)
        rows = Connection.objects.filter(Exists(held), paused_at=None, removed_at=None)
        found = list(rows.values_list("merchant_id", "pk")[:500])
    for merchant_id, connection_id in found:
        with in_merchant(merchant_id):
            keep.free([connection_id])


@every(timedelta(hours=1), queue=BULK)
def forget_replays() -> None:
    """Forget replays after 30 days."""
    with every_tenant("replays: forget them after 30 days"):
        Replay.objects.filter(finished_at__lt=clock.machine_now() - KEPT).delete()
