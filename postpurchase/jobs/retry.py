"""Two kinds of failure, and how long to wait after the first kind."""

import random
from datetime import timedelta


class Transient(Exception):
    """Trying again later may help: a time-out, a 5xx, a busy peer."""


class Permanent(Exception):
    """Trying again cannot help: a refused address, a malformed body."""


def backoff(attempt: int, *, first: float = 2.0, most: float = 900.0) -> timedelta:
    """Seconds before attempt number `attempt + 1`: doubling from `first` to `most`, with up to a quarter of jitter."""
    seconds = min(most, first * 2.0 ** max(0, attempt - 1))
    return timedelta(seconds=seconds * random.uniform(1.0, 1.25))  # noqa: S311 - spreads load, protects nothing
