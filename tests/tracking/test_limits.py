"""How long is too long, by lane: the merchant's rules, what lanes taught, and the trade where neither says anything."""

from collections import Counter
from collections.abc import Callable
from datetime import timedelta
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from integrations.types import Recorded
from orders.models import Order
from postpurchase.lib import clock
from postpurchase.tenancy.models import Merchant
from tests.tracking.conftest import MONDAY, at, parcel, scan
from tracking.foresee import due_batch
from tracking.health import Journey, assess
from tracking.health_rules import HealthRule
from tracking.limits import UNRULED, Lane, Limits, Rules, judge_anew, keep
from tracking.models import HealthInterval, Shipment
from tracking.silences import reached
from tracking.tasks import check_batch


def flags(limits: Limits, hours: float, **changes: Any) -> list[str]:
    told = {"number": "N1", "status": "in_transit", "created_at": MONDAY, "last_scan_at": MONDAY} | changes
    return sorted(assess(Shipment(**told), at(hours), Journey("DE", "Europe/Berlin", limits=limits), conflict=False).flags)


def test_each_limit_replaces_the_trades() -> None:
    label = {"status": "info_received", "last_scan_at": None, "shipped_at": MONDAY}
    waiting = {"status": "available_for_pickup", "status_at": MONDAY}

    assert (flags(UNRULED, 25), flags(Limits(quiet_days=1), 25)) == ([], ["stalled"])
    assert (flags(UNRULED, 73), flags(Limits(quiet_days=5), 73)) == (["stalled"], [])
    assert (flags(UNRULED, 25, **label), flags(Limits(first_scan_days=1), 25, **label)) == ([], ["no_scan_after_label"])
    assert (flags(UNRULED, 49, **waiting), flags(Limits(pickup_days=2), 49, **waiting)) == ([], ["pickup_expiring"])
    assert (flags(UNRULED, 1, attempts=2), flags(Limits(attempts=3), 1, attempts=2)) == (["repeated_attempts"], [])


def test_the_merchants_rule_goes_before_what_was_learned_and_the_narrower_before_the_wider(in_ann: Merchant) -> None:
    rules = [
        HealthRule(quiet_days=9, first_scan_days=8),
        HealthRule(carrier="dhl", quiet_days=7),
        HealthRule(carrier="dhl", service="Express", country="AT", attempts=4),
        HealthRule(carrier="dhl", country="AT", quiet_days=5, learned=True),
        HealthRule(carrier="ups", country="AT", quiet_days=6, learned=True, parcels=40),
        HealthRule(country="CH", quiet_days=4),
    ]
    HealthRule.objects.bulk_create(rules)
    lanes = [Lane("dhl", "express", "AT"), Lane("ups", "", "AT"), Lane("dhl", "", "CH"), Lane("gls", "", "FR")]

    found = Rules(lanes)

    assert found.of(lanes[0]) == Limits(first_scan_days=8, quiet_days=7, attempts=4)
    assert [found.of(lane).quiet_days for lane in lanes] == [7, 9, 4, 9]
    HealthRule.objects.filter(carrier="", country="").delete()
    assert [Rules(lanes).of(lane).quiet_days for lane in lanes] == [7, 6, 4, None]


def test_a_rule_of_a_lane_is_one_row_and_says_what_it_said_before(in_ann: Merchant) -> None:
    lane = Lane("dhl", "", "CH")

    assert keep(lane, Limits(quiet_days=4))[1] == {}
    assert keep(lane, Limits(quiet_days=6))[1]["quiet_days"] == 4
    assert list(HealthRule.objects.values_list("quiet_days", flat=True)) == [6]


def test_a_changed_rule_opens_and_resolves_by_itself(make_order: Callable[..., Order], record: Callable[..., list[Recorded]]) -> None:
    with clock.frozen(MONDAY) as hands:
        order = make_order()
        record(parcel())
        record(scan(0))
        hands.move_to(at(30))
        keep(Lane("dhl", "", "DE"), Limits(quiet_days=1))
        assert (judge_anew(Lane("ups")), judge_anew(Lane("dhl", "", "DE"))) == (0, 1)
        check_batch(order.merchant_id)
        assert list(HealthInterval.objects.values_list("flag", "resolved_at")) == [("stalled", None)]
        keep(Lane("dhl", "", "DE"), Limits(quiet_days=5))
        judge_anew(Lane("dhl", "", "DE"))
        check_batch(order.merchant_id)

    assert list(HealthInterval.objects.values_list("flag", "resolved_at")) == [("stalled", at(30))]


def test_a_lane_teaches_how_long_it_is_quiet_once_enough_parcels_came(
    make_order: Callable[..., Order], record: Callable[..., list[Recorded]]
) -> None:
    with clock.frozen(MONDAY) as hands:
        make_order()
        for n in range(30):
            name = {"number": f"N{n}", "external_id": f"f{n}"}
            record(parcel(**name, shipped_at=MONDAY, service="Express"))
            here = {"number": f"N{n}"}
            record(scan(1, **here), scan(24 * 7 + 1, **here), scan(24 * 8, "delivered", **here))  # Monday, Monday, Tuesday
        hands.advance(timedelta(days=9))
        due_batch(100)

    learned = {(row.service, row.country): (row.quiet_days, row.first_scan_days, row.parcels) for row in HealthRule.objects.all()}
    assert learned == {("", "DE"): (6, 2, 30), ("Express", "DE"): (6, 2, 30)}  # five working days of silence, and one more
    assert Rules([Lane("dhl", "Express", "DE")]).of(Lane("dhl", "Express", "DE")).quiet_days == 6


def test_few_parcels_teach_nothing(make_order: Callable[..., Order], record: Callable[..., list[Recorded]]) -> None:
    with clock.frozen(MONDAY) as hands:
        make_order()
        for n in range(29):
            record(parcel(number=f"N{n}", external_id=f"f{n}"))
            record(scan(1, number=f"N{n}"), scan(50, "delivered", number=f"N{n}"))
        hands.advance(timedelta(days=9))
        due_batch(100)

    assert not HealthRule.objects.exists()


@settings(max_examples=30)
@given(st.lists(st.integers(0, 60), min_size=1, max_size=80))
def test_the_level_is_reached_by_95_of_100_and_by_no_fewer_days(days: list[int]) -> None:
    found = reached(Counter(days))

    assert sum(day <= found for day in days) >= 0.95 * len(days) > sum(day < found for day in days)
