"""The one way in for orders, whoever sends them: a shop's webhook, the API, an import."""

import uuid
from collections.abc import Iterable, Sequence
from datetime import datetime

from integrations.types import OrderData, OrderDeleted, Outcome, Recorded
from orders import amend, check, compose, hold, place
from orders.amend import Edit, Known
from orders.hold import Held
from postpurchase.events import bus

DELETED = "deleted in the shop"


def record_orders(orders: Sequence[OrderData], *, connection_id: uuid.UUID, decoded: bool = False, news: bool = True) -> list[Recorded]:
    """Upsert orders of a connection of the merchant in scope, and publish what became true, in a few statements for any number.

    Returns a result per item, in the order given; an item that is refused leaves the others alone. A copy older than the one we hold,
    by `updated_at`, is STALE; an equal one is UNCHANGED, and a different one of the same time counts as newer. `decoded`: see check.order.
    Without `news` new orders are not told of: a parcel made us know of them, and its buyer placed them long ago.
    """
    checked = [check.order(order, decoded=decoded) for order in orders]
    newest = _newest(read for read, errors in checked if not errors)
    known: Known = {}
    if newest:
        batch = [compose.order(newest[external_id]) for external_id in sorted(newest)]
        placed = place.insert(batch, connection_id=connection_id, news=news)
        known = {order.external_id: (order.id, Outcome.CREATED) for order in batch if order.id in placed}
        if len(placed) < len(batch):
            amended, facts = amend.update([order for order in batch if order.id not in placed], connection_id=connection_id)
            known |= amended
            bus.publish_all(facts)
    return [
        Recorded(Outcome.REFUSED, external_id=str(read.external_id), errors=errors) if errors else _result(read, newest, known)
        for read, errors in checked
    ]


def record_new(orders: Sequence[OrderData], *, connection_id: uuid.UUID) -> list[Recorded | None]:
    """CREATED for those of a batch that are right and new, in one statement; None for each other, of which nothing is written.

    For doors that take single orders and write what comes in at once together; the rest goes through record_orders. They come decoded.
    """
    first: dict[str, OrderData] = {}
    for order in orders:
        if order.external_id not in first and not check.order(order, decoded=True)[1]:
            first[order.external_id] = order
    batch = [compose.order(first[external_id]) for external_id in sorted(first)]
    placed = place.insert(batch, connection_id=connection_id) if batch else set()
    made = {order.external_id: order.id for order in batch if order.id in placed}
    return [
        Recorded(Outcome.CREATED, external_id=order.external_id, id=made[order.external_id])
        if order is first.get(order.external_id) and order.external_id in made
        else None
        for order in orders
    ]


def mark_deleted(deleted: Sequence[OrderDeleted], *, connection_id: uuid.UUID) -> list[Recorded]:
    """Orders that the shop deleted count as cancelled; nothing is removed here. Copies older than the deletion are dropped from now on.

    Returns a result per item, in the order given. One for an order that the connection has not told of is PARKED.
    """
    checked = [check.deletion(item) for item in deleted]
    latest: dict[str, datetime] = {}
    for item in sorted((read for read, errors in checked if not errors), key=lambda item: item.at):
        latest[item.external_id] = item.at
    held = hold.orders(latest, connection_id=connection_id)
    edits = {external_id: _deletion(order, latest[external_id]) for external_id, order in held.items()}
    amend.write(list(edits.values()))
    bus.publish_all(fact for edit in edits.values() for fact in amend.facts(edit))
    return [
        Recorded(Outcome.REFUSED, external_id=str(read.external_id), errors=errors) if errors else _of_deletion(read, edits)
        for read, errors in checked
    ]


def _deletion(held: Held, at: datetime) -> Edit:
    row = held.row | {"source_updated_at": max(at, held.row["source_updated_at"])}
    if not held.row["cancelled_at"]:
        row |= {"cancelled_at": at, "cancel_reason": DELETED}
    return Edit(held, row, amend.differences(held.row, row))


def _of_deletion(item: OrderDeleted, edits: dict[str, Edit]) -> Recorded:
    edit = edits.get(item.external_id)
    if edit is None:
        return Recorded(Outcome.PARKED, external_id=item.external_id, parked_for=f"order:{item.external_id}")
    return Recorded(Outcome.UPDATED if edit.changed else Outcome.UNCHANGED, external_id=item.external_id, id=edit.held.id)


def _newest(orders: Iterable[OrderData]) -> dict[str, OrderData]:
    """The newest copy of each order in a batch; of two of the same time the later one."""
    found: dict[str, OrderData] = {}
    for order in orders:
        held = found.get(order.external_id)
        if held is None or order.updated_at >= held.updated_at:
            found[order.external_id] = order
    return found


def _result(order: OrderData, newest: dict[str, OrderData], known: Known) -> Recorded:
    row_id, outcome = known[order.external_id]
    kept = newest[order.external_id]
    if order is not kept:
        outcome = Outcome.UNCHANGED if order == kept else Outcome.STALE
    return Recorded(outcome, external_id=order.external_id, id=row_id)
