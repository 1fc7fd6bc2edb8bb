"""The work on imports: split, check, record. A part is one transaction with its progress: a kill loses nothing and doubles nothing."""

import logging
from collections import Counter
from collections.abc import Callable
from uuid import UUID

from django.db import connection

from postpurchase.lib import clock, faults
from postpurchase.tenancy.scope import in_merchant
from tracking import zones
from transfers import lease, store
from transfers.ended import announce
from transfers.importing import splitting, taking, upload
from transfers.lease import Fenced
from transfers.models import WORKING, Import, RowError, Segment, Stage
from transfers.reading import sheet
from transfers.reading.limits import Unreadable
from transfers.turning.cells import Table

log = logging.getLogger(__name__)
SLICE = 20.0  # seconds that one task works before it lets others have their turn
LONGEST = 200.0  # seconds in which a file must be split; the worker is stopped after 240
ANALYZE_AFTER = frozenset(2**n for n in range(2, 11))  # parts
OURS = "Something went wrong on our side. The rows taken so far stay; start the import again with the same file."
SLOW = "The file takes too long to read. Save it as CSV, or split it."


def slice_of(merchant_id: object, import_id: UUID, analyze: Callable[[], None], seconds: float = SLICE) -> bool:
    """Work on an import for a while. Whether there is more to do."""
    with in_merchant(merchant_id):
        row = lease.claim(Import, import_id, WORKING)
    if row is None:
        return False

    def next_one() -> bool:
        try:
            return step(merchant_id, row, analyze)
        except Unreadable as error:
            _fail(merchant_id, row, str(error))
            return False

    return lease.work(merchant_id, row, next_one, seconds=seconds, failed=Stage.FAILED, problem=OURS, over=announce)


def step(merchant_id: object, row: Import, analyze: Callable[[], None]) -> bool:
    """The next step; whether there is one after it. Raises Fenced and Unreadable."""
    if not row.parts:
        _split(merchant_id, row)
        return True
    if row.next_part < row.parts:
        _part(merchant_id, row)
        if row.state == Stage.RUNNING and row.next_part in ANALYZE_AFTER:
            analyze()
        return True
    with in_merchant(merchant_id):
        _finish(row)
    return False


def _split(merchant_id: object, row: Import) -> None:
    assert row.file_id is not None  # noqa: S101 - the file is kept while an import works
    how, began, rows, merchant = upload.stored_layout(row), clock.monotonic(), 0, row.merchant_id
    with in_merchant(merchant_id):
        table = table_of(row)
        size = row.file.size if row.file else 0
        Segment.objects.filter(source=row).delete()  # of a worker that died
        lease.go_on(row)
    key, parts = taking.key_of(row.kind), splitting.parts_for(size, how.form)
    found = sheet.numbered(store.pieces(merchant, row.file_id), how)
    for packed, count in splitting.segments(found, lambda one: key(table, one), parts):
        rows += count
        if clock.monotonic() - began > LONGEST:
            raise Unreadable(SLOW)
        with in_merchant(merchant_id):
            Segment.objects.bulk_create([Segment(source=row, **one._asdict()) for one in packed], batch_size=200)
            lease.go_on(row, rows=rows)
        faults.reach("import.split")
    with in_merchant(merchant_id):
        lease.go_on(row, rows=rows, parts=parts)


def _part(merchant_id: object, row: Import) -> None:
    """One part with its progress, or none of both."""
    with in_merchant(merchant_id):
        verb = taking.check_part if row.state == Stage.CHECKING else taking.record_part
        taken = verb(row, table_of(row), splitting.read(row, row.next_part))
        RowError.objects.bulk_create(taken.errors, batch_size=1000)
        counts = dict(Counter(row.counts) + taken.counts)
        faults.reach("import.part")
        lease.go_on(row, next_part=row.next_part + 1, counts=counts, errors=row.errors + len(taken.errors))
    faults.reach("import.between")


def _finish(row: Import) -> None:
    if row.state == Stage.CHECKING:
        lease.let_go(row, state=Stage.CHECKED)
        return
    lease.let_go(row, state=Stage.DONE, finished_at=clock.business_now())
    announce(row)
    Segment.objects.filter(source=row).delete()


def _fail(merchant_id: object, row: Import, problem: str) -> None:
    with in_merchant(merchant_id):
        try:
            lease.let_go(row, state=Stage.FAILED, problem=problem[:500], finished_at=clock.business_now())
            announce(row)
        except Fenced:
            log.info("import %s was cancelled meanwhile", row.pk)


def table_of(row: Import) -> Table:
    """How the rows of an import are read. Needs the merchant's scope, for the shop's clock."""
    return Table(row.headers, row.mapping, upload.stored_layout(row), zones.named(zones.of_brand()))


def analyze_now(tables: str) -> None:
    """Have PostgreSQL count what is there, so that it plans for many rows and not for none."""
    with connection.cursor() as cursor:
        cursor.execute(tables)
