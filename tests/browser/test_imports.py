"""The pages of imports and exports in a real browser, and the whole way without a script: file, columns, check, run, mend, export."""

from pathlib import Path
from typing import Any

import pytest

from orders.models import Order
from postpurchase.lib.ids import to_public
from postpurchase.tenancy.models import Merchant, Role
from postpurchase.tenancy.scope import in_merchant
from tests.browser.conftest import Opener
from tests.browser.walk import let_in, look_at_all, look_at_empty, press
from tests.people import hire
from tests.transfers.files import HEADERS, begin, checked, csv_of, imported, row, start, work_off
from transfers.exporting import ask, write
from transfers.importing import splitting, upload
from transfers.models import Export, Import, Stage

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
GOOD = csv_of([HEADERS, *[row(f"#{n}", item, at="04/05/2026") for n in range(1, 9) for item in ("Linen shirt", "Wool socks")]])
BAD = csv_of([HEADERS, *[row(f"#{n}") for n in range(20)], *[row(f"#x{n}", n="some", at="soon") for n in range(23)]])


@pytest.fixture
def shop(ann: Merchant, live_server: Any) -> Merchant:
    hire(ann, "olga@ann.example", Role.OWNER)
    return ann


def fill(shop: Merchant, monkeypatch: pytest.MonkeyPatch) -> dict[str, str]:
    """Imports at every stage, exports in every state; returns the addresses of their pages."""
    rows = {
        "draft": begin(shop, GOOD, name="orders_export_shopify_2026-05.csv"),
        "checked": checked(shop, BAD),
        "done": imported(shop, BAD, name="orders of last year.csv"),
        "customers": begin(shop, b"E-Mail;Vorname\na@b.example;A\n", "customers", "kunden.csv"),
        "failed": checked(shop, csv_of([HEADERS, *[row(f"#{n}") for n in range(300)]]) + b'"#9' + b",\n" * 40_000),
    }
    monkeypatch.setattr(splitting, "PART", 300)
    running = start(shop, GOOD, name="running.csv")
    with in_merchant(shop):
        Import.objects.filter(pk=running.pk).update(next_part=2, counts={"created": 3})
        ask.begin("messages", "csv", by="olga@ann.example")
        for form in ("csv", "xlsx"):
            export = ask.begin("orders", form, by="olga@ann.example", query="view=open")
            Export.objects.filter(pk=export.pk).update(lease_until=None)
    with in_merchant(shop):
        ready = list(Export.objects.filter(subject="orders").values_list("pk", flat=True))
    for pk in ready:
        write.slice_of(shop.pk, pk)
    pages = {name: f"/m/ann/imports/{to_public('imp', one.pk)}/" for name, one in (rows | {"running": running}).items()}
    return pages | {"list": "/m/ann/imports/", "new": "/m/ann/imports/new/", "exports": "/m/ann/exports/", "orders": "/m/ann/orders/"}


def test_every_page_passes_axe_on_a_phone_and_a_desk(
    shop: Merchant, window: Opener, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    look_at_empty(window, {f"empty-{name}": f"/m/ann/{name}/" for name in ("imports", "exports")}, tmp_path)
    pages = fill(shop, monkeypatch)

    look_at_all(window, pages, tmp_path)


def latest(shop: Merchant) -> Import:
    with in_merchant(shop):
        return Import.objects.order_by("-created_at")[0]


def test_the_whole_way_without_a_script(shop: Merchant, window: Opener) -> None:
    one = window(width=1440, scripts=False)
    page = let_in(one)
    one.open("/m/ann/")
    page.get_by_role("link", name="Import and export").first.click()
    page.get_by_role("link", name="New import").click()
    page.get_by_label("File").set_input_files({"name": "orders.csv", "mimeType": "text/csv", "buffer": BAD})
    press(page, "Go on to the columns")
    page.get_by_label("Order number").select_option("")
    press(page, "Check the file")
    page.get_by_text("Every row needs this. Choose its column.").wait_for()
    page.get_by_label("Order number").select_option("Order number")
    press(page, "Check the file")
    page.get_by_text("Checking every row").wait_for()
    work_off(shop, latest(shop))
    page.reload()
    page.get_by_text("23 rows cannot be taken").wait_for()

    press(page, "Import now")
    work_off(shop, latest(shop))
    page.reload()
    page.get_by_text("The import is done").wait_for()
    assert latest(shop).state == Stage.DONE
    with page.expect_download() as download:
        page.get_by_role("link", name="Download these rows").click()
    assert Path(download.value.path()).read_text("utf-8-sig").count("\n") == 24

    page.get_by_role("link", name="See the orders").click()
    press(page, "Export CSV")
    page.get_by_text("The file is being written").wait_for()
    with in_merchant(shop):
        export, count = Export.objects.get(), Order.objects.count()
    write.slice_of(shop.pk, export.pk)
    page.reload()
    with page.expect_download() as download:
        page.get_by_role("link", name="Download Orders as CSV").click()
    assert Path(download.value.path()).read_text("utf-8-sig").count("\n") == 1 + count == 21


def test_progress_comes_by_itself_with_a_script(shop: Merchant, window: Opener) -> None:
    source = begin(shop, GOOD)
    with in_merchant(shop):
        upload.confirm(source, source.mapping, upload.stored_layout(source))
    one = window(width=1440)
    page = let_in(one)
    one.open(f"/m/ann/imports/{to_public('imp', source.pk)}/")
    page.get_by_text("Checking every row").wait_for()

    work_off(shop, source)

    page.get_by_text("This is what would happen").wait_for(timeout=8000)
    assert one.wrong == []
