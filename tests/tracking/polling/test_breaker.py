"""The bucket and the breaker of a poller."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from postpurchase.lib import clock, http
from tests.tracking.conftest import at
from tracking.poller import MOST_TOKENS, Poller
from tracking.polling import breaker

NOW = at(0)


def poller(**given: object) -> Poller:
    return Poller(**{"filled_at": NOW, "a_minute": 60} | given)


@settings(max_examples=30)
@given(st.lists(st.tuples(st.integers(0, 90), st.integers(0, 40)), max_size=30), st.integers(1, 120))
def test_no_more_calls_than_the_rate_allows_are_ever_made(steps: list[tuple[int, int]], a_minute: int) -> None:
    row, now, made = poller(a_minute=a_minute, tokens=0.0), NOW, 0

    for seconds, wanted in steps:
        now += timedelta(seconds=seconds)
        taken = breaker.may_make(row, now, wanted)
        row.tokens -= taken
        made += taken

    assert made <= (now - NOW).total_seconds() * a_minute / 60
    assert 0 <= row.tokens <= MOST_TOKENS


def test_failures_in_a_row_open_it_for_ever_longer_and_one_call_tries_it() -> None:
    row, waits = poller(), []

    for _ in range(12):
        breaker.failed(row, NOW, "No connection could be made.")
        waits.append(row.resume_at - NOW if row.resume_at else timedelta(0))

    assert waits[:4] == [timedelta(0)] * 4
    assert timedelta(minutes=1) <= waits[4] <= timedelta(seconds=75)
    assert waits == sorted(waits) and timedelta(hours=1) <= waits[-1] <= timedelta(minutes=75)
    assert breaker.may_make(row, NOW, 16) == 0
    assert breaker.may_make(row, NOW + timedelta(hours=2), 16) == 1


def test_an_answer_closes_it() -> None:
    row = poller()
    for _ in range(6):
        breaker.failed(row, NOW, "It answered 500.")

    breaker.worked(row, NOW)

    assert (row.failures, row.resume_at, row.last_error) == (0, None, "")
    assert breaker.may_make(row, NOW, 16) == 16


@pytest.mark.parametrize(
    ("told", "seconds"),
    [
        ("120", 120),
        ("Mon, 02 Mar 2026 12:02:00 GMT", 120),
        ("Mon, 02 Mar 2026 11:00:00 GMT", 0),
        ("Mon, 31 Feb 2026 12:02:00 GMT", 0),
        ("Mon, 02 Mar 99999999999 12:02:00 GMT", 0),
        ("soon", 0),
        ("", 0),
    ],
)
def test_retry_after_is_read_as_seconds_or_as_a_date(monkeypatch: pytest.MonkeyPatch, told: str, seconds: int) -> None:
    monkeypatch.setattr(clock, "machine_now", lambda: datetime(2026, 3, 2, 12, tzinfo=UTC))

    assert http.retry_after([("retry-after", told)]) == seconds


def test_retry_after_holds_at_once_and_a_refused_account_rests() -> None:
    row = poller()

    breaker.failed(row, NOW, "It answered 429.", asked=90)
    assert row.resume_at == NOW + timedelta(seconds=90)

    breaker.failed(row, NOW, "It answered 401.", refused=True)
    assert row.resume_at == NOW + timedelta(minutes=30)
