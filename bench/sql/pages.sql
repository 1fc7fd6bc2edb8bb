-- A parcel with ten scans for every order in stock.
WITH shop AS (SELECT merchant, connection FROM bench.batch WHERE name = 'stock'),
parcel AS (
  INSERT INTO tracking_shipment (id, merchant_id, order_id, connection_id, external_id, carrier, number, service, tracking_url,
    origin_country, shipped_at, created_at, status, substatus, party, action_required, status_at, first_scan_at, last_scan_at, attempts,
    signed_by, estimate_on, estimate_source, health, version)
  SELECT gen_random_uuid(), shop.merchant, o.id, shop.connection, 'w3-' || o.external_id, 'dhl', 'W3' || replace(o.external_id, '-', ''),
    '', '', 'DE', now() - interval '3 days', now() - interval '3 days', 'in_transit', '', '', '', now(), now() - interval '2 days', now(),
    0, '', current_date + 2, 'carrier', '{}', 1
  FROM shop JOIN orders_order o ON o.merchant_id = shop.merchant LIMIT %(count)s
  RETURNING id, merchant_id, order_id),
item AS (
  INSERT INTO tracking_shipmentline (id, merchant_id, shipment_id, line_id, quantity)
  SELECT gen_random_uuid(), p.merchant_id, p.id, l.id, l.quantity FROM parcel p JOIN orders_line l ON l.order_id = p.order_id),
scan AS (
  INSERT INTO tracking_scan (id, merchant_id, shipment_id, fingerprint, occurred_at, zone_known, code, text, status, substatus, party,
    action_required, carrier, city, region, postcode, country, source, signed_by, received_at, extra)
  SELECT gen_random_uuid(), merchant_id, parcel.id, decode(md5(n::text), 'hex'), now() - n * interval '5 hours', true, 'x' || n,
    'Departed facility', 'in_transit', '', '', '', 'dhl', 'Leipzig', '', '04435', 'DE', 'easypost', '', now(), '{}'
  FROM parcel, generate_series(1, 10) n)
SELECT order_id FROM parcel
