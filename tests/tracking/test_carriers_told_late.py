"""A number whose carrier is told by some and not by others: one parcel, the same rows whoever speaks first, and nothing told twice."""

import itertools
from collections.abc import Callable
from typing import Any

import pytest
from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from integrations.types import Recorded, ScanData, ShipmentData
from orders.models import Order
from postpurchase.events.catalogue import OrderDelivered, ShipmentMoved
from tests.tracking.conftest import at, facts, parcel, scan
from tests.tracking.test_any_order import SHOWN, Undo
from tracking.models import Leg, Scan, Shipment

Record = Callable[..., list[Recorded]]
CARRIERS = ("", "", "other", "dhl", "ups")
MOMENTS = ((1, "info_received"), (9, "in_transit"), (50, "out_for_delivery"), (55, "delivered"))


def state() -> list[Any]:
    return [
        list(Shipment.objects.order_by("carrier", "number").values_list("carrier", "number", "order__external_id", *SHOWN)),
        sorted(Leg.objects.values_list("carrier", "number", "epoch")),
        sorted((bytes(print_), carrier, by) for print_, carrier, by in Scan.objects.values_list("fingerprint", "carrier", "signed_by")),
    ]


@st.composite
def tellings(draw: st.DrawFn) -> list[ScanData | ShipmentData]:
    """Each moment told once or more, with and without its carrier, and perhaps the shop's own word of the parcel."""
    said = [
        scan(
            hours, status, carrier=draw(st.sampled_from(CARRIERS)), signed_by="Kim" if status == "delivered" and draw(st.booleans()) else ""
        )
        for hours, status in draw(st.lists(st.sampled_from(MOMENTS), min_size=2, max_size=7))
    ]
    shop = draw(st.sampled_from((None, "", "other", "dhl", "fedex")))
    return said if shop is None else [parcel(carrier=shop), *said]


@settings(max_examples=30, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow])
@given(data=st.data())
def test_whoever_tells_the_carrier_and_whenever_the_rows_are_the_same(
    make_order: Callable[..., Order], record: Record, data: st.DataObject
) -> None:
    told = data.draw(tellings())
    ends = []
    for came in (told, data.draw(st.permutations([*told, *data.draw(st.lists(st.sampled_from(told), max_size=3))]))):
        with pytest.raises(Undo), transaction.atomic():
            make_order()
            for kind, batch in itertools.groupby(came, type):
                items = list(batch)
                cut = data.draw(st.integers(0, len(items))) if kind is ScanData else 0
                for part in (items[:cut], items[cut:]):
                    if part:
                        record(*part)

            moves = [(fact.order_id, fact.new) for fact in facts(ShipmentMoved) if isinstance(fact, ShipmentMoved)]
            assert len(moves) == len(set(moves)), "a status was told twice"
            assert len(facts(OrderDelivered)) <= 1
            ends.append(state())
            raise Undo
    assert ends[0] == ends[1]
    assert len(ends[0][0]) == 1


def test_a_number_without_a_carrier_opens_a_parcel_that_takes_its_carrier_later(make_order: Callable[..., Order], record: Record) -> None:
    (first,) = record(scan(1, carrier=""))
    (second,) = record(scan(5))

    row = Shipment.objects.get()
    assert (first.id, second.id, row.carrier, row.carrier_seen) == (row.pk, row.pk, "dhl", True)
    assert list(Leg.objects.values_list("carrier", "number", "epoch")) == [("dhl", "N1", 0)]


def test_what_the_shop_says_of_the_carrier_holds_over_what_scans_say(make_order: Callable[..., Order], record: Record) -> None:
    make_order()
    record(scan(1))

    (taken,) = record(parcel(carrier="UPS"))
    record(scan(0.5, carrier="fedex"), scan(2, carrier=""))

    row = Shipment.objects.get()
    assert (row.pk, row.carrier, row.carrier_seen, row.scans.count()) == (taken.id, "ups", False, 3)
    assert list(Leg.objects.values_list("carrier", "epoch")) == [("ups", 0)]


def test_with_two_carriers_of_one_number_a_scan_of_neither_stays_by_itself(make_order: Callable[..., Order], record: Record) -> None:
    make_order("o1")
    make_order("o2")
    record(parcel(), parcel(carrier="UPS", external_id="f2", order_external_id="o2"))

    (alone, again) = record(scan(9, "delivered", carrier=""), scan(10, "delivered", carrier=""))
    (exact,) = record(scan(5, carrier="ups"))
    make_order("o3")
    record(parcel(carrier="", external_id="f3", order_external_id="o3", shipped_at=at(0)))

    assert alone.id == again.id
    assert list(Shipment.objects.order_by("carrier", "order").values_list("carrier", "order__external_id", "status")) == [
        ("", "o3", "pending"), ("", None, "delivered"), ("dhl", "o1", "pending"), ("ups", "o2", "in_transit"),
    ]  # fmt: skip
    assert exact.id == Shipment.objects.get(carrier="ups").pk


def test_a_second_parcel_takes_the_scans_that_name_its_carrier(make_order: Callable[..., Order], record: Record) -> None:
    make_order("o1")
    make_order("o2")
    record(parcel())
    record(scan(1), scan(9, "delivered", carrier="ups"))
    assert Shipment.objects.get().status == "delivered"

    record(parcel(carrier="UPS", external_id="f2", order_external_id="o2", shipped_at=at(0)))

    assert sorted(Shipment.objects.values_list("carrier", "status")) == [("dhl", "in_transit"), ("ups", "delivered")]


def test_a_recycled_numbers_next_life_is_named_when_its_carrier_is_told(record: Record) -> None:
    later = 24 * 200
    record(scan(24, "delivered"))

    opened = record(scan(later, carrier=""))[0]
    record(scan(later + 1), scan(23, "out_for_delivery", carrier=""))

    assert sorted(Leg.objects.values_list("carrier", "epoch", "shipment__status")) == [("dhl", 0, "delivered"), ("dhl", 1, "in_transit")]
    assert Leg.objects.get(epoch=1).shipment_id == opened.id
    assert Shipment.objects.exclude(pk=opened.id).get().out_at == at(23)


def test_the_same_scan_told_with_more_is_kept_with_more(record: Record) -> None:
    record(scan(9, "", carrier="", code="delivered/unknown", source="easypost", text=""))

    (result,) = record(scan(9, "", code="delivered/unknown", source="easypost", text="", signed_by="Kim"))

    assert (result.outcome, Shipment.objects.get().signed_by) == ("updated", "Kim")
    assert list(Scan.objects.values_list("carrier", "signed_by")) == [("dhl", "Kim")]
