"""The page of text messages: the account, a test, and what is counted."""

import pytest
from django.test import Client

from notifications.models import Channel, Message, SmsAccount
from postpurchase.tenancy.models import AuditEntry, Brand, Merchant
from postpurchase.tenancy.scope import in_merchant
from tests.dashboard.pages import text

pytestmark = pytest.mark.django_db
AT = "/m/ann/sms/"
SID, TOKEN = "AC" + "a" * 32, "0123456789abcdef0123456789abcdef"
GIVEN = {"provider": "twilio", "account_sid": SID, "token": TOKEN, "sender": "+12025550123"}
ONCE = "x" * 24


def test_without_an_account_the_page_says_what_one_is_for(ann: Merchant, admin: Client) -> None:
    said = text(admin.get(AT))

    assert "Texts leave by your own account at Twilio" in said
    assert "A message comes in" not in said


def test_an_account_is_kept_sealed_and_its_token_never_shown(ann: Merchant, admin: Client) -> None:
    assert admin.post(f"{AT}change/", GIVEN).status_code == 302

    with in_merchant(ann):
        row = SmsAccount.objects.get()
        entry = AuditEntry.objects.get()
    assert (row.token, row.sender, TOKEN.encode() in bytes(row.token_sealed)) == (TOKEN, "+12025550123", False)
    assert (entry.act, entry.words) == ("sms.changed", "Twilio")
    assert TOKEN not in str(entry.changes)
    shown = admin.get(AT).content.decode()
    assert TOKEN not in shown
    assert "/sms/sms_" in shown


def test_an_empty_token_keeps_the_one_that_is_there(ann: Merchant, admin: Client) -> None:
    admin.post(f"{AT}change/", GIVEN)
    assert admin.post(f"{AT}change/", GIVEN | {"token": "", "sender": "Northlight"}).status_code == 302

    with in_merchant(ann):
        row = SmsAccount.objects.get()
    assert (row.token, row.sender) == (TOKEN, "Northlight")


@pytest.mark.parametrize(
    ("changes", "told"),
    [
        ({"account_sid": "x"}, "It begins with AC"),
        ({"token": ""}, "It has 32 letters and digits"),
        ({"sender": "a name that is too long"}, "Enter a number with its country"),
        ({"sender": "0151 23456789"}, "Enter a number with its country"),
        ({"provider": "pigeon"}, "Select a valid choice"),
    ],
)
def test_a_field_that_is_wrong_says_how_to_mend_it(changes: dict[str, str], told: str, ann: Merchant, admin: Client) -> None:
    answer = admin.post(f"{AT}change/", GIVEN | changes)

    assert answer.status_code == 422
    assert told in text(answer)
    assert TOKEN not in answer.content.decode()
    with in_merchant(ann):
        assert (SmsAccount.objects.count(), AuditEntry.objects.count()) == (0, 0)


def test_a_test_is_one_text_however_often_it_is_pressed(ann: Merchant, admin: Client) -> None:
    admin.post(f"{AT}change/", GIVEN)

    for _ in range(2):
        assert admin.post(f"{AT}test/", {"number": "+49 151 23456789", "once": ONCE}).status_code == 302
    assert admin.post(f"{AT}test/", {"number": "151", "once": ONCE}).status_code == 422

    with in_merchant(ann):
        row = Message.objects.get()
    assert (row.channel, row.to_address, row.template) == (Channel.SMS, "+4915123456789", "test")


def test_switching_off_deletes_the_token(ann: Merchant, admin: Client) -> None:
    admin.post(f"{AT}change/", GIVEN)

    for _ in range(2):
        assert admin.post(f"{AT}remove/").status_code == 302

    with in_merchant(ann):
        assert (SmsAccount.objects.count(), AuditEntry.objects.filter(act="sms.removed").count()) == (0, 1)


def test_what_is_counted_is_the_shops_choice(ann: Merchant, admin: Client) -> None:
    assert admin.post(f"{AT}counting/", {"count_opens": "everywhere"}).status_code == 302
    assert admin.post(f"{AT}counting/", {"count_opens": "sometimes"}).status_code == 422

    with in_merchant(ann):
        brand, entry = Brand.objects.get(), AuditEntry.objects.get()
    assert (brand.count_clicks, brand.count_opens) == (False, "everywhere")
    assert entry.changes == {"count_clicks": [True, False], "count_opens": ["outside", "everywhere"]}
