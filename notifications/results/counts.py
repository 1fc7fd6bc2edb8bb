"""What came of the messages that flows sent in a period, step by step, and the orders that their last touch is credited with.

An order belongs to one message at most: the one of any flow that its person last touched before it, by a click at most CLICK_DAYS
before or an opening at most OPEN_DAYS before. Touches are people's and at most REACH_DAYS younger than the message. Tests, cancelled
orders, and the order that a message is about do not count; refunds are taken off their order whenever they came.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from django.db import connection

from notifications.models import ResultDay, ResultsKept
from postpurchase.tenancy.scope import merchant_id
from tracking import zones

Key = tuple[UUID, str, date]
DAY = timedelta(days=1)
CLICK_DAYS, OPEN_DAYS, REACH_DAYS = 5, 1, 30

# What is sent, asked of an index alone; then what people did with it and what providers told, each message once.
COUNTED = """
WITH sent AS MATERIALIZED (
  SELECT id, flow_id, node, (sent_at AT TIME ZONE %(zone)s)::date AS day, channel FROM notifications_message
  WHERE merchant_id = %(merchant)s AND (%(flow)s::uuid IS NULL OR flow_id = %(flow)s) AND flow_id IS NOT NULL
    AND state = 'sent' AND NOT test AND sent_at >= %(since)s AND sent_at < %(until)s)
SELECT flow_id, node, day, 'sent', count(*) FROM sent GROUP BY 1, 2, 3
UNION ALL SELECT flow_id, node, day, 'texts', count(*) FROM sent WHERE channel = 'sms' GROUP BY 1, 2, 3
UNION ALL SELECT flow_id, node, day, kind, count(*) FROM (
  SELECT DISTINCT sent.id, flow_id, node, day, e.kind FROM sent JOIN notifications_engagement AS e
  ON e.merchant_id = %(merchant)s AND e.message_id = sent.id AND NOT e.machine) AS done GROUP BY 1, 2, 3, 4
UNION ALL SELECT flow_id, node, day, 'delivered', count(*) FROM (
  SELECT DISTINCT sent.id, flow_id, node, day FROM sent JOIN notifications_providerevent AS p
  ON p.merchant_id = %(merchant)s AND p.message_id = sent.id AND p.kind IN ('delivered', 'read')) AS told GROUP BY 1, 2, 3"""

# Touches of all flows, as another's may be the last; then of each order its last one.
CREDITED = """
WITH touch AS MATERIALIZED (
  SELECT m.customer_id, m.order_id AS about, m.id, m.flow_id, m.node, m.sent_at, e.at,
    e.at + CASE e.kind WHEN 'click' THEN %(click)s ELSE %(open)s END AS until
  FROM notifications_engagement AS e JOIN notifications_message AS m ON m.id = e.message_id
  WHERE e.merchant_id = %(merchant)s AND m.merchant_id = %(merchant)s AND NOT e.machine AND e.kind IN ('open', 'click')
    AND e.at >= %(since)s AND e.at < %(until)s + %(reach)s + %(click)s
    AND m.state = 'sent' AND NOT m.test AND m.flow_id IS NOT NULL AND m.customer_id IS NOT NULL AND e.at < m.sent_at + %(reach)s),
bought AS MATERIALIZED (
  SELECT id, customer_id, placed_at, currency, total - refunded_total AS kept FROM orders_order
  WHERE merchant_id = %(merchant)s AND NOT test AND cancelled_at IS NULL AND customer_id IS NOT NULL
    AND placed_at >= %(since)s AND placed_at < %(until)s + %(reach)s + %(click)s),
last AS (
  SELECT DISTINCT ON (o.id) o.currency, o.kept, t.flow_id, t.node, t.sent_at
  FROM bought AS o JOIN touch AS t ON t.customer_id = o.customer_id AND t.at <= o.placed_at AND o.placed_at < t.until
  WHERE t.about IS DISTINCT FROM o.id ORDER BY o.id, t.at DESC, t.id DESC)
