"""A merchant's first day, from sign-up to the first message in a mailbox: once by mouse, once by keyboard alone, over real SMTP."""

import re
from collections.abc import Iterator
from typing import Any
from urllib.parse import urlsplit

import pytest
from django.core.cache import cache
from playwright.sync_api import Page

from notifications import dispatch
from postpurchase.embedded.mailbox import Mail, Mailbox
from postpurchase.events.tasks import relay_batch
from postpurchase.post import send as letters
from postpurchase.tenancy.models import Brand, Merchant
from postpurchase.tenancy.scope import in_merchant
from tests.browser.conftest import Opener, Window
from tests.people import PASSWORD

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
MAJA = "maja@fjall.example"
LINK = re.compile(r"https?://\S+")
FOCUSED = "(document.activeElement.labels?.[0] ?? document.activeElement).innerText || document.activeElement.ariaLabel || ''"


class Mouse:
    """Points and clicks."""

    def __init__(self, page: Page) -> None:
        self.page = page

    def write(self, label: str, text: str) -> None:
        self.page.get_by_label(label, exact=True).fill(text)

    def push(self, name: str) -> None:
        self.page.get_by_role("main").get_by_role("button", name=name, exact=True).click()

    def follow(self, name: str) -> None:
        self.page.get_by_role("main").get_by_role("link", name=name, exact=True).click()


class Keyboard:
    """Tab, letters and Enter; nothing else."""

    def __init__(self, page: Page) -> None:
        self.page = page

    def _reach(self, words: str) -> None:
        for _ in range(120):
            self.page.keyboard.press("Tab")
            if self.page.evaluate(FOCUSED).strip().startswith(words):
                return
        raise AssertionError(f"no way to {words!r} by keyboard")

    def write(self, label: str, text: str) -> None:
        self._reach(label)
        self.page.keyboard.press("ControlOrMeta+a")
        self.page.keyboard.type(text)

    def push(self, name: str) -> None:
        self._reach(name)
        self.page.keyboard.press("Enter")

    follow = push


@pytest.fixture
def box(settings: Any, live_server: Any) -> Iterator[Mailbox]:
    """The mail server that everything leaves by."""
    cache.clear()  # counts of tries: no model, so nothing empties it after a test
    with Mailbox() as running:
        settings.BASE_URL = live_server.url
        settings.EMAIL_URL, settings.EMAIL_HOST, settings.EMAIL_PORT = running.url, "127.0.0.1", running.port
        settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
        yield running


def work() -> None:
    """What workers do: letters of accounts, facts to their handlers, messages that are due."""
    letters.drain()
    for merchant in Merchant.objects.all():
        while relay_batch(merchant.pk):
            pass
    dispatch.drain()


def link_in(letter: Mail) -> str:
    found = LINK.findall(letter.message.get_body(("plain",)).get_content())
    return urlsplit(found[0]).path


@pytest.mark.parametrize("hand", [Mouse, Keyboard])
def test_from_sign_up_to_the_first_message_in_the_mailbox(hand: Any, box: Mailbox, window: Opener) -> None:
    one = window(width=1440)
    page, me = one.open("/sign-up/"), hand(one.page)
    me.write("Name of your shop", "Fjäll & Söner")
    me.write("Your name", "Maja Lindqvist")
    me.write("Email", MAJA)
    me.write("Password", PASSWORD)
    me.push("Open the shop")
    page.get_by_role("heading", name="Look into your mailbox").wait_for()
    work()

    one.open(link_in(box.messages[-1]))
    me.push("Confirm this address")
    page.wait_for_url("**/m/fjall-soner/")
    me.push("Make a test order")
    page.get_by_text("A test order is here").wait_for()
    work()
    assert the_confirmation_is_there(box, "Fjäll & Söner")

    dress(one, me)
    one.open("/m/fjall-soner/flows/confirmation/")
    me.write("To", MAJA)
    me.push("Send the test")
    page.get_by_text("The test goes out now").wait_for()
    before = box.total
    work()
    page.reload()
    page.get_by_role("main").get_by_text("Sent", exact=True).first.wait_for()
    assert box.total == before + 1
    tested = box.messages[-1].message
    ours = "Fjäll & Söner via Postpurchase <orders@post.postpurchase.example>"  # her own address waits for its records
    assert (tested["To"], tested["From"]) == (MAJA, ours)

    one.open("/m/fjall-soner/")
    assert page.get_by_role("heading", name="First day").count() == 0  # all done: the list has gone by itself
    assert (one.wrong, one.strangers) == ([], [])


def the_confirmation_is_there(box: Mailbox, shop: str) -> bool:
    """The confirmation of the test order came to whoever pressed, in the shop's name."""
    to_maja = [mail.message for mail in box.messages if mail.message["To"] == MAJA]
    return any(shop in mail["From"] and "is confirmed" in mail["Subject"] for mail in to_maja)


def dress(one: Window, me: Any) -> None:
    """The shop's own colour, and its own sender."""
    page = one.open("/m/fjall-soner/brand/")
    me.write("Colour", "#7a2e5d")
    me.push("Save")
    page.get_by_text("Saved.").first.wait_for()
    one.open("/m/fjall-soner/settings/")
    me.write("Sender’s address", MAJA)
    me.push("Save")
    page.get_by_text("Saved.").first.wait_for()
    with in_merchant(Merchant.objects.get()):
        brand = Brand.objects.get()
    assert (brand.accent, brand.sender_email) == ("#7a2e5d", MAJA)
