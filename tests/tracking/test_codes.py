"""Codes that no table has: counted, given a meaning, and history read anew without telling anybody what is past."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from integrations.types import Recorded
from postpurchase.events.catalogue import OrderDelivered, ShipmentMoved
from postpurchase.lib import clock
from tests.tracking.conftest import at, facts, parcel, scan
from tracking import codes
from tracking.models import CarrierCode, Scan, Shipment

ODD = {"status": "", "code": "I/Q7", "source": "ups", "carrier": "ups", "number": "N1", "text": "Something odd"}


def odd(hours: float, **changes: str) -> object:
    return scan(hours, **ODD | changes)


@pytest.fixture
def shipped(make_order: Callable[..., object], record: Callable[..., list[Recorded]]) -> Shipment:
    make_order()
    (result,) = record(parcel(carrier="ups"))
    return Shipment.objects.get(pk=result.id)


def reread() -> None:
    while codes.reread():
        pass


def test_a_code_is_counted_once_for_each_scan_and_changes_nothing(shipped: Shipment, record: Callable[..., list[Recorded]]) -> None:
    record(scan(1, "in_transit", carrier="ups"), odd(2, code="?/Q7"), odd(3, code="?/Q7", text="Still odd"))
    record(odd(3, code="?/Q7", text="Still odd"))

    shipped.refresh_from_db()
    assert shipped.status == "in_transit"
    assert list(CarrierCode.objects.values_list("source", "carrier", "code", "text", "scans", "status")) == [
        ("ups", "ups", "?/Q7", "Still odd", 2, "")
    ]


def test_a_code_that_a_table_has_is_not_counted(shipped: Shipment, record: Callable[..., list[Recorded]]) -> None:
    record(odd(2, code="I/OT"), scan(3, "in_transit", carrier="ups"))

    assert not CarrierCode.objects.exists()
    assert not Scan.objects.filter(unlisted=True).exists()


def test_what_the_text_surely_says_holds_until_the_merchant_says_otherwise(
    shipped: Shipment, record: Callable[..., list[Recorded]]
) -> None:
    record(odd(2, code="Q8", text="Out for delivery"))
    row = CarrierCode.objects.get()
    shipped.refresh_from_db()
    assert (shipped.status, row.scans) == ("out_for_delivery", 1)

    codes.give(row, "available_for_pickup")
    reread()

    shipped.refresh_from_db()
    assert (shipped.status, shipped.action_required) == ("available_for_pickup", "shopper")


def test_a_meaning_holds_for_what_comes_and_for_history(shipped: Shipment, record: Callable[..., list[Recorded]]) -> None:
    record(odd(2, code="Q8"))
    row = CarrierCode.objects.get()

    codes.give(row, "delivered")
    record(scan(1, "in_transit", carrier="ups"))
    reread()

    shipped.refresh_from_db()
    row.refresh_from_db()
    assert (shipped.status, shipped.delivered_at, row.redo_done, row.redo_total) == ("delivered", at(2), 1, None)
    codes.give(row, "")
    reread()
    shipped.refresh_from_db()
    assert shipped.status == "in_transit"


@pytest.mark.parametrize(("hours_ago", "told"), [(2, True), (30, False)])
def test_nobody_is_told_of_what_is_long_past(shipped: Shipment, record: Callable[..., list[Recorded]], hours_ago: int, told: bool) -> None:
    record(odd(0, code="Q8"))
    before = len(facts())

    with clock.frozen(at(0) + timedelta(hours=hours_ago)):
        codes.give(CarrierCode.objects.get(), "delivered")
        reread()

    news = [fact for fact in facts()[before:] if isinstance(fact, ShipmentMoved | OrderDelivered)]
    assert bool(news) is told
    assert Shipment.objects.get().status == "delivered"


def test_counting_many_codes_is_one_statement(shipped: Shipment, record: Callable[..., list[Recorded]]) -> None:
    with CaptureQueriesContext(connection) as few:
        record(odd(2, code="Q1"))
    with CaptureQueriesContext(connection) as many:
        record(*(odd(3 + number, code=f"Q{number}") for number in range(20)))

    assert len(many) == len(few)
    assert CarrierCode.objects.count() == 20
