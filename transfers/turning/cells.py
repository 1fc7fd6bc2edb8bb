"""What is written in a cell as a value: amounts, moments, countries. What is wrong is said with the column and the way to mend it."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, tzinfo
from functools import lru_cache
from zoneinfo import ZoneInfo

from babel import Locale

from integrations.types import FieldError
from postpurchase.lib import money
from transfers.reading.layout import DATES, Layout
from transfers.reading.sheet import Numbered

YES = {"yes", "true", "1", "ja", "y", "j", "wahr", "subscribed", "oui", "si"}
MOMENT = re.compile(
    r"(?P<a>\d{1,4})[-./](?P<b>\d{1,2})[-./](?P<c>\d{4}|\d{2})"
    r"(?:(?:,?\s+|T)(?P<h>\d{1,2}):(?P<m>\d{2})(?::(?P<s>\d{2})(?:[.,]\d+)?)?\s*(?P<half>[AaPp]\.?[Mm]\.?)?)?"
    r"\s*(?:Uhr)?\s*(?P<zone>Z|UTC|GMT|[+-]\d{2}:?\d{2})?$"
)
GUARDED = ("=", "+", "-", "@", "\t", "\r", "\n", "'")
NOISE = re.compile(r"[^\d.,+-]")


class Fault(ValueError):
    """A cell that cannot be read: the message says how to mend it."""

    def __init__(self, row: int, column: str, reason: str) -> None:
        super().__init__(reason)
        self.row, self.column, self.reason = row, column, reason[:500]


class Refused(ValueError):
    """A group of rows that cannot be taken."""

    def __init__(self, faults: Sequence[Fault]) -> None:
        super().__init__("; ".join(fault.reason for fault in faults))
        self.faults = list(faults)


@dataclass
class Table:
    """How the rows of one file are read: which column fills which field, and how its cells are written."""

    headers: Sequence[str]
    mapping: dict[str, int]
    how: Layout
    zone: ZoneInfo
    faults: list[Fault] = field(default_factory=list)

    def text(self, row: Numbered, name: str) -> str:
        """What stands in the field's column, without space around it, or ''."""
        at = self.mapping.get(name, -1)
        found = row.cells[at].strip() if 0 <= at < len(row.cells) else ""
        return found[1:] if found[:1] == "'" and found[1:2] in GUARDED else found  # as our exports guard formulas

    def first(self, rows: Sequence[Numbered], name: str) -> tuple[Numbered, str]:
        """The first of the rows that has something in the field, and what: shops write an order's own columns on its first row only."""
        return next(((row, text) for row in rows if (text := self.text(row, name))), (rows[0], ""))

    def column(self, name: str) -> str:
        """The header of a field's column."""
        at = self.mapping.get(name, -1)
        return self.headers[at].strip() if 0 <= at < len(self.headers) else ""

    def fault(self, row: Numbered, name: str, reason: str) -> None:
        """Note that something is wrong."""
        self.faults.append(Fault(row.number, self.column(name), reason))

    def end(self) -> None:
        """Raise Refused for what was noted."""
        faults, self.faults = self.faults, []
        if faults:
            raise Refused(faults)

    def amount(self, row: Numbered, name: str, currency: str) -> int:
        """Minor units; 0 for an empty cell. A minus is dropped: some shops write discounts and refunds so."""
        text = self.text(row, name)
        if not text:
            return 0
        found = _plain_number(text, self.how.decimal)
        try:
            return abs(money.to_minor(found, currency))
        except money.BadAmount as error:
            said = f"“{text[:40]}” is not an amount of money in {currency}: {error}." if found else f"“{text[:40]}” is not an amount."
            self.fault(row, name, f"{said} Write it like 12{self.how.decimal}50.")
            return 0

    def quantity(self, row: Numbered, name: str) -> int:
        """A whole number of pieces; 1 for an empty cell."""
        text = self.text(row, name)
        whole = re.fullmatch(r"(\d{1,6})(?:[.,]0+)?", text)
        if text and (not whole or not int(whole[1])):
            self.fault(row, name, f"“{text[:40]}” is not a number of pieces. Write a whole number from 1 up.")
        return int(whole[1]) if whole else 1

    def moment(self, row: Numbered, name: str) -> datetime | None:
        """Aware; the shop's clock where no offset is written. None for an empty cell."""
        text = self.text(row, name)
        if not text:
            return None
        found = _moment(text, self.how.dates, self.zone)
        if found is None:
            self.fault(row, name, f"“{text[:40]}” is not a date. Write it like {DATES[self.how.dates]}, or choose another date format.")
        return found

    def day(self, row: Numbered, name: str) -> date | None:
        """As moment(), the day on the shop's clock."""
        found = self.moment(row, name)
        return found.astimezone(self.zone).date() if found else None

    def country(self, row: Numbered, name: str) -> str:
        """ISO 3166-1 alpha-2, from a code or a name in English or German."""
        text = self.text(row, name)
        code = _countries().get(text.lower(), "") if text else ""
        if text and not code:
            self.fault(row, name, f"“{text[:40]}” is not a country. Write its code, for example DE.")
        return code

    def yes(self, row: Numbered, name: str) -> bool:
        """Whether the cell agrees."""
        return self.text(row, name).lower() in YES

    def refuse(self, rows: Sequence[Numbered], errors: Sequence[FieldError], names: dict[str, str]) -> Refused:
        """What an intake says of an item, in terms of the file: `names` leads from the item's fields to ours."""
        return Refused([self._of(rows, error, names) for error in errors])

    def _of(self, rows: Sequence[Numbered], error: FieldError, names: dict[str, str]) -> Fault:
        parts = error.pointer.strip("/").split("/")
        row, name = rows[0], parts[-1]
        if parts[0] == "lines" and len(parts) > 1 and parts[1].isdigit() and int(parts[1]) < len(rows):
            row, name = rows[int(parts[1])], f"lines/{parts[-1]}"
        elif len(parts) > 1:
            name = "/".join(parts)
        column = self.column(names.get(name, name))
        said = error.message if column else f"{' '.join(parts)}: {error.message}"
        return Fault(row.number, column, f"{said[:1].upper()}{said[1:]}{'' if said.endswith('.') else '.'}")


