"""Sending, started by nudges and by a sweep: the broker only wakes us, the rows decide."""

from datetime import timedelta

from notifications import dispatch
from postpurchase.jobs.queues import SEND
from postpurchase.jobs.task import TenantTask, every, task


@task(queue=SEND, network=True)
def send_soon(self: TenantTask, merchant_id: str) -> None:
    """Something of this merchant is due: send what is due, fairly, whoever's it is."""
    dispatch.drain(most_batches=20)


@every(timedelta(seconds=5), queue=SEND)
def send_due() -> None:
    """Send what is due: what a lost nudge left, and what has come due with time."""
    dispatch.drain(most_batches=200)


@every(timedelta(seconds=20), queue=SEND)
def rescue_lost() -> None:
    """Take back what dead workers held."""
    dispatch.rescue()
