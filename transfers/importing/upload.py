"""An import, from the file to its end: begun, its columns confirmed, run, changed, cancelled. The work between is work.py's."""

from collections.abc import Iterable, Mapping
from datetime import timedelta
from typing import Any
from uuid import UUID

from django.db import transaction

from integrations.models import Connection
from orders.models import Order
from postpurchase.lib import clock
from postpurchase.lib.states import move
from postpurchase.tenancy import scope
from transfers import columns, store
from transfers.models import MOVES, Import, RowError, Segment, Stage
from transfers.reading import layout, sheet
from transfers.reading.comma import Sniffer
from transfers.reading.layout import Layout

KEPT = timedelta(days=7)  # how long the file of an import is kept
SHOWN = 20  # rows of the sample
LONG = 200  # characters of a header or a sample's cell


def begin(kind: str, name: str, chunks: Iterable[bytes], *, by: str, connection_id: UUID | None = None) -> Import:
    """Keep the file and recognise how it is written and what its columns mean. Raises Unreadable; then nothing is kept."""
    sniffer = Sniffer()
    with transaction.atomic():
        file = store.keep(name, sniffer.watch(chunks))
        how = sheet.recognise(sniffer.head, name, sniffer.encoding, currency=usual_currency())
        row = Import(kind=kind, file_name=file.name, file=file, by=by, how=how.plain(), connection_id=connection_id or own_connection().pk)
        _look(row, how)
        row.save()
    return row


def look_again(row: Import, how: Layout) -> None:
    """Read the head anew with another encoding or delimiter; the columns are guessed afresh. Raises Unreadable."""
    _look(row, how, keep_dates=True)
    row.save(update_fields=["how", "headers", "sample", "mapping"])


def _look(row: Import, how: Layout, *, keep_dates: bool = False) -> None:
    assert row.file_id is not None  # noqa: S101 - a draft has its file
    headers, rows = sheet.peek(store.pieces(scope.merchant_id(), row.file_id), how)
    row.headers = [_short(header) or f"Column {at}" for at, header in enumerate(headers, 1)]
    row.sample = [[_short(cell) for cell in cells] for cells in rows[:SHOWN]]
    row.mapping = columns.guess(row.kind, row.headers)
    row.how = (how if keep_dates else sheet.settle(how, rows)).plain()


def _short(text: str) -> str:
    return text.replace("\0", "\ufffd").strip()[:LONG]


def confirm(row: Import, mapping: Mapping[str, int], how: Layout) -> None:
    """Check the whole file with these columns, in the background."""
    with transaction.atomic():
        _forget_work(row)
        values: dict[str, Any] = {
            "mapping": dict(mapping),
            "how": how.plain(),
            "parts": 0,
            "next_part": 0,
            "rows": 0,
            "counts": {},
            "errors": 0,
        }
        move(row, Stage.CHECKING, MOVES, **values, attempts=0, problem="", lease_until=None, lease_token=None)


def run(row: Import) -> None:
    """Take the rows, in the background."""
    with transaction.atomic():
        RowError.objects.filter(source=row).delete()
        move(row, Stage.RUNNING, MOVES, next_part=0, counts={}, errors=0, attempts=0, lease_until=None, lease_token=None)


def change(row: Import) -> None:
    """Back to the columns."""
    move(row, Stage.DRAFT, MOVES)


def cancel(row: Import) -> None:
    """Stop. What has been taken stays taken; the part under way is undone."""
    move(row, Stage.CANCELLED, MOVES, finished_at=clock.business_now(), lease_until=None, lease_token=None)


def _forget_work(row: Import) -> None:
    Segment.objects.filter(source=row).delete()
    RowError.objects.filter(source=row).delete()


def own_connection() -> Connection:
    """The source that imported files belong to, where they are no shop's; made when first used."""
    return Connection.objects.get_or_create(kind="import", defaults={"label": "Imported files"})[0]


def usual_currency() -> str:
    """That of the newest order; euros for a shop without any."""
    return Order.objects.newest_first().values_list("currency", flat=True).first() or "EUR"


def stored_layout(row: Import) -> Layout:
    """How the file is written."""
    return layout.read(row.how)
