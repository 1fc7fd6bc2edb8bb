"""The page of text messages in a real browser: looked at, and a test sent by hand."""

from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import expect

from notifications.models import Message, SmsAccount
from postpurchase.lib import crypto
from postpurchase.tenancy.models import Merchant, Role
from postpurchase.tenancy.scope import in_merchant
from tests.browser.conftest import Opener
from tests.browser.walk import let_in, look_at_all, look_at_empty, press
from tests.people import hire

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
AT = "/m/ann/sms/"


@pytest.fixture
def shop(ann: Merchant, live_server: Any) -> Merchant:
    hire(ann, "olga@ann.example", Role.OWNER)
    return ann


def test_the_page_of_text_messages(shop: Merchant, window: Opener, tmp_path: Path) -> None:
    look_at_empty(window, {"empty": AT}, tmp_path)
    with in_merchant(shop):
        SmsAccount.objects.create(account_sid="AC" + "a" * 32, sender="+12025550123", token_sealed=crypto.seal("0" * 32, shop.pk))
    look_at_all(window, {"sms": AT}, tmp_path)


def test_an_account_is_entered_and_tried(shop: Merchant, window: Opener) -> None:
    one = window()
    page = let_in(one)
    one.open(AT)
    page.get_by_label("Twilio").check()
    page.get_by_label("Account SID").fill("AC" + "a" * 32)
    page.get_by_label("Auth token").fill("0" * 32)
    page.get_by_label("Sender").fill("nobody's number, and far too long")
    page.get_by_role("button", name="Save").first.click()
    expect(page.get_by_text("Enter a number with its country, such as +12025550123")).to_be_visible()
    page.get_by_label("Auth token").fill("0" * 32)
    page.get_by_label("Sender").fill("Northlight")
    page.get_by_role("button", name="Save").first.click()
    expect(page.get_by_text("Saved. Send a test")).to_be_visible()
    page.get_by_label("Phone number").fill("+49 151 23456789")
    press(page, "Send a test")
    expect(page.get_by_text("The test is on its way")).to_be_visible()

    with in_merchant(shop):
        assert Message.objects.values_list("to_address", "channel").get() == ("+4915123456789", "sms")
