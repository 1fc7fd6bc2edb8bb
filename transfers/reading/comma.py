"""CSV as rows, a record at a time, whatever its size."""

import codecs
import csv
import io
import re
from collections.abc import Iterable, Iterator

from transfers.reading.limits import MOST_CELL, MOST_COLUMNS, MOST_RECORD, Row, Unreadable, too_many_columns
from transfers.store import Stream

csv.field_size_limit(MOST_CELL)
ENCODINGS = {"utf-8": "utf-8-sig", "utf-16": "utf-16", "cp1252": "cp1252", "mac-roman": "mac_roman"}
UNDECODED = re.compile("[\udc80-\udcff]")  # what bytes become that mean nothing in an encoding


class _Lines:
    """Lines for the csv reader, which must not be given an endless record."""

    def __init__(self, text: io.TextIOWrapper) -> None:
        self.text, self.given = text, 0

    def __iter__(self) -> Iterator[str]:
        while line := self.text.readline(MOST_RECORD):
            self.given += len(line)
            if self.given > MOST_RECORD:
                raise OverflowError
            if not line.isascii() and UNDECODED.search(line):
                raise UnicodeError
            yield line


def rows(chunks: Iterable[bytes], *, encoding: str, delimiter: str) -> Iterator[Row]:
    """Every record, blank ones too. Raises Unreadable."""
    text = io.TextIOWrapper(io.BufferedReader(Stream(chunks)), ENCODINGS[encoding], errors="surrogateescape", newline="")
    lines, number = _Lines(text), 0
    try:
        for number, row in enumerate(csv.reader(lines, delimiter=delimiter), 1):
            if len(row) > MOST_COLUMNS:
                raise too_many_columns(number)
            lines.given = 0
            yield row
    except UnicodeError:
        raise Unreadable(
            f"Row {number + 1} is not written in the chosen encoding. Choose another one, or save the file as UTF-8."
        ) from None
    except (csv.Error, OverflowError):
        raise Unreadable(
            f"Row {number + 1} does not end: a quotation mark is opened there and never closed, or a cell is longer than {MOST_CELL:,} "
            "characters. Mend the row, or choose the right delimiter."
        ) from None


class Sniffer:
    """Looks at bytes as they pass: are they UTF-8 to the end? A file's encoding shows in its last umlaut, not in its first page."""

    def __init__(self) -> None:
        self._decoder = codecs.getincrementaldecoder("utf-8")("strict")
        self.head, self.is_utf8 = b"", True

    def watch(self, chunks: Iterable[bytes]) -> Iterator[bytes]:
        """The same chunks."""
        for chunk in chunks:
            self.head = self.head or bytes(chunk[: 256 * 1024])
            if self.is_utf8:
                try:
                    self._decoder.decode(chunk)
                except UnicodeDecodeError:
                    self.is_utf8 = False
            yield chunk

    @property
    def encoding(self) -> str:
        """UTF-16 says so in its first bytes; what is not UTF-8 is most likely from Windows."""
        if self.head.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
            return "utf-16"
        return "utf-8" if self.is_utf8 else "cp1252"
