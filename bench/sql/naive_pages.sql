-- The same in the naive tables.
INSERT INTO naive_customer (merchant_id, external_id, email, phone, first_name, last_name, locale)
SELECT m.id, '', 'mia' || n || '@example.com', '', 'Mia', 'Berg', 'de' FROM naive_merchant m, generate_series(1, %(count)s) n;
INSERT INTO naive_order (merchant_id, customer_id, external_id, number, email, phone, placed_at, updated_at, currency, total,
  shipping_total,
  tax_total, taxes_included, shipping_address, discount_codes, tags, channel, locale, financial_status)
SELECT merchant_id, id, 'page-' || row_number() OVER (ORDER BY id), '#' || id, email, '', now(), now(), 'EUR', 24570, 490, 0, true, '{}',
  '[]', '[]',
  'web', 'de', 'paid' FROM naive_customer ORDER BY id DESC LIMIT %(count)s;
INSERT INTO naive_line (order_id, external_id, title, variant, sku, product_id, image_url, quantity, unit_price, weight_grams)
SELECT o.id, n, 'Linen shirt', 'White / M', 'SKU-1', 'prod-1', 'https://cdn.example.com/products/1/front-1024x1024.jpg', n, 4900, 320
FROM naive_order o, generate_series(1, 3) n WHERE o.external_id LIKE 'page-%%';
INSERT INTO naive_shipment (order_id, carrier, number, status, expected_on)
SELECT id, 'dhl', 'W3' || id, 'in_transit', current_date + 2 FROM naive_order WHERE external_id LIKE 'page-%%';
INSERT INTO naive_scan (shipment_id, occurred_at, text, status, city, country)
SELECT s.id, now() - n * interval '5 hours', 'Departed facility', 'in_transit', 'Leipzig', 'DE' FROM naive_shipment s, generate_series(1,
  10) n
