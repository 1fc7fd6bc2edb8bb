"""The email editor in a real browser: without a violation, by mouse, by keyboard, and by hand without a script."""

from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import expect as see

from notifications.designs import keeping
from notifications.designs.content import read
from notifications.models import EmailDesign
from postpurchase.tenancy.models import Merchant
from postpurchase.tenancy.scope import in_merchant
from tests.browser.conftest import Opener
from tests.browser.test_dashboard import shop
from tests.browser.walk import let_in, look_at_all, look_at_empty, press

__all__ = ["shop"]
AT = "/m/ann/designs/d/ours/"
pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def design(shop: Merchant) -> EmailDesign:
    with in_merchant(shop):
        return keeping.begin("Ours", "shipped", "transactional", "en")


def blocks(shop: Merchant) -> list[str]:
    with in_merchant(shop):
        return [one.id for one in read(EmailDesign.objects.get().draft).blocks]


def title(shop: Merchant) -> str:
    with in_merchant(shop):
        return str(read(EmailDesign.objects.get().draft).block("lead").title)  # type: ignore[union-attr]


def test_the_pages_pass_axe_on_a_phone_and_a_desk(shop: Merchant, design: EmailDesign, window: Opener, tmp_path: Path) -> None:
    pages = {"list": "/m/ann/designs/", "head": AT, "block": f"{AT}?block=lead&language=de", "check": f"{AT}?check=1"}
    look_at_all(window, pages, tmp_path)


def test_the_empty_list_passes_axe(shop: Merchant, window: Opener, tmp_path: Path) -> None:
    look_at_empty(window, {"none": "/m/ann/designs/"}, tmp_path)


def test_by_mouse_a_block_is_dragged_a_name_is_put_in_and_the_preview_follows(shop: Merchant, design: EmailDesign, window: Opener) -> None:
    one = window(width=1440)
    page = let_in(one)
    one.open(f"{AT}?block=lead")
    page.get_by_label("Heading", exact=True).fill("Off it goes, ")
    page.get_by_text("Insert a name").click()
    page.get_by_role("button", name="Order number").click()

    see(page.frame_locator(".device.phone iframe").get_by_role("heading", name="Off it goes, #")).to_be_visible()
    see(page.get_by_text("Draft kept at")).to_be_visible()
    assert title(shop) == "Off it goes, {{ order.number }}"
    page.locator("[data-block=button]").drag_to(page.locator("[data-block=tracking]"), target_position={"x": 40, "y": 3})
    page.wait_for_url("**block=button**")
    assert blocks(shop) == ["header", "lead", "button", "tracking", "items", "footer"]
    page.get_by_text("Plain text").click()
    see(page.locator(".device.text iframe")).to_be_visible()
    assert (one.wrong, one.strangers) == ([], [])


def test_by_keyboard_alone_a_block_is_added_moved_written_and_published(shop: Merchant, design: EmailDesign, window: Opener) -> None:
    one = window(width=1440)
    page = let_in(one)
    one.open(AT)
    page.get_by_label("Add a block").focus()
    page.keyboard.type("Questions")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    page.wait_for_url("**block=faq**")
    page.get_by_role("button", name="Move up").focus()
    page.keyboard.press("Enter")
    page.wait_for_load_state()
    see(page.locator("[data-block]").nth(4)).to_have_attribute("data-block", "faq")
    page.get_by_label("Question 1").focus()
    page.keyboard.type("Where is it?")
    page.keyboard.press("Tab")
    page.keyboard.type("On its way.")
    see(page.frame_locator(".device.phone iframe").get_by_text("On its way.").first).to_be_visible()
    page.get_by_role("button", name="Publish").focus()
    page.keyboard.press("Enter")

    see(page.get_by_text("Version 1 is live")).to_be_visible()
    with in_merchant(shop):
        row = EmailDesign.objects.select_related("live").get()
        assert read(row.live.content).block("faq").questions[0].title == "Where is it?"  # type: ignore[union-attr]
    assert (one.wrong, one.strangers) == ([], [])


def test_the_whole_way_without_script(shop: Merchant, window: Opener) -> None:
    one = window(width=1440, scripts=False)
    page = let_in(one)
    one.open("/m/ann/designs/")
    page.get_by_label("Name").fill("Ours")
    page.get_by_label("Begin with").select_option("shipped")
    press(page, "Begin")
    page.get_by_role("link", name="Button").click()
    page.get_by_label("Words on the button").fill("Where is it")
    press(page, "Save")
    press(page, "Move up")
    page.locator("#shade").select_option("dark")
    press(page, "Show")
    press(page, "Publish")
    see(page.get_by_text("Version 1 is live")).to_be_visible()

    assert blocks(shop).index("button") < blocks(shop).index("tracking")
    page.get_by_label("To", exact=True).fill("olga@ann.example")
    press(page, "Send the test")
    see(page.get_by_text("The test goes out now")).to_be_visible()


@pytest.fixture(autouse=True)
def _own_host(settings: Any, live_server: Any) -> None:
    settings.BASE_URL = live_server.url
