"""Scans, in: each kept once, found by number, and the parcel's status with them."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from integrations.models import Connection
from integrations.types import Outcome, Recorded
from orders.models import Order
from postpurchase.events.catalogue import ShipmentCreated, ShipmentMoved
from postpurchase.tenancy.models import Merchant
from postpurchase.tenancy.scope import in_merchant
from tests.tracking.conftest import at, facts, parcel, place, scan
from tracking.models import Leg, Scan, Shipment
from tracking.scans import Unmapped, record_scans, unmapped

Record = Callable[..., list[Recorded]]


def test_a_scan_moves_its_parcel_and_tells_it(shipped: Shipment, record: Record) -> None:
    (result,) = record(scan(5, "out_for_delivery", substatus="contacted"))

    shipped.refresh_from_db()
    assert (result.outcome, result.id) == (Outcome.CREATED, shipped.pk)
    assert (shipped.status, shipped.substatus, shipped.out_at) == ("out_for_delivery", "contacted", at(5))
    assert facts(ShipmentMoved) == [
        ShipmentMoved(
            order_id=shipped.order_id, shipment_id=shipped.pk, old="pending", new="out_for_delivery", substatus="contacted", at=at(5)
        )
    ]


def test_a_repeat_is_the_same_scan_whatever_its_case_commas_and_zone_notation(shipped: Shipment, record: Record) -> None:
    record(scan(5, text="Arrived at hub, Köln", place=place("Köln", "DE")))
    version = Shipment.objects.get().version

    again = scan(5, text="ARRIVED AT HUB KÖLN", place=place("KÖLN", "DE"))
    again.occurred_at = at(5).astimezone(tz=None).replace(microsecond=900)
    (result,) = record(again)

    assert result.outcome == Outcome.UNCHANGED
    assert (Scan.objects.count(), Shipment.objects.get().version) == (1, version)


def test_repeats_inside_a_batch_count_once(shipped: Shipment, record: Record) -> None:
    results = record(scan(5), scan(5), scan(6))

    assert [result.outcome for result in results] == [Outcome.CREATED, Outcome.UNCHANGED, Outcome.CREATED]


def test_a_history_that_comes_in_at_once_tells_only_where_it_ends(shipped: Shipment, record: Record) -> None:
    record(scan(1, "info_received"), scan(5), scan(20, "out_for_delivery"), scan(24, "delivered"))

    assert [(fact.old, fact.new) for fact in facts(ShipmentMoved)] == [("pending", "delivered")]


def test_a_late_scan_is_kept_and_moves_nothing(shipped: Shipment, record: Record) -> None:
    record(scan(24, "delivered"))

    record(scan(20, "out_for_delivery"))

    assert [fact.new for fact in facts(ShipmentMoved)] == ["delivered"]
    assert (Shipment.objects.get().status, Scan.objects.count()) == ("delivered", 2)


def test_an_unknown_number_opens_a_parcel_without_an_order(shop: Connection, record: Record) -> None:
    results = record(scan(1), scan(5, number=" n1 "), scan(3, number="N2", carrier="UPS"))

    assert [result.outcome for result in results] == [Outcome.CREATED] * 3
    assert sorted(Shipment.objects.values_list("carrier", "number", "order_id")) == [("dhl", "N1", None), ("ups", "N2", None)]
    assert [fact.order_id for fact in facts(ShipmentMoved)] == [None, None]


def test_an_order_takes_over_the_parcel_that_was_scanned_before_it(make_order: Callable[..., Order], record: Record) -> None:
    record(scan(5))
    order = make_order()

    (result,) = record(parcel())

    shipment = Shipment.objects.get()
    assert (result.outcome, result.id, shipment.order_id, shipment.status) == (Outcome.UPDATED, shipment.pk, order.pk, "in_transit")
    assert [fact.order_id for fact in facts(ShipmentCreated)] == [order.pk]
    assert sorted(str(fact.order_id) for fact in facts(ShipmentMoved)) == sorted([str(order.pk), "None"])


def test_a_scan_by_the_shops_fulfilment_waits_for_it(shop: Connection, record: Record) -> None:
    (result,) = record(scan(1, carrier="", number="", shipment_external_id="f9"))

    assert (result.outcome, result.parked_for) == (Outcome.PARKED, "shipment:f9")


def test_a_scan_by_the_shops_fulfilment_finds_it(shipped: Shipment, record: Record) -> None:
    (result,) = record(scan(1, carrier="", number="", shipment_external_id="f1"))

    assert (result.outcome, result.id) == (Outcome.CREATED, shipped.pk)


def test_a_number_alone_is_enough_while_one_carrier_has_it(shipped: Shipment, record: Record) -> None:
    (found,) = record(scan(1, carrier=""))

    assert found.id == shipped.pk


@pytest.mark.parametrize(
    ("bad", "pointer"),
    [
        ({"number": ""}, "/number"),
        ({"occurred_at": None}, "/occurred_at"),
        ({"occurred_at": datetime(1, 1, 1, tzinfo=UTC)}, "/occurred_at"),
        ({"status": "deliverd"}, "/status"),
    ],
)
def test_a_scan_that_cannot_be_kept_names_the_field_and_the_others_are_kept(
    shipped: Shipment, record: Record, bad: dict[str, object], pointer: str
) -> None:
    results = record(scan(1, **bad), scan(2))

    assert [result.outcome for result in results] == [Outcome.REFUSED, Outcome.CREATED]
    assert [error.pointer for error in results[0].errors] == [pointer]


def test_a_code_that_no_table_has_is_kept_counted_and_moves_nothing(shipped: Shipment, record: Record) -> None:
    record(scan(1, "", source="easypost", code="teleported/unknown"), scan(2, "", source="easypost", code="teleported/unknown"))

    assert unmapped() == [Unmapped("easypost", "dhl", "teleported/unknown", 2)]
    assert (Shipment.objects.get().status, facts(ShipmentMoved)) == ("pending", [])


def test_a_source_code_brings_party_and_action(shipped: Shipment, record: Record) -> None:
    record(scan(1, "", source="easypost", code="failure/address_correction"))

    shipment = Shipment.objects.get()
    assert (shipment.status, shipment.substatus, shipment.party, shipment.action_required) == (
        "attempt_failed", "address", "recipient", "shopper",
    )  # fmt: skip


def test_a_time_without_a_zone_is_kept_as_it_is_and_placed_by_its_country(shipped: Shipment, record: Record) -> None:
    wall = datetime(2026, 3, 2, 18, 0)  # noqa: DTZ001
    record(
        scan(0, occurred_at=None, local_time=wall, place=place("Osaka", "JP")),
        scan(0, occurred_at=None, local_time=wall, place=place("", "")),
    )

    rows = Scan.objects.order_by("occurred_at")
    assert [row.zone_known for row in rows] == [False, False]
    assert [row.local_time for row in rows] == [wall.replace(tzinfo=UTC)] * 2
    assert [row.occurred_at.hour for row in rows] == [9, 17]  # Tokyo, and the brand's Berlin


def test_characters_that_postgresql_cannot_hold_are_left_out(shipped: Shipment, record: Record) -> None:
    (result,) = record(scan(1, text="a\x00b", extra={"x\x00": ["\x00", {"y": "\x00z"}], "big": 2**70}))

    row = Scan.objects.get()
    assert (result.outcome, row.text, row.extra) == (Outcome.CREATED, "ab", {"x": ["", {"y": "z"}], "big": 2**70})


def test_a_recycled_number_begins_a_new_life(shipped: Shipment, record: Record) -> None:
    record(scan(24, "delivered"))
    later = 24 * 200

    results = record(scan(later, "info_received"), scan(24, "delivered"), scan(24.5, "delivered", substatus="signed"))

    assert [result.outcome for result in results] == [Outcome.CREATED, Outcome.UNCHANGED, Outcome.CREATED]
    assert [result.id == shipped.pk for result in results] == [False, True, True]
    assert sorted(Leg.objects.values_list("number", "epoch")) == [("N1", 0), ("N1", 1)]
    assert Shipment.objects.get(pk=shipped.pk).status == "delivered"


def test_a_number_that_is_still_under_way_is_not_recycled(shipped: Shipment, record: Record) -> None:
    record(scan(24))

    (result,) = record(scan(24 * 200))

    assert result.id == shipped.pk


def test_another_merchants_parcel_with_the_same_number_stays_apart(ann: Merchant, bob: Merchant) -> None:
    for shop_owner, status in ((ann, "in_transit"), (bob, "delivered")):
        with in_merchant(shop_owner):
            record_scans([scan(1, status)], connection_id=Connection.objects.get().pk)

    for shop_owner, status in ((ann, "in_transit"), (bob, "delivered")):
        with in_merchant(shop_owner):
            assert [shipment.status for shipment in Shipment.objects.all()] == [status]


def test_the_statements_do_not_grow_with_the_batch(shipped: Shipment, make_order: Callable[..., Order], record: Record) -> None:
    counts = []
    for size in (1, 20):
        orders = [f"o{size}-{index}" for index in range(size)]
        for external_id in orders:
            make_order(external_id)
        record(*(parcel(external_id=one, order_external_id=one, number=one.upper()) for one in orders))
        with CaptureQueriesContext(connection) as queries:
            record(*(scan(5, number=one.upper()) for one in orders), *(scan(6, number=one.upper()) for one in orders))
        counts.append(len(queries))

    assert counts == [9, 9]


def test_a_batch_of_repeats_takes_three_statements(shipped: Shipment, record: Record) -> None:
    record(scan(5))

    with CaptureQueriesContext(connection) as queries:
        record(scan(5), scan(5))

    assert len(queries) == 3


def test_a_scan_keeps_its_time_to_the_second_only_for_comparing(shipped: Shipment, record: Record) -> None:
    record(scan(5, occurred_at=at(5) + timedelta(microseconds=5)))

    assert Scan.objects.get().occurred_at == at(5) + timedelta(microseconds=5)
