"""Two workers at the same time: one number gets one parcel, and an order's last two parcels deliver it once."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from django.db import connection

from integrations.models import Connection
from integrations.types import ScanData
from orders.models import Order
from postpurchase.events import tasks as events_tasks
from postpurchase.events.catalogue import OrderDelivered
from postpurchase.jobs import eager
from postpurchase.tenancy.models import Merchant
from postpurchase.tenancy.scope import in_merchant
from tests.people import open_shop
from tests.tracking.conftest import MONDAY, at, facts, parcel, scan
from tracking.models import Leg, Scan, Shipment
from tracking.scans import record_scans
from tracking.shipments import record_shipments

pytestmark = pytest.mark.django_db(transaction=True)
RELAY = events_tasks.relay  # commits name this task; importing it registers it
LONG_ENOUGH_TO_BLOCK = 0.3  # seconds; shorter makes the test weaker, never wrong


def record(merchant: Merchant, scans: list[ScanData]) -> None:
    with eager.collected(), in_merchant(merchant):
        record_scans(scans, connection_id=Connection.objects.get().pk)


@contextmanager
def while_this_is_open(merchant: Merchant, scans: list[ScanData]) -> Iterator[None]:
    """Another worker records `scans` after the block has done its work and before it commits."""

    def work() -> None:
        try:
            record(merchant, scans)
        finally:
            connection.close()

    other = threading.Thread(target=work)
    with eager.collected(), in_merchant(merchant):
        yield
        other.start()
        other.join(LONG_ENOUGH_TO_BLOCK)
    other.join()


def test_one_number_gets_one_parcel() -> None:
    merchant = open_shop("ann")

    with while_this_is_open(merchant, [scan(2), scan(1)]):
        record_scans([scan(1)], connection_id=Connection.objects.get().pk)

    with in_merchant(merchant):
        assert (Shipment.objects.count(), Leg.objects.count(), Scan.objects.count()) == (1, 1, 2)
        assert Shipment.objects.get().last_scan_at == at(2)


def test_the_last_two_parcels_of_an_order_deliver_it_once() -> None:
    merchant = open_shop("ann")
    with eager.collected(), in_merchant(merchant):
        shop = Connection.objects.get()
        Order.objects.create(
            connection=shop, external_id="o1", number="o1", placed_at=MONDAY, source_updated_at=MONDAY, currency="EUR",
            shop_currency="EUR", items_total=1, total=1,
        )  # fmt: skip
        record_shipments([parcel(), parcel(external_id="f2", number="N2")], connection_id=shop.pk)

    with while_this_is_open(merchant, [scan(30, "delivered", number="N2")]):
        record_scans([scan(9, "delivered")], connection_id=Connection.objects.get().pk)

    with in_merchant(merchant):
        assert [fact.at for fact in facts(OrderDelivered)] == [at(30)]
        assert Order.objects.get().delivered_at == at(30)


def test_scans_of_one_parcel_by_two_workers_are_both_counted() -> None:
    merchant = open_shop("ann")
    record(merchant, [scan(1)])

    with while_this_is_open(merchant, [scan(5, "out_for_delivery")]):
        record_scans([scan(9, "delivered")], connection_id=Connection.objects.get().pk)

    with in_merchant(merchant):
        shipment = Shipment.objects.get()
        assert (shipment.status, shipment.out_at, Scan.objects.count()) == ("delivered", at(5), 3)


def test_a_carrier_told_by_one_worker_while_another_opens_the_number_without_one_makes_one_parcel() -> None:
    merchant = open_shop("ann")

    with while_this_is_open(merchant, [scan(1), scan(2, carrier="ups")]):
        record_scans([scan(5, carrier="")], connection_id=Connection.objects.get().pk)

    with in_merchant(merchant):
        assert list(Shipment.objects.values_list("carrier", "last_scan_at")) == [("dhl", at(5))]
        assert list(Leg.objects.values_list("carrier", "epoch")) == [("dhl", 0)]


def test_two_workers_that_name_the_same_parcels_agree() -> None:
    merchant = open_shop("ann")
    numbers = ("N1", "N2", "N3")
    record(merchant, [scan(5, carrier="", number=number) for number in numbers])

    with while_this_is_open(merchant, [scan(1, carrier="ups", number=number) for number in reversed(numbers)]):
        record_scans([scan(2, number=number) for number in numbers], connection_id=Connection.objects.get().pk)

    with in_merchant(merchant):
        assert list(Shipment.objects.values_list("carrier", flat=True)) == ["ups"] * 3
        assert Scan.objects.count() == 9
