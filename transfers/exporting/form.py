"""Rows as CSV text or as a workbook, with nothing in them that a spreadsheet would run."""

import csv
import io
import re
import tempfile
from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import IO
from zoneinfo import ZoneInfo

import msgspec
from openpyxl import Workbook  # type: ignore[import-untyped]

from transfers.exporting.sources import Cell

BOM = "\ufeff"  # without it Excel takes UTF-8 for Windows-1252
RISKY = ("=", "+", "-", "@", "\t", "\r", "\n", "'")  # the last, so that an import knows which apostrophe is ours
UNPRINTABLE = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]")
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


class Book:
    """A workbook of one sheet, whose rows go to disk as they come."""

    def __init__(self, title: str, zone: ZoneInfo) -> None:
        self._book, self._zone = Workbook(write_only=True), zone
        self._sheet = self._book.create_sheet(title)
        self._sheet.freeze_panes = "A2"

    def add(self, rows: Iterable[list[Cell]]) -> None:
        """More rows."""
        for row in rows:
            self._sheet.append([self._cell(cell) for cell in row])

    def _cell(self, cell: Cell) -> object:
        if isinstance(cell, datetime):
            return cell.astimezone(self._zone).replace(tzinfo=None, microsecond=0)
        if isinstance(cell, str):
            return guarded(cell)[:LONGEST]
        return cell

    def abandon(self) -> None:
        """Nobody wants it."""
        self._sheet.close()

    def save(self) -> IO[bytes]:
        """The finished file, to be read from its start."""
        file = tempfile.TemporaryFile()  # noqa: SIM115 - the caller closes it
        self._book.save(file)
        file.seek(0)
        return file
