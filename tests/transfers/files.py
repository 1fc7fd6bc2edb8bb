"""Files as people send them, and an import of one from its upload to its end."""

import csv
import io
import zipfile
from collections.abc import Callable, Sequence
from typing import Any

from openpyxl import Workbook

from postpurchase.tenancy.models import Merchant
from postpurchase.tenancy.scope import in_merchant
from transfers.importing import upload, work
from transfers.models import Import, RowError

HEADERS = ["Order number", "Placed at", "Currency", "Email", "Item", "Quantity", "Unit price"]
SHOPIFY = [
    "Name", "Email", "Financial Status", "Paid at", "Fulfillment Status", "Accepts Marketing", "Currency", "Subtotal", "Shipping", "Taxes",
    "Total", "Discount Code", "Discount Amount", "Created at", "Lineitem quantity", "Lineitem name", "Lineitem price", "Lineitem sku",
    "Billing Name", "Shipping Name", "Shipping Street", "Shipping Address1", "Shipping City", "Shipping Zip", "Shipping Country",
    "Cancelled at", "Refunded Amount", "Id", "Tags", "Source", "Lineitem discount", "Phone",
]  # fmt: skip


def row(number: str, item: str = "Linen shirt", **changes: str) -> list[str]:
    """A row under HEADERS."""
    values = {
        "number": number,
        "at": "2026-03-02 09:30",
        "currency": "EUR",
        "email": "mia@example.com",
        "item": item,
        "n": "1",
        "each": "49.00",
    }
    return list((values | changes).values())


def csv_of(rows: Sequence[Sequence[str]], delimiter: str = ",") -> bytes:
    text = io.StringIO(newline="")
    csv.writer(text, delimiter=delimiter).writerows(rows)
    return text.getvalue().encode()


def xlsx_of(rows: Sequence[Sequence[Any]]) -> bytes:
    book, file = Workbook(), io.BytesIO()
    for cells in rows:
        book.active.append(cells)
    book.save(file)
    return file.getvalue()


def sheet_of(inside: str, strings: str = "", **more: str) -> bytes:
    """A workbook whose sheet is this XML."""
    file = io.BytesIO()
    main = 'xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"'
    links = 'xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships"'
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as book:
        book.writestr("xl/workbook.xml", f'<workbook {main} {links}><sheets><sheet name="a" sheetId="1" r:id="rId1"/></sheets></workbook>')
        book.writestr(
            "xl/_rels/workbook.xml.rels", '<Relationships><Relationship Id="rId1" Target="worksheets/sheet1.xml"/></Relationships>'
        )
        book.writestr("xl/worksheets/sheet1.xml", inside if inside.startswith("<!") else f"<worksheet {main}>{inside}</worksheet>")
        if strings:
            book.writestr("xl/sharedStrings.xml", strings)
        for name, text in more.items():
            book.writestr(name, text)
    return file.getvalue()


def begin(shop: Merchant, body: bytes, kind: str = "orders", name: str = "orders.csv") -> Import:
    with in_merchant(shop):
        return upload.begin(kind, name, [body], by="olga@ann.example")


def work_off(shop: Merchant, source: Import) -> Import:
    while work.slice_of(shop.pk, source.pk, lambda: None):
        pass
    return fresh(shop, source)


def fresh(shop: Merchant, source: Import) -> Import:
    with in_merchant(shop):
        return Import.objects.get(pk=source.pk)


def checked(shop: Merchant, body: bytes, kind: str = "orders", name: str = "orders.csv", **mapping: int) -> Import:
    source = begin(shop, body, kind, name)
    with in_merchant(shop):
        upload.confirm(source, source.mapping | mapping, upload.stored_layout(source))
    return work_off(shop, source)


def start(shop: Merchant, body: bytes, kind: str = "orders", name: str = "orders.csv") -> Import:
    """Checked, and told to run, but not run."""
    source = checked(shop, body, kind, name)
    with in_merchant(shop):
        upload.run(source)
    return source


def imported(shop: Merchant, body: bytes, kind: str = "orders", name: str = "orders.csv") -> Import:
    return work_off(shop, start(shop, body, kind, name))


def reasons(shop: Merchant, source: Import) -> list[tuple[int, str, str]]:
    with in_merchant(shop):
        return list(RowError.objects.filter(source=source).order_by("row", "id").values_list("row", "header", "reason"))


def in_shop(shop: Merchant, ask: Callable[[], Any]) -> Any:
    with in_merchant(shop):
        return ask()
