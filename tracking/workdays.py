"""Working days of carriers: Monday to Friday but for the public holidays of the country (PyPI holidays, kept up to date with it)."""

from datetime import date, timedelta
from functools import lru_cache

import holidays

WEEKEND = 5
KNOWN = frozenset(holidays.list_supported_countries(include_aliases=False))


@lru_cache(maxsize=2048)
def holidays_of(country: str, year: int) -> frozenset[date]:
    """The public holidays of the whole country (ISO 3166-1 alpha-2) in a year; none for a country that is not known."""
    return frozenset(holidays.country_holidays(country, years=year)) if country in KNOWN else frozenset()


def is_working(day: date, country: str = "") -> bool:
    """Whether carriers work there on that day."""
    return day.weekday() < WEEKEND and day not in holidays_of(country, day.year)


@lru_cache(maxsize=4096)
def add(day: date, days: int, country: str = "") -> date:
    """The date `days` working days after `day`; 0 leaves it as it is."""
    for _ in range(days):
        day += timedelta(days=1)
        while not is_working(day, country):
            day += timedelta(days=1)
    return day


def between(first: date, last: date, country: str = "") -> int:
    """Working days after `first` up to `last`; a `last` on which nobody works counts as the next working day. 0 where it is not later.

    The inverse of `add`: add(first, between(first, last)) is last, or the working day after it.
    """
    days = 0
    while first < last:
        first = add(first, 1, country)
        days += 1
    return days
