"""From parcels to their order: delivered once every parcel is, and no line still waits for one."""

from collections.abc import Collection
from datetime import datetime
from uuid import UUID

from orders.models import Order
from postpurchase.events.catalogue import Fact, OrderDelivered
from postpurchase.events.models import DomainEvent
from postpurchase.tenancy.statement import as_json, execute

# A parcel that lists no lines is taken to carry whatever is left. Refunded units wait for no parcel. Cancelled parcels do not count.
COMPLETE = """
WITH parcel AS (
    SELECT s.id, s.order_id, s.status, s.delivered_at,
        EXISTS (SELECT FROM tracking_shipmentline i WHERE i.merchant_id = s.merchant_id AND i.shipment_id = s.id) AS listed
    FROM tracking_shipment s
    WHERE s.merchant_id = %(merchant)s AND s.order_id = ANY(%(orders)s) AND s.status <> 'cancelled'),
packed AS (
    SELECT i.line_id, sum(i.quantity) AS units
    FROM tracking_shipmentline i JOIN parcel p ON p.id = i.shipment_id WHERE i.merchant_id = %(merchant)s GROUP BY i.line_id),
refunded AS (
    SELECT f.order_id, r.line_external_id, sum(r.quantity) AS units
    FROM orders_refund f, jsonb_to_recordset(f.lines) AS r (line_external_id text, quantity int)
    WHERE f.merchant_id = %(merchant)s AND f.order_id = ANY(%(orders)s) GROUP BY f.order_id, r.line_external_id),
waiting AS (
    SELECT DISTINCT l.order_id
    FROM orders_line l
    LEFT JOIN packed p ON p.line_id = l.id
    LEFT JOIN refunded r ON r.order_id = l.order_id AND r.line_external_id = l.external_id
    WHERE l.merchant_id = %(merchant)s AND l.order_id = ANY(%(orders)s) AND l.requires_shipping AND l.removed_at IS NULL
        AND l.quantity > coalesce(p.units, 0) + coalesce(r.units, 0))
SELECT order_id, max(delivered_at)
FROM parcel
GROUP BY order_id
HAVING bool_and(status = 'delivered') AND (bool_or(NOT listed) OR order_id NOT IN (SELECT order_id FROM waiting))"""

SET = """
UPDATE orders_order AS o SET delivered_at = r.at FROM jsonb_to_recordset(%(rows)s::jsonb) AS r (id uuid, at timestamptz)
WHERE o.merchant_id = %(merchant)s AND o.id = r.id"""


def roll_up(order_ids: Collection[UUID]) -> list[Fact]:
    """Set or clear Order.delivered_at by the orders' parcels. Returns OrderDelivered, once in an order's life.

    The orders are locked first: of two workers that deliver an order's last two parcels, the second sees both.
    """
    if not order_ids:
        return []
    locked = Order.objects.filter(pk__in=order_ids).order_by("pk").select_for_update(no_key=True)
    before = dict(locked.values_list("pk", "delivered_at"))
    after = _complete(list(before))
    changed = [{"id": order_id, "at": after.get(order_id)} for order_id, was in before.items() if was != after.get(order_id)]
    if changed:
        execute(SET, rows=as_json(changed))
    fresh = [order_id for order_id, was in before.items() if was is None and order_id in after]
    told = _told(fresh)
    return [OrderDelivered(order_id=order_id, at=after[order_id]) for order_id in fresh if order_id not in told]


def _complete(order_ids: list[UUID]) -> dict[UUID, datetime]:
    return dict(execute(COMPLETE, orders=order_ids))


def _told(order_ids: list[UUID]) -> set[UUID]:
    """Those whose delivery has been told before: a delivery that was revoked and came true after all is no news."""
    if not order_ids:
        return set()
    events = DomainEvent.objects.filter(thread__in=order_ids, kind=OrderDelivered.kind)
    return set(events.values_list("subject", flat=True))
