"""Reading the inbox: each batch is claimed, read, routed to the verbs and settled. What fails, fails alone."""

import logging
from collections import defaultdict
from collections.abc import Sequence
from datetime import timedelta
from uuid import UUID

from api.inbound import routes
from integrations import inbox
from integrations.inbox import Reading
from postpurchase.jobs.queues import INBOUND
from postpurchase.jobs.task import TenantTask, every, task
from postpurchase.tenancy.scope import every_tenant, in_merchant

log = logging.getLogger(__name__)


@task(queue=INBOUND, network=True)
def process(self: TenantTask, merchant_id: str) -> None:
    """Read a merchant's due deliveries, a batch at a time, as long as batches are full: what comes in meanwhile brings its own nudge.

    Going on with the few that came in during a batch would make batches ever smaller, and a small one costs as much as a large one.
    """
    while process_batch(merchant_id) >= inbox.BATCH:
        pass


def process_batch(merchant_id: object) -> int:
    """Read and record one batch; returns how many deliveries were taken."""
    with in_merchant(merchant_id):
        claimed = inbox.claim(merchant_id)
    readings = [inbox.read(delivery) for delivery in claimed]
    done = _record_together(merchant_id, readings) if readings else []
    _wake(merchant_id, done)
    return len(claimed)


def _record_together(merchant_id: object, readings: list[Reading]) -> Sequence[Reading]:
    try:
        return _record(merchant_id, readings)
    except Exception:  # one of them is poison: find out which
        log.warning("a batch of %s deliveries failed; trying them one by one", len(readings), exc_info=True)
        return [done for reading in readings for done in _record_alone(merchant_id, reading)]


def _record_alone(merchant_id: object, reading: Reading) -> Sequence[Reading]:
    try:
        return _record(merchant_id, [reading])
    except Exception as error:
        log.exception("delivery %s could not be recorded", reading.delivery.pk)
        with in_merchant(merchant_id):
            inbox.postpone(reading.delivery, error)
        return []


def _record(merchant_id: object, readings: list[Reading]) -> Sequence[Reading]:
    with in_merchant(merchant_id):
        held = inbox.hold(readings)
        routes.record(held)
        inbox.settle(held)
    return held


def _wake(merchant_id: object, done: Sequence[Reading]) -> None:
    """After the commit: what waited for these can be read now."""
    by_source: dict[UUID, list[Reading]] = defaultdict(list)
    for reading in done:
        by_source[reading.delivery.connection_id].append(reading)
    keys = {source: found for source, rows in by_source.items() if (found := routes.wakes(rows))}
    if keys:
        with in_merchant(merchant_id):
            woken = sum([inbox.unpark(source, names) for source, names in keys.items()])
            if woken:
                process.enqueue(merchant_id)


@every(timedelta(seconds=5), queue=INBOUND)
def sweep() -> None:
    """Find deliveries that a lost nudge, a dead worker or a missed wake-up left behind."""
    with every_tenant("inbox: find merchants with deliveries that nobody reads"):
        merchants = set(inbox.overdue().order_by().values_list("merchant_id", flat=True).distinct())
        inbox.revive()
    for merchant_id in merchants:
        process.enqueue(merchant_id)
