"""Rows as CSV text or as a workbook, with nothing in them that a spreadsheet would run."""

import csv
import io
import re
from collections.abc import Iterable, Sequence
from datetime import datetime
from zoneinfo import ZoneInfo

import msgspec

from transfers.exporting.sources import Cell

BOM = "\ufeff"  # without it Excel takes UTF-8 for Windows-1252
RISKY = ("=", "+", "-", "@", "\t", "\r", "\n", "'")  # the last, so that an import knows which apostrophe is ours
UNPRINTABLE = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
LONGEST = 32_767  # characters of a cell in Excel


def guarded(text: str) -> str:
    """Text that no spreadsheet takes for a formula: with an apostrophe where it would."""
    plain = UNPRINTABLE.sub("", text)
    return f"'{plain}" if plain.startswith(RISKY) else plain


def as_csv(rows: Iterable[list[Cell]], zone: ZoneInfo) -> bytes:
    """Some rows."""
    text = io.StringIO(newline="")
    csv.writer(text).writerows([_written(cell, zone) for cell in row] for row in rows)
    return text.getvalue().encode("utf-8", "replace")


def _written(cell: Cell, zone: ZoneInfo) -> object:
    if isinstance(cell, datetime):
        return cell.astimezone(zone).replace(microsecond=0).isoformat(" ")
    if isinstance(cell, str):
        return guarded(cell)
    return "" if cell is None else cell


def as_json(rows: Iterable[list[Cell]], headers: Sequence[str]) -> bytes:
    """Some rows, each an object on a line of its own; moments in UTC."""
    return b"".join(msgspec.json.encode(dict(zip(headers, row, strict=True))) + b"\n" for row in rows)


def for_book(rows: Iterable[list[Cell]], zone: ZoneInfo) -> Iterable[list[object]]:
    """Some rows as a workbook takes them: times as the shop's clock says, texts that run nothing."""
    return ([_celled(cell, zone) for cell in row] for row in rows)


def _celled(cell: Cell, zone: ZoneInfo) -> object:
    if isinstance(cell, datetime):
        return cell.astimezone(zone).replace(tzinfo=None, microsecond=0)
    return guarded(cell)[:LONGEST] if isinstance(cell, str) else cell
