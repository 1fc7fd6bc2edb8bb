"""/api/v1/orders"""

from typing import Any

import msgspec
from django.db.models import Q
from django.db.models.functions import Lower
from django.db.models.lookups import Exact
from django.http import HttpResponse
from rest_framework.request import Request

from api.v1 import decode, mode, show
from api.v1.batch import each
from api.v1.openapi import parameter, told
from api.v1.resource import MIB, Resource, Writable, answer, bad_query, found_or_404, key_of, listed, query_of, status_of_outcome
from api.v1.shapes import OrderBatch, OrderDetail, OrderPage, Result, Results
from integrations.types import OrderData, Outcome, Recorded
from orders.intake import record_new, record_orders
from postpurchase.lib.together import Together
from postpurchase.tenancy import scope
from postpurchase.tenancy.gates import Key

meanwhile = Together[OrderData, Recorded | None]()
FILTERS = ("number", "email", "status", "placed_after", "placed_before")
STATUS = {
    "open": Q(cancelled_at=None, delivered_at=None),
    "delivered": Q(cancelled_at=None) & ~Q(delivered_at=None),
    "cancelled": ~Q(cancelled_at=None),
}


class Orders(Writable):
    """All orders."""

    scopes = {"GET": "orders:read", "POST": "orders:write"}

    @told("List orders", gives=OrderPage, params=[
        parameter("number", "What the shopper knows the order by, in any case"),
        parameter("email", "The shopper's email address, in any case"),
        parameter("status", "Where the order stands", enum=list(STATUS)),
        parameter("placed_after", "Placed at this time or later (ISO 8601 with an offset)"),
        parameter("placed_before", "Placed before this time"),
    ])  # fmt: skip
    def get(self, request: Request) -> HttpResponse:
        """Newest first."""
        rows = mode.orders(key_of(request)).filter(_wanted(request)).values(*show.ORDER)
        return listed(request, rows, ("-placed_at", "-id"), show.orders, OrderPage, *FILTERS)

    @told("Record an order", takes=OrderData, gives=Result, status=201, writes=True)
    def post(self, request: Request, **named: Any) -> HttpResponse:
        """Create it, or update it if `external_id` is known. An older `updated_at` than the one we hold changes nothing (`stale`)."""
        return super().post(request, **named)

    def write(self, key: Key, raw: bytes) -> HttpResponse:
        """One order."""
        order = decode.parse(raw, OrderData)
        recorded = (None if self.answer_is_kept else _record_together(key, order)) or _record(key, [order])[0]
        if recorded.outcome == Outcome.REFUSED:
            raise decode.invalid(recorded.errors)
        return answer(show.result(recorded, "ord"), status_of_outcome(recorded.outcome))


class OrdersBulk(Writable):
    """Many orders at once."""

    scopes = {"POST": "orders:write"}
    most_bytes = 8 * MIB

    @told("Record up to 500 orders", takes=OrderBatch, gives=Results, writes=True)
    def post(self, request: Request, **named: Any) -> HttpResponse:
        """Each is created, updated or refused by itself; the answer is 200 and says so for each, in the order sent."""
        return super().post(request, **named)

    def write(self, key: Key, raw: bytes) -> HttpResponse:
        """A batch."""
        found = each(raw, "orders", OrderData)
        recorded = iter(_record(key, [item for item in found if isinstance(item, OrderData)]))
        results = [item if isinstance(item, Recorded) else next(recorded) for item in found]
        return answer(Results([show.result(result, "ord") for result in results]))


class OneOrder(Resource):
    """One order."""

    scopes = {"GET": "orders:read"}

    @told("Read an order", gives=OrderDetail)
    def get(self, request: Request, public_id: str) -> HttpResponse:
        """With its lines, refunds and parcels."""
        row = found_or_404(mode.orders(key_of(request)), "ord", public_id)
        parcels = mode.shipments(key_of(request)).filter(order=row).order_by("created_at", "id")
        lines, refunds = row.lines.order_by("position", "id"), row.refunds.order_by("processed_at", "id")
        return answer(show.order_detail(row, lines, refunds, parcels))


def _record_together(key: Key, order: OrderData) -> Recorded | None:
    """The order, if it is new, in one statement and one commit with those that other threads have at this moment."""
    connection_id = mode.connection_of(key)
    _mark(key, [order])

    def record(orders: list[OrderData]) -> list[Recorded | None]:
        scope.let_next_commit()
        return record_new(orders, connection_id=connection_id)

    return meanwhile.do((key.merchant_id, connection_id), order, record)


def _record(key: Key, orders: list[OrderData]) -> list[Recorded]:
    _mark(key, orders)
    return record_orders(orders, connection_id=mode.connection_of(key), decoded=True) if orders else []


def _mark(key: Key, orders: list[OrderData]) -> None:
    for order in orders if not key.live else ():
        order.test = True


def _wanted(request: Request) -> Q:
    query, wanted = query_of(request, *FILTERS), Q()
    if "number" in query:
        wanted &= Q(Exact(Lower("number"), query["number"].lower()))
    if "email" in query:
        wanted &= Q(email=query["email"].strip().lower())
    if "status" in query:
        if query["status"] not in STATUS:
            raise bad_query("status", f"must be one of {', '.join(STATUS)}")
        wanted &= STATUS[query["status"]]
    for name, lookup in (("placed_after", "placed_at__gte"), ("placed_before", "placed_at__lt")):
        if name in query:
            wanted &= Q(**{lookup: _time(name, query[name])})
    return wanted


def _time(name: str, text: str) -> Any:
    try:
        return msgspec.convert(text.replace(" ", "+"), OrderData.__annotations__["placed_at"])
    except msgspec.ValidationError:
        raise bad_query(name, "must be a time with an offset, for example 2026-03-01T12:00:00Z") from None
