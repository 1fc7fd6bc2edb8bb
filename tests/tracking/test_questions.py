"""What the dashboard asks: the right answers, in a fixed number of statements."""

from collections.abc import Callable
from datetime import date
from typing import Any

from integrations.types import Recorded, ShippedLineData
from orders.models import Order
from postpurchase.lib import clock
from tests.tracking.conftest import MONDAY, at, parcel, scan
from tracking import questions
from tracking.models import Shipment

Record = Callable[..., list[Recorded]]
MakeOrder = Callable[..., Order]


def parcels(make_order: MakeOrder, record: Record, count: int, **changes: Any) -> None:
    with clock.frozen(MONDAY):
        for index in range(count):
            make_order(f"o{index}")
            record(parcel(external_id=f"f{index}", order_external_id=f"o{index}", number=f"N{index}", **changes))


def test_attention_counts_each_parcel_once_and_names_the_oldest(
    make_order: MakeOrder, record: Record, django_assert_num_queries: Any
) -> None:
    parcels(make_order, record, 4, promised_on=date(2026, 3, 2))
    for hours, number, status in ((50, "N0", "in_transit"), (51, "N1", "exception"), (52, "N2", "delivered"), (53, "N3", "in_transit")):
        with clock.frozen(at(hours)):
            record(scan(hours, status, number=number))

    with django_assert_num_queries(6):
        found = {concern.kind: concern for concern in questions.attention(limit=2)}

    assert {kind: concern.parcels for kind, concern in found.items()} == {"stalled": 0, "late": 3, "undelivered": 0, "exceptions": 1}
    assert [(row.number, row.order_number, row.since) for row in found["late"].oldest] == [("N0", "o0", at(50)), ("N1", "o1", at(51))]
    assert [row.number for row in found["exceptions"].oldest] == ["N1"]


def test_an_orders_parcels_come_with_all_that_hangs_on_them(make_order: MakeOrder, record: Record, django_assert_num_queries: Any) -> None:
    order = make_order(lines={"a": 2})
    record(parcel(lines=[ShippedLineData(line_external_id="a", quantity=2)]), parcel(external_id="f2", number="N2"))
    record(scan(1), scan(2), scan(1, number="N2"))

    with django_assert_num_queries(6):
        first, second = questions.for_order(order)
        seen = [[one.occurred_at for one in row.scans.all()] for row in (first, second)]
        numbers = [leg.number for row in (first, second) for leg in row.legs.all()]
        packed = [(item.line.title, item.quantity) for row in (first, second) for item in row.items.all()]

    assert seen == [[at(2), at(1)], [at(1)]]
    assert (numbers, packed) == (["N1", "N2"], [("a", 2)])


def test_deliveries_are_counted_by_the_day_of_the_shop_and_by_promise(
    make_order: MakeOrder, record: Record, django_assert_num_queries: Any
) -> None:
    parcels(make_order, record, 2, promised_on=date(2026, 3, 3))
    with clock.frozen(at(60)):
        record(scan(38, "delivered", number="N0"), scan(39.5, "delivered", number="N1"), scan(40, "delivered", number="U1"))

        with django_assert_num_queries(2):
            found = questions.deliveries(days=3)

    assert found == [(date(2026, 3, 2), 0, 0, 0), (date(2026, 3, 3), 1, 0, 0), (date(2026, 3, 4), 0, 1, 1)]
    assert Shipment.objects.filter(status="delivered").count() == 3
