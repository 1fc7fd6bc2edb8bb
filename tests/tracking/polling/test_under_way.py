"""Only parcels whose carrier is asked have a time to be asked at: a poller finds those under way, and lets them go."""

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from datetime import timedelta

import pytest

from integrations.connections import keep as connections
from integrations.models import Connection
from integrations.types import ScanData, ShipmentData
from postpurchase.lib import clock
from postpurchase.tenancy.models import Merchant
from postpurchase.tenancy.scope import in_merchant
from tests.tracking.conftest import MONDAY
from tracking.models import Poller, Shipment
from tracking.polling import keep, tasks, under_way
from tracking.scans import record_scans
from tracking.shipments import record_shipments

Settled = Callable[[], AbstractContextManager[None]]


@pytest.fixture
def now() -> Iterator[clock.Hands]:
    with clock.frozen(MONDAY) as hands:
        yield hands


@pytest.fixture
def row(ann: Merchant) -> Connection:
    """A connection by which carriers can be asked."""
    with in_merchant(ann):
        return connections.add("custom", label="acme")[0]


def parcels(ann: Merchant, *numbers: str, carrier: str = "acme") -> None:
    with in_merchant(ann):
        source = Connection.objects.get(kind=Connection.API).pk
        record_shipments([ShipmentData(carrier=carrier, number=number) for number in numbers], connection_id=source)


def switch(ann: Merchant, row: Connection, settled: Settled, *carriers: str, asking: bool = True) -> None:
    with settled(), in_merchant(ann):
        keep.put(row, {"header": "X", "value": "k"}, asking=asking, carriers=list(carriers), url="https://a.example/{number}")


def timed(ann: Merchant) -> set[str]:
    """The numbers of parcels that have a time."""
    with in_merchant(ann):
        return set(Shipment.objects.filter(poll_at__isnull=False).values_list("number", flat=True))


def scan(ann: Merchant, number: str, status: str = "in_transit", carrier: str = "acme") -> None:
    with in_merchant(ann):
        source = Connection.objects.get(kind=Connection.API).pk
        told = ScanData(carrier=carrier, number=number, occurred_at=MONDAY, status=status, text="Seen")
        record_scans([told], connection_id=source)


def test_switched_on_it_finds_what_is_under_way_in_portions(
    ann: Merchant, row: Connection, now: clock.Hands, settled: Settled, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(under_way, "PORTION", 2)
    parcels(ann, "N1", "N2", "N3", "N4", "N5", "OVER")
    parcels(ann, "B1", carrier="beta")
    scan(ann, "OVER", "delivered")
    with in_merchant(ann):
        Shipment.objects.filter(number="N5").update(created_at=MONDAY - timedelta(days=61))
    assert timed(ann) == set()

    switch(ann, row, settled, "acme")

    assert timed(ann) == {"N1", "N2", "N3", "N4"}
    with in_merchant(ann):
        times = Shipment.objects.filter(poll_at__isnull=False).values_list("poll_at", flat=True)
        assert all(MONDAY + timedelta(minutes=1) <= at <= MONDAY + timedelta(minutes=30) for at in times if at)


def test_a_parcel_that_was_being_written_meanwhile_is_found_by_the_second_look(
    ann: Merchant, row: Connection, now: clock.Hands, settled: Settled
) -> None:
    switch(ann, row, settled, "acme")
    parcels(ann, "N1")
    with in_merchant(ann):
        Shipment.objects.update(poll_at=None)  # as one whose transaction had begun before

    now.advance(timedelta(minutes=2))
    with settled():
        tasks.look_again()

    assert timed(ann) == {"N1"}
    with in_merchant(ann):
        assert Poller.objects.get().found_from is None


def test_scans_and_new_parcels_get_a_time_only_where_somebody_is_asked(
    ann: Merchant, bob: Merchant, row: Connection, now: clock.Hands, settled: Settled
) -> None:
    switch(ann, row, settled, "acme")
    parcels(ann, "N1", "N2")
    parcels(ann, "B1", carrier="beta")
    parcels(bob, "N1")
    scan(ann, "N2")
    scan(ann, "B1", carrier="beta")

    assert (timed(ann), timed(bob)) == ({"N1", "N2"}, set())


def test_switched_off_it_lets_go_of_those_that_no_other_asks_about(
    ann: Merchant, row: Connection, now: clock.Hands, settled: Settled
) -> None:
    with in_merchant(ann):
        other = connections.add("custom", label="beta")[0]
    switch(ann, row, settled, "acme", "beta")
    switch(ann, other, settled, "beta")
    parcels(ann, "N1")
    parcels(ann, "B1", carrier="beta")
    assert timed(ann) == {"N1", "B1"}

    switch(ann, row, settled, "acme", "beta", asking=False)
    assert timed(ann) == {"B1"}

    with settled(), in_merchant(ann):
        keep.forget(other)
    assert timed(ann) == set()
