"""Forecasts from a shop's own lanes: said when enough is known, kept for ever, shown when nobody better is, and steady."""

from collections.abc import Callable
from datetime import date, datetime, timedelta

import pytest

from integrations.models import Connection
from integrations.types import EstimateData
from orders.models import Order
from postpurchase.events.catalogue import EstimateChanged
from postpurchase.lib import clock
from tests.tracking.conftest import MONDAY, facts
from tracking.estimates import record_estimates
from tracking.models import EstimateSnapshot, LaneStat, PromiseWeek, Shipment, Status
from tracking.tasks import forecast_batch

MakeOrder = Callable[..., Order]
TOOK = (1, 2, 2, 2, 3, 3, 3, 4, 4, 6)  # working days, over and over


def came(shop: Connection, start: datetime, days: int, index: int) -> Shipment:
    """A parcel that was scanned at `start` and came so many days of the calendar later."""
    end = start + timedelta(days=days)
    return Shipment(
        connection=shop, carrier="dhl", number=f"P{index}", service="parcel", status=Status.DELIVERED, created_at=start,
        shipped_at=start, first_scan_at=start, delivered_at=end, estimate_at=end, first_estimate_on=(start + timedelta(days=3)).date(),
    )  # fmt: skip


@pytest.fixture
def past(shop: Connection, ann_brand: object) -> None:
    """200 parcels, forty a Monday, that took one to six days: no weekend in between."""
    Shipment.objects.bulk_create(
        came(shop, MONDAY - timedelta(weeks=1 + index // 40), min(TOOK[index % 10], 4), index) for index in range(200)
    )
    run(MONDAY - timedelta(hours=1))


def run(at: datetime) -> int:
    merchant = Shipment.objects.values_list("merchant_id", flat=True).first()
    with clock.frozen(at):
        return forecast_batch(merchant)


def new(shop: Connection, order: Order | None = None) -> Shipment:
    with clock.frozen(MONDAY):
        return Shipment.objects.create(
            connection=shop, order=order, carrier="dhl", number="N1", service="parcel", status=Status.IN_TRANSIT, created_at=MONDAY,
            shipped_at=MONDAY, first_scan_at=MONDAY,
        )  # fmt: skip


def test_what_came_is_counted_once(past: None) -> None:
    every = {row.key: sum(row.arrived.values()) for row in LaneStat.objects.filter(key="moving|all")}

    run(MONDAY)

    assert sum(sum(row.arrived.values()) for row in LaneStat.objects.filter(key="moving|all")) == 200
    assert every
    assert sum(PromiseWeek.objects.values_list("parcels", flat=True)) == 200
    assert sum(PromiseWeek.objects.values_list("on_time", flat=True)) == 140
    assert Shipment.objects.exclude(estimate_at=None).count() == 0


def test_a_parcel_with_a_known_lane_gets_a_range(past: None, shop: Connection) -> None:
    parcel = new(shop)

    run(MONDAY + timedelta(hours=1))

    parcel.refresh_from_db()
    snapshot = EstimateSnapshot.objects.get()
    assert (parcel.estimate_source, parcel.estimate_earliest_on, parcel.estimate_on) == ("ours", date(2026, 3, 3), date(2026, 3, 6))
    assert (snapshot.p50, snapshot.expected_on, snapshot.p95) == (date(2026, 3, 5), date(2026, 3, 6), date(2026, 3, 6))
    assert parcel.estimate_at == datetime.fromisoformat("2026-03-07T00:00:00+01:00")


def test_little_history_says_nothing(shop: Connection, ann_brand: object) -> None:
    Shipment.objects.bulk_create(came(shop, MONDAY - timedelta(weeks=1), 2, index) for index in range(30))
    run(MONDAY)
    new(shop)

    run(MONDAY + timedelta(hours=1))

    assert EstimateSnapshot.objects.count() == 0
    assert Shipment.objects.get(number="N1").estimate_on is None


def test_the_carriers_day_is_shown_until_it_is_over(past: None, shop: Connection, make_order: MakeOrder) -> None:
    parcel = new(shop, make_order())
    run(MONDAY + timedelta(hours=1))
    with clock.frozen(MONDAY + timedelta(hours=2)):
        told = EstimateData(expected_on=date(2026, 3, 4), carrier="dhl", number="", shipment_external_id="f1", told_at=MONDAY)
        Shipment.objects.filter(pk=parcel.pk).update(external_id="f1")
        record_estimates([told], connection_id=shop.pk)
    parcel.refresh_from_db()
    carriers = (parcel.estimate_source, parcel.estimate_on)

    run(datetime.fromisoformat("2026-03-09T12:00:00+01:00"))

    parcel.refresh_from_db()
    assert carriers == ("carrier", date(2026, 3, 4))
    assert (parcel.estimate_source, parcel.estimate_on) == ("ours", date(2026, 3, 9))
    assert [fact.slipped for fact in facts(EstimateChanged)] == [False, False, True]


def test_a_day_that_lies_ahead_stays_where_it_is(past: None, shop: Connection) -> None:
    parcel = new(shop)
    run(MONDAY + timedelta(hours=1))
    Shipment.objects.filter(pk=parcel.pk).update(estimate_at=MONDAY)

    run(MONDAY + timedelta(days=2))

    assert EstimateSnapshot.objects.count() == 1
    assert len(facts(EstimateChanged)) == 1
