"""Shares, means and their differences with intervals that hold for small numbers, too."""

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


@dataclass(frozen=True)
class Sums:
    """Amounts of people, nothing of those who spent nothing: how many people, their amounts together, and the amounts' squares."""

    people: int
    amount: int
    squares: int

    @property
    def mean(self) -> float:
        """What one of them spent. There is at least one."""
        return self.amount / self.people

    @property
    def wobble(self) -> float:
        """The mean's own variance. There are at least two people."""
        spread = (self.squares - self.amount * self.amount / self.people) / (self.people - 1)
        return max(spread, 0.0) / self.people


def mean_difference(first: Sums, second: Sums, sure: float = SURE) -> Interval:
    """The first mean less the second, with Welch's interval for unequal spreads: B. L. Welch, Biometrika 34 (1947) 28."""
    a, b = first.wobble, second.wobble
    value = first.mean - second.mean
    if not a + b:
        return Interval(value, value, value)
    freedom = (a + b) ** 2 / (a * a / (first.people - 1) + b * b / (second.people - 1))
    half = student(sure, freedom) * math.sqrt(a + b)
    return Interval(value, value - half, value + half)


def student(sure: float, freedom: float) -> float:
    """Student's t that holds `sure` between its negative and itself, to three digits from 10 degrees of freedom on: E. A. Cornish and
    R. A. Fisher, Rev. Inst. Int. Stat. 5 (1937) 307.
    """
    z = NormalDist().inv_cdf((1 + sure) / 2)
    first, second = (z**3 + z) / 4, (5 * z**5 + 16 * z**3 + 3 * z) / 96
    third = (3 * z**7 + 19 * z**5 + 17 * z**3 - 15 * z) / 384
    return z + first / freedom + second / freedom**2 + third / freedom**3
