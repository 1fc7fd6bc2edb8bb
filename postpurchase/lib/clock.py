"""The only module that reads a clock.

Business time decides what is due, expired, late or quiet: it can be frozen and advanced (simulations, tests).
Machine time decides leases, timeouts, signatures and sessions: it is always real, because a frozen lease would never run out.
"""

import contextlib
import time
from collections.abc import Iterator
from contextvars import ContextVar
from datetime import UTC, datetime, timedelta


class Hands:
    """The hands of a frozen business clock; they move only when told."""

    def __init__(self, at: datetime) -> None:
        self.at = at

    def advance(self, by: timedelta) -> datetime:
        """Move forward and return the new time. Raises ValueError on a step back."""
        if by < timedelta(0):
            raise ValueError(f"business time runs forward only, not by {by}")
        self.at += by
        return self.at

    def move_to(self, at: datetime) -> datetime:
        """Move to a later instant and return it."""
        return self.advance(at - self.at)


_hands: ContextVar[Hands | None] = ContextVar("hands", default=None)


def business_now() -> datetime:
    """The time that due dates, expiry and windows are measured against. Aware, in UTC."""
    hands = _hands.get()
    return hands.at if hands else datetime.now(UTC)


def machine_now() -> datetime:
    """The real time, for leases, signatures and records of what the machine did. Aware, in UTC."""
    return datetime.now(UTC)


def monotonic() -> float:
    """Seconds on a clock that never steps back; only differences mean anything."""
    return time.monotonic()


def unix_ns() -> int:
    """Nanoseconds since 1970, for time-ordered ids."""
    return time.time_ns()


@contextlib.contextmanager
def frozen(at: datetime) -> Iterator[Hands]:
    """Business time stands at `at` (aware) inside the block, and moves only by the hands it yields. This thread only."""
    if at.tzinfo is None:
        raise ValueError("a business time needs a zone")
    token = _hands.set(Hands(at.astimezone(UTC)))
    try:
        yield _hands.get()  # type: ignore[misc]
    finally:
        _hands.reset(token)
