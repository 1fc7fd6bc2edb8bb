-- Parcels that nobody has scanned yet.
WITH parcel AS (
  INSERT INTO tracking_shipment (id, merchant_id, connection_id, external_id, carrier, number, service, tracking_url, origin_country,
    created_at,
    status, substatus, party, action_required, attempts, signed_by, estimate_source, health, version)
  SELECT gen_random_uuid(), %(merchant)s, %(connection)s, '', 'dhl', 'JD' || lpad(n::text, 10, '0'), '', '', 'DE', '2026-03-01',
    'pending', '', '',
    '', 0, '', '', '{}', 1 FROM generate_series(1, %(count)s) n RETURNING id, merchant_id, number)
INSERT INTO tracking_leg (id, merchant_id, shipment_id, position, carrier, number, epoch)
SELECT gen_random_uuid(), merchant_id, id, 0, 'dhl', number, 0 FROM parcel
