"""Write orders that are new: customers, orders, lines and refunds of any number of orders in one statement."""

import uuid
from collections.abc import Iterator, Sequence

from orders import compose, customers
from orders.compose import LINE, ORDER, REFUND, Composed
from orders.statement import Row, as_json, execute, names, recordset
from postpurchase.events.catalogue import Fact, OrderCancelled, OrderPlaced, OrderRefunded
from postpurchase.lib import clock

# Customers first and orders after them, each in one order of their keys: two batches that overlap wait for one another, never in a circle.
# Orders that stand already are left out before anything is written, so that repeats cost one look-up.
INSERT = f"""
WITH fresh AS MATERIALIZED (
  SELECT r.* FROM {recordset("orders", {"id": "uuid", "external_id": "text", "refunded_total": "bigint", **ORDER})}
  WHERE NOT EXISTS (SELECT FROM orders_order o
    WHERE o.merchant_id = %(merchant)s AND o.connection_id = %(connection)s AND o.external_id = r.external_id)
), people AS (
  {customers.INSERT}
  WHERE EXISTS (SELECT FROM fresh WHERE fresh.email = r.email) ORDER BY r.email
  {customers.FILL} RETURNING id, email
), placed AS (
  INSERT INTO orders_order (id, merchant_id, connection_id, customer_id, recorded_at, external_id, refunded_total, {names(ORDER)})
  SELECT r.id, %(merchant)s, %(connection)s, people.id, %(now)s, r.external_id, r.refunded_total, {names(ORDER, "r.")}
  FROM fresh r LEFT JOIN people ON people.email = r.email ORDER BY r.external_id
  ON CONFLICT (merchant_id, connection_id, external_id) DO NOTHING RETURNING id
), lines AS (
  INSERT INTO orders_line (id, merchant_id, order_id, {names(LINE)})
  SELECT r.id, %(merchant)s, r.order_id, {names(LINE, "r.")}
  FROM {recordset("lines", {"id": "uuid", "order_id": "uuid", **LINE})} JOIN placed ON placed.id = r.order_id
), refunds AS (
  INSERT INTO orders_refund (id, merchant_id, order_id, {names(REFUND)})
  SELECT r.id, %(merchant)s, r.order_id, {names(REFUND, "r.")}
  FROM {recordset("refunds", {"id": "uuid", "order_id": "uuid", **REFUND})} JOIN placed ON placed.id = r.order_id
)
SELECT id FROM placed"""


def insert(batch: Sequence[Composed], *, connection_id: uuid.UUID) -> tuple[set[uuid.UUID], list[Fact]]:
    """Write those of the batch that are new. Returns their ids, and the facts to publish.

    `batch` has each external id once. An order that somebody else records at the same moment is theirs: it is not among the ids.
    """
    refunds = {order.id: [compose.refund(refund, order.id) for refund in order.data.refunds] for order in batch if order.data.refunds}
    people = {row["email"]: row for row in (compose.person(order.data) for order in batch) if row}
    rows = [
        {
            "id": order.id,
            "external_id": order.external_id,
            "refunded_total": sum(refund.amount for refund in order.data.refunds),
            **order.row,
        }
        for order in batch
    ]
    found = execute(
        INSERT,
        connection=connection_id,
        now=clock.business_now(),
        orders=as_json(rows),
        people=as_json(list(people.values())),
        lines=as_json([line for order in batch for line in order.lines]),
        refunds=as_json([refund for several in refunds.values() for refund in several]),
    )
    placed = {order_id for (order_id,) in found}
    new = [order for order in batch if order.id in placed]
    return placed, [fact for order in new for fact in _facts(order, refunds.get(order.id, []))]


def _facts(order: Composed, refunds: list[Row]) -> Iterator[Fact]:
    yield OrderPlaced(order_id=order.id)
    if order.data.cancelled_at:
        yield OrderCancelled(order_id=order.id)
    refunded = 0
    for refund in sorted(refunds, key=lambda row: (row["processed_at"], row["external_id"])):
        refunded += refund["amount"]
        yield OrderRefunded(order_id=order.id, refund_id=refund["id"], full=refunded >= order.data.total)
