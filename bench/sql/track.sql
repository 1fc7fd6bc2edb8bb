-- What a carrier's webhook comes to, as one function.
CREATE TABLE bench.carrier (merchant uuid, connection uuid, headers jsonb, body text);
GRANT SELECT ON bench.carrier TO postpurchase_app;
CREATE FUNCTION bench.track() RETURNS void LANGUAGE plpgsql SET plan_cache_mode = force_generic_plan AS $$
DECLARE c bench.carrier; n bigint := nextval('bench.tag'); parcel uuid; told timestamptz := '2026-03-03T06:50:00Z';
BEGIN
  SELECT * INTO c FROM bench.carrier;
  PERFORM * FROM gate_inbound(c.connection);
  PERFORM set_config('role', 'none', true), set_config('app.merchant', c.merchant::text, true);
  INSERT INTO integrations_inbounddelivery (id, merchant_id, connection_id, delivery_id, topic, headers, body, received_at, state, due_at,
    attempts, parked_for, error)
  VALUES (gen_random_uuid(), c.merchant, c.connection, 'evt_y' || n, 'tracker.updated', c.headers, c.body::bytea, now(), 'done', now(),
    0, '', '')
  ON CONFLICT (merchant_id, connection_id, delivery_id) DO NOTHING;
  SELECT shipment_id INTO parcel FROM tracking_leg WHERE merchant_id = c.merchant AND number = 'JD' || lpad((1 + n % 20000)::text, 10,
    '0');
  INSERT INTO tracking_scan (id, merchant_id, shipment_id, fingerprint, occurred_at, zone_known, code, text, status, substatus, party,
    action_required, carrier, city, region, postcode, country, source, signed_by, received_at, extra)
  SELECT gen_random_uuid(), c.merchant, parcel, decode(md5(n || s.status), 'hex'), told, true, s.status, 'Departed', s.status, '', '',
    '', 'dhl',
    'Leipzig', '', '04435', 'DE', 'easypost', '', now(), '{}' FROM (VALUES ('info_received'), ('in_transit')) AS s (status)
  ON CONFLICT (merchant_id, shipment_id, fingerprint) DO NOTHING;
  UPDATE tracking_shipment SET status = 'in_transit', status_at = told, last_scan_at = told, first_scan_at = told, version = version + 1
  WHERE merchant_id = c.merchant AND id = parcel;
  INSERT INTO events_domainevent (id, merchant_id, kind, subject, thread, payload, occurred_at, attempts)
  VALUES (gen_random_uuid(), c.merchant, 'shipment.moved', parcel, NULL, '{"old": "pending", "new": "in_transit"}', now(), 0);
END $$
