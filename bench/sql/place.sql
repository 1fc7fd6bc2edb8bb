-- What one call of ours writes for a batch of orders, as one function; ~ in a stored batch becomes a tag of its own.
CREATE SCHEMA IF NOT EXISTS bench;
GRANT USAGE ON SCHEMA bench TO postpurchase_app;
CREATE SEQUENCE bench.tag START 1099511627776;
CREATE TABLE bench.batch (name text PRIMARY KEY, key bytea, merchant uuid, connection uuid, orders text, people text, lines text,
  facts text);
GRANT USAGE ON SEQUENCE bench.tag TO postpurchase_app;
GRANT SELECT ON bench.batch TO postpurchase_app;
CREATE FUNCTION bench.place(p_name text) RETURNS bigint LANGUAGE plpgsql AS $$
DECLARE b bench.batch; placed bigint; digits text := lpad(to_hex(nextval('bench.tag')), 12, '0');
  tag text := left(digits, 8) || '-' || right(digits, 4);
BEGIN
  SELECT * INTO b FROM bench.batch WHERE name = p_name;
  PERFORM * FROM gate_api_key(b.key);
  PERFORM set_config('role', 'none', true), set_config('app.merchant', b.merchant::text, true);
  SELECT count(*) INTO placed FROM orders_place(b.merchant, b.connection, now(), replace(b.orders, '~', tag)::jsonb,
    replace(b.people, '~', tag)::jsonb, replace(b.lines, '~', tag)::jsonb, '[]');
  INSERT INTO events_domainevent (id, merchant_id, kind, subject, thread, payload, occurred_at, attempts)
  SELECT id, b.merchant, kind, subject, thread, payload, now(), 0
  FROM jsonb_to_recordset(replace(b.facts, '~', tag)::jsonb) AS r (id uuid, kind text, subject uuid, thread uuid, payload jsonb);
  RETURN placed;
END $$;
