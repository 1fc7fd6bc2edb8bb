"""How a file is written: what can be recognised, and may be corrected by hand."""

import csv
import re
from collections import Counter
from collections.abc import Iterable, Sequence
from typing import Any

import msgspec

from transfers.reading.limits import Row

DELIMITERS = {",": "Comma", ";": "Semicolon", "\t": "Tab", "|": "Bar"}
ENCODINGS = {"utf-8": "UTF-8", "cp1252": "Windows (Western Europe)", "utf-16": "UTF-16", "mac-roman": "Mac"}
DATES = {"iso": "2026-12-31", "dmy": "31.12.2026 or 31/12/2026", "mdy": "12/31/2026"}
DECIMALS = {".": "1,234.50", ",": "1.234,50"}
SPLIT_DATE = re.compile(r"\s*(\d{1,2})[./-](\d{1,2})[./-](\d{2}|\d{4})(?!\d)")
ISO_DATE = re.compile(r"\s*\d{4}[-/]\d{1,2}[-/]\d{1,2}")
AMOUNT = re.compile(r"\s*(?:[^\d\s.,-]{1,4}\s?)?-?[\d.,' ]*\d\s?[^\d\s]{0,4}\s*$")


class Layout(msgspec.Struct, frozen=True):
    """How a file is written. `sure` is False where the dates could be read in two ways."""

    form: str = "csv"
    encoding: str = "utf-8"
    delimiter: str = ","
    dates: str = "iso"
    decimal: str = "."
    currency: str = "EUR"
    sure: bool = True

    def plain(self) -> dict[str, Any]:
        """For a JSON column."""
        return msgspec.structs.asdict(self)


def read(stored: dict[str, Any]) -> Layout:
    """From a JSON column."""
    return msgspec.convert(stored, Layout)


def delimiter(head: str) -> str:
    """The one that cuts the first records into the same number of cells, more than one; a comma where none does."""
    lines = head.splitlines()[:50]
    best, most = ",", 0.0
    for mark in DELIMITERS:
        try:
            widths = [len(row) for row in csv.reader(lines, delimiter=mark) if row]
        except csv.Error:
            continue
        width, times = Counter(widths).most_common(1)[0] if widths else (1, 0)
        score = times / max(1, len(widths)) * min(width, 20) if width > 1 else 0
        if score > most:
            best, most = mark, score
    return best


def dates(rows: Iterable[Row]) -> tuple[str, bool]:
    """(format, whether there is no doubt), from every cell that looks like a date."""
    iso = firsts = seconds = dots = slashes = 0
    for cell in (cell for row in rows for cell in row):
        if ISO_DATE.match(cell):
            iso += 1
        elif found := SPLIT_DATE.match(cell):
            firsts += int(found[1]) > 12
            seconds += int(found[2]) > 12
            dots += "." in found[0]
            slashes += "." not in found[0]
    if dots + slashes <= iso:
        return "iso", True
    if firsts or seconds:
        return ("dmy" if firsts >= seconds else "mdy"), not (firsts and seconds)
    return ("dmy", True) if dots else ("mdy", False)


def decimal(cells: Iterable[str]) -> str:
    """The sign before the cents, from cells that are amounts."""
    votes = Counter(sign for cell in cells if AMOUNT.match(cell) and (sign := _sign(cell)))
    return "," if votes[","] > votes["."] else "."


def _sign(cell: str) -> str:
    found = re.search(r"([.,])(\d+)\D*$", cell)
    if not found:
        return ""
    other = "." if found[1] == "," else ","
    return found[1] if other in cell or len(found[2]) != 3 else ""  # 1.234 may be either


def width_of(rows: Sequence[Row]) -> int:
    """The most cells in a row."""
    return max((len(row) for row in rows), default=0)
