"""Intervals beside published ones; verdicts: as few false winners as was said, a true lead found, one look and no peeking."""

import random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from notifications.results.interval import Sums, difference, mean_difference, share, student
from notifications.results.judge import Tried, judge


def ordered(chance: random.Random, share: float) -> int:
    """How many of 500 people did, each with that chance."""
    return sum(chance.random() < share for _ in range(500))


def arms(*hits: int, ripe: int = 500) -> list[Tried]:
    return [Tried(f"arm {at}", ripe, ripe, n) for at, n in enumerate(hits)]


def test_intervals_are_those_that_were_published() -> None:
    one, two = share(81, 263), difference((56, 70), (48, 80))

    assert (round(one.low, 4), round(one.high, 4)) == (0.2553, 0.3662)
    assert (round(two.value, 4), round(two.low, 4), round(two.high, 4)) == (0.2, 0.0524, 0.3339)
    assert two.clear


def test_the_interval_of_means_is_that_of_the_tables_and_of_a_known_case() -> None:
    assert [round(student(0.95, freedom), 3) for freedom in (10, 30, 120)] == [2.228, 2.042, 1.98]

    told = mean_difference(Sums(12, 240, 5_020), Sums(15, 210, 3_500))

    assert (round(told.value, 3), round(told.low, 3), round(told.high, 3)) == (6.0, 1.71, 10.29)
    assert mean_difference(Sums(100, 0, 0), Sums(100, 0, 0)).clear is False


def test_money_that_nobody_brought_is_rarely_proved() -> None:
    """An A/A test of amounts as shops have them: most people spend nothing, a few spend much."""

    def spent(seed: str) -> Sums:
        chance = random.Random(seed)
        amounts = [round(chance.lognormvariate(9, 0.8)) for _ in range(400) if chance.random() < 0.08]
        return Sums(400, sum(amounts), sum(one * one for one in amounts))

    false = sum(mean_difference(spent(f"{seed}/a"), spent(f"{seed}/b")).clear for seed in range(300))

    assert false / 300 <= 0.05 + 2 * (0.05 * 0.95 / 300) ** 0.5


@given(st.integers(1, 400), st.data())
@settings(max_examples=30, deadline=None)
def test_an_interval_holds_its_share_and_stays_between_nothing_and_all(of: int, data: st.DataObject) -> None:
    hits = data.draw(st.integers(0, of))

    told = share(hits, of)

    assert -1e-12 <= told.low <= told.value <= told.high <= 1 + 1e-12
    assert difference((hits, of), (hits, of)).value == 0
    assert not difference((hits, of), (hits, of)).clear


def test_nothing_is_judged_before_every_arm_has_its_people() -> None:
    tried = [Tried("a", 2000, 1000, 900), Tried("b", 1500, 999, 1)]

    verdict = judge(tried, people=1000, confidence=95)

    assert (verdict.over, verdict.won, verdict.margin, verdict.smallest) == (False, False, None, 999)


@pytest.mark.parametrize("count", [2, 4])
def test_arms_that_are_alike_have_a_winner_in_at_most_one_test_of_twenty(count: int) -> None:
    """An A/A test: 400 of them, each from seeds of its own."""
    won = [
        judge(arms(*(ordered(random.Random(f"{seed}/{arm}"), 0.08) for arm in range(count))), people=500, confidence=95).won
        for seed in range(400)
    ]

    print(f"{sum(won)} false winners of {len(won)}")
    assert sum(won) / len(won) <= 0.05 + 2 * (0.05 * 0.95 / len(won)) ** 0.5


def test_a_true_lead_is_found_and_measured() -> None:
    found = [
        judge(arms(*(ordered(random.Random(f"{seed}/{share}"), share) for share in (0.08, 0.16))), people=500, confidence=95)
        for seed in range(100)
    ]

    assert sum(one.won and one.best == 1 for one in found) >= 90
    assert sum(one.margin is not None and one.margin.low <= 0.08 <= one.margin.high for one in found) >= 90


def test_who_only_beats_the_worst_has_not_won() -> None:
    assert judge(arms(80, 112, ripe=1000), people=1000, confidence=95).won
    assert not judge(arms(80, 112, 111, ripe=1000), people=1000, confidence=95).won
    assert not judge(arms(80, 112, ripe=1000), people=1000, confidence=99).won
