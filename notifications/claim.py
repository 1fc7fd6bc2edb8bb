"""Take due messages out of the schedule, fairly over merchants, under a lease with a fencing token."""

import uuid
from collections import defaultdict
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from django.db import connection

from notifications.lanes import earliest
from postpurchase.lib import clock
from postpurchase.tenancy.scope import every_tenant

LEASE = timedelta(seconds=60)  # machine time
KEY_KNOWN = timedelta(hours=21)  # providers remember a key for 24 hours; one tenth less, and some
BATCH = 400
EVER = datetime.min.replace(tzinfo=UTC)  # a floor below all
REST = 10  # times as long as looking at all took is nothing looked at below the floor
Found = dict[uuid.UUID, list[uuid.UUID]]  # merchant id -> ids of messages

EARLIEST = earliest("notifications_message", "due_at", "t.state = 'due'")
ABOVE = earliest("notifications_message", "due_at", "t.state = 'due' AND t.due_at >= %(floor)s")

# Every merchant with something due gets an equal share of the batch, so a backlog of one does not hold up the others.
# Plan checked in tests.
CLAIM = f"""{ABOVE}, active AS MATERIALIZED (SELECT merchant_id FROM lanes WHERE due_at <= %(now)s),
share AS MATERIALIZED (SELECT greatest(1, ceil(%(limit)s::numeric / greatest(1, count(*))))::int AS size FROM active),
picked AS MATERIALIZED (
  SELECT mine.id FROM active CROSS JOIN LATERAL (
    SELECT m.id FROM notifications_message m
    WHERE m.state = 'due' AND m.merchant_id = active.merchant_id AND m.due_at >= %(floor)s AND m.due_at <= %(now)s
    ORDER BY m.merchant_id, m.due_at LIMIT (SELECT size FROM share) FOR UPDATE SKIP LOCKED) mine
  LIMIT %(most)s
)
UPDATE notifications_message m SET state = 'claimed', lease_until = clock_timestamp() + %(lease)s, lease_token = %(token)s
FROM picked WHERE m.id = picked.id RETURNING m.merchant_id, m.id, (SELECT min(due_at) FROM lanes)"""

# A claimed message whose lease ran out had not been handed over: it is due again. One being handed over is in doubt, unless its
# guarantee is to arrive at least once, or its provider still knows our key. The token stays: should the lost worker wake up
# with an answer, it may still say 'sent'.
RESCUE = """
WITH lost AS (
  SELECT id FROM notifications_message
  WHERE state IN ('claimed', 'handing') AND lease_until < clock_timestamp() ORDER BY lease_until LIMIT 500 FOR UPDATE SKIP LOCKED
)
UPDATE notifications_message m SET
  state = CASE WHEN m.state = 'claimed' OR m.guarantee = 'alo' OR m.guarantee = 'key' AND m.handed_at > clock_timestamp() - %s::interval
    THEN 'due' ELSE 'unknown' END,
  lease_until = NULL
FROM lost WHERE m.id = lost.id RETURNING m.merchant_id, m.id, m.state"""


def claim(limit: int = BATCH) -> tuple[uuid.UUID, Found]:
    """(token, merchant id -> message ids) of messages due by the business clock, now ours for LEASE. Nothing due: an empty dict."""
    return Claims().take(limit)


@dataclass
class Claims:
    """One claim after another. A claimed message leaves a dead entry at the head of its lane until VACUUM, which whoever holds a snapshot
    open (a backup, a long report) puts off: each claim would walk past all of them. So a claim begins at the first message that the last
    one saw. What comes in below is found when all is looked at again: soon, and always before nothing is believed to be left.
    """

    _floor: datetime = EVER
    _all_at: float = 0.0  # by the monotonic clock

    def take(self, limit: int) -> tuple[uuid.UUID, Found]:
        """What claim() gives."""
        begin = clock.monotonic()
        if begin < self._all_at:
            token, found = self._take(limit, self._floor)
            if found:
                return token, found
        token, found = self._take(limit, EVER)
        now = clock.monotonic()
        self._all_at = now + REST * (now - begin)
        return token, found

    def _take(self, limit: int, floor: datetime) -> tuple[uuid.UUID, Found]:
        token, found = uuid.uuid4(), defaultdict[uuid.UUID, list[uuid.UUID]](list)
        wanted: dict[str, Any] = {"limit": limit, "most": limit * 2, "lease": LEASE, "token": token, "floor": floor}
        with every_tenant("dispatch: claim due messages fairly over merchants"), connection.cursor() as cursor:
            cursor.execute(CLAIM, wanted | {"now": clock.business_now()})
            for merchant_id, message_id, first in cursor.fetchall():
                found[merchant_id].append(message_id)
                self._floor = first
        return token, dict(found)


def rescue() -> dict[uuid.UUID, list[tuple[uuid.UUID, str]]]:
    """Put messages of dead workers back or in doubt; merchant id -> [(message id, new state)]."""
    found: dict[uuid.UUID, list[tuple[uuid.UUID, str]]] = defaultdict(list)
    with every_tenant("dispatch: find leases that ran out"), connection.cursor() as cursor:
        cursor.execute(RESCUE, [str(KEY_KNOWN.total_seconds())])
        for merchant_id, message_id, state in cursor.fetchall():
            found[merchant_id].append((message_id, state))
    return dict(found)


LONGEST_WAIT = f"""{EARLIEST} SELECT min(due_at) FROM lanes"""


def longest_wait() -> int:
    """Seconds by which the message that is due longest, of any merchant, is late; 0 where nothing waits. Asks one row a merchant."""
    with every_tenant("health: how late is sending"), connection.cursor() as cursor:
        cursor.execute(LONGEST_WAIT)
        first = cursor.fetchone()[0]
    return max(0, int((clock.business_now() - first).total_seconds())) if first else 0
