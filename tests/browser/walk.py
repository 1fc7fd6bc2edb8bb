"""What the browser tests do on many pages: look at each, press what is named."""

import os
from collections.abc import Mapping, Sequence
from pathlib import Path

from django.conf import settings
from django.test import Client
from playwright.sync_api import Page

from postpurchase.tenancy.models import User
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


def let_in(window: Window) -> Page:
    """Olga's log-in without its form: three pages less. The form itself is filled in tests of accounts, and of keys."""
    client = Client()
    client.force_login(User.objects.get(email="olga@ann.example"))
    name = settings.SESSION_COOKIE_NAME
    window.page.context.add_cookies([{"name": name, "value": client.cookies[name].value, "url": window.base}])
    return window.page


def press(page: Page, name: str) -> None:
    page.get_by_role("button", name=name).click()


def look(page: Page, picture: Path, *, axe: bool = True) -> None:
    """No violation, nothing wider than the window; and a picture, where PICTURES=1 asks for them."""
    assert not axe or wrong_with(page) == [], picture.name
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), picture.name
    if os.environ.get("PICTURES"):
        page.screenshot(path=str(picture), full_page=True)


VIEWS = ((390, "dark"), (1440, "light"))
OTHER_VIEWS = ((390, "light"), (1440, "dark"))


def look_at_all(window: Opener, pages: Mapping[str, str], folder: Path) -> None:
    """Each page on a phone in the dark and on a desk in the light, by somebody signed in; none asks strangers or complains.

    Every other page is opened in the one and then turned to the other, the rest the other way round; axe-core, which takes a second a
    page, sees each as it was opened. Their parts it sees everywhere (tests/ui).
    """
    one = window()
    page = let_in(one)
    for at, (name, path) in enumerate(pages.items()):
        for turn, (width, theme) in enumerate(VIEWS[:: 1 if at % 2 == 0 else -1]):
            seen_by(page, width, theme)
            if turn == 0:
                one.open(path)
            look(page, folder / f"{name}-{width}.png", axe=turn == 0)
    assert (one.wrong, one.strangers) == ([], [])


def look_turned(page: Page, folder: Path, name: str, views: Sequence[tuple[int, str]] = VIEWS) -> None:
    """At what is open, as each of these windows shows it."""
    for width, theme in views:
        seen_by(page, width, theme)
        look(page, folder / f"{name}-{theme}-{width}.png")


def seen_by(page: Page, width: int, theme: str) -> None:
    """Make the window that wide, and of that theme; what is open follows."""
    page.set_viewport_size({"width": width, "height": 844 if width < 600 else 900})
    page.emulate_media(color_scheme=theme)


def look_at_empty(window: Opener, pages: Mapping[str, str], folder: Path) -> None:
    """Each page on a phone while there is nothing to show."""
    empty = window(width=390)
    page = let_in(empty)
    for name, path in pages.items():
        empty.open(path)
        look(page, folder / f"{name}-390.png")
