"""Asking carriers, poller by poller: one that is slow or down holds up nobody but itself."""

import uuid
from datetime import timedelta

from django.db import connection

from postpurchase.jobs.queues import BULK, POLL
from postpurchase.jobs.task import TenantTask, every, task
from postpurchase.lib import clock
from postpurchase.tenancy.scope import every_tenant
from tracking.polling import ask, under_way

MOST_POLLERS = 2000  # that one sweep wakes


READY = """
SELECT p.merchant_id, p.id FROM tracking_poller p
JOIN integrations_connection c ON c.merchant_id = p.merchant_id AND c.id = p.connection_id
WHERE p.asking AND (p.resume_at IS NULL OR p.resume_at <= %(now)s) AND c.paused_at IS NULL AND c.removed_at IS NULL
  AND EXISTS (SELECT 1 FROM tracking_shipment s
    WHERE s.merchant_id = p.merchant_id AND s.carrier = ANY(p.carriers) AND s.poll_at <= %(now)s)
ORDER BY p.last_at NULLS FIRST LIMIT %(most)s"""


@every(timedelta(seconds=30), queue=POLL)
def ask_due() -> None:
    """Wake each poller that may ask and has something to ask, those that have rested longest first."""
    with every_tenant("polling: find pollers that have parcels to ask about"), connection.cursor() as cursor:
        cursor.execute(READY, {"now": clock.business_now(), "most": MOST_POLLERS})
        found = cursor.fetchall()
    for merchant_id, poller_id in found:
        ask_with.enqueue(merchant_id, str(poller_id))


@task(queue=POLL, network=True)
def ask_with(self: TenantTask, merchant_id: str, poller_id: str) -> None:
    """Ask about a portion, then to the end of the queue while there is more: merchants and carriers take turns."""
    if ask.portion(uuid.UUID(merchant_id), uuid.UUID(poller_id)) >= ask.PORTION:
        self.enqueue(merchant_id, poller_id)


@task(queue=BULK)
def find_under_way(self: TenantTask, merchant_id: str, poller_id: str) -> None:
    """A portion of the parcels that a poller switched on finds under way, then to the end of the queue."""
    if under_way.find(uuid.UUID(poller_id)):
        self.enqueue(merchant_id, poller_id)


@every(timedelta(minutes=1), queue=BULK)
def look_again() -> None:
    """Go on where a worker died or a nudge was lost, and look a second time for what was being written meanwhile."""
    with every_tenant("polling: find pollers whose parcels are still being found"):
        found = list(under_way.unfinished().values_list("merchant_id", "pk")[:MOST_POLLERS])
    for merchant_id, poller_id in found:
        find_under_way.enqueue(merchant_id, str(poller_id))


@task(queue=BULK)
def let_go(self: TenantTask, merchant_id: str) -> None:
    """A portion of the parcels that nobody is asked about any more. A lost nudge leaves entries of an index that go with the next scan."""
    if under_way.release():
        self.enqueue(merchant_id)
