"""The rows of an import that could not be taken, as a file: mended, it can be imported again."""

import csv
import io
from collections.abc import Iterator

from postpurchase.tenancy.scope import in_merchant
from transfers.exporting.form import BOM, guarded
from transfers.models import Import, RowError

SIZE = 500
EXTRA = ("Row", "Column to mend", "What to mend")


def as_csv(merchant_id: object, source: Import) -> Iterator[bytes]:
    """Block by block, each read in a scope of its own. The file's own columns come first, under their own names."""
    yield (BOM + _lines([[*source.headers, *EXTRA]])).encode()
    after, width = 0, len(source.headers)
    while True:
        with in_merchant(merchant_id):
            rows = _beyond(source, after)
        if not rows:
            return
        yield _lines([_cells(row, width) for row in rows]).encode("utf-8", "replace")
        after = rows[-1].row


def _beyond(source: Import, after: int) -> list[RowError]:
    """The next rows. A row of the file stands here once."""
    return list(RowError.objects.filter(source=source, row__gt=after).order_by("row", "id")[:SIZE])


def _cells(row: RowError, width: int) -> list[str]:
    own = [guarded(cell) for cell in [*row.cells, *[""] * (width - len(row.cells))][:width]]
    return [*own, str(row.row), guarded(row.header), row.reason]


def _lines(rows: list[list[str]]) -> str:
    text = io.StringIO(newline="")
    csv.writer(text).writerows(rows)
    return text.getvalue()
