"""Files of shipments and customers, and history that must stay quiet."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from notifications import dispatch, library
from notifications.models import Message, State
from orders.models import Customer, Order
from postpurchase.lib import clock
from postpurchase.tenancy.models import Merchant
from tests.transfers.files import HEADERS, csv_of, imported, in_shop, reasons, row
from tracking.models import Shipment
from tracking.tasks import sweep as health

pytestmark = pytest.mark.django_db
PARCELS = ["Order number", "Tracking number", "Carrier", "Shipped at", "Delivered at"]
LONG_AGO = datetime(2026, 3, 2, 8, 30, tzinfo=UTC)


def orders_of(*numbers: str) -> bytes:
    return csv_of([HEADERS, *[row(number) for number in numbers]])


def test_parcels_find_their_orders_by_number_with_or_without_the_sign(ann: Merchant) -> None:
    imported(ann, orders_of("#1", "#2"))

    source = imported(
        ann,
        csv_of(
            [PARCELS, ["1", "JD01", "DHL", "2026-03-03", "2026-03-05 11:00"], ["#2", "JD02", "UPS", "", ""], ["#9", "JD09", "UPS", "", ""]]
        ),
        kind="shipments",
    )

    assert source.counts == {"created": 2, "refused": 1}
    assert reasons(ann, source) == [(4, "Order number", "No order of this number is known. Import the orders first, or mend the number.")]
    found = in_shop(ann, lambda: {one.number: one for one in Shipment.objects.select_related("order")})
    assert (found["JD01"].order.number, found["JD01"].status) == ("#1", "delivered")
    assert found["JD01"].delivered_at == datetime(2026, 3, 5, 10, tzinfo=UTC)
    assert (found["JD02"].order.number, found["JD02"].status, found["JD02"].shipped_at) == ("#2", "pending", LONG_AGO)


def test_the_same_parcels_again_change_nothing(ann: Merchant) -> None:
    imported(ann, orders_of("#1"))
    body = csv_of([PARCELS, ["#1", "JD01", "DHL", "2026-03-03", "2026-03-05 11:00"]])
    imported(ann, body, kind="shipments")
    before = in_shop(ann, lambda: list(Shipment.objects.values()))

    assert imported(ann, body, kind="shipments").counts == {"unchanged": 1}
    assert in_shop(ann, lambda: list(Shipment.objects.values())) == before


def test_customers_are_found_again_by_email_and_the_last_row_counts(ann: Merchant) -> None:
    head = ["E-Mail", "Vorname", "Nachname", "Telefon"]
    body = csv_of(
        [head, ["Mia@example.com", "Mia", "", ""], ["mia@example.com", "Mia", "Berg", "+49 1"], ["nobody", "N", "", ""], ["", "X", "", ""]]
    )

    source = imported(ann, body, kind="customers")

    assert source.counts == {"created": 1, "refused": 2}
    assert [number for number, _, _ in reasons(ann, source)] == [4, 5]
    person = in_shop(ann, Customer.objects.get)
    assert (person.email, person.name, person.phone) == ("mia@example.com", "Mia Berg", "+49 1")
    assert imported(ann, body, kind="customers").counts == {"unchanged": 1, "refused": 2}


def test_nobody_is_written_to_about_what_is_long_past(ann: Merchant, settled: Callable[[], Any]) -> None:
    """Orders of half a year ago, with and without dates of their parcels: every message that comes of them is too late, none goes out."""
    in_shop(ann, library.install)
    with clock.frozen(LONG_AGO + timedelta(days=200)) as hands:
        with settled():
            imported(ann, orders_of("#1", "#2", "#3"))
        parcels = [
            ["#1", "JD01", "DHL", "2026-03-03", "2026-03-05 11:00"],
            ["#2", "JD02", "DHL", "2026-03-03", ""],
            ["#3", "JD03", "DHL", "", ""],
        ]
        with settled():
            imported(ann, csv_of([PARCELS, *parcels]), kind="shipments")
        for _ in range(20):
            hands.advance(timedelta(days=1))
            with settled():
                health()
            dispatch.drain()

    assert in_shop(ann, Order.objects.count) == 3
    states = in_shop(ann, lambda: set(Message.objects.values_list("state", flat=True)))
    assert states
    assert states.isdisjoint({State.SENT, State.UNKNOWN, State.DUE, State.CLAIMED})
