"""What the browser tests do on many pages: look at each, press what is named."""

import os
from collections.abc import Mapping
from pathlib import Path

from playwright.sync_api import Page

from tests.axe import wrong_with
from tests.browser.conftest import Opener, Window
from tests.people import PASSWORD


def sign_in(window: Window) -> Page:
    page = window.open("/")
    page.get_by_label("Email").fill("olga@ann.example")
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Sign in").click()
    page.wait_for_url("**/m/ann/")
    return page


def press(page: Page, name: str) -> None:
    page.get_by_role("button", name=name).click()


def look(page: Page, picture: Path, *, axe: bool = True) -> None:
    """No violation, nothing wider than the window; and a picture, where PICTURES=1 asks for them."""
    assert not axe or wrong_with(page) == [], picture.name
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), picture.name
    if os.environ.get("PICTURES"):
        page.screenshot(path=str(picture), full_page=True)


def look_at_all(window: Opener, pages: Mapping[str, str], folder: Path) -> None:
    """Each page on a phone in the dark and on a desk in the light, by somebody signed in; none asks strangers or complains.

    axe-core, which takes a second a page, sees every other page here and the rest there: their parts it sees everywhere (tests/ui).
    """
    for turn, (width, theme) in enumerate(((390, "dark"), (1440, "light"))):
        one = window(width=width, theme=theme)
        page = sign_in(one)
        for at, (name, path) in enumerate(pages.items()):
            one.open(path)
            look(page, folder / f"{name}-{width}.png", axe=at % 2 == turn)
        assert (one.wrong, one.strangers) == ([], [])


def look_at_empty(window: Opener, pages: Mapping[str, str], folder: Path) -> None:
    """Each page on a phone while there is nothing to show."""
    empty = window(width=390)
    page = sign_in(empty)
    for name, path in pages.items():
        empty.open(path)
        look(page, folder / f"{name}-390.png")
