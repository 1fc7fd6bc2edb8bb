"""What a tracking page shows, in one call. A function, because planning the statement takes several times as long as running it.

It is kept on this floor, the lowest that knows orders, parcels and messages. It runs as its caller, so row level security holds.
A plan outlives the day on which the tables were small: hence enable_seqscan.

`tracking_page` is a door as well: the gate names the merchant, whose scope is open from there to the function's end. Should it fail,
PostgreSQL gives app.merchant its former value back by itself.
"""

from django.db import migrations

# `guarded`: what carriers sometimes write into a scan although it is nobody's business. It is looked for, never shown.
FACTS = """
CREATE FUNCTION tracking_page_facts(p_merchant uuid, p_order uuid, p_most int) RETURNS text
LANGUAGE plpgsql STABLE SECURITY INVOKER SET enable_seqscan = off SET plan_cache_mode = force_generic_plan AS $$
BEGIN
  RETURN (SELECT json_build_object(
    'slug', (SELECT slug FROM tenancy_merchant WHERE id = p_merchant),
    'order', json_build_object('id', o.id, 'number', o.number, 'placed_at', o.placed_at, 'ship_country', o.ship_country,
      'promised_from', o.promised_from, 'promised_to', o.promised_to, 'cancelled_at', o.cancelled_at, 'delivered_at', o.delivered_at,
      'erased_at', o.erased_at, 'refunded', o.refunded_total > 0, 'has_email', o.email <> '',
      'guarded', array_remove(ARRAY[o.email, o.phone, o.shipping_address ->> 'name', o.shipping_address ->> 'line1',
        o.shipping_address ->> 'line2', o.shipping_address ->> 'phone', o.billing_address ->> 'name'], NULL)),
    'brand', (SELECT json_build_object('name', b.name, 'logo_url', b.logo_url, 'accent', b.accent, 'surface', b.surface,
        'time_zone', b.time_zone, 'website', b.website, 'support_email', b.support_email, 'support_phone', b.support_phone,
        'support_url', b.support_url, 'return_policy_url', b.return_policy_url, 'handling_days', b.handling_days,
        'transit_days_min', b.transit_days_min, 'transit_days_max', b.transit_days_max)
      FROM tenancy_brand b WHERE b.merchant_id = p_merchant ORDER BY b.id LIMIT 1),
    'lines', (SELECT coalesce(json_agg(json_build_object('id', l.id, 'title', l.title, 'variant', l.variant, 'quantity', l.quantity,
        'requires_shipping', l.requires_shipping, 'refunded', coalesce((SELECT sum(r.quantity)
          FROM orders_refund f, jsonb_to_recordset(f.lines) AS r (line_external_id text, quantity int)
          WHERE f.merchant_id = p_merchant AND f.order_id = l.order_id AND r.line_external_id = l.external_id), 0)
      ) ORDER BY l.position, l.id), '[]') FROM orders_line l
      WHERE l.merchant_id = p_merchant AND l.order_id = o.id AND l.removed_at IS NULL),
    'parcels', (SELECT coalesce(json_agg(json_build_object('id', s.id, 'carrier', s.carrier, 'number', s.number,
        'tracking_url', s.tracking_url, 'status', s.status, 'substatus', s.substatus, 'action_required', s.action_required,
        'health', s.health, 'created_at', s.created_at, 'shipped_at', s.shipped_at, 'first_scan_at', s.first_scan_at,
        'last_scan_at', s.last_scan_at, 'out_at', s.out_at, 'delivered_at', s.delivered_at, 'promised_on', s.promised_on,
        'first_estimate_on', s.first_estimate_on, 'estimate_on', s.estimate_on, 'estimate_earliest_on', s.estimate_earliest_on,
        'estimate_source', s.estimate_source,
        'items', (SELECT coalesce(json_agg(json_build_object('line', i.line_id, 'quantity', i.quantity)), '[]')
          FROM tracking_shipmentline i WHERE i.merchant_id = p_merchant AND i.shipment_id = s.id),
        'scans', (SELECT coalesce(json_agg(json_build_array(c.occurred_at, c.local_time, c.text, c.status, c.substatus, c.city, c.country,
            c.carrier, c.received_at) ORDER BY c.occurred_at DESC, c.id DESC), '[]') FROM (
          SELECT * FROM tracking_scan WHERE merchant_id = p_merchant AND shipment_id = s.id
          ORDER BY occurred_at DESC, id DESC LIMIT p_most) c)
      ) ORDER BY s.created_at, s.id), '[]') FROM tracking_shipment s WHERE s.merchant_id = p_merchant AND s.order_id = o.id),
    'message', (SELECT m.id FROM notifications_message m
      WHERE m.merchant_id = p_merchant AND m.order_id = o.id AND NOT m.test ORDER BY m.id LIMIT 1)
  )::text FROM orders_order o WHERE o.merchant_id = p_merchant AND o.id = p_order);
END $$"""

PAGE = """
CREATE FUNCTION tracking_page(p_order uuid, p_most int) RETURNS TABLE (page_merchant uuid, page_version text, page_facts text)
LANGUAGE plpgsql SECURITY INVOKER AS $$
DECLARE
  outer_merchant text := coalesce(current_setting('app.merchant', true), '');
BEGIN
  SELECT g.merchant_id, g.version INTO page_merchant, page_version FROM gate_tracking_page(p_order) g;
  IF FOUND THEN
    PERFORM set_config('app.merchant', page_merchant::text, true);
    page_facts := tracking_page_facts(page_merchant, p_order, p_most);
    PERFORM set_config('app.merchant', outer_merchant, true);
    RETURN NEXT;
  END IF;
END $$"""


class Migration(migrations.Migration):
    dependencies = [("notifications", "0005_turn"), ("tracking", "0003_page_gate"), ("orders", "0007_place_and_tell")]
    operations = [
        migrations.RunSQL(FACTS, "DROP FUNCTION tracking_page_facts(uuid, uuid, int)"),
        migrations.RunSQL(PAGE, "DROP FUNCTION tracking_page(uuid, int)"),
    ]
