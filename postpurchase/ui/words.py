"""Money, numbers and dates as people say them, by the active language and time zone."""

import re
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from functools import lru_cache
from typing import Final, Literal

from babel import Locale, UnknownLocaleError
from babel.dates import format_skeleton, format_time, get_day_names
from babel.numbers import NumberPattern, format_decimal, parse_pattern
from django.utils import timezone, translation
from django.utils.translation import gettext

from postpurchase.lib.money import exponent, to_decimal

_TIGHT: Final = re.compile(r"(?<=[A-Z]{3})(?=\d)|(?<=\d)(?=[A-Z]{3})")  # KWD6.130: a code needs a space, a sign does not
_NEAR: Final = timedelta(days=6)


def locale(*, for_dates: bool = False) -> Locale:
    """The Babel locale of the active language; plain English writes dates day first, on a 24-hour clock."""
    return _parsed(_locale_name(for_dates))


def _locale_name(for_dates: bool) -> str:
    return _named(translation.get_language() or "en", for_dates)


@lru_cache(maxsize=64)
def _named(language: str, for_dates: bool) -> str:
    name = translation.to_locale(language)
    return "en_GB" if for_dates and name == "en" else name


@lru_cache(maxsize=64)
def _parsed(name: str) -> Locale:
    try:
        return Locale.parse(name)
    except (UnknownLocaleError, ValueError):
        return Locale.parse("en_GB")


@lru_cache(maxsize=4096)
def _written(skeleton: str, day: date, locale_name: str) -> str:
    return str(format_skeleton(skeleton, day, locale=_parsed(locale_name)))


@lru_cache(maxsize=64)
def _weekdays(locale_name: str) -> dict[int, str]:
    return dict(get_day_names("wide", "format", _parsed(locale_name)))


@lru_cache(maxsize=16384)
def _clock(moment: time, length: Literal["short", "medium"], locale_name: str) -> str:
    return str(format_time(moment, length, locale=_parsed(locale_name)))


@lru_cache(maxsize=256)
def _pattern(written: str, decimals: int) -> NumberPattern:
    pattern = parse_pattern(written)
    pattern.frac_prec = (decimals, decimals)
    return pattern


def money(minor: int, currency: str) -> str:
    """An amount in minor units (cents) as text in the active language, with the decimals its currency has. Raises BadAmount."""
    return _money(minor, currency, _locale_name(False))


@lru_cache(maxsize=16384)
def _money(minor: int, currency: str, locale_name: str) -> str:
    here = _parsed(locale_name)
    pattern, amount = _pattern(here.currency_formats["standard"].pattern, exponent(currency)), to_decimal(minor, currency)
    text: str = pattern.apply(amount, here, currency=currency, currency_digits=False)
    return _TIGHT.sub("\u00a0", text.replace("-", "−"))


def number(value: int | float | Decimal) -> str:
    """A number with the grouping and decimal sign of the active language."""
    return str(format_decimal(value, locale=locale()))


def day(value: date, today: date, *, long: bool = False, weekday: bool = True) -> str:
    """A day as people say it: today, tomorrow, Thu 26 Nov; with its year if that is not this one.

    `long` writes it out (Today, Monday 23 November); without `weekday` it is 26 Nov.
    """
    near = _near((value - today).days)
    if near and not long:
        return near
    skeleton = "MMMMEEEEd" if long else "MMMEd" if weekday else "MMMd"
    if value.year != today.year:
        skeleton = "yMMMMEEEEd" if long else "yMMMd"
    written = _written(skeleton, value, _locale_name(True))
    return f"{near[0].upper()}{near[1:]}, {written}" if near else written


def _near(days: int) -> str:
    return _near_word(days, translation.get_language() or "en") if abs(days) <= 1 else ""


@lru_cache(maxsize=192)
def _near_word(days: int, language: str) -> str:
    if days == 0:
        return gettext("today")
    if days == 1:
        return gettext("tomorrow")
    return gettext("yesterday")


def short_day(value: date, *, weekday: bool = False) -> str:
    """A day for an axis or a table: 26 Nov, or Thu 26 Nov."""
    return _written("MMMEd" if weekday else "MMMd", value, _locale_name(True))


def clock_time(moment: datetime) -> str:
    """Hours and minutes in the zone that `moment` carries."""
    return _clock(moment.time().replace(microsecond=0), "short", _locale_name(True))


def moment(value: datetime, now: datetime) -> str:
    """A moment as people say it: today 14:02, Wed 18:02 within six days, else Fri 13 Nov. Both in one zone."""
    today, there = now.date(), value.date()
    if abs(there - today) <= timedelta(days=1):
        return f"{day(there, today)} {clock_time(value)}"
    if abs(there - today) <= _NEAR:
        return f"{weekday(there)} {clock_time(value)}"
    return day(there, today)


def weekday(value: date, *, long: bool = False) -> str:
    """The day of the week: Thu, or Thursday."""
    here = _locale_name(True)
    return _weekdays(here)[value.weekday()] if long else _written("E", value, here)


def exact(value: datetime) -> str:
    """The whole moment with its zone, for the tooltip: Wed 18 Nov 2026, 18:02:11 CET. A clock on a wall (naive) has no zone to tell."""
    here = _locale_name(True)
    written = _written("yMMMEd", value.date(), here).replace(",", "")
    return f"{written}, {_clock(value.time().replace(microsecond=0), 'medium', here)} {value.tzname() or ''}".strip()


def localised(value: datetime) -> datetime:
    """The same moment in the active time zone. Raises ValueError for a naive one: a time without zone is a guess."""
    if timezone.is_naive(value):
        raise ValueError("A moment without a time zone cannot be shown.")
    return timezone.localtime(value)


def country(code: str) -> str:
    """The name of a country (ISO 3166-1 alpha-2) in the active language; the code itself where it has no name."""
    return _country(code, _locale_name(False))


@lru_cache(maxsize=2048)
def _country(code: str, locale_name: str) -> str:
    return str(_parsed(locale_name).territories.get(code.upper(), code))
