"""Parcels, in: found again, never robbed of a number, joined to their order, and the order counted as delivered when all are."""

from collections.abc import Callable

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from integrations.models import Connection, api_connection_id
from integrations.types import FieldError, LegData, Outcome, Recorded, ShippedLineData
from orders.models import Line, Order, Refund
from postpurchase.events.catalogue import OrderChanged, OrderDelivered, ShipmentCreated, ShipmentMoved
from tests.tracking.conftest import MONDAY, at, facts, parcel, scan
from tracking.handlers import lines_may_wait_no_longer
from tracking.models import Leg, Scan, Shipment, ShipmentLine

Record = Callable[..., list[Recorded]]
MakeOrder = Callable[..., Order]


def units(*lines: tuple[str, int]) -> list[ShippedLineData]:
    return [ShippedLineData(line_external_id=name, quantity=quantity) for name, quantity in lines]


def test_a_parcel_is_recorded_with_its_lines_and_told_once(make_order: MakeOrder, record: Record) -> None:
    order = make_order(lines={"a": 2, "b": 1})

    (first,) = record(parcel(number=" n 1", lines=units(("a", 2))))
    (second,) = record(parcel(number="N1", lines=units(("a", 2))))

    shipment = Shipment.objects.get()
    assert (first.outcome, second.outcome, first.id, second.id) == (Outcome.CREATED, Outcome.UNCHANGED, shipment.pk, shipment.pk)
    assert (shipment.carrier, shipment.number, shipment.order_id) == ("dhl", "N1", order.pk)
    assert list(ShipmentLine.objects.values_list("line__external_id", "quantity")) == [("a", 2)]
    assert facts(ShipmentCreated) == [ShipmentCreated(order_id=order.pk, shipment_id=shipment.pk)]
    assert facts(ShipmentMoved) == []


def test_a_parcel_of_an_unknown_order_waits_for_it(shop: Connection, record: Record) -> None:
    (result,) = record(parcel())

    assert (result.outcome, result.parked_for, Shipment.objects.count()) == (Outcome.PARKED, "order:o1", 0)


def test_a_parcel_needs_a_number_or_an_external_id(shop: Connection, record: Record) -> None:
    (result,) = record(parcel(number=" ", external_id="", order_external_id=""))

    assert [error.pointer for error in result.errors] == ["/number"]


def test_another_number_is_added_and_the_first_one_still_leads_to_the_parcel(shipped: Shipment, record: Record) -> None:
    (result,) = record(parcel(number="N2"))
    scans = record(scan(1, number="N1"), scan(2, number="N2"))

    shipment = Shipment.objects.get()
    assert (result.outcome, shipment.number) == (Outcome.UPDATED, "N2")
    assert list(Leg.objects.order_by("position").values_list("number", flat=True)) == ["N1", "N2"]
    assert {found.id for found in scans} == {shipment.pk}


def test_a_second_parcel_of_an_order_leaves_the_first_alone(shipped: Shipment, record: Record) -> None:
    record(parcel(external_id="f2", number="N2"))

    assert sorted(Shipment.objects.values_list("external_id", "number")) == [("f1", "N1"), ("f2", "N2")]


def test_a_further_carriers_number_leads_to_the_parcel_too(make_order: MakeOrder, record: Record) -> None:
    make_order()
    (result,) = record(parcel(legs=[LegData(carrier="PostNL", number="3s9")]))

    (found,) = record(scan(1, carrier="postnl", number="3S9"))

    assert found.id == result.id
    assert Shipment.objects.get().number == "N1"


def test_blank_fields_of_an_update_keep_what_is_known(make_order: MakeOrder, record: Record) -> None:
    make_order(lines={"a": 1})
    record(parcel(service="Express", tracking_url="https://dhl.example/N1", lines=units(("a", 1))))

    record(parcel(origin_country="SE"))

    shipment = Shipment.objects.get()
    assert (shipment.carrier_name, shipment.carrier_url) == ("DHL Paket", "https://dhl.example/N1")
    assert (shipment.service, shipment.tracking_url, shipment.origin_country) == ("Express", "https://dhl.example/N1", "SE")
    assert shipment.items.count() == 1


def test_a_number_that_comes_after_its_scans_brings_them_along(make_order: MakeOrder, record: Record) -> None:
    order = make_order()
    record(parcel(number=""))
    record(scan(1), scan(9, "delivered"))
    assert Shipment.objects.count() == 2

    record(parcel())

    shipment = Shipment.objects.get()
    assert (shipment.order_id, shipment.status, Scan.objects.filter(shipment=shipment).count()) == (order.pk, "delivered", 2)
    assert list(Leg.objects.values_list("shipment", "number", "epoch")) == [(shipment.pk, "N1", 0)]
    assert [fact.order_id for fact in facts(OrderDelivered)] == [order.pk]


def test_two_orders_in_one_box_are_both_moved_by_its_scans(make_order: MakeOrder, record: Record) -> None:
    make_order("o1")
    make_order("o2")
    record(parcel(), parcel(external_id="f2", order_external_id="o2"))

    (result,) = record(scan(9, "delivered"))

    assert result.outcome == Outcome.CREATED
    assert list(Shipment.objects.values_list("status", flat=True)) == ["delivered", "delivered"]
    assert len(facts(OrderDelivered)) == 2


