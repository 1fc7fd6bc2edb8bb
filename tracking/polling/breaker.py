"""What the answers of a carrier do to its poller: a breaker that opens when calls fail in a row, and waits longer each time. Pure."""

import random
from datetime import datetime, timedelta

from tracking.poller import Poller

TRIPS = 5  # failures in a row after which nothing is asked for a while
FIRST, LONGEST = timedelta(minutes=1), timedelta(hours=1)
REFUSED_WAITS = timedelta(minutes=30)  # a wrong key does not mend itself
LONGEST_ASKED = 86_400  # seconds: a Retry-After beyond a day is taken for a day


def may_make(poller: Poller, now: datetime, most: int) -> int:
    """How many calls may be made now: none while the breaker is open, one to try it when its time is over, else what the bucket holds."""
    if not poller.asking or (poller.resume_at and poller.resume_at > now):
        return 0
    held = int(poller.fill(now))
    return min(held, 1 if poller.failures >= TRIPS else most)


def worked(poller: Poller, now: datetime) -> None:
    """An answer came that says what the carrier knows, be it nothing."""
    poller.failures, poller.resume_at, poller.last_error = 0, None, ""
    poller.last_at = poller.last_good_at = now


def failed(poller: Poller, now: datetime, error: str, *, asked: int = 0, refused: bool = False) -> None:
    """No such answer. `asked`: the seconds of its Retry-After, which holds at once. `refused`: the account was."""
    poller.failures = min(poller.failures + 1, 1000)
    poller.last_at, poller.last_error = now, error[:300]
    wait = timedelta(seconds=min(asked, LONGEST_ASKED))
    if poller.failures >= TRIPS:
        doubled = FIRST * 2 ** min(poller.failures - TRIPS, 6)
        wait = max(wait, min(LONGEST, doubled) * random.uniform(1.0, 1.25))  # noqa: S311 - spreads load, protects nothing
    if refused:
        wait = max(wait, REFUSED_WAITS)
    if wait:
        poller.resume_at = max(poller.resume_at or now, now + wait)
