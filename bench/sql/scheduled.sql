-- Messages a second apart, without orders.
INSERT INTO notifications_message (id, merchant_id, node, template, stream, guarantee, to_address, locale, context, dedupe_key, test,
  created_at,
  due_at, state, reason, attempts, subject, provider_ref, error)
SELECT gen_random_uuid(), (%(merchants)s::uuid[])[1 + n %% cardinality(%(merchants)s::uuid[])], '', 'access_code', 'transactional', 'amo',
  'shopper' || n || '@example.com', 'en', '{"code": "123 456", "minutes": 10}', %(name)s || n, false, now(),
  now() + %(after)s + n * interval '1 second', 'due', '', 0, '', '', '' FROM generate_series(1, %(count)s) AS n