def test_the_api_is_told_which_line_the_order_does_not_have(ann_api: Connection, make_order: MakeOrder, record: Record) -> None:
    make_order(connection=ann_api, lines={"a": 1})

    (result,) = record(parcel(lines=units(("a", 1), ("z", 1))), connection=ann_api)

    assert result.errors == [FieldError("/lines/1/line_external_id", "The order has no line z.")]
    assert Shipment.objects.count() == 0


def test_a_shops_unknown_line_is_left_out(make_order: MakeOrder, record: Record) -> None:
    make_order(lines={"a": 1})

    record(parcel(lines=units(("a", 1), ("z", 1))))

    assert list(ShipmentLine.objects.values_list("line__external_id", flat=True)) == ["a"]


def test_a_parcel_that_the_shop_takes_back_is_cancelled_for_good(shipped: Shipment, record: Record) -> None:
    record(parcel(cancelled=True))
    record(parcel())

    assert Shipment.objects.get().status == "cancelled"
    assert [fact.new for fact in facts(ShipmentMoved)] == ["cancelled"]


def test_an_order_is_delivered_with_its_last_parcel_and_told_once(make_order: MakeOrder, record: Record) -> None:
    order = make_order(lines={"a": 1, "b": 1})
    record(parcel(lines=units(("a", 1))), parcel(external_id="f2", number="N2", lines=units(("b", 1))))

    record(scan(9, "delivered"))
    assert facts(OrderDelivered) == []
    record(scan(30, "delivered", number="N2"))
    record(scan(31, "delivered", number="N2", text="Signed"))

    order.refresh_from_db()
    assert order.delivered_at == at(30)
    assert facts(OrderDelivered) == [OrderDelivered(order_id=order.pk, at=at(30))]


def test_orders_that_are_delivered_together_are_written_together(make_order: MakeOrder, record: Record) -> None:
    for index in range(5):
        make_order(f"o{index}")
        record(parcel(external_id=f"f{index}", order_external_id=f"o{index}", number=f"N{index}"))

    with CaptureQueriesContext(connection) as of_one:
        record(scan(9, "delivered", number="N0"))
    with CaptureQueriesContext(connection) as of_four:
        record(*(scan(hour, "delivered", number=f"N{hour - 9}") for hour in range(10, 14)))

    assert len(of_four) == len(of_one)
    assert list(Order.objects.order_by("external_id").values_list("delivered_at", flat=True)) == [at(hour) for hour in range(9, 14)]


def test_an_order_with_a_line_that_waits_is_not_delivered(make_order: MakeOrder, record: Record) -> None:
    order = make_order(lines={"a": 2})
    record(parcel(lines=units(("a", 1))))

    record(scan(9, "delivered"))
    assert facts(OrderDelivered) == []
    Refund.objects.create(
        order=order, external_id="r", amount=500, processed_at=MONDAY, lines=[{"line_external_id": "a", "quantity": 1, "amount": 500}]
    )
    lines_may_wait_no_longer(OrderChanged(order_id=order.pk, fields=("lines",)))

    assert len(facts(OrderDelivered)) == 1


def test_lines_that_need_no_parcel_keep_no_order_open(make_order: MakeOrder, record: Record) -> None:
    make_order(lines={"a": 1, "gift_card": 1, "gone": 1})
    Line.objects.filter(external_id="gift_card").update(requires_shipping=False)
    Line.objects.filter(external_id="gone").update(removed_at=MONDAY)
    record(parcel(lines=units(("a", 1))), parcel(external_id="f2", number="N2", cancelled=True))

    record(scan(9, "delivered"))

    assert len(facts(OrderDelivered)) == 1


def test_a_delivery_that_is_revoked_opens_the_order_and_is_not_told_again(shipped: Shipment, record: Record) -> None:
    record(scan(9, "delivered"))
    record(scan(12, "out_for_delivery"))
    assert Order.objects.get().delivered_at is None

    record(scan(15, "delivered"))

    assert Order.objects.get().delivered_at == at(15)
    assert [fact.at for fact in facts(OrderDelivered)] == [at(9)]


@pytest.mark.parametrize("carrier", ["", "Other"])
def test_a_carrier_that_is_told_later_is_taken(make_order: MakeOrder, record: Record, carrier: str) -> None:
    make_order()
    record(parcel(carrier=carrier))

    record(parcel(carrier="DHL Express"))

    assert Shipment.objects.get().carrier == "dhl_express"


def test_the_statements_do_not_grow_with_the_batch_of_parcels(shop: Connection, make_order: MakeOrder, record: Record) -> None:
    api_connection_id(shop.merchant_id)  # asked once per process
    counts = []
    for size in (1, 20):
        for index in range(size):
            make_order(f"o{size}-{index}", lines={"a": 1})
        batch = [
            parcel(external_id=f"f{size}-{index}", order_external_id=f"o{size}-{index}", number=f"N{size}-{index}", lines=units(("a", 1)))
            for index in range(size)
        ]
        with CaptureQueriesContext(connection) as queries:
            record(*batch)
        counts.append(len(queries))

    assert counts == [15, 15]
