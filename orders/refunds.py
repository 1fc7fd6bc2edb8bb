"""Refunds: each kept once, and the sum of them on the order."""

import uuid
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from integrations.types import FieldError, OrderRefundData, Outcome, Recorded, RefundData
from orders import check, compose, history, hold
from orders.compose import REFUND
from orders.hold import Held
from postpurchase.events import bus
from postpurchase.events.catalogue import Fact, OrderChanged, OrderRefunded, OrderRefundedWhole
from postpurchase.tenancy.statement import as_json, assignments, execute, names, recordset

WRITE = f"""
INSERT INTO orders_refund AS f (id, merchant_id, order_id, {names(REFUND)})
SELECT r.id, %(merchant)s, r.order_id, {names(REFUND, "r.")} FROM {recordset("refunds", {"id": "uuid", "order_id": "uuid", **REFUND})}
ON CONFLICT (merchant_id, order_id, external_id) DO UPDATE SET {assignments(REFUND, "excluded")}
WHERE ({names(REFUND, "f.")}) IS DISTINCT FROM ({names(REFUND, "excluded.")})
RETURNING order_id, external_id, id, amount, processed_at, xmax = 0"""
ADD_UP = """
UPDATE orders_order o SET refunded_total = s.refunded
FROM (SELECT order_id, sum(amount)::bigint AS refunded FROM orders_refund
      WHERE merchant_id = %(merchant)s AND order_id = ANY(%(orders)s) GROUP BY order_id) s
WHERE o.id = ANY(%(orders)s) AND o.id = s.order_id RETURNING o.id, o.total, o.refunded_total"""
FIND = """
SELECT f.order_id, f.external_id, f.id FROM orders_refund f
WHERE f.merchant_id = %(merchant)s AND f.order_id = ANY(%(orders)s) AND f.external_id = ANY(%(external_ids)s)"""
Key = tuple[uuid.UUID, str]  # order id, the refund's external id


@dataclass(slots=True)
class Row:
    """A refund that was written."""

    id: uuid.UUID
    amount: int
    processed_at: datetime
    is_new: bool


@dataclass(slots=True)
class Written:
    """What a batch of refunds changed; repeats are not in it."""

    rows: dict[Key, Row] = field(default_factory=dict)
    facts: list[Fact] = field(default_factory=list)


def write(told: Sequence[tuple[Held, RefundData]]) -> Written:
    """Upsert refunds of locked orders and add them up on the order; the caller publishes the facts. Of two of one id the last counts."""
    rows = {(held.id, refund.external_id): _row(held, refund) for held, refund in told}
    if not rows:
        return Written()
    found = execute(WRITE, refunds=as_json(list(rows.values())))
    written = Written({(order, external_id): Row(*rest) for order, external_id, *rest in found})
    if written.rows:
        totals = execute(ADD_UP, orders=list({order for order, _ in written.rows}))
        written.facts = list(_facts(written.rows, totals))
        _remember(written, {held.id: held for held, _ in told}, totals)
    return written


def record_refunds(refunds: Sequence[OrderRefundData], *, connection_id: uuid.UUID) -> list[Recorded]:
    """Record refunds told on their own. Amounts in minor units of the order's currency.

    Returns a result per item, in the order given, with the refund's id. One for an order that the connection has not told of is PARKED.
    """
    checked = [check.refund(refund) for refund in refunds]
    good = [read for read, errors in checked if not errors]
    held = hold.orders({read.order_external_id for read in good}, connection_id=connection_id)
    told = [(held[read.order_external_id], read.refund) for read in good if read.order_external_id in held]
    written = write(told)
    bus.publish_all(written.facts)
    silent = [(order.id, refund.external_id) for order, refund in told if (order.id, refund.external_id) not in written.rows]
    standing = _find(silent)
    return [_result(read, errors, held, written, standing) for read, errors in checked]


def _row(held: Held, refund: RefundData) -> dict[str, Any]:
    """Words about an erased order are not taken in again."""
    return compose.refund(refund, held.id) | ({"reason": ""} if held.erased else {})


def _facts(rows: dict[Key, Row], totals: list[tuple[uuid.UUID, int, int]]) -> Iterator[Fact]:
    by_order: dict[uuid.UUID, list[Row]] = defaultdict(list)
    for (order_id, _), row in rows.items():
        by_order[order_id].append(row)
    for order_id, total, refunded in totals:
        if any(not row.is_new for row in by_order[order_id]):
            yield OrderChanged(order_id=order_id, fields=("refunded_total",))
        new = sorted((row for row in by_order[order_id] if row.is_new), key=lambda row: (row.processed_at, row.id))
        before = refunded - sum(row.amount for row in new)
        yield from went_back(order_id, total, before, [(row.id, row.amount) for row in new])


def went_back(order_id: uuid.UUID, total: int, before: int, refunds: Iterable[tuple[uuid.UUID, int]]) -> Iterator[Fact]:
    """What new refunds, oldest first, make true of an order of which `before` had gone back already. All in its currency's minor units."""
    for refund_id, amount in refunds:
        after = before + amount
        yield OrderRefunded(order_id=order_id, refund_id=refund_id, full=after >= total)
        if before < total <= after:
            yield OrderRefundedWhole(order_id=order_id)
        before = after


def _remember(written: Written, held: dict[uuid.UUID, Held], totals: list[tuple[uuid.UUID, int, int]]) -> None:
    """A refund that was corrected changes what its order's history said; a new one is history by itself."""
    corrected = {order for (order, _), row in written.rows.items() if not row.is_new}
    history.remember(
        [
            (order, held[order].row["source_updated_at"], {"refunded_total": [held[order].refunded_total, refunded]})
            for order, _, refunded in totals
            if order in corrected
        ]
    )


def _find(keys: Sequence[Key]) -> dict[Key, uuid.UUID]:
    if not keys:
        return {}
    orders, external_ids = zip(*keys, strict=True)
    return {
        (order, external_id): row_id for order, external_id, row_id in execute(FIND, orders=list(orders), external_ids=list(external_ids))
    }


def _result(
    read: OrderRefundData, errors: list[FieldError], held: dict[str, Held], written: Written, standing: dict[Key, uuid.UUID]
) -> Recorded:
    external_id = str(read.refund.external_id)
    if errors:
        return Recorded(Outcome.REFUSED, external_id=external_id, errors=errors)
    if read.order_external_id not in held:
        return Recorded(Outcome.PARKED, external_id=external_id, parked_for=f"order:{read.order_external_id}")
    key = (held[read.order_external_id].id, external_id)
    row = written.rows.get(key)
    if row is None:
        return Recorded(Outcome.UNCHANGED, external_id=external_id, id=standing[key])
    return Recorded(Outcome.CREATED if row.is_new else Outcome.UPDATED, external_id=external_id, id=row.id)
