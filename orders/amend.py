"""Bring orders that stand up to a newer copy, and keep what changed as history."""

import uuid
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from integrations.types import Outcome
from orders import compose, customers, history, hold, refunds
from orders.compose import ERASED, LINE, ORDER, Composed
from orders.history import Changed
from orders.hold import Held, HeldLine
from postpurchase.events.catalogue import Fact, OrderCancelled, OrderChanged
from postpurchase.tenancy.statement import Row, as_json, assignments, execute, names, recordset

Known = dict[str, tuple[uuid.UUID, Outcome]]  # external id -> what became of the newest copy

# By ids, for a plan that looks them up: by merchant, one that is new since the last ANALYZE seems to have one row and is read whole.
UPDATE = f"""
UPDATE orders_order o SET {assignments(ORDER, "r")}, customer_id = r.customer_id
FROM {recordset("orders", {"id": "uuid", "customer_id": "uuid", **ORDER})} WHERE o.id = ANY(%(ids)s) AND o.id = r.id"""
LINES = f"""
INSERT INTO orders_line (id, merchant_id, order_id, {names(LINE)})
SELECT r.id, %(merchant)s, r.order_id, {names(LINE, "r.")} FROM {recordset("lines", {"id": "uuid", "order_id": "uuid", **LINE})}
ON CONFLICT (merchant_id, order_id, external_id) DO UPDATE SET {assignments(LINE, "excluded")}, removed_at = NULL"""
GONE = f"""
UPDATE orders_line l SET removed_at = r.removed_at FROM {recordset("lines", {"id": "uuid", "removed_at": "timestamptz"})}
WHERE l.id = ANY(%(ids)s) AND l.id = r.id"""


@dataclass(slots=True)
class Edit:
    """What a newer copy makes of an order that stands."""

    held: Held
    row: Row
    changed: Changed
    lines: list[Row] = field(default_factory=list)  # new or different, or back again
    gone: list[uuid.UUID] = field(default_factory=list)

    @property
    def at(self) -> datetime:
        """When the source made the copy."""
        at: datetime = self.row["source_updated_at"]
        return at


def update(batch: Sequence[Composed], *, connection_id: uuid.UUID) -> tuple[Known, list[Fact]]:
    """Apply copies of orders that stand; stale ones are dropped. Returns what became of each, and the facts to publish."""
    held = hold.orders([order.external_id for order in batch], connection_id=connection_id)
    current = [order for order in batch if order.data.updated_at >= held[order.external_id].row["source_updated_at"]]
    lines = hold.lines([held[order.external_id].id for order in current])
    edits = {order.external_id: _edit(order, held[order.external_id], lines) for order in current}
    _link_customers(current, edits)
    write(list(edits.values()))
    told = [(held[order.external_id], refund) for order in current for refund in order.data.refunds]
    refunded = refunds.write(told)
    touched = {held.id for held, refund in told if (held.id, refund.external_id) in refunded.rows}
    known: Known = {external_id: (order.id, Outcome.STALE) for external_id, order in held.items()}
    for external_id, edit in edits.items():
        different = edit.changed or edit.held.id in touched
        known[external_id] = (edit.held.id, Outcome.UPDATED if different else Outcome.UNCHANGED)
    return known, [fact for edit in edits.values() for fact in facts(edit)] + refunded.facts


def write(edits: Sequence[Edit]) -> None:
    """Store edits and their history, in at most four statements."""
    moved = [edit for edit in edits if edit.changed or edit.at != edit.held.row["source_updated_at"]]
    if moved:
        execute(
            UPDATE,
            ids=[edit.held.id for edit in moved],
            orders=as_json([{"id": edit.held.id, "customer_id": edit.held.customer_id, **edit.row} for edit in moved]),
        )
    if lines := [line for edit in moved for line in edit.lines]:
        execute(LINES, lines=as_json(lines))
    if gone := [{"id": line, "removed_at": edit.at} for edit in moved for line in edit.gone]:
        execute(GONE, ids=[line["id"] for line in gone], lines=as_json(gone))
    history.remember([(edit.held.id, edit.at, edit.changed) for edit in moved if edit.changed])


def facts(edit: Edit) -> Iterator[Fact]:
    """What has become true by an edit."""
    if edit.changed:
        fields = dict.fromkeys(name.partition("/")[0] for name in edit.changed)
        yield OrderChanged(order_id=edit.held.id, fields=tuple(fields))
    if edit.row["cancelled_at"] and not edit.held.row["cancelled_at"]:
        yield OrderCancelled(order_id=edit.held.id)


def differences(before: Row, after: Row) -> Changed:
    """Column -> [before, after] where they differ; of `extra` only the keys that do."""
    changed = {name: [before[name], after[name]] for name in ORDER if name != "source_updated_at" and before[name] != after[name]}
    if "extra" in changed:
        old, new = changed["extra"]
        keys = [key for key in {**old, **new} if old.get(key) != new.get(key) or (key in old) != (key in new)]
        changed["extra"] = [{key: side[key] for key in keys if key in side} for side in (old, new)]
    return changed


def _edit(order: Composed, held: Held, lines: dict[uuid.UUID, dict[str, HeldLine]]) -> Edit:
    row = order.row | ERASED if held.erased else order.row
    edit = Edit(held, row, differences(held.row, row))
    known = lines.get(held.id, {})
    for line in order.lines:
        _compare_line(edit, line, known.get(line["external_id"]))
    told = {line["external_id"] for line in order.lines}
    for external_id, gone in known.items():
        if external_id not in told and not gone.removed:
            edit.gone.append(gone.id)
            edit.changed[f"lines/{external_id}"] = [_brief(gone.row), None]
    return edit


def _compare_line(edit: Edit, line: Row, held: HeldLine | None) -> None:
    name = f"lines/{line['external_id']}"
    if held is None or held.removed:
        edit.changed[name] = [None, _brief(line)]
    else:
        changed = {f"{name}/{column}": [held.row[column], line[column]] for column in LINE if held.row[column] != line[column]}
        if not changed:
            return
        edit.changed.update(changed)
    edit.lines.append(line | {"order_id": edit.held.id})


def _brief(line: Row) -> Row:
    return {"title": line["title"], "quantity": line["quantity"]}


def _link_customers(orders: Sequence[Composed], edits: dict[str, Edit]) -> None:
    """Orders whose email is new to us get the customer of that email."""
    moved = [
        (edit, person)
        for order in orders
        for edit in (edits[order.external_id],)
        if edit.row["email"] and (edit.held.customer_id is None or "email" in edit.changed) and (person := compose.person(order.data))
    ]
    found = customers.know(person for _, person in moved)
    for edit, person in moved:
        edit.held.customer_id = found[person["email"]]
