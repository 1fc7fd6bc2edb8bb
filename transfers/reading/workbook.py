"""Excel's .xlsx as rows. A stranger's zip: sizes are checked before anything is unpacked, and cells are counted as they come.

openpyxl keeps a whole row in memory as a tree before anybody can count its cells; hence a reader of our own. Macros, formulas, links and
pictures are never looked at: a formula's last result is what counts.
"""

import re
import zipfile
import zlib
from collections.abc import Iterator
from datetime import datetime
from typing import IO
from xml.parsers import expat

from openpyxl.styles.numbers import BUILTIN_FORMATS, is_date_format  # type: ignore[import-untyped]
from openpyxl.utils.datetime import CALENDAR_MAC_1904, CALENDAR_WINDOWS_1900, from_excel  # type: ignore[import-untyped]

from transfers.reading.limits import MOST_CELL, MOST_COLUMNS, MOST_ROWS, Row, Unreadable, too_many_columns, too_many_rows

BLOCK = 64 * 1024
MOST_PARTS = 2000
MOST_SHEET, MOST_STRINGS, MOST_OTHER = 600 * 1024 * 1024, 64 * 1024 * 1024, 8 * 1024 * 1024  # bytes, unpacked
STRINGS, STYLES, BOOK, LINKS = "xl/sharedStrings.xml", "xl/styles.xml", "xl/workbook.xml", "xl/_rels/workbook.xml.rels"
NOT_A_BOOK = "This is not an Excel workbook (.xlsx) that can be read. Save it again in Excel, or save it as CSV."
TOO_LARGE = "The workbook is too large when unpacked. Save the sheet as CSV and import that."
REFERENCE = re.compile(r"([A-Z]{1,4})(\d{1,9})$")


def rows(file: IO[bytes]) -> Iterator[Row]:
    """The rows of the first sheet, blank ones too; dates as ISO 8601. Raises Unreadable."""
    try:
        with zipfile.ZipFile(file) as book:
            yield from _rows(book)
    except (
        zipfile.BadZipFile,
        expat.ExpatError,
        KeyError,
        zlib.error,
        NotImplementedError,
        RuntimeError,
        EOFError,
        IndexError,
        OSError,
        ValueError,
    ) as error:
        raise error if isinstance(error, Unreadable) else Unreadable(NOT_A_BOOK) from error


def _rows(book: zipfile.ZipFile) -> Iterator[Row]:
    if len(book.infolist()) > MOST_PARTS:
        raise Unreadable(TOO_LARGE)
    front = _Front()
    _parse(book, BOOK, front, MOST_OTHER)
    links = _Links()
    _parse(book, LINKS, links, MOST_OTHER)
    target = links.targets.get(front.sheet, "worksheets/sheet1.xml").removeprefix("/xl/")
    styles = _Styles()
    names = set(book.namelist())
    if STYLES in names:
        _parse(book, STYLES, styles, MOST_OTHER)
    strings = _Strings()
    if STRINGS in names:
        _parse(book, STRINGS, strings, MOST_STRINGS)
    sheet = _Sheet(strings.found, styles.dates, CALENDAR_MAC_1904 if front.mac else CALENDAR_WINDOWS_1900)
    for _ in _blocks(book, f"xl/{target}", sheet, MOST_SHEET):
        yield from sheet.ready
        sheet.ready.clear()


def _parse(book: zipfile.ZipFile, name: str, reader: "_Reader", most: int) -> None:
    for _ in _blocks(book, name, reader, most):
        pass


def _blocks(book: zipfile.ZipFile, name: str, reader: "_Reader", most: int) -> Iterator[None]:
    """Feed a part to its reader. zipfile gives no more bytes than the header says, so the header can be believed."""
    if book.getinfo(name).file_size > most:
        raise Unreadable(TOO_LARGE)
    parser = expat.ParserCreate(namespace_separator=" ")
    parser.buffer_text = True
    parser.StartElementHandler = lambda tag, attributes: reader.start(tag.rpartition(" ")[2], attributes)
    parser.EndElementHandler = lambda tag: reader.end(tag.rpartition(" ")[2])
    parser.CharacterDataHandler = reader.text
    parser.StartDoctypeDeclHandler = _no_doctype
    with book.open(name) as part:
        while block := part.read(BLOCK):
            parser.Parse(block)
            yield
    parser.Parse(b"", True)
    yield


def _no_doctype(*_: object) -> None:
    raise Unreadable(NOT_A_BOOK)


class _Reader:
    """Takes a part of the workbook, element by element."""

    def start(self, tag: str, given: dict[str, str]) -> None:
        """An element begins."""

    def end(self, tag: str) -> None:
        """An element ends."""

    def text(self, data: str) -> None:
        """Characters inside it."""


