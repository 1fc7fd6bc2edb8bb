"""A stored file as numbered rows, whatever its form, and what its head tells about it."""

import tempfile
from collections.abc import Iterable, Iterator
from itertools import islice
from typing import NamedTuple

from transfers.reading import comma, layout, workbook
from transfers.reading.layout import Layout
from transfers.reading.limits import MOST_ROWS, Row, Unreadable, too_many_rows

SAMPLE = 200
ZIP = b"PK\x03\x04"
OLD_EXCEL = b"\xd0\xcf\x11\xe0"
EMPTY = "The file is empty. It needs a row of column names and a row for each entry."


class Numbered(NamedTuple):
    """A row, and where it stands: the header is row 1."""

    number: int
    cells: Row


def numbered(chunks: Iterable[bytes], how: Layout) -> Iterator[Numbered]:
    """The rows below the header that hold anything. Raises Unreadable."""
    found = _written(chunks, how)
    next(found, None)
    for count, row in enumerate(found, 1):
        if count > MOST_ROWS:
            raise too_many_rows()
        yield row


def _written(chunks: Iterable[bytes], how: Layout) -> Iterator[Numbered]:
    """The rows that hold anything, the header first."""
    for number, cells in enumerate(_cells(chunks, how), 1):
        if any(cell and not cell.isspace() for cell in cells):
            yield Numbered(number, cells)


def _cells(chunks: Iterable[bytes], how: Layout) -> Iterator[Row]:
    if how.form == "csv":
        yield from comma.rows(chunks, encoding=how.encoding, delimiter=how.delimiter)
        return
    with tempfile.TemporaryFile() as file:  # a zip is read from its end
        file.writelines(chunks)
        yield from workbook.rows(file)


def form_of(head: bytes, name: str) -> str:
    """csv or xlsx, by the first bytes: a name proves nothing. Raises Unreadable."""
    if head.startswith(ZIP):
        return "xlsx"
    if head.startswith(OLD_EXCEL):
        raise Unreadable("This is an old or a password-protected Excel file. Save it as .xlsx without a password, or as CSV.")
    if not head.strip():
        raise Unreadable(EMPTY)
    if head[:1000].count(b"\0") * 20 > len(head[:1000]) and not head.startswith((b"\xff\xfe", b"\xfe\xff")):
        raise Unreadable(f"{name} is neither CSV nor an Excel workbook (.xlsx). Save it as one of these.")
    return "csv"


def recognise(head: bytes, name: str, encoding: str, *, currency: str) -> Layout:
    """How the file is written, from its first bytes; dates and amounts follow with settle()."""
    form = form_of(head, name)
    text = head.decode(comma.ENCODINGS[encoding], "replace") if form == "csv" else ""
    return Layout(form=form, encoding=encoding, delimiter=layout.delimiter(text), currency=currency)


def peek(chunks: Iterable[bytes], how: Layout) -> tuple[Row, list[Row]]:
    """(headers, first rows). Raises Unreadable."""
    rows = [row.cells for row in islice(_written(chunks, how), SAMPLE + 1)]
    if not rows:
        raise Unreadable(EMPTY)
    return rows[0], rows[1:]


def settle(how: Layout, rows: list[Row]) -> Layout:
    """Dates and decimals as the first rows write them."""
    dates, sure = layout.dates(rows)
    decimal = layout.decimal(cell for row in rows for cell in row)
    return Layout(how.form, how.encoding, how.delimiter, dates, decimal, how.currency, sure)
