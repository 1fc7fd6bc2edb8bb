"""Money, numbers and dates as people say them, by the active language and time zone."""

import re
from datetime import date, datetime, time
from decimal import Decimal
from functools import lru_cache
from typing import Final, Literal, NamedTuple

from babel import Locale, UnknownLocaleError
from babel.dates import format_date, format_interval, format_skeleton, format_time, get_day_names
from babel.numbers import NumberPattern, format_decimal, format_percent, parse_pattern
from django.utils import timezone, translation
from django.utils.translation import gettext

from postpurchase.lib import clock
from postpurchase.lib.money import exponent, to_decimal

_TIGHT: Final = re.compile(r"(?<=[A-Z]{3})(?=\d)|(?<=\d)(?=[A-Z]{3})")  # KWD6.130: a code needs a space, a sign does not
_TWICE: Final = re.compile(r"(?<=[^\W\d_]\.)\.(?=[\s<]|$)")  # the second stop of "1. Dez..", but none of "..."
_NEAR: Final = 6  # days
DATES: Final = "en_GB"  # of plain English: day first, on a 24-hour clock
LONG: Final = ("MMMMEEEEd", "yMMMMEEEEd")
YEAR: Final = re.compile(r"^y年|[,\s]*(?:'de'\s*)?y+$")


class Speech(NamedTuple):
    """What the active language decides. Who says many things on one page asks for it once: Django's answer is not cheap."""

    language: str
    locale: str  # a name that Babel knows
    dates: str  # the same for dates


def speech() -> Speech:
    """That of the active language."""
    return _speech(translation.get_language() or "en")


@lru_cache(maxsize=64)
def _speech(language: str) -> Speech:
    name = translation.to_locale(language)
    return Speech(language, name, DATES if name == "en" else name)


def locale(*, for_dates: bool = False) -> Locale:
    """The Babel locale of the active language, or the one for its dates."""
    here = speech()
    return _parsed(here.dates if for_dates else here.locale)


@lru_cache(maxsize=64)
def _parsed(name: str) -> Locale:
    try:
        return Locale.parse(name)
    except (UnknownLocaleError, ValueError):
        return Locale.parse(DATES)


@lru_cache(maxsize=4096)
def _written(skeleton: str, day: date, locale_name: str) -> str:
    here = _parsed(locale_name)
    if skeleton in LONG and locale_name != DATES:  # few languages have a skeleton for a day written out; all have a full date
        full = str(here.date_formats["full"].pattern)
        return str(format_date(day, full if skeleton == LONG[1] else YEAR.sub("", full), locale=here))
    return str(format_skeleton(skeleton, day, locale=here))


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
    return _money(minor, currency, speech().locale)


@lru_cache(maxsize=16384)
def _money(minor: int, currency: str, locale_name: str) -> str:
    here = _parsed(locale_name)
    pattern, amount = _pattern(here.currency_formats["standard"].pattern, exponent(currency)), to_decimal(minor, currency)
    text: str = pattern.apply(amount, here, currency=currency, currency_digits=False)
    return _TIGHT.sub("\u00a0", text.replace("-", "−"))


def number(value: int | float | Decimal) -> str:
    """A number with the grouping and decimal sign of the active language."""
    return str(format_decimal(value, locale=locale()))


def percent(share: float, *, digits: int = 0) -> str:
    """0.0012 as 0.12 %, with so many digits behind the point."""
    pattern = "#,##0" + ("." + "0" * digits if digits else "") + "%"
    return format_percent(share, format=pattern, locale=locale(), decimal_quantization=True)


def day(value: date, today: date, *, long: bool = False, weekday: bool = True, here: Speech | None = None) -> str:
    """A day as people say it: today, tomorrow, Thu 26 Nov; with its year if that is not this one.

    `long` writes it out (Today, Monday 23 November); without `weekday` it is 26 Nov.
    """
    here = here or speech()
    days = (value - today).days
    near = _near_word(days, here.language) if -1 <= days <= 1 else ""
    if near and not long:
        return near
    skeleton = "MMMMEEEEd" if long else "MMMEd" if weekday else "MMMd"
    if value.year != today.year:
        skeleton = "yMMMMEEEEd" if long else "yMMMd"
    written = _written(skeleton, value, here.dates)
    comma = "、" if here.language == "ja" else ", "
    return f"{near[0].upper()}{near[1:]}{comma}{written}" if near else written


