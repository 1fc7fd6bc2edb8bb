"""The yardsticks in SQL: what one call of ours writes, as one database function, without HTTP, Python or checks."""

from typing import Any

from bench import story
from bench.ground import Ground
from bench.story import MARK, Shop
from integrations.types import OrderData
from orders import compose
from orders.statement import as_json
from postpurchase.embedded.progress import step
from postpurchase.events.catalogue import OrderPlaced
from postpurchase.tenancy.keys import digest

SCHEMA = """
CREATE SCHEMA IF NOT EXISTS bench;
GRANT USAGE ON SCHEMA bench TO postpurchase_app;
CREATE SEQUENCE bench.tag START 1099511627776;
CREATE TABLE bench.batch (name text PRIMARY KEY, key bytea, merchant uuid, connection uuid, orders text, people text, lines text, facts text);
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
"""
BATCH = "INSERT INTO bench.batch VALUES (%s, %s, %s, %s, %s, %s, %s, %s)"


STOCKED = 20_000  # orders


def prepare(ground: Ground) -> None:
    """The schema of the yardsticks; and a merchant with orders, because plans made for empty tables are not those of a shop that runs."""
    ground.sql(SCHEMA)
    bulk = batch(ground, story.shop("stock"), "stock", 500)
    with step(f"{STOCKED:,} orders as stock"):
        for times in (1, STOCKED // 500 - 1):  # statistics as soon as there is something to count: a server's own come within a minute
            ground.sql("SET synchronous_commit = off; " + ";".join([bulk] * times))
            ground.sql("VACUUM ANALYZE")


def batch(ground: Ground, shop: Shop, name: str, size: int) -> str:
    """Keep a batch of orders under a name; returns the statement that places it."""
    composed = [_named(index, compose.order(data)) for index, data in enumerate(map(story.order, range(size)))]
    orders = [{"id": own["order"], "external_id": data.external_id, "refunded_total": 0, **row} for own, data, row, _, _ in composed]
    people = [person | {"id": own["person"]} for own, _, _, person, _ in composed]
    lines = [
        line | {"id": f"{own['lines']}{index:012x}", "order_id": own["order"]}
        for own, _, _, _, rows in composed
        for index, line in enumerate(rows)
    ]
    facts = [_fact(own) for own, *_ in composed]
    parts = [as_json(rows) for rows in (orders, people, lines, facts)]
    ground.sql(BATCH, (name, digest(shop.key), str(shop.merchant_id), str(shop.api_id), *parts))
    return f"SELECT bench.place('{name}')"


def _named(index: int, made: compose.Composed) -> tuple[dict[str, str], OrderData, dict[str, Any], dict[str, Any], list[dict[str, Any]]]:
    """Ids that begin with MARK, so that they sort by time as ours do."""
    own = {kind: f"{MARK}-7{number:03x}-8{index:03x}-000000000000" for number, kind in enumerate(("order", "person", "fact"))}
    own["lines"] = f"{MARK}-7fff-8{index:03x}-"
    return own, made.data, made.row, compose.person(made.data) or {}, made.lines


def _fact(own: dict[str, str]) -> dict[str, Any]:
    about = {"subject": own["order"], "thread": own["order"], "payload": {"order_id": own["order"]}}
    return {"id": own["fact"], "kind": OrderPlaced.kind, **about}