SELECT flow_id, node, (sent_at AT TIME ZONE %(zone)s)::date AS day, currency, count(*), sum(kept)::bigint FROM last
WHERE sent_at >= %(since)s AND sent_at < %(until)s AND (%(flow)s::uuid IS NULL OR flow_id = %(flow)s) GROUP BY 1, 2, 3, 4"""


@dataclass(frozen=True)
class Period:
    """From a moment to another, which is no longer in it."""

    since: datetime
    until: datetime


@dataclass
class Result:
    """Messages, each counted once, and what they are credited with. `delivered` is what providers report: plain SMTP reports nothing.

    Opens, clicks and ways out are people's. `revenue` is by currency, in minor units, less refunds. `texts`: how many were SMS.
    """

    sent: int = 0
    delivered: int = 0
    opened: int = 0
    clicked: int = 0
    left: int = 0
    texts: int = 0
    orders: int = 0
    revenue: dict[str, int] = field(default_factory=dict)

    def add(self, other: "Result") -> None:
        """Count another's messages and orders with these: no message and no order is in two."""
        for name in ("sent", "delivered", "opened", "clicked", "left", "texts", "orders"):
            setattr(self, name, getattr(self, name) + getattr(other, name))
        for currency, amount in other.revenue.items():
            self.revenue[currency] = self.revenue.get(currency, 0) + amount


NAMES = {"open": "opened", "click": "clicked", "leave": "left"}


def by_step(flow_id: UUID, period: Period) -> dict[str, Result]:
    """Step -> what came of its messages sent in the period. At most six queries."""
    found: dict[str, Result] = defaultdict(Result)
    for (_flow, node, _day), result in _all(period, flow_id):
        found[node].add(result)
    return dict(found)


def by_flow(period: Period) -> dict[UUID, Result]:
    """Flow -> the same over all its steps. At most six queries."""
    found: dict[UUID, Result] = defaultdict(Result)
    for (flow, _node, _day), result in _all(period, None):
        found[flow].add(result)
    return dict(found)


def total(results: Iterable[Result]) -> Result:
    """All of them together."""
    whole = Result()
    for one in results:
        whole.add(one)
    return whole


def _all(period: Period, flow_id: UUID | None) -> Iterator[tuple[Key, Result]]:
    """What is kept of the period's days (keep.py), and the rest as it is now."""
    name = zones.of_brand()
    zone, known = zones.named(name), ResultsKept.objects.filter(zone=name).first()
    since, until = period.since.astimezone(zone), period.until.astimezone(zone)
    first, end = max(since.date(), known.first) if known else since.date(), min(until.date(), known.last + DAY) if known else since.date()
    if since.time() != time.min or until.time() != time.min or first >= end:
        yield from counted(period, flow_id, zone).items()
        return
    rows = ResultDay.objects.filter(day__gte=first, day__lt=end, **({"flow_id": flow_id} if flow_id else {}))
    for flow, node, day, counts, revenue in rows.values_list("flow_id", "node", "day", "counts", "revenue"):
        yield (flow, node, day), Result(**counts, revenue=revenue)
    for rest in (Period(since, datetime.combine(first, time.min, zone)), Period(datetime.combine(end, time.min, zone), until)):
        if rest.since < rest.until:
            yield from counted(rest, flow_id, zone).items()


def counted(period: Period, flow_id: UUID | None, zone: ZoneInfo) -> dict[Key, Result]:
    """(flow, step, day of sending in that zone) -> what came of them, as it is now. Two queries."""
    found: dict[Key, Result] = defaultdict(Result)
    days = {"click": timedelta(days=CLICK_DAYS), "open": timedelta(days=OPEN_DAYS), "reach": timedelta(days=REACH_DAYS)}
    given: dict[str, Any] = {"merchant": merchant_id(), "flow": flow_id, "since": period.since, "until": period.until, "zone": zone.key}
    with connection.cursor() as cursor:
        cursor.execute(COUNTED, given)
        for *key, kind, n in cursor.fetchall():
            setattr(found[_key(key)], NAMES.get(kind, kind), n)
        cursor.execute(CREDITED, given | days)
        for *key, currency, orders, kept in cursor.fetchall():
            found[_key(key)].add(Result(orders=orders, revenue={currency: kept}))
    return dict(found)


def _key(found: list[Any]) -> Key:
    flow, node, day = found
    return flow, node, day
