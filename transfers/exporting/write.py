"""The work on exports: page by page, so that memory stays flat and a file goes on where its worker died."""

import copy
import logging
from typing import Any
from uuid import UUID

from postpurchase.lib import clock, faults
from postpurchase.tenancy.scope import in_merchant
from postpurchase.ui import paging
from tracking import zones
from transfers import lease, store
from transfers.ended import announce
from transfers.exporting import form, sources
from transfers.exporting.sources import Cell
from transfers.exporting.workbook import Workbook
from transfers.models import Export, Form, Progress

log = logging.getLogger(__name__)
SIZE = 500
SLICE = 20.0  # seconds
OURS = "Something went wrong on our side. Ask for the export again."
Page = tuple[list[list[Cell]], str]  # rows, where the next page begins


def slice_of(merchant_id: object, export_id: UUID, seconds: float = SLICE) -> bool:
    """Work on an export for a while. Whether there is more to do."""
    with in_merchant(merchant_id):
        row = lease.claim(Export, export_id, (Progress.RUNNING,))
    if row is None:
        return False
    return lease.work(
        merchant_id, row, lambda: _next_page(merchant_id, row), seconds=seconds, failed=Progress.FAILED, problem=OURS, over=announce
    )


def _next_page(merchant_id: object, row: Export) -> bool:
    """A page and its progress in one transaction. Whether there is another."""
    with in_merchant(merchant_id):
        if row.file is None:
            lease.go_on(row, file=store.keep(_name(row), []))
        rows, cursor = _page(row, row.cursor)
        more = bool(cursor)
        body, state = _written(row, rows, last=not more)
        if body:
            store.add(row.file, row.file.pieces.count(), body)
            row.file.save(update_fields=["size"])
        faults.reach("export.page")
        ended = {} if more else {"state": Progress.DONE, "finished_at": clock.business_now()}
        lease.go_on(row, cursor=cursor, rows=row.rows + len(rows), form_state=state, **ended)
        if ended:
            announce(row)
    return more


def _written(row: Export, rows: list[list[Cell]], *, last: bool) -> tuple[bytes, dict[str, Any]]:
    """The bytes of a page, and what is to be remembered for the next one."""
    header, zone = list(sources.SOURCES[row.subject].headers), zones.named(zones.of_brand())
    if row.form == Form.XLSX:
        book = Workbook(str(row.get_subject_display()), header, copy.deepcopy(row.form_state))
        body = book.add(form.for_book(rows, zone))
        return (body + book.close() if last else body), book.state
    if row.form == Form.JSON:
        return form.as_json(rows, header), {}
    head = b"" if row.form_state else form.BOM.encode() + form.as_csv([list(header)], zone)
    return head + form.as_csv(rows, zone), {"begun": True}


def _page(row: Export, cursor: str) -> Page:
    source = sources.SOURCES[row.subject]
    found = paging.page(sources.asked_for(row.subject, row.query), after=cursor, size=SIZE, keys=source.keys)
    return [cells for item in found.items for cells in source.cells(item)], found.next_cursor


def _name(row: Export) -> str:
    return f"{row.subject}-{row.created_at:%Y-%m-%d}.{row.form}"
