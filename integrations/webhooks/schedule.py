"""When a delivery is tried again, and when an endpoint that takes nothing is given up. Pure."""

import random
from datetime import datetime, timedelta

WAITS = (0, 5, 300, 1800, 7200, 18_000, 36_000, 50_400, 72_000, 86_400)  # seconds before each attempt; about 75.6 hours in sum
JITTER = 0.2  # up to so much of a wait on top, so that what failed together does not come back together
LONGEST_ASKED = 86_400  # seconds: a Retry-After beyond a day is taken for a day

# An endpoint is stopped when nothing has arrived for so long, and so many deliveries have used up all their attempts meanwhile.
GIVE_UP_AFTER, GIVE_UP_DELIVERIES = timedelta(days=5), 3


def wait(tries: int, *, asked: int = 0) -> timedelta | None:
    """How long after attempt number `tries` the next one is due; None after the last. `asked`: the answer's Retry-After in seconds."""
    if tries >= len(WAITS):
        return None
    seconds = WAITS[tries] * random.uniform(1.0, 1.0 + JITTER)  # noqa: S311 - spreads load, protects nothing
    return timedelta(seconds=max(seconds, min(asked, LONGEST_ASKED)))


def given_up(failing_since: datetime, now: datetime, failed: int) -> bool:
    """Whether it is time to stop an endpoint that has failed since then; `failed` deliveries have no attempt left."""
    return now - failing_since >= GIVE_UP_AFTER and failed >= GIVE_UP_DELIVERIES
