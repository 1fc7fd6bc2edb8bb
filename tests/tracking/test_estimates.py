"""When a parcel should arrive: every day that was told is kept, and the page stays honest when it has passed."""

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from typing import Any

from integrations.models import Connection
from integrations.types import EstimateData, Outcome, Recorded
from orders.models import Order
from postpurchase.events.catalogue import EstimateChanged, HealthOpened
from postpurchase.lib import clock
from postpurchase.tenancy.models import Brand
from tests.tracking.conftest import MONDAY, at, facts, scan
from tracking.estimates import Window, arrival, expected_window, record_estimates
from tracking.models import EstimateSnapshot, Shipment

MAR = date(2026, 3, 1)


def day(number: int) -> date:
    return MAR + timedelta(days=number - 1)


def told(hours: float, expected: int, **changes: Any) -> EstimateData:
    return EstimateData(**{"expected_on": day(expected), "carrier": "dhl", "number": "N1", "told_at": at(hours)} | changes)


def note(shop: Connection, *estimates: EstimateData) -> list[Recorded]:
    with clock.frozen(at(60)):
        return record_estimates(estimates, connection_id=shop.pk)


def dates() -> tuple[date | None, date | None]:
    shipment = Shipment.objects.get()
    return shipment.first_estimate_on, shipment.estimate_on


def test_the_first_day_told_is_kept_beside_the_latest(shop: Connection, shipped: Shipment) -> None:
    note(shop, told(1, 5))
    note(shop, told(2, 7))

    assert dates() == (day(5), day(7))
    assert [(fact.was, fact.now, fact.slipped) for fact in facts(EstimateChanged)] == [(None, day(5), False), (day(5), day(7), True)]
    assert [fact.flag for fact in facts(HealthOpened)] == ["late_vs_edd"]


def test_a_day_that_comes_in_late_changes_nothing_but_the_history(shop: Connection, shipped: Shipment) -> None:
    note(shop, told(2, 7))
    note(shop, told(1, 5))

    assert dates() == (day(5), day(7))
    assert len(facts(EstimateChanged)) == 1


def test_a_repeat_is_no_news(shop: Connection, shipped: Shipment) -> None:
    note(shop, told(1, 5))

    (result,) = note(shop, told(3, 5))

    assert (result.outcome, EstimateSnapshot.objects.count(), len(facts(EstimateChanged))) == (Outcome.UNCHANGED, 1, 1)


def test_a_day_for_an_unknown_parcel_waits(shop: Connection) -> None:
    (by_number, by_id) = note(shop, told(1, 5), told(1, 5, number="", shipment_external_id="f9"))

    assert [by_number.parked_for, by_id.parked_for] == ["shipment:N1", "shipment:f9"]


def test_a_delivered_parcel_gets_no_news_of_its_estimate(
    shop: Connection, shipped: Shipment, record: Callable[..., list[Recorded]]
) -> None:
    record(scan(9, "delivered"))

    note(shop, told(10, 9, number="", shipment_external_id="f1"))

    assert facts(EstimateChanged) == []
    assert dates() == (day(9), day(9))


def test_without_any_promise_the_brands_days_count_from_the_order(make_order: Callable[..., Order], ann_brand: Brand) -> None:
    friday_night = datetime(2026, 3, 6, 23, 30, tzinfo=UTC)  # Saturday in Berlin

    order = make_order(placed_at=friday_night)

    assert expected_window(order, ann_brand) == Window(day(11), day(16), "brand")


def test_what_the_order_promised_comes_before_the_brands_days(make_order: Callable[..., Order], ann_brand: Brand) -> None:
    order = make_order(promised_from=day(4), promised_to=day(6))

    assert expected_window(order, ann_brand) == Window(day(4), day(6), "promise")


def test_the_carriers_day_comes_first_and_says_what_was_told_before(ann_brand: Brand, shop: Connection, shipped: Shipment) -> None:
    note(shop, told(1, 5), told(2, 7, earliest_on=day(6)))
    shipment = Shipment.objects.get()

    with clock.frozen(MONDAY):
        assert arrival(shipment, shipment.order, ann_brand) == Window(day(6), day(7), "carrier", late=False, first_told=day(5))
    with clock.frozen(datetime(2026, 3, 7, 23, 0, tzinfo=UTC)):  # Sunday 8 March in Berlin
        assert arrival(shipment, shipment.order, ann_brand) == Window(day(6), day(7), "carrier", late=True, first_told=day(5))


def test_the_merchants_promise_for_the_parcel_comes_next_and_no_order_tells_nothing(
    ann_brand: Brand, make_order: Callable[..., Order]
) -> None:
    order = make_order()

    with clock.frozen(MONDAY):
        assert arrival(Shipment(promised_on=day(4)), order, ann_brand) == Window(day(4), day(4), "merchant")
    assert arrival(Shipment(), None, ann_brand) is None
