"""A large file, in and out again, with the stages timed and the memory watched."""

import csv
import io
import resource
import tempfile
from collections.abc import Callable, Iterator
from typing import IO

from openpyxl import Workbook  # type: ignore[import-untyped]

from integrations.opening import open_merchant
from orders.models import Line, Order
from postpurchase.jobs import eager
from postpurchase.lib import clock
from postpurchase.lib.ids import random_token
from postpurchase.tenancy.models import Merchant
from postpurchase.tenancy.scope import in_merchant
from transfers import store
from transfers.exporting import ask, write
from transfers.importing import tasks, upload, work
from transfers.models import Export, Import, Stage

HEADERS = (
    "Name", "Email", "Financial Status", "Currency", "Shipping", "Taxes", "Total", "Created at", "Lineitem quantity", "Lineitem name",
    "Lineitem price", "Lineitem sku", "Shipping Name", "Shipping Address1", "Shipping City", "Shipping Zip", "Shipping Country",
)  # fmt: skip
Say = Callable[[str], object]


def rows(orders: int) -> Iterator[list[str]]:
    """As Shopify exports them: two rows an order, its own columns on the first."""
    yield list(HEADERS)
    for n in range(orders):
        day = f"2025-{1 + n % 12:02}-{1 + n % 28:02} {n % 24:02}:{n % 60:02}:00 +0100"
        place = [f"Mia Berg {n}", f"Torstraße {n % 400}", "Berlin", f"{10000 + n % 4000}", "DE"]
        yield [
            f"#{n}",
            f"shopper{n}@example.com",
            "paid",
            "EUR",
            "4.90",
            "0.00",
            "61.80",
            day,
            "1",
            "Linen shirt",
            "49.00",
            "SHIRT",
            *place,
        ]
        yield [f"#{n}", f"shopper{n}@example.com", *[""] * 5, day, "1", "Wool socks", "7.90", "SOCKS", *[""] * 5]


def run(orders: int, form: str, say: Say) -> float:
    """Seconds from the upload to the last row."""
    merchant = open_merchant("Bulk", f"bulk-{random_token(40).lower().replace('_', '-')}")
    with tempfile.TemporaryFile() as file, eager.collected():
        (_csv if form == "csv" else _xlsx)(file, orders)
        say(f"{form} of {orders:,} orders in {2 * orders + 1:,} rows, {file.tell() / 1e6:.1f} MB; memory {_peak()} MB")
        seconds = _import(merchant, file, form, orders, say)
        file.seek(0)
        again = _import(merchant, file, form, orders, lambda text: say(f"again: {text}"))
        say(f"the same file again: {again:.1f} s")
        for wanted in ("csv", "xlsx"):
            _export(merchant, wanted, say)
    return seconds


def _csv(file: IO[bytes], orders: int) -> None:
    text = io.TextIOWrapper(file, "utf-8", newline="", write_through=True)
    csv.writer(text).writerows(rows(orders))
    text.detach()


def _xlsx(file: IO[bytes], orders: int) -> None:
    book = Workbook(write_only=True)
    sheet = book.create_sheet("Orders")
    for row in rows(orders):
        sheet.append(row)
    book.save(file)


def _import(merchant: Merchant, file: IO[bytes], form: str, orders: int, say: Say) -> float:
    began = clock.monotonic()
    file.seek(0)
    with in_merchant(merchant):
        row = upload.begin("orders", f"orders.{form}", iter(lambda: file.read(store.PIECE), b""), by="bulk")
    _told("upload", began, orders, say)
    for verb, stage in ((_confirm, "check"), (upload.run, "run")):
        since = clock.monotonic()
        with in_merchant(merchant):
            verb(row)
        while work.slice_of(merchant.pk, row.pk, tasks.analyze):
            pass
        with in_merchant(merchant):
            row = Import.objects.get(pk=row.pk)
        _told(f"{stage} {row.counts} {row.state} {row.problem}", since, orders, say)
    with in_merchant(merchant):
        assert row.state == Stage.DONE, row.problem
        assert (Order.objects.count(), Line.objects.count()) == (orders, 2 * orders)
    return clock.monotonic() - began


def _confirm(row: Import) -> None:
    upload.confirm(row, row.mapping, upload.stored_layout(row))


def _export(merchant: Merchant, form: str, say: Say) -> None:
    began = clock.monotonic()
    with in_merchant(merchant):
        row = ask.begin("orders", form, by="bulk")
    while write.slice_of(merchant.pk, row.pk):
        pass
    with in_merchant(merchant):
        row = Export.objects.select_related("file").get(pk=row.pk)
        size = row.file.size if row.file else 0
    _told(f"export {form} {row.state} {row.problem} {row.rows:,} rows, {size / 1e6:.1f} MB", began, row.rows, say)


def _told(what: str, since: float, count: int, say: Say) -> None:
    seconds = clock.monotonic() - since
    say(f"{what}: {seconds:.1f} s, {count / seconds:,.0f}/s; memory {_peak()} MB")


def _peak() -> int:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
