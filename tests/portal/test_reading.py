"""What the database functions behind the tracking page may read, and what they leave behind."""

from django.db import ProgrammingError, connection, transaction
from pytest import raises

from orders.models import Order
from portal import reading
from postpurchase.tenancy import gates
from postpurchase.tenancy.models import Merchant
from postpurchase.tenancy.scope import in_merchant


def _facts(merchant: Merchant, order: Order) -> str | None:
    with connection.cursor() as cursor:
        cursor.execute(reading.FACTS, [merchant.pk, order.pk, reading.MOST_SCANS])
        told: str | None = cursor.fetchone()[0]
        return told


def _merchant_of_the_connection() -> str:
    with connection.cursor() as cursor:
        cursor.execute("SELECT coalesce(current_setting('app.merchant', true), '')")
        return str(cursor.fetchone()[0])


def test_one_question_tells_what_gate_and_scope_tell(ann: Merchant, order: Order) -> None:
    found, gate = reading.find(order.pk), gates.tracking_page(order.pk)

    with in_merchant(ann):
        assert found
        assert gate == (ann.pk, found.version)
        assert found.facts == reading.read(order.pk)


def test_its_scope_is_closed_again(bob: Merchant, order: Order) -> None:
    outside = _merchant_of_the_connection()

    assert reading.find(order.pk)

    assert _merchant_of_the_connection() == outside
    with in_merchant(bob):
        assert reading.find(order.pk)
        assert _merchant_of_the_connection() == str(bob.pk)


def test_the_facts_are_read_under_row_security(ann: Merchant, bob: Merchant, order: Order) -> None:
    with in_merchant(bob):
        assert _facts(ann, order) is None
    with raises(ProgrammingError, match="no merchant in scope"), transaction.atomic():
        _facts(ann, order)
