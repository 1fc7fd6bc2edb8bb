"""Chromium against the whole application on a socket of this machine."""

import threading
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from django.core.signals import request_finished, request_started
from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Page

from postpurchase.embedded.chromium import find_chromium

FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]


@pytest.fixture(scope="session")
def browser_type_launch_args(browser_type_launch_args: dict[str, Any]) -> dict[str, Any]:
    """The browser that `manage.py test` found or installed (POSTPURCHASE_CHROMIUM), else one of this machine."""
    return browser_type_launch_args | {"executable_path": find_chromium(), "args": FLAGS}


class Window:
    """A browser window on the live server that remembers what it asked for and what went wrong."""

    def __init__(self, context: BrowserContext, base: str) -> None:
        self.base, self.asked, self.wrong = base, [], []
        self.page: Page = context.new_page()
        self.page.on("request", lambda request: self.asked.append(request.url))
        self.page.on("console", self._note)
        self.page.on("pageerror", lambda error: self.wrong.append(str(error)))

    def _note(self, said: ConsoleMessage) -> None:
        # An answer that nobody waits for any more, as the form changed again, is no fault (htmx writes it as one).
        if said.type == "error" and not said.text.startswith(("htmx:sendAbort", "htmx:afterRequest")):
            self.wrong.append(said.text)

    def open(self, path: str) -> Page:
        self.page.goto(f"{self.base}{path}")
        return self.page

    @property
    def strangers(self) -> list[str]:
        """Requests that went to another host."""
        return [url for url in self.asked if not url.startswith((self.base, "data:"))]


Opener = Callable[..., Window]


class UnderWay:
    """How many requests the live server is answering."""

    def __init__(self) -> None:
        self._count, self._turned = 0, threading.Condition()

    def begun(self, **_: Any) -> None:
        self._add(1)

    def over(self, **_: Any) -> None:
        self._add(-1)

    def wait_for_none(self) -> None:
        with self._turned:
            assert self._turned.wait_for(lambda: self._count <= 0, timeout=30), f"{self._count} requests are still under way"

    def _add(self, one: int) -> None:
        with self._turned:
            self._count += one
            self._turned.notify_all()


@pytest.fixture
def answered(live_server: Any) -> Iterator[None]:
    """After the test nothing is under way any more: tables are emptied next, and a closed window leaves its last request behind."""
    under_way = UnderWay()
    request_started.connect(under_way.begun)
    request_finished.connect(under_way.over)
    yield
    under_way.wait_for_none()
    request_started.disconnect(under_way.begun)
    request_finished.disconnect(under_way.over)


@pytest.fixture
def window(browser: Browser, live_server: Any, answered: None) -> Iterator[Opener]:
    """`window(width=390, theme="dark", scripts=False)`: a window of its own; all are closed after the test."""
    contexts: list[BrowserContext] = []

    def opened(*, width: int = 390, theme: str = "light", scripts: bool = True) -> Window:
        size = {"width": width, "height": 844 if width < 600 else 900}
        # Without motion: a colour on its way from one theme to the other is none of ours.
        how = {"viewport": size, "color_scheme": theme, "java_script_enabled": scripts, "locale": "en-GB", "reduced_motion": "reduce"}
        contexts.append(browser.new_context(**how))
        return Window(contexts[-1], live_server.url)

    yield opened
    for context in contexts:
        context.close()