def _plain_number(text: str, decimal: str) -> str:
    """Without currency, grouping and blanks; '' where no digit is left."""
    kept = NOISE.sub("", text).removesuffix("-")
    if re.search(r"[A-Za-z]{4}", text) or not re.search(r"\d", kept):
        return ""
    grouping = "." if decimal == "," else ","
    return kept.replace(grouping, "").replace(",", ".")


@lru_cache(maxsize=4096)
def _moment(text: str, dates: str, zone: ZoneInfo) -> datetime | None:
    found = MOMENT.match(text.strip())
    if not found:
        return None
    first, second, third = (int(found[name]) for name in "abc")
    year, month, day = (first, second, third) if len(found["a"]) == 4 else (third, second, first)
    if len(found["a"]) != 4 and dates == "mdy":
        month, day = first, second
    try:
        local = datetime.combine(date(year + 2000 if year < 100 else year, month, day), _clock(found))
    except ValueError:
        return None
    return local.replace(tzinfo=_offset(found["zone"]) or zone).astimezone(UTC)


def _clock(found: re.Match[str]) -> time:
    hour, half = int(found["h"] or 0), (found["half"] or "").lower()[:1]
    if half:
        hour = hour % 12 + 12 * (half == "p")
    return time(hour, int(found["m"] or 0), int(found["s"] or 0))


def _offset(text: str | None) -> tzinfo | None:
    if not text:
        return None
    return UTC if text[0] not in "+-" else datetime.strptime(text.replace(":", ""), "%z").tzinfo


@lru_cache(maxsize=1)
def _countries() -> dict[str, str]:
    found: dict[str, str] = {}
    for language in ("de", "en"):
        for code, name in Locale.parse(language).territories.items():
            if len(code) == 2 and code.isalpha():
                found |= {str(name).lower(): code, code.lower(): code}
    return found | {"uk": "GB", "usa": "US", "england": "GB", "holland": "NL"}
