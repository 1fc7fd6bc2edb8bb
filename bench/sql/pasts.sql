-- Orders of one merchant over the last 80 days, each with a parcel that arrives in four days, and the facts that were told of both.
WITH placed AS (
  SELECT gen_random_uuid() AS id, gen_random_uuid() AS parcel, n, now() - interval '80 days' + n * (interval '80 days' / %(count)s) AS at
  FROM generate_series(1, %(count)s) n),
orders AS (
  INSERT INTO orders_order (id, merchant_id, connection_id, external_id, number, email, phone, placed_at, source_updated_at, recorded_at,
    currency, items_total, discount_total, shipping_total, tax_total, total, refunded_total, taxes_included, shop_currency, discount_codes,
    ship_country, ship_postcode, tags, channel, locale, test, financial_status, fulfilment_status, cancel_reason, extra)
  SELECT id, %(merchant)s, %(connection)s, 'past-' || n, '#' || n, 'shopper' || n || '@example.com', '', at, at, at, 'EUR', 4900, 0, 490, 0,
    5390, 0, true, 'EUR', '{}', 'DE', '10119', '{}', 'web', 'de', false, 'paid', '', '', '{}' FROM placed),
parcels AS (
  INSERT INTO tracking_shipment (id, merchant_id, order_id, connection_id, external_id, carrier, number, service, tracking_url, origin_country,
    created_at, shipped_at, status, substatus, party, action_required, attempts, signed_by, estimate_source, health, version)
  SELECT parcel, %(merchant)s, id, %(connection)s, '', 'dhl', 'N' || n, '', '', 'DE', at + interval '1 day', at + interval '1 day',
    'delivered', '', '', '', 0, '', '', '{}', 1 FROM placed),
said AS (
  INSERT INTO notifications_consent (id, merchant_id, address, channel, purpose, given, text, source, at)
  SELECT gen_random_uuid(), %(merchant)s, 'shopper' || n || '@example.com', 'email', 'marketing', n %% 5 > 0, '', 'checkout', at FROM placed),
told AS (
  SELECT id, parcel, at + after AS at, kind, about, more::jsonb AS more FROM placed CROSS JOIN (VALUES
    (interval '0', 'order.placed', 'order', '{}'),
    (interval '1 day', 'shipment.created', 'parcel', '{}'),
    (interval '2 days', 'shipment.moved', 'parcel', '{"old": "pending", "new": "in_transit", "substatus": ""}'),
    (interval '50 hours', 'shipment.estimate_changed', 'parcel', '{"was": null, "now": "2026-11-30", "slipped": false}'),
    (interval '94 hours', 'shipment.moved', 'parcel', '{"old": "in_transit", "new": "out_for_delivery", "substatus": ""}'),
    (interval '4 days', 'shipment.moved', 'parcel', '{"old": "out_for_delivery", "new": "delivered", "substatus": ""}'),
    (interval '4 days', 'order.delivered', 'order', '{}')) AS v (after, kind, about, more))
INSERT INTO events_domainevent (id, merchant_id, kind, subject, thread, payload, occurred_at, relayed_at, attempts, error)
SELECT gen_random_uuid(), %(merchant)s, kind, CASE about WHEN 'order' THEN id ELSE parcel END, id,
  more || jsonb_build_object('order_id', id) || CASE WHEN kind IN ('shipment.moved', 'order.delivered') THEN
    jsonb_build_object('at', to_char(at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS"Z"')) ELSE '{}' END
    || CASE about WHEN 'parcel' THEN jsonb_build_object('shipment_id', parcel) ELSE '{}' END, at, at, 0, '' FROM told WHERE at < now()
