"""When to write to a person: what they did, drawn towards what the shop's people do."""

import random
from collections import Counter
from datetime import time, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from notifications import best_time
from notifications.best_time import Measured, best_hour, posterior
from notifications.models import Act, Engagement, Message
from orders.models import Order
from tests.notifications.conftest import NOW

USUAL = [one / sum(best_time.USUAL) for one in best_time.USUAL]
COUNTS = st.dictionaries(st.integers(0, 23), st.integers(0, 500))


@given(COUNTS, st.floats(0.5, 100))
def test_shares_are_shares(clicks: dict[int, int], weight: float) -> None:
    shares = posterior(clicks, USUAL, weight)

    assert abs(sum(shares) - 1) < 1e-9
    assert min(shares) > 0


@given(COUNTS)
def test_no_hour_of_the_night_is_chosen(clicks: dict[int, int]) -> None:
    assert best_time.FIRST <= best_hour(clicks, USUAL) <= best_time.LAST


def test_without_clicks_the_shops_hour_counts_and_with_some_ones_own() -> None:
    shop = posterior({19: 400}, USUAL, best_time.SHOP)

    assert best_hour({}, shop) == 19
    assert best_hour({9: 2}, shop) == 19
    assert best_hour({9: 12}, shop) == 9


def test_fifty_sends_come_nearer_to_peoples_habits_than_ten_oclock_does() -> None:
    dice = random.Random(7)
    learned = fixed = 0.0
    for _ in range(400):
        habit = dice.choice(range(8, 22))
        clicked = Counter(min(21, max(8, round(dice.gauss(habit, 1.2)))) for _ in range(50) if dice.random() < 0.2)
        learned += abs(best_hour(clicked, USUAL) - habit)
        fixed += abs(10 - habit)

    assert learned < fixed / 2


def test_one_in_ten_is_left_out_for_ever() -> None:
    left = [best_time.in_control(f"person{n}@example.com") for n in range(20_000)]

    assert 0.09 < sum(left) / len(left) < 0.11
    assert best_time.in_control("A@example.com") == best_time.in_control("a@example.com")


def test_a_lift_has_an_interval_that_holds_no_difference_where_there_is_none() -> None:
    assert Measured((0, 0), (10, 1)).lift is None
    same, better = Measured((1000, 100), (100, 10)).lift, Measured((10_000, 1_500), (1_000, 100)).lift
    assert same is not None
    assert better is not None
    assert same.low < 0 < same.high
    assert better.value == pytest.approx(0.05)
    assert 0 < better.low < better.value < better.high
    assert Measured((1000, 100), (99, 10)).lift is None


@pytest.mark.django_db
def test_peoples_clicks_are_read_and_machines_left_out(order: Order, message: Any) -> None:
    mail: Message = message(slot_at=NOW, sent_at=NOW)
    for hour, machine in ((20, False), (20, False), (3, True)):
        Engagement.objects.create(message=mail, kind=Act.CLICK, at=NOW - timedelta(days=1), machine=machine, hour=None if machine else hour)

    found = best_time.hours({order.email})

    assert found.people == {order.email: Counter({20: 2})}
    assert found.best_for(order.email) in (None, time(20))
    assert found.shop[20] > USUAL[20]
