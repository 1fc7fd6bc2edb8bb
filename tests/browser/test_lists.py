"""Lists, search and keys in a real browser."""

from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page
from playwright.sync_api import expect as see

from bulk import work
from bulk.models import Job, SavedFilter
from orders.models import Customer
from postpurchase.lib import clock
from postpurchase.lib.ids import to_public
from postpurchase.tenancy.models import Merchant
from postpurchase.tenancy.scope import in_merchant
from tests.axe import wrong_with
from tests.browser.conftest import Opener, Window
from tests.browser.test_dashboard import lived
from tests.browser.walk import let_in, look_at_all
from tests.kept import kept
from tracking import scorecard
from tracking.models import PromiseWeek

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def shop(live_server: Any) -> Merchant:
    return kept("up to now", lived)


def paths(shop: Merchant) -> dict[str, str]:
    with in_merchant(shop):
        SavedFilter.objects.create(subject="orders", name="Late ones", query="view=late")
        anna = to_public("cus", Customer.objects.get(email="anna.berg@example.com").pk)
        monday = scorecard.monday(clock.business_now().date())
        PromiseWeek.objects.create(
            week=monday, carrier="dhl", service="Express", origin="DE", country="FR",
            parcels=60, promised=50, on_time=40, forecast=40, kept=33,
            slipped=10, slipped_days=14, took={"2": 40, "3": 20},
        )  # fmt: skip
        job = Job.objects.create(subject="orders", act="tracking_link", query="view=cancelled", once="x" * 20, total=1, by="olga")
    work.slice_of(shop.pk, job.pk)
    lists = {name: f"{name}/" for name in ("customers", "shipments", "search", "jobs", "orders")}
    return lists | {
        "codes": "codes/",
        "simulate": "flows/review-request/simulate/",
        "backtests": "flows/review-request/backtest/",
        "promises": "shipments/promises/?by=lane",
        "late": "orders/?view=late",
        "found": "search/?q=anna",
        "nobody": "customers/?q=nobody",
        "person": f"customers/{anna}/",
        "erase": f"customers/{anna}/erase/",
        "job": f"jobs/{to_public('job', job.pk)}/",
    }


def test_every_page_passes_axe_on_a_phone_and_a_desk(shop: Merchant, window: Opener, tmp_path: Path) -> None:
    look_at_all(window, {name: f"/m/ann/{path}" for name, path in paths(shop).items()}, tmp_path)


def opened(window: Window, path: str = "orders/") -> Page:
    page = let_in(window)
    window.open(f"/m/ann/{path}")
    return page


def test_the_search_is_opened_and_walked_by_keys_alone(shop: Merchant, window: Opener, tmp_path: Path) -> None:
    one = window(width=1440)
    page = opened(one)
    page.keyboard.press("/")
    page.keyboard.type("anna")
    field = page.get_by_role("combobox")
    see(page.get_by_role("option")).to_have_count(1)
    see(field).to_have_attribute("aria-expanded", "true")
    page.keyboard.press("ArrowDown")
    see(field).to_have_attribute("aria-activedescendant", "hit-1")
    see(page.get_by_role("option")).to_have_attribute("aria-selected", "true")
    page.screenshot(path=str(tmp_path / "finder.png"))
    assert wrong_with(page) == []

    page.keyboard.press("Enter")

    page.wait_for_url("**/customers/cus_*/")
    page.keyboard.press("Control+k")
    see(field).to_be_focused()
    page.keyboard.press("Escape")
    see(page.locator("#finder")).to_be_hidden()
    page.keyboard.press("Control+k")
    page.keyboard.type("#1043")
    page.keyboard.press("Enter")
    page.wait_for_url("**/orders/ord_*/")
    assert one.wrong == []


def test_keys_lead_to_pages_and_rows_and_can_be_switched_off(shop: Merchant, window: Opener, tmp_path: Path) -> None:
    one = window(width=1440)
    page = opened(one)
    page.keyboard.press("j")
    page.keyboard.press("j")
    second = page.locator("#rows a.cover").nth(1)
    see(second).to_be_focused()
    page.keyboard.press("x")
    assert page.locator("#rows tr").nth(1).locator(".pick input").is_checked()
    page.screenshot(path=str(tmp_path / "picked.png"))
    page.keyboard.press("g")
    page.keyboard.press("c")
    page.wait_for_url("**/customers/")
    page.locator("#people").focus()
    page.keyboard.type("g?/j")
    see(page.locator("#people")).to_have_value("g?/j")
    page.locator("#people").blur()
    page.keyboard.press("?")
    see(page.get_by_role("dialog", name="Keys")).to_be_visible()
    page.screenshot(path=str(tmp_path / "keys.png"))
    assert wrong_with(page) == []

    page.get_by_role("button", name="Switch them off").click()

    page.wait_for_url("**/customers/")
    page.keyboard.press("/")
    see(page.locator("#finder")).to_be_hidden()
    page.keyboard.press("Control+k")
    see(page.locator("#finder")).to_be_visible()
    assert one.wrong == []


def test_a_filter_is_kept_deleted_and_brought_back(shop: Merchant, window: Opener, tmp_path: Path) -> None:
    one = window(width=1440)
    page = opened(one, "orders/?view=late")
    page.get_by_role("button", name="Keep this filter").click()
    page.get_by_label("Name").fill("Late ones")
    page.get_by_role("button", name="Keep", exact=True).click()
    page.get_by_role("button", name="Change Late ones").click()
    page.screenshot(path=str(tmp_path / "kept.png"))
    page.get_by_role("button", name="Delete").click()
    toast = page.locator(".toast")
    see(toast).to_contain_text("“Late ones” is gone.")
    page.screenshot(path=str(tmp_path / "toast.png"))
    assert wrong_with(page) == []

    toast.get_by_role("button", name="Undo").click()

    page.get_by_role("link", name="Late ones").wait_for()
    assert one.wrong == []


@pytest.mark.parametrize("scripts", [True, False])
def test_rows_are_picked_and_acted_on(shop: Merchant, window: Opener, tmp_path: Path, scripts: bool) -> None:
    one = window(width=1440, scripts=scripts)
    page = opened(one)
    page.get_by_label("Select #1043").check()
    page.get_by_role("button", name="Send the tracking link").click()
    page.get_by_text("Selected: 1 row").wait_for()
    page.screenshot(path=str(tmp_path / "ask.png"))
    assert not scripts or wrong_with(page) == []
    page.get_by_role("button", name="Send the tracking link").click()
    page.get_by_text("0 of 1 done").wait_for()
    with in_merchant(shop):
        job = Job.objects.get()

    work.slice_of(shop.pk, job.pk)

    if not scripts:
        page.reload()
    page.get_by_text("1 of 1 done").wait_for(timeout=8000)
    assert one.wrong == []


def test_a_switched_flow_is_switched_back_by_undo(shop: Merchant, window: Opener) -> None:
    one = window(width=1440)
    page = opened(one, "flows/")
    page.get_by_role("switch", name="Shipped", exact=True).click()
    page.locator(".toast").get_by_role("button", name="Undo").click()

    see(page.get_by_role("switch", name="Shipped", exact=True)).to_have_attribute("aria-checked", "true")
    assert one.wrong == []
