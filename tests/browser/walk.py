"""What the browser tests do on many pages: look at each, press what is named."""

from collections.abc import Mapping
from pathlib import Path

from playwright.sync_api import Page

from tests.browser.conftest import Opener
from tests.browser.test_dashboard import sign_in, wrong_with


def press(page: Page, name: str) -> None:
    page.get_by_role("button", name=name).click()


def look(page: Page, picture: Path) -> None:
    """No violation, nothing wider than the window; and a picture."""
    assert wrong_with(page) == [], picture.name
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), picture.name
    page.screenshot(path=str(picture), full_page=True)


def look_at_all(window: Opener, pages: Mapping[str, str], folder: Path) -> None:
    """Each page on a phone in the dark and on a desk in the light, by somebody signed in; none asks strangers or complains."""
    for width, theme in ((390, "dark"), (1440, "light")):
        one = window(width=width, theme=theme)
        page = sign_in(one)
        for name, path in pages.items():
            one.open(path)
            look(page, folder / f"{name}-{width}.png")
        assert (one.wrong, one.strangers) == ([], [])


def look_at_empty(window: Opener, pages: Mapping[str, str], folder: Path) -> None:
    """Each page on a phone while there is nothing to show."""
    empty = window(width=390)
    page = sign_in(empty)
    for name, path in pages.items():
        empty.open(path)
        look(page, folder / f"{name}-390.png")
