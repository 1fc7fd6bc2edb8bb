"""Money, numbers and dates as people say them, by the active language and time zone."""

from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Final

from babel import Locale, UnknownLocaleError
from babel.dates import format_skeleton, format_time
from babel.numbers import format_decimal
from django.utils import timezone, translation
from django.utils.translation import gettext

# ISO 4217 minor units that differ from two. CLDR is no source for this: it rounds some currencies for show.
EXPONENTS: Final[dict[str, int]] = {
    **dict.fromkeys("BIF CLP DJF GNF ISK JPY KMF KRW PYG RWF UGX UYI VND VUV XAF XOF XPF".split(), 0),
    **dict.fromkeys("BHD IQD JOD KWD LYD OMR TND".split(), 3),
    **dict.fromkeys(["CLF", "UYW"], 4),
}
_NEAR: Final = timedelta(days=6)


def locale(*, for_dates: bool = False) -> Locale:
    """The Babel locale of the active language; plain English writes dates day first, on a 24-hour clock."""
    name = translation.to_locale(translation.get_language() or "en")
    if for_dates and name == "en":
        name = "en_GB"
    try:
        return Locale.parse(name)
    except (UnknownLocaleError, ValueError):
        return Locale.parse("en_GB")


def money(minor: int, currency: str) -> str:
    """An amount in minor units (cents) as text in the active language, with the decimals its currency has (ISO 4217)."""
    exponent = EXPONENTS.get(currency, 2)
    here = locale()
    pattern = here.currency_formats["standard"]
    amount = Decimal(minor).scaleb(-exponent)
    text: str = pattern.apply(amount, here, currency=currency, currency_digits=False, force_frac=(exponent, exponent))
    return text.replace("-", "−")


def number(value: int | float | Decimal) -> str:
    """A number with the grouping and decimal sign of the active language."""
    return str(format_decimal(value, locale=locale()))


def day(value: date, today: date, *, long: bool = False) -> str:
    """A day as people say it: today, tomorrow, Thu 26 Nov; with its year if that is not this one."""
    near = {-1: gettext("yesterday"), 0: gettext("today"), 1: gettext("tomorrow")}.get((value - today).days)
    if near and not long:
        return near
    skeleton = "MMMMEEEEd" if long else "MMMEd"
    if value.year != today.year:
        skeleton = "yMMMMEEEEd" if long else "yMMMd"
    written = str(format_skeleton(skeleton, value, locale=locale(for_dates=True)))
    return f"{near[0].upper()}{near[1:]}, {written}" if near else written


def short_day(value: date, *, weekday: bool = False) -> str:
    """A day for an axis or a table: 26 Nov, or Thu 26 Nov."""
    return str(format_skeleton("MMMEd" if weekday else "MMMd", value, locale=locale(for_dates=True)))


def clock_time(moment: datetime) -> str:
    """Hours and minutes in the zone that `moment` carries."""
    return str(format_time(moment.time(), "short", locale=locale(for_dates=True)))


def moment(value: datetime, now: datetime) -> str:
    """A moment as people say it: today 14:02, Wed 18:02 within six days, else Fri 13 Nov. Both in one zone."""
    today, there = now.date(), value.date()
    if abs(there - today) <= timedelta(days=1):
        return f"{day(there, today)} {clock_time(value)}"
    if abs(there - today) <= _NEAR:
        return f"{format_skeleton('E', there, locale=locale(for_dates=True))} {clock_time(value)}"
    return day(there, today)


def exact(value: datetime) -> str:
    """The whole moment with its zone, for the tooltip: Wed 18 Nov 2026, 18:02:11 CET."""
    here = locale(for_dates=True)
    written = str(format_skeleton("yMMMEd", value, locale=here)).replace(",", "")
    return f"{written}, {format_time(value.time(), 'medium', locale=here)} {value.tzname() or ''}".strip()


def localised(value: datetime) -> datetime:
    """The same moment in the active time zone. Raises ValueError for a naive one: a time without zone is a guess."""
    if timezone.is_naive(value):
        raise ValueError("A moment without a time zone cannot be shown.")
    return timezone.localtime(value)
