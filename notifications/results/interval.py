"""Shares and their differences with intervals that hold for small numbers, too."""

import math
from dataclasses import dataclass
from statistics import NormalDist

SURE = 0.95


@dataclass(frozen=True)
class Interval:
    """A share, or a difference of shares, with the bounds that it lies in: 0.1 is ten of a hundred."""

    value: float
    low: float
    high: float

    @property
    def clear(self) -> bool:
        """Whether zero lies outside: what was seen is more than chance, as surely as was asked for."""
        return self.low > 0 or self.high < 0


def share(hits: int, of: int, sure: float = SURE) -> Interval:
    """A share with its score interval: E. B. Wilson, J. Am. Stat. Assoc. 22 (1927) 209. `of` is at least 1, `sure` between 0 and 1."""
    z = NormalDist().inv_cdf((1 + sure) / 2)
    p, wide = hits / of, z * z / of
    middle, half = (p + wide / 2) / (1 + wide), z * math.sqrt(p * (1 - p) / of + wide / (4 * of)) / (1 + wide)
    return Interval(p, min(p, middle - half), max(p, middle + half))  # of nothing or all, rounding would leave the share outside


def difference(first: tuple[int, int], second: tuple[int, int], sure: float = SURE) -> Interval:
    """The first share less the second, each (hits, of), from their score intervals: R. G. Newcombe, Stat. Med. 17 (1998) 873, method 10."""
    a, b = share(*first, sure), share(*second, sure)
    down, up = math.hypot(a.value - a.low, b.high - b.value), math.hypot(a.high - a.value, b.value - b.low)
    return Interval(a.value - b.value, a.value - b.value - down, a.value - b.value + up)
