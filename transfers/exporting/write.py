"""The work on exports: page by page, so that memory stays flat and a CSV goes on where its worker died."""

import logging
from collections.abc import Iterator
from uuid import UUID
from zoneinfo import ZoneInfo

from postpurchase.lib import clock, faults
from postpurchase.tenancy.scope import in_merchant
from postpurchase.ui import paging
from tracking import zones
from transfers import lease, store
from transfers.ended import announce
from transfers.exporting import form, sources
from transfers.exporting.sources import Cell
from transfers.lease import Fenced
from transfers.models import Export, Form, Progress, StoredFile

log = logging.getLogger(__name__)
SIZE = 500
SLICE = 20.0  # seconds
MOST_IN_BOOK = 60_000  # rows: a workbook is written in one go, within the time that a task has
TOO_MANY = f"An Excel file takes up to {MOST_IN_BOOK:,} rows. Choose CSV, or set a filter first."
OURS = "Something went wrong on our side. Ask for the export again."
Page = tuple[list[list[Cell]], str]  # rows, where the next page begins


def slice_of(merchant_id: object, export_id: UUID, seconds: float = SLICE) -> bool:
    """Work on an export for a while. Whether there is more to do."""
    with in_merchant(merchant_id):
        row = lease.claim(Export, export_id, (Progress.RUNNING,))
    if row is None:
        return False
    try:
        return _book(merchant_id, row) if row.form == Form.XLSX else _text(merchant_id, row, seconds)
    except Fenced:
        log.info("export %s is another worker's", export_id)
    except Exception:
        log.exception("export %s stumbled", export_id)
        with in_merchant(merchant_id):
            if lease.stumble(row, {"state": Progress.FAILED, "finished_at": clock.business_now()}, OURS):
                announce(row)
    return False


def _text(merchant_id: object, row: Export, seconds: float) -> bool:
    until = clock.monotonic() + seconds
    with in_merchant(merchant_id):
        if row.file is None:
            lease.go_on(row, file=_begun(row, form.BOM.encode() + form.as_csv([list(sources.SOURCES[row.subject].headers)], _zone())))
        position = row.file.pieces.count()
    more = True
    while more:
        with in_merchant(merchant_id):
            rows, cursor = _page(row, row.cursor)
            if rows:
                store.add(row.file, position, form.as_csv(rows, _zone()))
                row.file.save(update_fields=["size"])
            faults.reach("export.page")
            more = bool(cursor)
            over = {} if more else {"state": Progress.DONE, "finished_at": clock.business_now()}
            lease.go_on(row, cursor=cursor, rows=row.rows + len(rows), **over)
            if over:
                announce(row)
        position += 1
        if clock.monotonic() > until and more:
            with in_merchant(merchant_id):
                lease.let_go(row)
            return True
    return False


def _begun(row: Export, head: bytes) -> StoredFile:
    return store.keep(_name(row), [head])


def _book(merchant_id: object, row: Export) -> bool:
    with in_merchant(merchant_id):
        book = form.Book(str(row.get_subject_display()), _zone())
        lease.go_on(row, rows=0)
    book.add([list(sources.SOURCES[row.subject].headers)])
    for rows in _pages(merchant_id, row):
        book.add(rows)
        if row.rows > MOST_IN_BOOK:
            book.abandon()
            with in_merchant(merchant_id):
                lease.let_go(row, state=Progress.FAILED, problem=TOO_MANY, finished_at=clock.business_now())
                announce(row)
            return False
    with book.save() as file, in_merchant(merchant_id):
        kept = store.keep(_name(row), iter(lambda: file.read(store.PIECE), b""))
        lease.let_go(row, state=Progress.DONE, finished_at=clock.business_now(), file=kept)
        announce(row)
    return False


def _pages(merchant_id: object, row: Export) -> Iterator[list[list[Cell]]]:
    cursor = ""
    while True:
        with in_merchant(merchant_id):
            rows, cursor = _page(row, cursor)
            lease.go_on(row, rows=row.rows + len(rows))
        yield rows
        if not cursor:
            return


def _page(row: Export, cursor: str) -> Page:
    source = sources.SOURCES[row.subject]
    found = paging.page(sources.asked_for(row.subject, row.query), after=cursor, size=SIZE, keys=source.keys)
    return [cells for item in found.items for cells in source.cells(item)], found.next_cursor


def _zone() -> ZoneInfo:
    return zones.named(zones.of_brand())


def _name(row: Export) -> str:
    return f"{row.subject}-{row.created_at:%Y-%m-%d}.{row.form}"
