"""What can be exported: which rows, in which order, and the columns of each. Lists lend their filters with filtered_by()."""

import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django.db.models import BigIntegerField, Case, CharField, OuterRef, Prefetch, QuerySet, Subquery, Value, When
from django.db.models.functions import Cast, Coalesce, NullIf, Substr
from django.http import QueryDict
from django.utils import timezone

from notifications.models import Message, Suppression
from orders.models import Customer, Line, Order
from postpurchase.lib import money
from postpurchase.tenancy.models import AuditEntry, User
from tracking import zones
from tracking.models import Shipment
from transfers.models import Subject

Cell = str | int | Decimal | datetime | date | None
Rows = Callable[[QueryDict], "QuerySet[Any]"]
_filters: dict[str, Rows] = {}


@dataclass(frozen=True)
class Source:
    """One kind of export. Headers are those that an import recognises, where there is an import of the kind."""

    headers: tuple[str, ...]
    keys: tuple[str, ...]
    rows: Rows
    cells: Callable[[Any], Iterator[list[Cell]]]  # of one object: its rows


def filtered_by(subject: str, rows: Rows) -> None:
    """Have exports of the subject hold what the list of that address shows."""
    _filters[subject] = rows


def listed(subject: str, query: str) -> "QuerySet[Any]":
    """What the list of that address shows, by the shop's clock wherever it is asked: a list's days are the shop's."""
    with timezone.override(zones.named(zones.of_brand())):
        return _filters[subject](QueryDict(query))


def asked_for(subject: str, query: str) -> "QuerySet[Any]":
    """The objects that the list's address asks for, with what their rows in a file need."""
    return _shaped(subject, listed(subject, query)) if query else SOURCES[subject].rows(QueryDict(query))


def _shaped(subject: str, rows: "QuerySet[Any]") -> "QuerySet[Any]":
    """A list's rows with what an export needs of them."""
    if subject == Subject.ORDERS:
        lines = Prefetch("lines", Line.objects.filter(removed_at=None).order_by("position", "id"))
        return rows.select_related("customer").prefetch_related(None).prefetch_related(lines)
    if subject == Subject.AUDIT:
        rows = rows.prefetch_related("origins").annotate(who=_WHO)
    return rows.select_related("order") if subject in (Subject.MESSAGES, Subject.SHIPMENTS) else rows


ADDRESS = ("name", "company", "line1", "line2", "city", "region", "postcode", "country")
ORDER_HEADERS = (
    "Order number", "External id", "Placed at", "Updated at", "Currency", "Total", "Shipping cost", "Tax", "Discount", "Discount code",
    "Refunded", "Payment status", "Shipping status", "Cancelled at", "Delivered at", "Channel", "Tags", "Email", "First name", "Last name",
    "Phone", "Language", "Shipping name", "Shipping company", "Shipping address 1", "Shipping address 2", "Shipping city",
    "Shipping province", "Shipping zip", "Shipping country", "Item", "SKU", "Variant", "Quantity", "Unit price", "Item discount", "Line id",
)  # fmt: skip


def _order(order: Order) -> Iterator[list[Cell]]:
    """A row for each item, with the order's own columns on each; an order without items has one row."""
    person, place = order.customer, order.shipping_address or {}
    amounts = (order.total, order.shipping_total, order.tax_total, order.discount_total)
    own: list[Cell] = [order.number, order.external_id, order.placed_at, order.source_updated_at, order.currency]
    own += [money.to_decimal(amount, order.currency) for amount in amounts]
    own += [", ".join(order.discount_codes), money.to_decimal(order.refunded_total, order.currency), order.financial_status]
    own += [order.fulfilment_status, order.cancelled_at, order.delivered_at, order.channel, ", ".join(order.tags), order.email]
    own += [person.first_name if person else "", person.last_name if person else "", order.phone, order.locale]
    own += [place.get(name, "") for name in ADDRESS]
    lines = list(order.lines.all())
    for line in lines:
        price = money.to_decimal(line.unit_price, order.currency)
        discount = money.to_decimal(line.discount, order.currency)
        yield [*own, line.title, line.sku, line.variant, line.quantity, price, discount, line.external_id]
    if not lines:
        yield [*own, *[""] * 7]


def _shipment(row: Shipment) -> Iterator[list[Cell]]:
    order = row.order.number if row.order else ""
    yield [order, row.number, row.carrier, row.external_id, row.get_status_display(), row.shipped_at, row.delivered_at, row.promised_on,
           row.estimate_on, row.service, row.tracking_url, row.created_at]  # fmt: skip


def _customer(row: Customer) -> Iterator[list[Cell]]:
    yield [row.email, row.first_name, row.last_name, row.phone, row.locale, row.external_id, row.created_at]


def _message(row: Message) -> Iterator[list[Cell]]:
    order = row.order.number if row.order else ""
    yield [row.template, row.subject, row.get_state_display(), row.reason, row.to_address, order, row.due_at, row.sent_at]


def _suppression(row: Suppression) -> Iterator[list[Cell]]:
    yield [bytes(row.address_hash).hex(), row.channel, row.scope, row.reason, row.at]


_NAME = User.objects.filter(pk=Cast(Substr(OuterRef("actor"), 8), BigIntegerField())).values_list(
    Coalesce(NullIf("name", Value("")), "email", output_field=CharField())
)
_WHO = Case(When(actor__startswith="person:", then=Subquery(_NAME)), output_field=CharField())  # as they are called now


def _audit(row: Any) -> Iterator[list[Cell]]:
    origin = next(iter(row.origins.all()), None)
    changes = json.dumps(row.changes, ensure_ascii=False, sort_keys=True)
    yield [row.number, row.at, row.who or "", row.actor, row.act, row.subject, row.words, changes,
           origin.address if origin else "", row.request_id, bytes(row.origin).hex(), bytes(row.hash).hex()]  # fmt: skip


SOURCES: dict[str, Source] = {
    Subject.ORDERS: Source(ORDER_HEADERS, ("-placed_at", "-id"), lambda asked: _shaped(Subject.ORDERS, Order.objects.all()), _order),
    Subject.SHIPMENTS: Source(
        ("Order number", "Tracking number", "Carrier", "External id", "Status", "Shipped at", "Delivered at", "Promised on", "Expected on",
         "Service", "Tracking link", "Recorded at"),
        ("-created_at", "-id"), lambda asked: _shaped(Subject.SHIPMENTS, Shipment.objects.all()), _shipment),
    Subject.CUSTOMERS: Source(
        ("Email", "First name", "Last name", "Phone", "Language", "External id", "Known since"),
        ("id",), lambda asked: Customer.objects.filter(erased_at=None), _customer),
    Subject.MESSAGES: Source(
        ("Message", "Subject", "State", "Reason", "To", "Order number", "Due at", "Sent at"),
        ("-due_at", "-id"), lambda asked: _shaped(Subject.MESSAGES, Message.objects.defer("context")), _message),
    Subject.SUPPRESSIONS: Source(
        ("Hash", "Channel", "Scope", "Reason", "Since"), ("-at", "-id"), lambda asked: Suppression.objects.all(), _suppression),
    Subject.AUDIT: Source(
        ("Number", "At", "Who", "Actor", "Act", "Subject", "Words", "Changes", "Address", "Request id", "Origin", "Hash"),
        ("-number",), lambda asked: _shaped(Subject.AUDIT, AuditEntry.objects.all()), _audit),
}  # fmt: skip
