"""Files that go out: what is in them, what is never in them, and a worker that dies over one."""

import csv
import io
import zipfile
from datetime import timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from openpyxl import load_workbook

from orders.intake import record_orders
from orders.models import Order
from postpurchase.lib import clock, faults
from postpurchase.lib.states import IllegalMove
from postpurchase.tenancy.models import Merchant
from postpurchase.tenancy.scope import in_merchant
from tests.factories import PLACED, line_data, order_data
from tests.transfers.files import imported, in_shop
from tests.transfers.test_resume import Killed, die_at
from transfers import forget, store
from transfers.exporting import ask, form, workbook, write
from transfers.importing import upload
from transfers.models import Export, Form, Progress, StoredFile, Subject
from transfers.reading.layout import Layout
from transfers.reading.sheet import Numbered
from transfers.turning.cells import Table

pytestmark = pytest.mark.django_db


def exported(shop: Merchant, subject: str = Subject.ORDERS, kind: str = Form.CSV, query: str = "") -> Export:
    with in_merchant(shop):
        row = ask.begin(subject, kind, by="olga", query=query)
    while write.slice_of(shop.pk, row.pk):
        pass
    return in_shop(shop, lambda: Export.objects.select_related("file").get(pk=row.pk))


def body_of(shop: Merchant, row: Export) -> bytes:
    assert row.file is not None
    return b"".join(store.pieces(shop.pk, row.file.pk))


def lines_of(shop: Merchant, row: Export) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(body_of(shop, row).decode("utf-8-sig"), newline="")))


def orders(shop: Merchant, count: int, **changes: Any) -> None:
    with in_merchant(shop):
        batch = [order_data(placed_at=PLACED + timedelta(minutes=n), **changes) for n in range(count)]
        record_orders(batch, connection_id=upload.own_connection().pk)


def test_an_export_holds_every_order_with_a_row_for_each_item_newest_first(ann: Merchant) -> None:
    orders(ann, 3)

    row = exported(ann)

    found = lines_of(ann, row)
    assert (row.state, row.rows, len(found)) == (Progress.DONE, 6, 6)
    assert [line["Order number"] for line in found] == in_shop(
        ann, lambda: [n for n in Order.objects.order_by("-placed_at").values_list("number", flat=True) for _ in range(2)]
    )
    assert (found[0]["Unit price"], found[0]["Quantity"], found[0]["Placed at"]) == ("49.00", "2", "2026-03-02 10:32:00+01:00")


def test_an_export_can_be_imported_elsewhere_and_says_the_same(ann: Merchant, bob: Merchant) -> None:
    orders(ann, 2, lines=[line_data(title="=SUM(A1)", sku="+1"), line_data(title="'Quoted", sku="-2", unit_price=123456)])
    body = body_of(ann, exported(ann))

    assert imported(bob, body).counts == {"created": 2}

    def told(row: Export) -> list[dict[str, str]]:
        return [
            {name: value for name, value in line.items() if name != "Updated at"} for line in lines_of(bob if row is theirs else ann, row)
        ]

    mine, theirs = exported(ann), exported(bob)
    assert told(theirs) == told(mine)


def test_an_export_of_a_list_holds_what_its_filters_show(ann: Merchant) -> None:
    orders(ann, 2)
    orders(ann, 1, email="other@example.com", customer=None)

    assert len(lines_of(ann, exported(ann, query="q=other@example.com"))) == 2
    assert lines_of(ann, exported(ann, query="view=cancelled")) == []
    assert lines_of(ann, exported(ann, query="view=nonsense")) == []


@pytest.mark.parametrize("subject", Subject.values)
@pytest.mark.parametrize("kind", Form.values)
def test_everything_can_be_exported_in_both_forms_even_when_there_is_nothing(ann: Merchant, subject: str, kind: str) -> None:
    row = exported(ann, subject, kind)

    assert (row.state, row.problem, row.rows) == (Progress.DONE, "", 0)
    body = body_of(ann, row)
    assert row.file is not None
    assert len(body) == row.file.size
    if kind == Form.XLSX:
        assert [len(list(sheet)) for sheet in load_workbook(io.BytesIO(body))] == [1]


def test_a_workbook_has_dates_numbers_and_no_formula(ann: Merchant) -> None:
    orders(ann, 1, lines=[line_data(title="=HYPERLINK(1)", sku="\t=1")])

    body = body_of(ann, exported(ann, kind=Form.XLSX))

    head, cells = list(load_workbook(io.BytesIO(body)).active.iter_rows())
    found = {name.value: cell for name, cell in zip(head, cells, strict=True)}
    assert (found["Item"].value, found["Item"].data_type, found["SKU"].value) == ("'=HYPERLINK(1)", "s", "'\t=1")
    assert (str(found["Placed at"].value), found["Quantity"].value) == ("2026-03-02 10:30:00", 1)
    assert b"<f>" not in zipfile.ZipFile(io.BytesIO(body)).read("xl/worksheets/sheet1.xml")


