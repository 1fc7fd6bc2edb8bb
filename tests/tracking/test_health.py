"""What is wrong with a parcel: from when, for how long, and when to look again."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import UTC, date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from integrations.models import Connection
from integrations.types import Recorded
from orders.models import Order
from postpurchase.events.catalogue import HealthOpened, HealthResolved, OrderChanged
from postpurchase.events.tasks import relay_batch
from postpurchase.lib import clock
from postpurchase.tenancy.models import Merchant
from postpurchase.tenancy.scope import in_merchant
from tests.tracking.conftest import MONDAY, at, facts, parcel, scan
from tracking import workdays
from tracking.handlers import a_promise_may_be_missed_now
from tracking.health import Journey, assess
from tracking.models import HealthInterval, Shipment
from tracking.scans import record_scans
from tracking.tasks import check_batch, sweep
from tracking.zones import after_working_days, country_of, end_of_day, of_country

HOME = Journey(ship_to="DE", home_zone="Europe/Berlin")
BERLIN = ZoneInfo("Europe/Berlin")
Settled = Callable[[], AbstractContextManager[None]]


def a_parcel(**changes: Any) -> Shipment:
    return Shipment(**{"number": "N1", "status": "in_transit", "created_at": MONDAY, "last_scan_at": MONDAY} | changes)


def flags(shipment: Shipment, now: datetime, journey: Journey = HOME, *, conflict: bool = False) -> list[str]:
    return sorted(assess(shipment, now, journey, conflict=conflict).flags)


def test_working_days_leave_out_the_weekend() -> None:
    friday = datetime(2026, 3, 6, 17, 30, tzinfo=UTC)
    saturday = datetime(2026, 3, 7, 17, 30, tzinfo=UTC)

    assert after_working_days(friday, 2, BERLIN) == datetime(2026, 3, 10, 17, 30, tzinfo=UTC)
    assert after_working_days(saturday, 2, BERLIN) == datetime(2026, 3, 10, 23, 0, tzinfo=UTC)  # Monday 00:00 in Berlin, and two days
    assert workdays.add(date(2026, 3, 6), 0) == date(2026, 3, 6)


def test_a_working_day_keeps_its_hour_when_summer_time_begins() -> None:
    before = datetime(2026, 3, 27, 9, 0, tzinfo=UTC)  # Friday 10:00 in Berlin; clocks go forward on Sunday

    assert after_working_days(before, 1, BERLIN) == datetime(2026, 3, 30, 8, 0, tzinfo=UTC)


def test_a_country_has_a_main_zone_and_a_zone_a_country() -> None:
    assert [of_country(code, "UTC").key for code in ("JP", "US", "de", "", "ZZ")] == [
        "Asia/Tokyo", "America/New_York", "Europe/Berlin", "UTC", "UTC",
    ]  # fmt: skip
    assert [country_of(zone) for zone in ("Europe/Stockholm", "UTC", "Nowhere/At_All")] == ["SE", "", ""]
    assert end_of_day(date(2026, 3, 2), BERLIN) == datetime(2026, 3, 2, 23, 0, tzinfo=UTC)


def test_a_label_without_a_scan_is_seen_after_two_working_days() -> None:
    shipment = a_parcel(status="info_received", last_scan_at=None, shipped_at=MONDAY)

    assert flags(shipment, at(47.9)) == []
    assert assess(shipment, MONDAY, HOME, conflict=False).check_at == at(48)
    assert flags(shipment, at(48)) == ["no_scan_after_label"]


@pytest.mark.parametrize(("journey", "days"), [(HOME, 3), (Journey("CH", "Europe/Berlin"), 9)])
def test_silence_is_longer_allowed_across_a_border(journey: Journey, days: int) -> None:
    shipment = a_parcel()  # Monday; seven working days end on the Wednesday of the next week

    assert flags(shipment, at(24 * days - 0.1), journey) == []
    assert flags(shipment, at(24 * days), journey) == ["stalled"]


def test_a_promise_is_missed_when_its_day_is_over_where_the_shopper_is() -> None:
    shipment = a_parcel(promised_on=date(2026, 3, 3))
    over_in_berlin = datetime(2026, 3, 3, 23, 0, tzinfo=UTC)

    assert flags(shipment, over_in_berlin - timedelta(seconds=1)) == []
    assert flags(shipment, over_in_berlin) == ["late_vs_promise"]
    assert flags(shipment, over_in_berlin, Journey("US", "Europe/Berlin")) == []


def test_the_orders_promise_counts_where_the_parcel_has_none() -> None:
    assert flags(a_parcel(), at(30), Journey("DE", "Europe/Berlin", date(2026, 3, 2))) == ["late_vs_promise"]


def test_an_estimate_is_missed_when_its_day_is_over_or_put_off() -> None:
    kept = a_parcel(first_estimate_on=date(2026, 3, 3), estimate_on=date(2026, 3, 3))
    put_off = a_parcel(first_estimate_on=date(2026, 3, 3), estimate_on=date(2026, 3, 5))
    earlier = a_parcel(first_estimate_on=date(2026, 3, 5), estimate_on=date(2026, 3, 3))

    assert [flags(one, at(1)) for one in (kept, put_off, earlier)] == [[], ["late_vs_edd"], []]
    assert flags(kept, at(40)) == ["late_vs_edd"]


def test_attempts_pickup_and_contradictions_are_seen() -> None:
    waiting = a_parcel(status="available_for_pickup", status_at=MONDAY)

    assert flags(a_parcel(status="attempt_failed", attempts=2), at(1)) == ["repeated_attempts"]
    assert [flags(waiting, at(hours)) for hours in (119, 120)] == [[], ["pickup_expiring"]]
    assert flags(a_parcel(status="delivered"), at(1), conflict=True) == ["conflict"]


@pytest.mark.parametrize("ended", [{"status": "delivered"}, {"status": "returned"}, {"status": "cancelled"}, {"number": ""}])
def test_a_parcel_at_its_end_or_without_a_number_is_looked_at_no_more(ended: dict[str, str]) -> None:
    found = assess(a_parcel(promised_on=date(2026, 3, 2), attempts=3, **ended), at(900), HOME, conflict=False)

    assert (found.flags, found.check_at) == (frozenset(), None)


@pytest.fixture
def on_monday(make_order: Callable[..., Order], record: Callable[..., list[Recorded]]) -> Shipment:
    with clock.frozen(MONDAY):
        make_order()
        record(parcel())
    return Shipment.objects.get()


def test_a_problem_opens_by_time_and_is_over_with_the_next_scan(on_monday: Shipment, record: Callable[..., list[Recorded]]) -> None:
    with clock.frozen(at(50)) as hands:
        assert check_batch(on_monday.merchant_id) == 1
        assert check_batch(on_monday.merchant_id) == 0
        hands.advance(timedelta(hours=2))
        record(scan(51))

    interval = HealthInterval.objects.get()
    shared = {"order_id": on_monday.order_id, "shipment_id": on_monday.pk, "flag": "no_scan_after_label"}
    assert (interval.flag, interval.opened_at, interval.resolved_at) == ("no_scan_after_label", at(50), at(52))
    assert (facts(HealthOpened), facts(HealthResolved)) == ([HealthOpened(**shared)], [HealthResolved(**shared)])
    on_monday.refresh_from_db()
    assert (on_monday.health, on_monday.check_at) == ([], at(24 * 7 + 3))  # Wednesday 11:00 and three working days: Monday


def test_the_sweep_finds_each_merchants_due_parcels(ann: Merchant, bob: Merchant, settled: Settled) -> None:
    for merchant in (ann, bob):
        with in_merchant(merchant), clock.frozen(MONDAY):
            record_scans([scan(-1)], connection_id=Connection.objects.get().pk)

    with clock.frozen(at(24 * 4)), settled():
        sweep()

    for merchant in (ann, bob):
        assert relay_batch(merchant) == 0  # the facts have been told
        with in_merchant(merchant):
            assert list(Shipment.objects.values_list("health", "check_at")) == [(["stalled"], None)]


def test_a_changed_promise_is_judged_by_the_next_sweep(on_monday: Shipment) -> None:
    Order.objects.update(promised_to=date(2026, 2, 27))
    with clock.frozen(at(1)):
        a_promise_may_be_missed_now(OrderChanged(order_id=on_monday.order_id, fields=("tags",)))
        assert check_batch(on_monday.merchant_id) == 0

        a_promise_may_be_missed_now(OrderChanged(order_id=on_monday.order_id, fields=("promised_to",)))
        assert check_batch(on_monday.merchant_id) == 1

    assert [fact.flag for fact in facts(HealthOpened)] == ["late_vs_promise"]
