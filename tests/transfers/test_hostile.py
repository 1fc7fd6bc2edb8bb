"""Files that mean harm, or that somebody saved carelessly: said plainly, in bounded memory, with nothing written."""

import io
import tracemalloc
import zipfile

import pytest

from orders.models import Order
from postpurchase.tenancy.models import Merchant
from postpurchase.tenancy.scope import in_merchant
from tests.transfers.files import HEADERS, begin, checked, csv_of, imported, in_shop, reasons, row, sheet_of, work_off, xlsx_of
from transfers.importing import upload
from transfers.models import Import, Stage, StoredFile
from transfers.reading import workbook
from transfers.reading.limits import MOST_COLUMNS, Unreadable

pytestmark = pytest.mark.django_db
MIB = 1024 * 1024


def refused(shop: Merchant, body: bytes, name: str = "orders.csv") -> str:
    """What is said; nothing may be kept."""
    with pytest.raises(Unreadable) as told:
        begin(shop, body, name=name)
    assert (in_shop(shop, Import.objects.count), in_shop(shop, StoredFile.objects.count)) == (0, 0)
    return str(told.value)


def peak_of(shop: Merchant, body: bytes, name: str) -> tuple[str, int]:
    tracemalloc.start()
    try:
        return refused(shop, body, name), tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()


def test_a_zip_bomb_is_not_unpacked(ann: Merchant) -> None:
    file = io.BytesIO(sheet_of("<sheetData/>"))
    with zipfile.ZipFile(file, "a", zipfile.ZIP_DEFLATED) as book, book.open("xl/sharedStrings.xml", "w", force_zip64=True) as part:
        for _ in range(80):
            part.write(b" " * MIB)

    said, peak = peak_of(ann, file.getvalue(), "bomb.xlsx")

    assert (said, peak < 20 * MIB) == (workbook.TOO_LARGE, True)
    assert len(file.getvalue()) < MIB


def test_ten_million_columns_are_counted_and_refused(ann: Merchant) -> None:
    comma, comma_peak = peak_of(ann, b"a" + b"," * 10_000_000, "wide.csv")
    sheet = sheet_of("<sheetData><row>" + "<c><v>1</v></c>" * 400_000 + "</row></sheetData>")
    cells, cells_peak = peak_of(ann, sheet, "wide.xlsx")

    assert (f"more than {MOST_COLUMNS} columns" in comma, f"more than {MOST_COLUMNS} columns" in cells) == (True, True)
    assert max(comma_peak, cells_peak) < 80 * MIB


@pytest.mark.parametrize(
    "inside",
    [
        '<!DOCTYPE a [<!ENTITY b "bbbb"><!ENTITY c "&b;&b;&b;">]><worksheet>&c;</worksheet>',
        "<sheetData><row><c><v>1</v></row>",
        '<sheetData><row><c t="s"><v>7</v></c></row></sheetData>',
        '<sheetData><row r="abc"><c><v>1</v></c></row></sheetData>',
    ],
)
def test_a_broken_workbook_is_named_as_such(ann: Merchant, inside: str) -> None:
    assert refused(ann, sheet_of(inside), "a.xlsx") == workbook.NOT_A_BOOK


def test_a_row_a_billion_rows_down_is_refused(ann: Merchant) -> None:
    assert "more than 500,000 rows" in refused(ann, sheet_of('<sheetData><row r="900000000"><c><v>1</v></c></row></sheetData>'), "a.xlsx")


def test_macros_are_never_looked_at(ann: Merchant) -> None:
    file = io.BytesIO(xlsx_of([HEADERS, row("#1")]))
    with zipfile.ZipFile(file, "a") as book:
        book.writestr("xl/vbaProject.bin", b"\xd0\xcf\x11\xe0 Sub AutoOpen()")

    assert imported(ann, file.getvalue(), name="orders.xlsm").counts == {"created": 1}


def test_other_files_are_told_apart_from_csv(ann: Merchant) -> None:
    assert "old or a password-protected" in refused(ann, b"\xd0\xcf\x11\xe0" + b"\0" * 600, "old.xls")
    assert "neither CSV nor" in refused(ann, b"\x89PNG\r\n\x1a\n" + b"\0" * 100, "photo.csv")
    assert "not an Excel workbook" in refused(ann, b"PK\x03\x04 and then nothing", "cut.xlsx")
    assert "empty" in refused(ann, b"", "empty.csv")
    assert "empty" in refused(ann, b"\n\n  \n", "blank.csv")


def test_nul_characters_are_refused_by_row_and_the_rest_is_taken(ann: Merchant) -> None:
    source = imported(ann, csv_of([HEADERS, row("#1", "Shi\0rt"), row("#2")]))

    assert source.counts == {"created": 1, "refused": 1}
    assert reasons(ann, source) == [(2, "Item", "Contains a NUL character, which cannot be stored: remove it.")]


def test_the_wrong_encoding_is_said_with_the_row(ann: Merchant) -> None:
    body = csv_of([HEADERS, row("#1"), row("#2", "Größe")]).decode().encode("cp1252")
    source = begin(ann, body)
    assert source.how["encoding"] == "cp1252"
    with in_merchant(ann):
        source.how |= {"encoding": "utf-8"}
        source.save()

    with in_merchant(ann):
        upload.confirm(source, source.mapping, upload.stored_layout(source))
    failed = work_off(ann, source)

    assert (failed.state, failed.problem[:40]) == (Stage.FAILED, "Row 3 is not written in the chosen encod")


def test_a_quote_that_never_ends_stops_the_check_with_its_row(ann: Merchant) -> None:
    rows = csv_of([HEADERS, *[row(f"#{n}") for n in range(300)]])
    body = rows + b'"#x' + b",2026-03-02,EUR\n" * 4000

    failed = checked(ann, body)

    assert (failed.state, "Row 302 does not end" in failed.problem) == (Stage.FAILED, True)
    assert in_shop(ann, Order.objects.count) == 0


def test_an_umlaut_in_the_last_row_decides_about_the_encoding(ann: Merchant) -> None:
    rows = csv_of([HEADERS, *[row(f"#{n}") for n in range(2000)], row("#x", "Größe")]).decode()

    assert begin(ann, rows.encode()).how["encoding"] == "utf-8"
    assert begin(ann, rows.encode("cp1252")).how["encoding"] == "cp1252"
    assert begin(ann, rows.encode("utf-16")).how["encoding"] == "utf-16"