@settings(max_examples=200, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(text=st.text(alphabet=st.characters(exclude_categories=["Cs", "Cc"], include_characters="\t"), max_size=12))
def test_no_cell_begins_like_a_formula_and_every_text_comes_back(text: str) -> None:
    written = form.guarded(text)
    table = Table(["a"], {"a": 0}, Layout(), ZoneInfo("UTC"))

    assert not written.startswith(("=", "+", "-", "@", "\t", "\r"))
    if text == text.strip():
        assert table.text(Numbered(2, [written]), "a") == text


def test_a_killed_export_goes_on_where_it_was(ann: Merchant, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(write, "SIZE", 2)
    orders(ann, 7)
    with in_merchant(ann):
        row = ask.begin(Subject.ORDERS, Form.CSV, by="olga")
    die_at("export.page", 3)
    with pytest.raises(Killed):
        write.slice_of(ann.pk, row.pk)
    faults.arm(None)
    with in_merchant(ann):
        Export.objects.update(lease_until=clock.machine_now() - timedelta(seconds=1))

    assert not write.slice_of(ann.pk, row.pk)

    done = in_shop(ann, lambda: Export.objects.select_related("file").get())
    assert (done.state, done.rows) == (Progress.DONE, 14)
    assert len({line["Order number"] for line in lines_of(ann, done)}) == 7
    assert len(lines_of(ann, done)) == 14


def test_a_page_takes_a_fixed_number_of_queries(ann: Merchant) -> None:
    counts = []
    for more in (3, 60):
        orders(ann, more)
        with CaptureQueriesContext(connection) as asked:
            for subject in Subject.values:
                exported(ann, subject)
        counts.append(len(asked))

    assert counts[0] == counts[1]


def test_five_exports_at_once_are_enough(ann: Merchant) -> None:
    with in_merchant(ann):
        for _ in range(ask.AT_ONCE):
            ask.begin(Subject.ORDERS, Form.CSV, by="olga")
        with pytest.raises(IllegalMove):
            ask.begin(Subject.ORDERS, Form.CSV, by="olga")
        assert Export.objects.count() == ask.AT_ONCE


def test_a_workbook_that_outgrows_a_sheet_goes_on_in_the_next(ann: Merchant, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(workbook, "MOST", 4)  # a header and three rows
    orders(ann, 5)

    body = body_of(ann, exported(ann, kind=Form.XLSX))

    sheets = list(load_workbook(io.BytesIO(body)))
    assert [sheet.title for sheet in sheets] == ["Orders", "Orders 2", "Orders 3", "Orders 4"]
    assert [sheet.max_row for sheet in sheets] == [4, 4, 4, 2]
    assert {sheet["A1"].value for sheet in sheets} == {"Order number"}
    assert zipfile.ZipFile(io.BytesIO(body)).testzip() is None


def test_a_killed_workbook_goes_on_where_it_was(ann: Merchant, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(write, "SIZE", 2)
    orders(ann, 7)
    with in_merchant(ann):
        row = ask.begin(Subject.ORDERS, Form.XLSX, by="olga")
    die_at("export.page", 3)
    with pytest.raises(Killed):
        write.slice_of(ann.pk, row.pk)
    faults.arm(None)
    with in_merchant(ann):
        Export.objects.update(lease_until=clock.machine_now() - timedelta(seconds=1))

    assert not write.slice_of(ann.pk, row.pk)

    done = in_shop(ann, lambda: Export.objects.select_related("file").get())
    numbers = [cells[0].value for cells in load_workbook(io.BytesIO(body_of(ann, done))).active.iter_rows(min_row=2)]
    assert (done.state, len(numbers), len(set(numbers))) == (Progress.DONE, 14, 7)


def test_exports_end_after_seven_days(ann: Merchant) -> None:
    row = exported(ann)

    with in_merchant(ann):
        forget.old(row.expires_at - timedelta(minutes=1))
        assert Export.objects.count() == 1
        forget.old(row.expires_at + timedelta(minutes=1))
        assert (Export.objects.count(), StoredFile.objects.count()) == (0, 0)
    assert row.expires_at - row.created_at == pytest.approx(timedelta(days=7), abs=timedelta(minutes=1))
