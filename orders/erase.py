"""A person's right to see and to have erased what we hold: money and dates stay, the person goes."""

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import Q, QuerySet

from orders import compose
from orders.compose import ERASED
from orders.models import Customer, Order, OrderChange, Refund
from postpurchase.lib import clock
from postpurchase.tenancy.statement import execute

PERSON = dict.fromkeys(compose.PERSON, "")
FORGET = """
UPDATE orders_orderchange SET changed = changed - %(columns)s::text[]
WHERE merchant_id = %(merchant)s AND order_id = ANY(%(orders)s)"""


@dataclass(frozen=True)
class Erased:
    """Whose rows were erased: the caller passes the ids on to those who hold more about them."""

    customers: list[uuid.UUID]
    orders: list[uuid.UUID]


def erase(*, email: str = "", order_external_ids: Sequence[str] = (), connection_id: uuid.UUID | None = None) -> Erased:
    """Anonymise a person at the merchant in scope: the customer of that email, all their orders, and the orders named of the connection.

    Names, email, phone, addresses, consent and what the source said besides are gone, from rows and history; later copies of those orders
    do not bring them back. Amounts, lines and dates stay. Repeating it is harmless. Raises ValueError for ids without a connection.
    """
    if order_external_ids and connection_id is None:
        raise ValueError("external ids need the connection that they belong to")
    customers = list(_customers(email).select_for_update().values_list("id", flat=True))
    named = Q(connection=connection_id, external_id__in=list(order_external_ids)) if order_external_ids else Q(pk__in=[])
    orders = list(
        Order.objects.filter(_theirs(email, customers) | named).order_by("external_id").select_for_update(no_key=True, of=("self",))
        .values_list("id", flat=True)
    )  # fmt: skip
    now = clock.business_now()
    Order.objects.filter(pk__in=orders).update(**ERASED, erased_at=now)
    Refund.objects.filter(order__in=orders).update(reason="")
    execute(FORGET, columns=list(ERASED), orders=orders)
    Customer.objects.filter(pk__in=customers).update(**PERSON, erased_at=now)
    return Erased(customers, orders)


def export(email: str) -> dict[str, Any]:
    """All that orders hold about a person at the merchant in scope, as plain data: customers, orders with lines, refunds and history."""
    customers = list(_customers(email).values(*PERSON, "id", "created_at"))
    orders = Order.objects.filter(_theirs(email, [row["id"] for row in customers])).newest_first()
    return {"customers": customers, "orders": [_export(order) for order in orders.prefetch_related("lines", "refunds", "changes")]}


def _export(order: Order) -> dict[str, Any]:
    lines = [_columns(line) for line in sorted(order.lines.all(), key=lambda line: line.position)]
    refunds = [_columns(refund) for refund in order.refunds.all()]
    changes = [_columns(change) for change in order.changes.all()]
    return _columns(order) | {"lines": lines, "refunds": refunds, "changes": changes}


def _columns(row: Order | Refund | OrderChange | Any) -> dict[str, Any]:
    return {field.name: field.value_from_object(row) for field in row._meta.concrete_fields if field.name != "merchant"}


def _customers(email: str) -> QuerySet[Customer]:
    address = email.strip().lower()
    return Customer.objects.filter(email=address) if address else Customer.objects.none()


def _theirs(email: str, customers: Sequence[uuid.UUID]) -> Q:
    address = email.strip().lower()
    return Q(customer__in=customers) | (Q(email=address) if address else Q(pk__in=[]))
