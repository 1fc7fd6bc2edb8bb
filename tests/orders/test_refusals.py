"""An order that cannot be recorded is refused with the field and what to do; the others of its batch are recorded."""

import uuid
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from integrations.models import Connection
from integrations.types import CustomerData, OrderDeleted, OrderRefundData, Outcome
from orders.customers import record_customers
from orders.intake import mark_deleted, record_orders
from orders.models import Order
from orders.refunds import record_refunds
from postpurchase.events.models import DomainEvent
from tests.factories import PLACED, address_data, line_data, order_data, refund_data

pytestmark = pytest.mark.django_db


@pytest.fixture
def shop(ann_api: Connection) -> uuid.UUID:
    return ann_api.pk


def nested(levels: int) -> dict[str, Any]:
    value: dict[str, Any] = {}
    for _ in range(levels):
        value = {"a": value}
    return value


@pytest.mark.parametrize(
    ("changes", "pointer", "words"),
    [
        ({"currency": "ZZZ"}, "/currency", "not an ISO 4217 currency code"),
        ({"shop_currency": "QQQ"}, "/shop_currency", "not an ISO 4217 currency code"),
        ({"currency": "eur"}, "/currency", "matching regex"),
        ({"lines": [line_data(external_id="1"), line_data(external_id="1")]}, "/lines/1/external_id", "give each its own"),
        ({"lines": [line_data(discount=4901)]}, "/lines/0/discount", "more than the line costs (4900)"),
        ({"lines": [line_data(title="x" * 501)]}, "/lines/0/title", "length <= 500"),
        ({"lines": [line_data(quantity=0)]}, "/lines/0/quantity", ">= 1"),
        ({"lines": [line_data(unit_price=10**15, quantity=2)]}, "/lines", "too large"),
        ({"order_discount": 13671}, "/order_discount", "more than the lines cost after their own discounts (13670)"),
        ({"total": -1}, "/total", ">= 0"),
        ({"cancelled_at": PLACED - timedelta(seconds=1)}, "/cancelled_at", "before placed_at"),
        ({"promised_from": date(2026, 3, 6), "promised_to": date(2026, 3, 5)}, "/promised_to", "before promised_from"),
        ({"placed_at": datetime(1, 1, 1, tzinfo=UTC), "updated_at": PLACED}, "/placed_at", "year 1"),
        ({"updated_at": datetime(2026, 1, 1)}, "/updated_at", "timezone"),  # noqa: DTZ001
        ({"refunds": [refund_data(external_id="r"), refund_data(external_id="r")]}, "/refunds/1/external_id", "give each its own"),
        ({"refunds": [refund_data(amount=10**15), refund_data(amount=1)]}, "/refunds", "too large"),
        ({"number": "#\0"}, "/number", "NUL character"),
        ({"shipping_address": address_data(city="Ber\0lin")}, "/shipping_address/city", "NUL character"),
        ({"lines": [line_data(sku="\0")]}, "/lines/0/sku", "NUL character"),
        ({"extra": {"a/b": [{"~": "\0"}]}}, "/extra/a~1b/0/~0", "NUL character"),
        ({"extra": {"k\0": 1}}, "/extra/k\0", "NUL character"),
        ({"channel": "\ud800"}, "/channel", "surrogate"),
        ({"extra": nested(3000)}, "/extra", "nested too deeply"),
        ({"extra": nested(500) | {"b": "\0"}}, "/extra/b", "NUL character"),
        ({"extra": {"f": {1, 2}, "g": object()}}, "", "cannot be stored"),
        ({"external_id": ""}, "/external_id", "length >= 1"),
        ({"email": "mia"}, "/email", "matching regex"),
    ],
)
def test_the_field_is_named_with_what_to_do(shop: uuid.UUID, changes: dict[str, Any], pointer: str, words: str) -> None:
    bad = order_data(**{"total": 1} | changes)
    good = order_data()

    results = record_orders([bad, good], connection_id=shop)

    assert [result.outcome for result in results] == [Outcome.REFUSED, Outcome.CREATED]
    assert [error.pointer for error in results[0].errors] == [pointer]
    assert words in results[0].errors[0].message
    assert results[0].id is None
    assert list(Order.objects.values_list("external_id", flat=True)) == [good.external_id]


def test_several_faults_are_told_at_once(shop: uuid.UUID) -> None:
    [result] = record_orders([order_data(currency="ZZZ", cancelled_at=PLACED - timedelta(1))], connection_id=shop)

    assert [error.pointer for error in result.errors] == ["/currency", "/cancelled_at"]
    assert not DomainEvent.objects.exists()


def test_text_that_only_looks_like_a_nul_is_kept(shop: uuid.UUID) -> None:
    record_orders([order_data(extra={"note": "\\u0000", "€": "ü"})], connection_id=shop)

    assert Order.objects.get().extra == {"note": "\\u0000", "€": "ü"}


def test_a_faulty_refund_customer_or_deletion_is_refused_alone(shop: uuid.UUID) -> None:
    record_orders([order_data(external_id="1")], connection_id=shop)

    refunds = record_refunds([OrderRefundData("1", refund_data(reason="\0")), OrderRefundData("1", refund_data())], connection_id=shop)
    customers = record_customers([CustomerData(first_name="Mia"), CustomerData(email="a@x.example")], connection_id=shop)
    deletions = mark_deleted(
        [OrderDeleted("1", datetime(2026, 5, 1)), OrderDeleted("\0", PLACED), OrderDeleted("1", PLACED)],  # noqa: DTZ001
        connection_id=shop,
    )

    assert [result.outcome for result in refunds] == [Outcome.REFUSED, Outcome.CREATED]
    assert refunds[0].errors[0].pointer == "/refund/reason"
    assert [result.outcome for result in customers] == [Outcome.REFUSED, Outcome.CREATED]
    assert customers[0].errors[0].pointer == "/email"
    assert [result.outcome for result in deletions] == [Outcome.REFUSED, Outcome.REFUSED, Outcome.UPDATED]
    assert [result.errors[0].pointer for result in deletions[:2]] == ["/at", "/external_id"]