@lru_cache(maxsize=192)
def _near_word(days: int, language: str) -> str:
    if days == 0:
        return gettext("today")
    if days == 1:
        return gettext("tomorrow")
    return gettext("yesterday")


def short_day(value: date, *, weekday: bool = False) -> str:
    """A day for an axis or a table: 26 Nov, or Thu 26 Nov."""
    return _written("MMMEd" if weekday else "MMMd", value, speech().dates)


def days(first: date, last: date) -> str:
    """From a day to a later one, in the least room: 26–30 Nov, 26. Nov. – 2. Dez."""
    return _days(first, last, speech().dates)


@lru_cache(maxsize=2048)
def _days(first: date, last: date, locale_name: str) -> str:
    return str(format_interval(first, last, "MMMd", locale=_parsed(locale_name)))


def isolated(text: str) -> str:
    """A number such as #1187 for a sentence that cannot hold elements: where that is read from right to left, its signs stay."""
    return f"\u2068{text}\u2069" if translation.get_language_bidi() else text


def sentences(*said: str) -> str:
    """Sentences one after the other; Japanese ones need no space between them."""
    return ("" if speech().language == "ja" else " ").join(part for part in said if part)


def closed(text: str) -> str:
    """Sentences that end in a shortened word (1. Dez.) with the one full stop they need, and Japanese ones without spaces between them."""
    if ".." not in text and "。 " not in text:  # the search took half a millisecond, and hardly any text needs it
        return text
    return text.replace("。 ", "。") if speech().language == "ja" else _TWICE.sub("", text)


def inside(text: str) -> str:
    """A phrase as it stands inside a sentence: with a small first letter, but in German, which writes its nouns large anywhere."""
    return text if speech().language == "de" else text[:1].lower() + text[1:]


def clock_time(moment: datetime, *, here: Speech | None = None) -> str:
    """Hours and minutes in the zone that `moment` carries."""
    return _clock(time(moment.hour, moment.minute), "short", (here or speech()).dates)


def moment(value: datetime, now: datetime, *, here: Speech | None = None) -> str:
    """A moment as people say it: today 14:02, Wed 18:02 within six days, else Fri 13 Nov. Both in one zone."""
    here = here or speech()
    today, there = now.date(), value.date()
    days = abs((there - today).days)
    if days <= 1:
        return f"{day(there, today, here=here)} {clock_time(value, here=here)}"
    if days <= _NEAR:
        return f"{_written('E', there, here.dates)} {clock_time(value, here=here)}"
    return day(there, today, here=here)


def weekday(value: date, *, long: bool = False) -> str:
    """The day of the week: Thu, or Thursday."""
    here = speech().dates
    return _weekdays(here)[value.weekday()] if long else _written("E", value, here)


def exact(value: datetime, *, here: Speech | None = None) -> str:
    """The whole moment with its zone, for the tooltip: Wed 18 Nov 2026, 18:02:11 CET. A clock on a wall (naive) has no zone to tell."""
    dates = (here or speech()).dates
    written = _written("yMMMEd", value.date(), dates).replace(",", "")
    return f"{written}, {_clock(time(value.hour, value.minute, value.second), 'medium', dates)} {value.tzname() or ''}".strip()


def localised(value: datetime) -> datetime:
    """The same moment in the active time zone. Raises ValueError for a naive one: a time without zone is a guess."""
    if timezone.is_naive(value):
        raise ValueError("A moment without a time zone cannot be shown.")
    return timezone.localtime(value)


def now() -> datetime:
    """This moment of business time in the active time zone."""
    return localised(clock.business_now())


def country(code: str, *, here: Speech | None = None) -> str:
    """The name of a country (ISO 3166-1 alpha-2) in the active language; the code itself where it has no name."""
    return _country(code, (here or speech()).locale)


@lru_cache(maxsize=2048)
def _country(code: str, locale_name: str) -> str:
    return str(_parsed(locale_name).territories.get(code.upper(), code))
