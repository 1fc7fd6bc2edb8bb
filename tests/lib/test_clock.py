"""Business time can be frozen and moves forward only; machine time never stops."""

import threading
from datetime import UTC, datetime, timedelta, timezone

import pytest

from postpurchase.lib import clock

AT = datetime(2026, 3, 29, 0, 59, 59, tzinfo=UTC)


def test_frozen_business_time_stands_and_moves_by_its_hands() -> None:
    with clock.frozen(AT) as hands:
        assert clock.business_now() == clock.business_now() == AT
        assert hands.advance(timedelta(days=60)) == AT + timedelta(days=60)
        assert clock.business_now() == AT + timedelta(days=60)
        hands.move_to(AT + timedelta(days=61))
        assert clock.business_now() == AT + timedelta(days=61)


def test_business_time_does_not_run_backwards() -> None:
    with clock.frozen(AT) as hands, pytest.raises(ValueError, match="forward only"):
        hands.move_to(AT - timedelta(seconds=1))


def test_a_business_time_needs_a_zone_and_is_told_in_utc() -> None:
    with pytest.raises(ValueError, match="needs a zone"), clock.frozen(AT.replace(tzinfo=None)):
        pass
    with clock.frozen(AT.astimezone(timezone(timedelta(hours=2)))):
        assert clock.business_now().utcoffset() == timedelta(0)


def test_machine_time_goes_on_while_business_time_stands() -> None:
    with clock.frozen(AT):
        assert clock.machine_now() > AT
        assert clock.machine_now().tzinfo is UTC
        assert clock.monotonic() <= clock.monotonic()


def test_freezing_ends_with_its_block_and_nests() -> None:
    with clock.frozen(AT):
        with clock.frozen(AT + timedelta(days=1)):
            assert clock.business_now() == AT + timedelta(days=1)
        assert clock.business_now() == AT
    assert clock.business_now() != AT


def test_freezing_is_for_this_thread_only() -> None:
    seen: list[datetime] = []
    with clock.frozen(AT):
        thread = threading.Thread(target=lambda: seen.append(clock.business_now()))
        thread.start()
        thread.join()

    assert seen[0] > AT
