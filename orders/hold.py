"""Lock orders that stand, and read what they hold."""

import uuid
from collections import defaultdict
from collections.abc import Collection
from dataclasses import dataclass
from typing import Any

from orders.compose import LINE, ORDER
from postpurchase.tenancy.statement import Row, execute, from_json, names

# Locked in the order of their external ids, as they are inserted: overlapping batches wait in turn. NO KEY: writers of child rows pass.
LOCK = f"""
SELECT id, external_id, customer_id, refunded_total, erased_at IS NOT NULL, {names(ORDER)} FROM orders_order
WHERE merchant_id = %(merchant)s AND connection_id = %(connection)s AND external_id = ANY(%(external_ids)s)
ORDER BY external_id FOR NO KEY UPDATE"""
LINES = f"""
SELECT order_id, id, removed_at IS NOT NULL, {names(LINE)} FROM orders_line
WHERE merchant_id = %(merchant)s AND order_id = ANY(%(orders)s)"""
JSON = [name for name, kind in ORDER.items() if kind == "jsonb"]


@dataclass(slots=True)
class Held:
    """An order as it stands, locked until the transaction ends. `row` has the columns of compose.ORDER."""

    id: uuid.UUID
    external_id: str
    customer_id: uuid.UUID | None
    refunded_total: int
    erased: bool
    row: Row


@dataclass(slots=True)
class HeldLine:
    """A line as it stands. `row` has the columns of compose.LINE."""

    id: uuid.UUID
    removed: bool
    row: Row


def orders(external_ids: Collection[str], *, connection_id: uuid.UUID) -> dict[str, Held]:
    """Those of the orders that the connection has told of, by external id, locked."""
    if not external_ids:
        return {}
    found = execute(LOCK, connection=connection_id, external_ids=list(external_ids))
    return {
        external_id: Held(row_id, external_id, customer_id, refunded, erased, _row(told))
        for row_id, external_id, customer_id, refunded, erased, *told in found
    }


def lines(order_ids: Collection[uuid.UUID]) -> dict[uuid.UUID, dict[str, HeldLine]]:
    """The lines of orders, removed ones too: order id -> external id -> line. Lock the orders first."""
    found: dict[uuid.UUID, dict[str, HeldLine]] = defaultdict(dict)
    for order_id, line_id, removed, *values in execute(LINES, orders=list(order_ids)) if order_ids else ():
        row = dict(zip(LINE, values, strict=True))
        found[order_id][row["external_id"]] = HeldLine(line_id, removed, row)
    return found


def _row(values: list[Any]) -> Row:
    row: Row = dict(zip(ORDER, values, strict=True))
    return row | {name: from_json(row[name]) for name in JSON}
