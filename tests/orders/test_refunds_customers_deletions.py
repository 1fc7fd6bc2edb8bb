"""Refunds, customers and deletions that are told on their own."""

import uuid
from datetime import timedelta

import pytest
from pytest_django import DjangoAssertNumQueries

from integrations.models import Connection
from integrations.types import CustomerData, OrderDeleted, OrderRefundData, Outcome, Recorded
from orders.customers import record_customers
from orders.intake import mark_deleted, record_orders
from orders.models import Customer, Order, OrderChange, Refund
from orders.refunds import record_refunds
from postpurchase.events.models import DomainEvent
from tests.factories import PLACED, later, order_data, refund_data

pytestmark = pytest.mark.django_db


@pytest.fixture
def shop(ann_api: Connection) -> uuid.UUID:
    return ann_api.pk


def outcomes(results: list[Recorded]) -> list[Outcome]:
    return [result.outcome for result in results]


def payloads(kind: str) -> list[dict[str, object]]:
    return [event.payload for event in DomainEvent.objects.filter(kind=kind).order_by("id")]


def test_a_refund_is_recorded_once_and_added_to_its_order(shop: uuid.UUID, django_assert_num_queries: DjangoAssertNumQueries) -> None:
    record_orders([order_data(external_id="1", total=5000)], connection_id=shop)
    refund = OrderRefundData("1", refund_data(amount=900))

    with django_assert_num_queries(4):
        [first] = record_refunds([refund], connection_id=shop)
    [second] = record_refunds([refund], connection_id=shop)

    row = Refund.objects.get()
    assert (first.outcome, second.outcome) == (Outcome.CREATED, Outcome.UNCHANGED)
    assert first.id == second.id == row.pk
    assert (row.amount, row.reason, row.processed_at) == (900, "Did not fit", PLACED + timedelta(days=7))
    assert Order.objects.get().refunded_total == 900
    assert payloads("order.refunded") == [{"order_id": str(row.order_id), "refund_id": str(row.pk), "full": False}]


def test_the_refund_that_uses_up_the_total_is_the_full_one(shop: uuid.UUID) -> None:
    record_orders([order_data(external_id="1", total=5000), order_data(external_id="2", total=100)], connection_id=shop)
    parts = [refund_data(amount=amount, processed_at=PLACED + timedelta(days=n)) for n, amount in enumerate((2000, 2999, 1))]

    results = record_refunds(
        [OrderRefundData("1", part) for part in parts] + [OrderRefundData("2", refund_data(amount=99))], connection_id=shop
    )

    full = {payload["refund_id"] for payload in payloads("order.refunded") if payload["full"]}
    assert outcomes(results) == [Outcome.CREATED] * 4
    assert full == {str(results[2].id)}


def test_a_corrected_refund_changes_the_sum_and_is_no_second_refund(shop: uuid.UUID) -> None:
    record_orders([order_data(external_id="1", refunds=[refund_data(external_id="r", amount=900)])], connection_id=shop)

    assert outcomes(record_refunds([OrderRefundData("1", refund_data(external_id="r", amount=800))], connection_id=shop)) == [
        Outcome.UPDATED
    ]

    assert Order.objects.get().refunded_total == 800
    assert len(payloads("order.refunded")) == 1
    assert [payload["fields"] for payload in payloads("order.changed")] == [["refunded_total"]]
    assert OrderChange.objects.get().changed == {"refunded_total": [900, 800]}


def test_a_refund_told_alone_and_then_inside_its_order_counts_once(shop: uuid.UUID) -> None:
    order, refund = order_data(), refund_data(amount=900)
    record_orders([order], connection_id=shop)
    record_refunds([OrderRefundData(order.external_id, refund)], connection_id=shop)

    assert outcomes(record_orders([later(order, refunds=[refund])], connection_id=shop)) == [Outcome.UNCHANGED]

    assert Order.objects.get().refunded_total == 900
    assert len(payloads("order.refunded")) == 1


def test_what_belongs_to_an_unknown_order_is_parked_for_it(shop: uuid.UUID) -> None:
    other = Connection.objects.create(kind="shopify", label="Other").pk
    record_orders([order_data(external_id="7")], connection_id=other)

    [refund] = record_refunds([OrderRefundData("7", refund_data(external_id="r"))], connection_id=shop)
    [deletion] = mark_deleted([OrderDeleted("7", PLACED)], connection_id=shop)

    assert (refund.outcome, refund.parked_for, refund.external_id) == (Outcome.PARKED, "order:7", "r")
    assert (deletion.outcome, deletion.parked_for) == (Outcome.PARKED, "order:7")
    assert not Refund.objects.exists()
    assert Order.objects.get().cancelled_at is None


def test_a_deleted_order_counts_as_cancelled_and_older_copies_do_not_revive_it(shop: uuid.UUID) -> None:
    order = order_data(external_id="1")
    record_orders([order], connection_id=shop)
    gone = PLACED + timedelta(days=2)

    first = mark_deleted([OrderDeleted("1", gone), OrderDeleted("1", gone)], connection_id=shop)
    again = mark_deleted([OrderDeleted("1", gone)], connection_id=shop)
    stale = record_orders([later(order, hours=47)], connection_id=shop)

    row = Order.objects.get()
    assert outcomes(first) == [Outcome.UPDATED, Outcome.UPDATED]
    assert (outcomes(again), outcomes(stale)) == ([Outcome.UNCHANGED], [Outcome.STALE])
    assert (row.cancelled_at, row.cancel_reason) == (gone, "deleted in the shop")
    assert len(payloads("order.cancelled")) == 1
    assert OrderChange.objects.get().changed["cancel_reason"] == ["", "deleted in the shop"]


def test_a_cancelled_order_that_is_deleted_keeps_its_cancellation(shop: uuid.UUID) -> None:
    record_orders([order_data(external_id="1", cancelled_at=PLACED, cancel_reason="fraud")], connection_id=shop)

    assert outcomes(mark_deleted([OrderDeleted("1", PLACED + timedelta(days=1))], connection_id=shop)) == [Outcome.UNCHANGED]

    assert Order.objects.get().cancel_reason == "fraud"
    assert len(payloads("order.cancelled")) == 1


def test_customers_are_upserted_by_email(shop: uuid.UUID, django_assert_num_queries: DjangoAssertNumQueries) -> None:
    record_orders([order_data()], connection_id=shop)
    mia = CustomerData(email="MIA.berg@example.com", first_name="Maria", phone="+49 1")
    noor = CustomerData(email="noor@example.com", first_name="Noor")

    with django_assert_num_queries(1):
        results = record_customers([mia, noor], connection_id=shop)
    again = record_customers([mia, noor], connection_id=shop)

    row = Customer.objects.get(email="mia.berg@example.com")
    assert outcomes(results) == [Outcome.UPDATED, Outcome.CREATED]
    assert outcomes(again) == [Outcome.UNCHANGED, Outcome.UNCHANGED]
    assert [result.id for result in again] == [result.id for result in results]
    assert (row.first_name, row.last_name, row.phone, row.external_id) == ("Maria", "Berg", "+49 1", "cust-1")


def test_no_items_ask_nothing(shop: uuid.UUID, django_assert_num_queries: DjangoAssertNumQueries) -> None:
    with django_assert_num_queries(0):
        assert record_refunds([], connection_id=shop) == []
        assert record_customers([], connection_id=shop) == []
        assert mark_deleted([], connection_id=shop) == []
