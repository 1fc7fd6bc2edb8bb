"""The yardsticks in SQL: what one call of ours writes, as one database function, without HTTP, Python or checks."""

from typing import Any

from bench import story
from bench.ground import Ground
from bench.story import MARK, Shop
from integrations.types import OrderData
from orders import compose
from postpurchase.embedded.progress import step
from postpurchase.events.catalogue import OrderPlaced
from postpurchase.tenancy.keys import digest
from postpurchase.tenancy.statement import as_json

BATCH = "INSERT INTO bench.batch VALUES (%s, %s, %s, %s, %s, %s, %s, %s)"


STOCKED = 20_000  # orders


def prepare(ground: Ground) -> None:
    """The schema of the yardsticks; and a merchant with orders, because plans made for empty tables are not those of a shop that runs."""
    ground.script("place")
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
