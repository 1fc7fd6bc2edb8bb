"""Take due deliveries out of the queue, fairly over merchants and endpoints, under a lease with a fencing token."""

import uuid
from collections import defaultdict
from datetime import timedelta
from typing import Any

from django.db import connection

from postpurchase.lib import clock
from postpurchase.tenancy.scope import every_tenant

LEASE = timedelta(seconds=60)  # machine time; a call takes 15 seconds at most
AT_ONCE = 4  # calls to one endpoint at a time, over all workers; one that is failing gets one

# A loose index scan finds each endpoint's earliest due delivery, one index probe an endpoint. Then endpoints that have room are locked,
# those of the merchants with the fewest calls under way first. Failing ones get no more than their share, as they are often slow.
# Locking the endpoint, and counting in a second statement, keeps the number of calls at once exact however many workers claim.
ROOM = "CASE WHEN e.failing_since IS NULL THEN %(at_once)s ELSE 1 END"
CHOOSE = f"""
WITH RECURSIVE lanes AS (
  (SELECT merchant_id, endpoint_id, due_at FROM integrations_webhookdelivery WHERE state = 'due'
   ORDER BY merchant_id, endpoint_id, due_at LIMIT 1)
  UNION ALL
  SELECT next.merchant_id, next.endpoint_id, next.due_at FROM lanes CROSS JOIN LATERAL (
    SELECT d.merchant_id, d.endpoint_id, d.due_at FROM integrations_webhookdelivery d
    WHERE d.state = 'due' AND (d.merchant_id, d.endpoint_id) > (lanes.merchant_id, lanes.endpoint_id)
    ORDER BY d.merchant_id, d.endpoint_id, d.due_at LIMIT 1) next
), under_way AS MATERIALIZED (
  SELECT merchant_id, endpoint_id, count(*) AS calls FROM integrations_webhookdelivery WHERE state = 'claimed' GROUP BY 1, 2
), ready AS (
  SELECT e.id, lanes.due_at, e.failing_since IS NOT NULL AS failing,
    coalesce((SELECT sum(calls) FROM under_way u WHERE u.merchant_id = e.merchant_id), 0)
      + row_number() OVER (PARTITION BY e.merchant_id ORDER BY e.failing_since IS NOT NULL, lanes.due_at) AS turn
  FROM lanes JOIN integrations_webhookendpoint e ON e.merchant_id = lanes.merchant_id AND e.id = lanes.endpoint_id
  WHERE lanes.due_at <= %(now)s AND e.state = 'on'
    AND coalesce((SELECT calls FROM under_way u WHERE u.merchant_id = e.merchant_id AND u.endpoint_id = e.id), 0) < {ROOM}
), placed AS (
  SELECT id, turn, due_at, failing, row_number() OVER (PARTITION BY failing ORDER BY turn, due_at) AS place FROM ready
)
SELECT e.id FROM placed JOIN integrations_webhookendpoint e ON e.id = placed.id
WHERE NOT placed.failing OR placed.place <= %(failing)s
ORDER BY placed.turn, placed.due_at LIMIT %(free)s FOR UPDATE OF e SKIP LOCKED"""

# The free slots go to the merchants with the fewest calls under way, and within a merchant to its endpoints in turn.
CLAIM = f"""
WITH chosen AS MATERIALIZED (
  SELECT e.merchant_id, e.id, o.place, greatest(0, {ROOM} - (SELECT count(*) FROM integrations_webhookdelivery c
    WHERE c.state = 'claimed' AND c.merchant_id = e.merchant_id AND c.endpoint_id = e.id)) AS room
  FROM unnest(%(ids)s::uuid[]) WITH ORDINALITY AS o (id, place) JOIN integrations_webhookendpoint e ON e.id = o.id
  WHERE e.state = 'on'
), locked AS MATERIALIZED (
  SELECT mine.id, mine.due_at, chosen.merchant_id, chosen.place FROM chosen CROSS JOIN LATERAL (
    SELECT d.id, d.due_at FROM integrations_webhookdelivery d
    WHERE d.state = 'due' AND d.merchant_id = chosen.merchant_id AND d.endpoint_id = chosen.id AND d.due_at <= %(now)s
    ORDER BY d.due_at LIMIT (SELECT chosen.room) FOR UPDATE SKIP LOCKED) mine
), in_turn AS (
  SELECT id, merchant_id, place, row_number() OVER (PARTITION BY place ORDER BY due_at) AS nth FROM locked
), shared AS (
  SELECT id, place, row_number() OVER (PARTITION BY merchant_id ORDER BY nth, place) + (SELECT count(*)
    FROM integrations_webhookdelivery c WHERE c.state = 'claimed' AND c.merchant_id = in_turn.merchant_id) AS turn FROM in_turn
), picked AS (SELECT id FROM shared ORDER BY turn, place LIMIT %(free)s)
UPDATE integrations_webhookdelivery d SET state = 'claimed', lease_until = clock_timestamp() + %(lease)s, lease_token = %(token)s,
  attempts = d.attempts + 1, tries = d.tries + 1
FROM picked WHERE d.id = picked.id RETURNING d.merchant_id, d.id"""

LOST = """
SELECT merchant_id, id FROM integrations_webhookdelivery
WHERE state = 'claimed' AND lease_until < clock_timestamp() ORDER BY lease_until LIMIT 500"""


def claim(free: int, *, failing: int | None = None) -> tuple[uuid.UUID, dict[uuid.UUID, list[uuid.UUID]]]:
    """(token, merchant id -> delivery ids), at most `free`, at most `failing` endpoints that are failing; ours for LEASE."""
    token = uuid.uuid4()
    wanted: dict[str, Any] = {"now": clock.business_now(), "free": free, "failing": free if failing is None else failing}
    wanted |= {"at_once": AT_ONCE, "lease": LEASE, "token": token}
    found: dict[uuid.UUID, list[uuid.UUID]] = defaultdict(list)
    with every_tenant("webhooks: claim due deliveries fairly over merchants and endpoints"), connection.cursor() as cursor:
        cursor.execute(CHOOSE, wanted)
        ids = [row[0] for row in cursor.fetchall()]
        if ids:
            cursor.execute(CLAIM, wanted | {"ids": ids})
            for merchant_id, delivery_id in cursor.fetchall():
                found[merchant_id].append(delivery_id)
    return token, dict(found)


def lost() -> dict[uuid.UUID, list[uuid.UUID]]:
    """Deliveries whose lease ran out, by merchant: their worker is gone."""
    found: dict[uuid.UUID, list[uuid.UUID]] = defaultdict(list)
    with every_tenant("webhooks: find leases that ran out"), connection.cursor() as cursor:
        cursor.execute(LOST)
        for merchant_id, delivery_id in cursor.fetchall():
            found[merchant_id].append(delivery_id)
    return dict(found)
