"""Times as carriers write them. A time without an offset stays the clock on the wall there: nothing here guesses a zone."""

import re
from datetime import UTC, date, datetime, time, timedelta, timezone

DIGITS = re.compile(r"\d+(\.\d+)?")
NET = re.compile(r"/Date\((\d+)([+-]\d{4})?\)/")  # milliseconds, as .NET writes them
NUMBERED = re.compile(r"(\d{1,2})[./-](\d{1,2})[./-](\d{4})")  # 23.04.2026 or 04/23/2026
NAMED = re.compile(r"(?:(\d{1,2})[ -])?([A-Za-z]{3})[a-z]*\.?[ -](?:(\d{1,2}),? )?(\d{4})")  # April 23, 2026 or 23-Apr-2026
COMPACT = re.compile(r"(\d{4})(\d{2})(\d{2})")
DAY_FIRST = re.compile(r"(\d{2})(\d{2})(20\d{2})(?=\d{6}$)")  # 23042026101500: read backwards it would have a twentieth month
CLOCK = re.compile(r"(\d{1,2})[:h](\d{2})(?::(\d{2}))?(?:\.\d+)?\s*([AaPp]\.?[Mm])?")
PACKED = re.compile(r"(\d{2})(\d{2})(\d{2})?")
OFFSET = re.compile(r"(?:UTC|GMT)?([+-])(\d{1,2}):?(\d{2})?|Z")
MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
NOON = time(12)  # for a day without a time: the least wrong
MILLISECONDS = 10**11  # epoch numbers beyond are in milliseconds


def moment(text: str, *, offset: str = "", month_first: bool = False) -> datetime | None:
    """A time told as one text, aware if it says its offset (or `offset` does), naive else; None where it is none."""
    text = text.strip()
    try:
        found = _iso(text) or _epoch(text) or _written(text, month_first=month_first)
    except (ValueError, OverflowError):
        return None
    if found is None or found.tzinfo is not None:
        return found
    return found.replace(tzinfo=zone(offset))


def day(text: str, *, month_first: bool = False) -> date | None:
    """The day that a text begins with; None for none."""
    try:
        found = _day(text.strip(), month_first=month_first)
    except ValueError:
        return None
    return found[0] if found else None


def zone(offset: str) -> timezone | None:
    """An offset such as '+02:00', '-0500' or 'Z' as a zone; None for anything else."""
    found = OFFSET.fullmatch(offset.strip())
    if not found:
        return None
    if found[1] is None:
        return UTC
    span = timedelta(hours=int(found[2]), minutes=int(found[3] or 0))
    return timezone(-span if found[1] == "-" else span) if span < timedelta(hours=24) else None


def _iso(text: str) -> datetime | None:
    if len(text) < 16 or not text[:4].isdecimal() or text[4] != "-":
        return None
    try:
        return datetime.fromisoformat(re.sub(r"\s+([+-]\d{2}:?\d{2})$", r"\1", text))
    except ValueError:
        return None


def _epoch(text: str) -> datetime | None:
    if net := NET.fullmatch(text):
        return datetime.fromtimestamp(int(net[1]) / 1000, UTC)
    whole = len(text.partition(".")[0])
    if not DIGITS.fullmatch(text) or whole < 9 or whole >= 14 or (whole == 12 and text.startswith(("19", "20"))):
        return None
    seconds = float(text)
    return datetime.fromtimestamp(seconds / 1000 if seconds > MILLISECONDS else seconds, UTC)


def _written(text: str, *, month_first: bool) -> datetime | None:
    found = _day(text, month_first=month_first)
    if found is None:
        return None
    on, rest = found
    return datetime.combine(on, _clock(rest.strip(" ,T")) or NOON)


def _day(text: str, *, month_first: bool) -> tuple[date, str] | None:
    """The day that the text begins with, and what follows it."""
    if len(text) >= 10 and text[4:5] == "-":
        return date.fromisoformat(text[:10]), text[10:]
    if numbered := NUMBERED.match(text):
        one, two, year = map(int, numbered.groups())
        american = (month_first and "." not in numbered[0]) or two > 12
        month, number = (one, two) if american and one <= 12 else (two, one)
        return date(year, month, number), text[numbered.end() :]
    if packed := DAY_FIRST.match(text):
        return date(*map(int, reversed(packed.groups()))), text[packed.end() :]
    if compact := COMPACT.match(text):
        return date(*map(int, compact.groups())), text[compact.end() :]
    if (named := NAMED.match(text)) and named[2].lower() in MONTHS and (named[1] or named[3]):
        return date(int(named[4]), MONTHS.index(named[2].lower()) + 1, int(named[1] or named[3])), text[named.end() :]
    return None


def _clock(text: str) -> time | None:
    if packed := PACKED.fullmatch(text):
        return time(int(packed[1]), int(packed[2]), int(packed[3] or 0))
    found = CLOCK.match(text)
    if not found:
        return None
    hour, half = int(found[1]), (found[4] or "")[:1].lower()
    if half:
        hour = hour % 12 + (12 if half == "p" else 0)
    return time(hour, int(found[2]), int(found[3] or 0))
