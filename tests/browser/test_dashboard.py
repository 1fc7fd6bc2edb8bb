"""The merchant's door in a real browser: every page without a violation, and the main task by keyboard alone."""

from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page
from playwright.sync_api import expect as see

from notifications.models import Message, State
from orders.models import Order
from postpurchase.lib import clock
from postpurchase.lib.ids import to_public
from postpurchase.tenancy.models import Merchant, Role, User
from postpurchase.tenancy.scope import in_merchant
from tests.axe import wrong_with
from tests.browser.conftest import Opener
from tests.browser.walk import OTHER_VIEWS, let_in, look_at_all, look_turned
from tests.dashboard.shop import fill
from tests.kept import kept
from tests.people import PASSWORD, hire, open_shop

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def shop(live_server: Any) -> Merchant:
    """Ann's shop up to this moment: the server's clock is real."""
    return kept("busy up to now", lambda: lived(more=45))


def lived(more: int = 0) -> Merchant:
    """Her shop, and Olga, who owns it."""
    merchant = open_shop("ann")
    fill(merchant, clock.business_now(), more=more)
    hire(merchant, "olga@ann.example", Role.OWNER)
    return merchant


def ids_of(shop: Merchant) -> dict[str, str]:
    with in_merchant(shop):
        messages = {
            state: Message.objects.filter(state=state).order_by("id")[0].pk for state in ("sent", "unknown", "failed", "skipped", "due")
        }
        orders = {number: Order.objects.get(number=number).pk for number in ("#1043", "#1284", "#1100")}
    found = {f"messages/{state}": f"messages/{to_public('msg', pk)}/" for state, pk in messages.items()}
    return found | {f"orders/{number}": f"orders/{to_public('ord', pk)}/" for number, pk in orders.items()}


def test_every_page_passes_axe_in_both_themes_on_a_phone_and_a_desk(shop: Merchant, window: Opener, tmp_path: Path) -> None:
    lists = ["", "orders/", "orders/?view=attention", "orders/?q=nothing", "messages/", "messages/?view=planned", "flows/"]
    paths = [*lists, *ids_of(shop).values(), "flows/follow-up/", "flows/delayed/?step=start"]

    look_at_all(window, {f"page-{at}": f"/m/ann/{path}" for at, path in enumerate(paths)}, tmp_path)
    one = window()
    page = let_in(one)
    for path in paths[::5]:  # what is drawn does not depend on the theme: colours are all that can differ
        one.open(f"/m/ann/{path}")
        look_turned(page, tmp_path, f"other-{paths.index(path)}", OTHER_VIEWS)


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_the_page_to_sign_in_passes_axe(live_server: Any, window: Opener, theme: str) -> None:
    page = window(theme=theme).open("/sign-in/")

    assert wrong_with(page) == []


def press_until(page: Page, text: str, *, most: int = 80) -> None:
    """Tab until what has the focus says `text`."""
    for _ in range(most):
        page.keyboard.press("Tab")
        if text in page.evaluate("document.activeElement.innerText || document.activeElement.ariaLabel || ''"):
            return
    raise AssertionError(f"no way to {text!r} by keyboard")


def focus_is_seen(page: Page) -> bool:
    return bool(
        page.evaluate("getComputedStyle(document.activeElement).outlineStyle !== 'none' || document.activeElement.matches('.cover')")
    )


def test_a_doubt_is_decided_by_keyboard_alone(shop: Merchant, window: Opener) -> None:
    one = window(width=1440)
    page = one.open("/")
    page.keyboard.type("olga@ann.example")  # the field has the focus
    page.keyboard.press("Tab")
    page.keyboard.type(PASSWORD)
    page.keyboard.press("Enter")
    page.wait_for_url("**/m/ann/")

    page.keyboard.press("/")
    page.keyboard.type("#1001")
    page.keyboard.press("Enter")
    page.wait_for_url("**/orders/ord_*/")
    press_until(page, "Open")
    assert focus_is_seen(page)
    page.keyboard.press("Enter")
    page.wait_for_url("**/messages/msg_*/")
    press_until(page, "Send again")
    assert focus_is_seen(page)
    page.keyboard.press("Enter")
    page.get_by_text("It goes out once more, now.").wait_for()

    with in_merchant(shop):
        assert Message.objects.get(order__number="#1001", template="confirmation").state == State.DUE
    assert one.wrong == []


def test_load_more_adds_rows_below_and_keeps_the_place(shop: Merchant, window: Opener) -> None:
    one = window(width=1440)
    page = let_in(one)
    one.open("/m/ann/orders/")
    assert page.locator("#rows tr").count() == 50

    page.get_by_role("link", name="Load 50 more").click()

    see(page.locator("#rows tr")).to_have_count(56)
    assert page.url.endswith("/m/ann/orders/")
    assert page.get_by_text("That is all").is_visible()
    assert one.wrong == []


def test_without_script_load_more_opens_the_next_page(shop: Merchant, window: Opener) -> None:
    one = window(width=1440, scripts=False)
    page = let_in(one)
    one.open("/m/ann/orders/")

    page.get_by_role("link", name="Load 50 more").click()

    page.wait_for_url("**/orders/?after=*")
    assert page.locator("#rows tr").count() == 6


def test_a_switch_turns_in_its_place(shop: Merchant, window: Opener) -> None:
    one = window(width=1440)
    page = let_in(one)
    one.open("/m/ann/flows/")
    switch = page.get_by_role("switch", name="Shipped", exact=True)
    assert switch.get_attribute("aria-checked") == "true"

    switch.click()

    page.locator("#flow-shipped [aria-checked=false]").wait_for()
    assert page.url.endswith("/flows/")
    assert one.wrong == []


def test_the_theme_is_kept_with_the_person(shop: Merchant, window: Opener) -> None:
    one = window(width=1440)
    page = let_in(one)
    one.open("/m/ann/orders/?view=open")

    page.get_by_role("button", name="Theme").click()
    page.get_by_role("button", name="Dark").click()

    page.wait_for_url("**/m/ann/orders/?view=open")
    assert page.evaluate("document.documentElement.dataset.theme") == "dark"
    assert User.objects.get(email="olga@ann.example").theme == "dark"


def test_the_email_is_drawn_in_its_frame_and_its_script_does_not_run(shop: Merchant, window: Opener) -> None:
    one = window(width=1440)
    page = let_in(one)
    one.open(f"/m/ann/{ids_of(shop)['messages/sent']}")

    frame = page.frame_locator("iframe").first

    frame.get_by_text("Need something?").wait_for()
    assert page.locator("iframe").first.get_attribute("sandbox") == ""
    assert one.wrong == []
