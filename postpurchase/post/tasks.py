"""Sending letters, started by nudges and by a sweep: the broker only wakes us, the rows decide."""

from datetime import timedelta

from postpurchase.jobs.queues import BULK, SEND
from postpurchase.jobs.task import TenantTask, every, task
from postpurchase.lib import clock
from postpurchase.post import send
from postpurchase.post.models import Letter

KEPT = timedelta(days=7)  # that a letter left, or why it did not


@task(queue=SEND, network=True)
def send_soon(self: TenantTask, merchant_id: str) -> None:
    """A letter was written: send what is due, whoever's it is. A letter belongs to a person, so no merchant is named."""
    send.drain()


@every(timedelta(seconds=10), queue=SEND)
def send_due() -> None:
    """Send what is due: what a lost nudge left, and what has come due with time."""
    send.drain()


@every(timedelta(hours=1), queue=BULK)
def forget_letters() -> None:
    """Letters that left or were given up go after a week."""
    Letter.objects.filter(made_at__lt=clock.machine_now() - KEPT, sealed=None).delete()