class _Front(_Reader):
    """The workbook: its first sheet, and from which day it counts."""

    def __init__(self) -> None:
        self.sheet, self.mac = "", False

    def start(self, tag: str, given: dict[str, str]) -> None:
        if tag == "sheet" and not self.sheet and given.get("state", "visible") == "visible":
            self.sheet = next((value for name, value in given.items() if name.endswith(" id")), "")
        elif tag == "workbookPr":
            self.mac = given.get("date1904") in ("1", "true")


class _Links(_Reader):
    """Which part a sheet's id stands for."""

    def __init__(self) -> None:
        self.targets: dict[str, str] = {}

    def start(self, tag: str, given: dict[str, str]) -> None:
        if tag == "Relationship":
            self.targets[given.get("Id", "")] = given.get("Target", "")


class _Styles(_Reader):
    """Which of the cell styles show a number as a date."""

    def __init__(self) -> None:
        self.dates: list[bool] = []
        self._formats: dict[str, str] = {str(key): value for key, value in BUILTIN_FORMATS.items()}
        self._inside = False

    def start(self, tag: str, given: dict[str, str]) -> None:
        if tag == "numFmt":
            self._formats[given.get("numFmtId", "")] = given.get("formatCode", "")
        elif tag == "cellXfs":
            self._inside = True
        elif tag == "xf" and self._inside:
            self.dates.append(bool(is_date_format(self._formats.get(given.get("numFmtId", "0"), "General"))))

    def end(self, tag: str) -> None:
        if tag == "cellXfs":
            self._inside = False


class _Strings(_Reader):
    """The texts that cells share. Hints on pronunciation (rPh) are no part of them."""

    def __init__(self) -> None:
        self.found: list[str] = []
        self._now: list[str] = []
        self._open = self._hint = False

    def start(self, tag: str, given: dict[str, str]) -> None:
        if tag == "si":
            self._now = []
        self._hint = self._hint or tag == "rPh"
        self._open = tag == "t" and not self._hint

    def end(self, tag: str) -> None:
        if tag == "si":
            self.found.append("".join(self._now))
        elif tag == "rPh":
            self._hint = False
        self._open = False

    def text(self, data: str) -> None:
        if self._open:
            self._now.append(data)


class _Sheet(_Reader):
    """The cells. `ready` has the rows that are whole."""

    def __init__(self, strings: list[str], dates: list[bool], epoch: datetime) -> None:
        self.strings, self.dates, self.epoch = strings, dates, epoch
        self.ready: list[Row] = []
        self.row: Row = []
        self.number, self.at = 0, 0
        self.kind, self.style, self.value = "", 0, ""
        self._open = False

    def start(self, tag: str, given: dict[str, str]) -> None:
        if tag == "c":
            self._begin(given)
        elif tag in ("v", "t"):
            self._open = True
        elif tag == "row":
            wanted = int(given.get("r", self.number + 1))
            if wanted > MOST_ROWS * 2:
                raise too_many_rows()
            self.ready.extend([] for _ in range(wanted - self.number - 1))
            self.number, self.row = max(wanted, self.number + 1), []

    def _begin(self, given: dict[str, str]) -> None:
        found = REFERENCE.match(given.get("r", ""))
        self.at = _position(found[1]) if found else len(self.row)
        if self.at >= MOST_COLUMNS:
            raise too_many_columns(self.number)
        self.kind, self.style, self.value = given.get("t", "n"), int(given.get("s", 0)), ""

    def text(self, data: str) -> None:
        if self._open:
            self.value += data
            if len(self.value) > MOST_CELL:
                raise Unreadable(f"A cell in row {self.number} is longer than {MOST_CELL:,} characters. Shorten it.")

    def end(self, tag: str) -> None:
        if tag in ("v", "t"):
            self._open = False
        elif tag == "c" and self.value:
            self.row.extend([""] * (self.at + 1 - len(self.row)))
            self.row[self.at] = self._said()
        elif tag == "row":
            self.ready.append(self.row)

    def _said(self) -> str:
        if self.kind == "s":
            return self.strings[int(self.value)]
        if self.kind == "b":
            return "yes" if self.value == "1" else "no"
        if self.kind != "n":
            return self.value if self.kind != "e" else ""
        if self.style < len(self.dates) and self.dates[self.style]:
            return _day(self.value, self.epoch)
        return _number(self.value)


def _position(letters: str) -> int:
    found = 0
    for letter in letters:
        found = found * 26 + ord(letter) - 64
    return found - 1


def _day(value: str, epoch: datetime) -> str:
    found = from_excel(float(value), epoch)
    return found.isoformat(" ") if isinstance(found, datetime) else str(found)


def _number(value: str) -> str:
    """As it is shown: Excel keeps 12.3 as 12.300000000000001, and long ids with an exponent."""
    if len(value) < 15 and "E" not in value and "e" not in value:
        return value
    found = float(value)
    return str(int(found)) if found.is_integer() and abs(found) < 1e20 else repr(float(f"{found:.15g}"))
