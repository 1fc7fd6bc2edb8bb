"""Write orders that are new: customers, orders, lines and refunds of any number of orders in one call of a database function."""

import uuid
from collections.abc import Iterator, Sequence

from orders import compose, refunds
from orders.compose import Composed
from postpurchase.events import bus
from postpurchase.events.catalogue import Fact, OrderCancelled, OrderPlaced
from postpurchase.lib import clock
from postpurchase.tenancy.statement import Row, as_json, execute

INSERT = """
SELECT orders_place_and_tell(%(merchant)s, %(connection)s, %(now)s, %(orders)s, %(people)s, %(lines)s, %(refunds)s, %(facts)s)"""


def insert(batch: Sequence[Composed], *, connection_id: uuid.UUID, news: bool = True) -> set[uuid.UUID]:
    """Write those of the batch that are new, and publish what that makes true. Returns their ids. `news`: see intake.record_orders.

    `batch` has each external id once. An order that somebody else records at the same moment is theirs: it is not among the ids.
    """
    back = {order.id: [compose.refund(refund, order.id) for refund in order.data.refunds] for order in batch if order.data.refunds}
    people = {row["email"]: row for row in (compose.person(order.data) for order in batch) if row}
    rows = [
        {
            "id": order.id,
            "external_id": order.external_id,
            "refunded_total": sum(refund.amount for refund in order.data.refunds),
            **order.row,
        }
        for order in batch
    ]
    found = execute(
        INSERT,
        connection=connection_id,
        now=clock.business_now(),
        orders=as_json(rows),
        people=as_json(list(people.values())),
        lines=as_json([line for order in batch for line in order.lines]),
        refunds=as_json([refund for several in back.values() for refund in several]),
        facts=bus.as_json(fact for order in batch if news for fact in _facts(order, back.get(order.id, []))),
    )
    if found and news:
        bus.relay_soon()
    return {order_id for (order_id,) in found}


def _facts(order: Composed, back: list[Row]) -> Iterator[Fact]:
    yield OrderPlaced(order_id=order.id)
    if order.data.cancelled_at:
        yield OrderCancelled(order_id=order.id)
    oldest_first = sorted(back, key=lambda row: (row["processed_at"], row["external_id"]))
    yield from refunds.went_back(order.id, order.data.total, 0, [(row["id"], row["amount"]) for row in oldest_first])
