"""The rate of a key, and what happens while Redis is away."""

import uuid

import pytest
import redis

from api.v1 import rate
from postpurchase.tenancy.problems import Problem

KEY = uuid.UUID(int=1)


class Counter:
    """Redis as far as the limiter uses it."""

    def __init__(self) -> None:
        self.counts: dict[str, int] = {}
        self.asked, self.down = 0, False

    def pipeline(self, transaction: bool) -> "Counter":
        return self

    def incrby(self, name: str, by: int) -> "Counter":
        self.asked += 1
        if self.down:
            raise redis.ConnectionError
        self.counts[name] = self.counts.get(name, 0) + by
        self.last = self.counts[name]
        return self

    def expire(self, name: str, seconds: int) -> "Counter":
        return self

    def execute(self) -> list[int]:
        return [self.last, 1]


def calls_until_refused(limiter: rate.Limiter, most: int) -> int:
    for made in range(most):
        try:
            limiter.take(KEY)
        except Problem:
            return made
    return most


@pytest.fixture
def still(monkeypatch: pytest.MonkeyPatch) -> None:
    at = rate.clock.machine_now().replace(second=1, microsecond=0)
    monkeypatch.setattr(rate.clock, "machine_now", lambda: at)


def test_the_quota_is_exact_over_one_process_and_costs_a_tenth_of_the_questions(still: None) -> None:
    counter = Counter()

    assert calls_until_refused(rate.Limiter(counter, per_second=5), 100) == 50  # type: ignore[arg-type]
    assert counter.asked == 6


def test_processes_share_one_quota(still: None) -> None:
    counter = Counter()
    one, two = (rate.Limiter(counter, per_second=5) for _ in range(2))  # type: ignore[arg-type]

    assert calls_until_refused(one, 20) + calls_until_refused(two, 100) == 50


def test_a_refused_key_asks_redis_no_more_in_that_window(still: None) -> None:
    counter = Counter()
    limiter = rate.Limiter(counter, per_second=1)  # type: ignore[arg-type]
    calls_until_refused(limiter, 100)
    asked = counter.asked

    for _ in range(20):
        with pytest.raises(Problem):
            limiter.take(KEY)

    assert counter.asked == asked


def test_without_redis_every_call_passes_and_it_is_asked_rarely(still: None) -> None:
    counter = Counter()
    counter.down = True

    assert calls_until_refused(rate.Limiter(counter, per_second=1), 200) == 200  # type: ignore[arg-type]
    assert counter.asked == 1
