"""Everything an anonymous tracking page shows, in one statement. No name, address, email or price leaves the database here."""

from datetime import date, datetime
from uuid import UUID

import msgspec
from django.db import connection
from msgspec import Struct

from postpurchase.tenancy import scope

MOST_SCANS = 100  # of one parcel, the newest

# `guarded`: what carriers sometimes write into a scan although it is nobody's business. It is looked for, never shown.
READ = """
SELECT json_build_object(
  'slug', (SELECT slug FROM tenancy_merchant WHERE id = %(merchant)s),
  'order', json_build_object('id', o.id, 'number', o.number, 'placed_at', o.placed_at, 'country', o.ship_country,
    'promised_from', o.promised_from, 'promised_to', o.promised_to, 'cancelled_at', o.cancelled_at, 'delivered_at', o.delivered_at,
    'erased_at', o.erased_at, 'refunded', o.refunded_total > 0, 'has_email', o.email <> '',
    'guarded', array_remove(ARRAY[o.email, o.phone, o.shipping_address ->> 'name', o.shipping_address ->> 'line1',
      o.shipping_address ->> 'line2', o.shipping_address ->> 'phone', o.billing_address ->> 'name'], NULL)),
  'brand', (SELECT json_build_object('name', b.name, 'logo_url', b.logo_url, 'accent', b.accent, 'surface', b.surface,
      'time_zone', b.time_zone, 'website', b.website, 'support_email', b.support_email, 'support_phone', b.support_phone,
      'support_url', b.support_url, 'return_policy_url', b.return_policy_url, 'handling_days', b.handling_days,
      'transit_days_min', b.transit_days_min, 'transit_days_max', b.transit_days_max)
    FROM tenancy_brand b WHERE b.merchant_id = %(merchant)s ORDER BY b.id LIMIT 1),
  'lines', (SELECT coalesce(json_agg(json_build_object('id', l.id, 'title', l.title, 'variant', l.variant, 'quantity', l.quantity,
      'requires_shipping', l.requires_shipping, 'refunded', coalesce((SELECT sum(r.quantity)
        FROM orders_refund f, jsonb_to_recordset(f.lines) AS r (line_external_id text, quantity int)
        WHERE f.merchant_id = %(merchant)s AND f.order_id = l.order_id AND r.line_external_id = l.external_id), 0)
    ) ORDER BY l.position, l.id), '[]') FROM orders_line l
    WHERE l.merchant_id = %(merchant)s AND l.order_id = o.id AND l.removed_at IS NULL),
  'parcels', (SELECT coalesce(json_agg(json_build_object('id', s.id, 'carrier', s.carrier, 'number', s.number,
      'tracking_url', s.tracking_url, 'status', s.status, 'substatus', s.substatus, 'action_required', s.action_required,
      'health', s.health, 'created_at', s.created_at, 'shipped_at', s.shipped_at, 'first_scan_at', s.first_scan_at,
      'last_scan_at', s.last_scan_at, 'out_at', s.out_at, 'delivered_at', s.delivered_at, 'promised_on', s.promised_on,
      'first_estimate_on', s.first_estimate_on, 'estimate_on', s.estimate_on, 'estimate_earliest_on', s.estimate_earliest_on,
      'estimate_source', s.estimate_source,
      'items', (SELECT coalesce(json_agg(json_build_object('line', i.line_id, 'quantity', i.quantity)), '[]')
        FROM tracking_shipmentline i WHERE i.merchant_id = %(merchant)s AND i.shipment_id = s.id),
      'scans', (SELECT coalesce(json_agg(c ORDER BY c.occurred_at DESC, c.id DESC), '[]') FROM (
        SELECT id, occurred_at, local_time, text, status, substatus, city, country, carrier, received_at FROM tracking_scan
        WHERE merchant_id = %(merchant)s AND shipment_id = s.id ORDER BY occurred_at DESC, id DESC LIMIT %(most)s) c)
    ) ORDER BY s.created_at, s.id), '[]') FROM tracking_shipment s WHERE s.merchant_id = %(merchant)s AND s.order_id = o.id),
  'message', (SELECT m.id FROM notifications_message m
    WHERE m.merchant_id = %(merchant)s AND m.order_id = o.id AND NOT m.test ORDER BY m.id LIMIT 1)
)::text FROM orders_order o WHERE o.merchant_id = %(merchant)s AND o.id = %(order)s"""


class OrderRow(Struct):
    """The order, without the person."""

    id: UUID
    number: str
    placed_at: datetime
    country: str
    promised_from: date | None
    promised_to: date | None
    cancelled_at: datetime | None
    delivered_at: datetime | None
    erased_at: datetime | None
    refunded: bool
    has_email: bool
    guarded: list[str]


class BrandRow(Struct):
    """How the shop looks and where it is reached."""

    name: str
    logo_url: str
    accent: str
    surface: str
    time_zone: str
    website: str
    support_email: str
    support_phone: str
    support_url: str
    return_policy_url: str
    handling_days: int
    transit_days_min: int
    transit_days_max: int


class LineRow(Struct):
    """A product, without its price. `refunded`: units that will not come."""

    id: UUID
    title: str
    variant: str
    quantity: int
    requires_shipping: bool
    refunded: int


class ItemRow(Struct):
    """Units of a line in a parcel."""

    line: UUID
    quantity: int


class ScanRow(Struct):
    """What a carrier saw. `local_time` is the clock on the wall there, written as if in UTC."""

    occurred_at: datetime
    local_time: datetime | None
    text: str
    status: str
    substatus: str
    city: str
    country: str
    carrier: str
    received_at: datetime


class ParcelRow(Struct):
    """A parcel; its scans newest first."""

    id: UUID
    carrier: str
    number: str
    tracking_url: str
    status: str
    substatus: str
    action_required: str
    health: list[str]
    created_at: datetime
    shipped_at: datetime | None
    first_scan_at: datetime | None
    last_scan_at: datetime | None
    out_at: datetime | None
    delivered_at: datetime | None
    promised_on: date | None
    first_estimate_on: date | None
    estimate_on: date | None
    estimate_earliest_on: date | None
    estimate_source: str
    items: list[ItemRow]
    scans: list[ScanRow]


class Facts(Struct):
    """All of it. `message`: the first message about the order, whose link turns marketing off."""

    slug: str
    order: OrderRow
    brand: BrandRow
    lines: list[LineRow]
    parcels: list[ParcelRow]
    message: UUID | None


_decode = msgspec.json.Decoder(Facts).decode


def read(order_id: UUID) -> Facts | None:
    """The facts of an order of the merchant in scope, or None."""
    merchant = scope.demand("a tracking page").merchant_id
    with connection.cursor() as cursor:
        cursor.execute(READ, {"merchant": merchant, "order": order_id, "most": MOST_SCANS})
        row = cursor.fetchone()
    return _decode(row[0]) if row else None
