-- Orders of one merchant, forty seconds apart.
INSERT INTO orders_order (id, merchant_id, connection_id, external_id, number, email, phone, placed_at, source_updated_at, recorded_at,
  currency, items_total, discount_total, shipping_total, tax_total, total, refunded_total, taxes_included, shop_currency, discount_codes,
  ship_country, ship_postcode, tags, channel, locale, test, financial_status, fulfilment_status, cancel_reason, extra)
SELECT gen_random_uuid(), %(merchant)s, %(connection)s, 'deep-' || n, '#' || n, 'shopper' || n %% 280000 || '@example.com', '',
  timestamptz '2025-01-01' + n * interval '40 seconds', now(), now(), 'EUR', 4900, 0, 490, 0, 5390, 0, true, 'EUR', '{}', 'DE', '10119',
  '{}', 'web', 'de', false, 'paid', '', '', '{}'
FROM generate_series(1, %(count)s) n
