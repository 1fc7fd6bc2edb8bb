"""A figure about the running product, for monitoring."""

from typing import NamedTuple


class Gauge(NamedTuple):
    """`most`: past it, work is not being done, and the watchdog is told; None where no value is wrong by itself."""

    name: str
    words: str
    value: float
    most: float | None = None

    @property
    def wrong(self) -> bool:
        """Whether somebody should be woken."""
        return self.most is not None and self.value > self.most
