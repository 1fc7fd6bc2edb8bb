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
VIEWS = [pytest.param(390, "light", id="phone-light"), pytest.param(1440, "dark", id="desktop-dark")]


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


Opener = Callable[[str, int, str], tuple[Page, list[str]]]


@pytest.fixture(scope="module")
def windows(browser: Browser) -> Iterator[Callable[[int, str], Page]]:
    """One window per width and theme for the whole file: opening them is what takes the time."""
    pages: dict[tuple[int, str], Page] = {}

    def window(width: int, theme: str) -> Page:
        if (width, theme) not in pages:
            size = {"width": width, "height": 900}
            context = browser.new_context(viewport=size, color_scheme=theme, base_url="http://shop.test")
            context.route("**/*", _at_sample_time)
            pages[width, theme] = context.new_page()
        return pages[width, theme]

    yield window
    for page in pages.values():
        page.context.close()


@pytest.fixture
def opened(windows: Callable[[int, str], Page]) -> Iterator[Opener]:
    used: list[tuple[Page, str, Callable[..., None]]] = []

    def open_page(name: str, width: int, theme: str) -> tuple[Page, list[str]]:
        page, wrong = windows(width, theme), []

        def note(said: ConsoleMessage) -> None:
            if said.type == "error":
                wrong.append(said.text)

        page.on("console", note)
        used.append((page, "console", note))
        page.goto(f"/{name}")
        return page, wrong

    yield open_page
    for page, event, listener in used:
        page.remove_listener(event, listener)


@pytest.mark.parametrize(("width", "theme"), VIEWS)
@pytest.mark.parametrize("name", [*PAGES, *(f"email_{name}" for name in EMAILS)])
def test_axe_finds_nothing(name: str, width: int, theme: str, opened: Opener) -> None:
    page, wrong = opened(name, width, theme)

    assert wrong_with(page) == []
    assert wrong == []


@pytest.mark.parametrize("name", PAGES)
def test_a_page_does_not_scroll_sideways_at_320_pixels(name: str, opened: Opener) -> None:
    page, _ = opened(name, 320, "light")

    assert page.evaluate("document.documentElement.scrollWidth") <= 320


def test_slash_opens_the_search(opened: Opener) -> None:
    page, _ = opened("orders", 1440, "light")

    page.keyboard.press("/")

    assert page.evaluate("document.activeElement.closest('dialog').id") == "finder"


def test_picking_rows_counts_them_and_shows_the_acts(opened: Opener) -> None:
    page, _ = opened("orders", 1440, "light")

    page.check("tbody tr:nth-child(1) .pick input")
    page.check("tbody tr:nth-child(3) .pick input")

    assert page.inner_text("[data-picked]") == "2 selected"
    page.click("[data-clear]")
    assert page.is_hidden(".bulk")


def test_all_rows_are_picked_by_the_box_in_the_head(opened: Opener) -> None:
    page, _ = opened("orders", 1440, "light")

    page.check("thead .pick input")

    assert re.match(r"9 selected", page.inner_text("[data-picked]"))


def test_a_reason_opens_from_the_keyboard(opened: Opener) -> None:
    page, _ = opened("order", 1440, "light")

    page.focus("button.why >> nth=0")
    page.keyboard.press("Enter")

    assert page.is_visible("text=Why on Monday 30 November")


def test_load_more_adds_the_next_rows_below(opened: Opener) -> None:
    page, _ = opened("orders", 1440, "light")

    page.click("text=Load 50 more")
    expect(page.locator("#rows > tr")).to_have_count(18)

    assert page.locator("#pager").count() == 1
