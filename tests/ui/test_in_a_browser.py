"""Every sample page in Chromium under our content policy: axe, sideways scroll, script. No server: all is drawn here."""

import mimetypes
import re
from collections.abc import Callable, Iterator
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from django.conf import settings
from playwright.sync_api import Browser, ConsoleMessage, Page, Route, expect

from postpurchase.lib import clock
from tests.axe import wrong_with
from tests.ui.draw import draw, draw_email
from tests.ui.samples import PAGES
from tests.ui.samples.emails import EMAILS
from tests.ui.samples.parts import NOW

pytestmark = pytest.mark.browser
STATIC = Path(settings.TEMPLATES[0]["DIRS"][0]).parent / "static"
POLICY = "default-src 'self'; object-src 'none'; base-uri 'none'"
BRAND = "@layer layout { .portal { --brand-accent: #d7ff1e; --brand-ink: #16180a; --brand-surface: #ffffff } }"


def _at_sample_time(route: Route) -> None:
    """The browser's questions come in a context of their own, which a clock frozen by the test does not reach."""
    with clock.frozen(NOW):
        _answer(route)


def _answer(route: Route) -> None:
    path = urlsplit(route.request.url).path
    name = path.strip("/")
    if path.startswith("/static/"):
        file = STATIC / path.removeprefix("/static/")
        route.fulfill(body=file.read_bytes(), content_type=mimetypes.guess_type(file.name)[0] or "font/woff2")
    elif path == "/brand.css":
        route.fulfill(body=BRAND, content_type="text/css")
    elif name in PAGES:
        route.fulfill(body=draw(name), content_type="text/html", headers={"Content-Security-Policy": POLICY})
    elif name.startswith("email_"):
        email = name.removeprefix("email_").removesuffix(".html")
        route.fulfill(body=draw_email(email, EMAILS[email])[2], content_type="text/html")
    elif path.startswith("/email-img/") or path == "/favicon.ico":
        route.fulfill(body="", content_type="image/png")
    else:
        route.fulfill(status=404, body="")


Opener = Callable[..., tuple[Page, list[str]]]


@pytest.fixture(scope="module")
def sheet(browser: Browser) -> Iterator[Page]:
    """One window for the whole file: opening one is what takes the time. Without motion: no colour is on its way to another."""
    context = browser.new_context(base_url="http://shop.test", reduced_motion="reduce")
    context.route("**/*", _at_sample_time)
    yield context.new_page()
    context.close()


def turn(page: Page, width: int, theme: str) -> None:
    """Make the window that wide, and of that theme; what is open follows."""
    page.set_viewport_size({"width": width, "height": 900})
    page.emulate_media(color_scheme=theme)


@pytest.fixture
def opened(sheet: Page) -> Iterator[Opener]:
    wrong: list[str] = []

    def note(said: ConsoleMessage) -> None:
        if said.type == "error":
            wrong.append(said.text)

    def open_page(name: str, width: int = 1440, theme: str = "light") -> tuple[Page, list[str]]:
        turn(sheet, width, theme)
        sheet.goto(f"/{name}")
        return sheet, wrong

    sheet.on("console", note)
    yield open_page
    sheet.remove_listener("console", note)


@pytest.mark.parametrize("name", [*PAGES, *(f"email_{name}" for name in EMAILS)])
def test_nothing_is_wrong_on_a_phone_or_a_desk(name: str, opened: Opener) -> None:
    """A page is opened once and then turned: what is drawn does not depend on the window, and nothing asks for its width."""
    page, wrong = opened(name, 390, "light")
    on_a_phone = wrong_with(page)

    turn(page, 1440, "dark")
    on_a_desk = wrong_with(page)
    turn(page, 320, "light")
    wide = page.evaluate("document.documentElement.scrollWidth")

    assert (on_a_phone, on_a_desk, wrong) == ([], [], [])
    assert wide <= 320 or name not in PAGES


def test_a_pale_text_is_seen_wherever_its_look_is_new(sheet: Page) -> None:
    """Contrast is judged once in each look: another colour or ground is another look, and a look at fault never counts as judged."""
    sheet.goto("about:blank")
    dark, pale = "<p>Dark</p>", '<p style="color: #bbb">Pale</p>'
    on_dark = f'<div style="background: #333">{dark}</div>'
    over_dark = f'<div><i style="position: absolute; inset: 0; background: #333; z-index: -1"></i>{dark}</div>'

    def too_pale(inside: str) -> bool:
        sheet.set_content(f'<main style="color: #222; isolation: isolate; position: relative">{inside}</main>')
        return "color-contrast" in dict(wrong_with(sheet))

    found = [too_pale(inside) for inside in (dark * 3, dark + pale, dark + pale, dark + on_dark, dark + over_dark)]

    assert found == [False, True, True, True, True]


def test_slash_opens_the_search(opened: Opener) -> None:
    page, _ = opened("orders")

    page.keyboard.press("/")

    assert page.evaluate("document.activeElement.closest('dialog').id") == "finder"


def test_picking_rows_counts_them_and_shows_the_acts(opened: Opener) -> None:
    page, _ = opened("orders")

    page.check("tbody tr:nth-child(1) .pick input")
    page.check("tbody tr:nth-child(3) .pick input")

    assert page.inner_text("[data-picked]") == "2 selected"
    page.click("[data-clear]")
    assert page.is_hidden(".bulk")


def test_all_rows_are_picked_by_the_box_in_the_head(opened: Opener) -> None:
    page, _ = opened("orders")

    page.check("thead .pick input")

    assert re.match(r"9 selected", page.inner_text("[data-picked]"))


def test_a_reason_opens_from_the_keyboard(opened: Opener) -> None:
    page, _ = opened("order")

    page.focus("button.why >> nth=0")
    page.keyboard.press("Enter")

    assert page.is_visible("text=Why on Monday 30 November")


def test_load_more_adds_the_next_rows_below(opened: Opener) -> None:
    page, _ = opened("orders")

    page.click("text=Load 50 more")
    expect(page.locator("#rows > tr")).to_have_count(18)

    assert page.locator("#pager").count() == 1
