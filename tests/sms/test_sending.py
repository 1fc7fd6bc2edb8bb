"""Texts from a due row to the mail catcher and back into rows, beside mails."""

from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from integrations.senders.choose import sender
from notifications import claim, consent, dispatch
from notifications.ledger import Ledger
from notifications.models import Attempt, Channel, Decision, Message, MessageBody, SmsAccount, State, Stream, Suppression
from notifications.prepare import prepare
from notifications.render import unpacked
from notifications.sms.segments import length
from postpurchase.embedded.mailbox import DROP, Mailbox
from postpurchase.jobs import eager
from postpurchase.tenancy.models import Brand
from tests.sms.conftest import NOW, NUMBER, Make

pytestmark = pytest.mark.django_db


def send(box: Mailbox) -> int:
    mine = sender(box.url)
    with eager.collected():
        taken = dispatch.drain(mine)
    mine.close()
    return taken


def said(box: Mailbox) -> str:
    return str(box.messages[-1].message.get_body(("plain",)).get_content()).strip()


def test_a_text_and_a_mail_leave_together(box: Mailbox, text: Make) -> None:
    sms, mail = text(), text(channel=Channel.EMAIL, to_address="anna@example.de")

    assert send(box) == 2

    assert sorted(one.message["To"] for one in box.messages) == [f"{NUMBER}@sms.invalid", "anna@example.de"]
    sms.refresh_from_db()
    mail.refresh_from_db()
    assert (sms.state, sms.sent_at, sms.attempts) == (State.SENT, NOW, 1)
    assert mail.state == State.SENT
    assert Attempt.objects.filter(message=sms).values_list("outcome", flat=True).get() == "sent"
    body = MessageBody.objects.get(message=sms)
    assert unpacked(body.html) == ""
    assert unpacked(body.text).startswith(f"{Brand.objects.get().name}: ")
    assert sms.subject == unpacked(body.text)


def test_a_text_names_the_shop_first_and_fits_one_message(box: Mailbox, text: Make) -> None:
    text("shipped")

    send(box)

    assert said(box).startswith(Brand.objects.get().name + ": ")
    assert "STOP" not in said(box)
    assert "/c/" in said(box) or "/t/" in said(box)
    assert (length(said(box)).alphabet, length(said(box)).parts) == ("gsm", 1)


def test_what_the_merchant_wrote_stands_as_it_is(box: Mailbox, text: Make) -> None:
    text("shipped", context={"text": "Hallo  Anna — “heute”"})

    send(box)

    assert said(box) == "Hallo  Anna — “heute”"


def test_marketing_says_how_to_end_it_and_needs_consent_by_sms(box: Mailbox, text: Make) -> None:
    asked = text("review_request", stream=Stream.MARKETING)
    consent.record(NUMBER, given=True, source="checkout")  # by email, which says nothing of texts
    send(box)
    asked.refresh_from_db()
    assert (asked.state, asked.reason, len(box.messages)) == (State.SKIPPED, "no_consent", 0)

    consent.Consent.objects.create(address=NUMBER, channel="sms", given=True, source="checkout", at=NOW)
    text("review_request", stream=Stream.MARKETING)
    send(box)

    assert said(box).endswith("Reply STOP to opt out.")


@pytest.mark.parametrize(("number", "told"), [("+12125550123", True), ("+442071838750", False)])
def test_the_first_text_to_an_american_number_says_how_to_end_them(number: str, told: bool, box: Mailbox, text: Make) -> None:
    text(to_address=number)
    send(box)
    assert ("STOP" in said(box)) is told

    text(to_address=number)
    send(box)
    assert "STOP" not in said(box)


@pytest.mark.parametrize(("changes", "reason"), [({"to_address": "anna@example.de"}, "no_number"), ({"to_address": ""}, "no_number")])
def test_without_a_number_there_is_no_text(changes: dict[str, Any], reason: str, box: Mailbox, text: Make) -> None:
    row = text(**changes)

    send(box)

    row.refresh_from_db()
    assert (row.state, row.reason, len(box.messages)) == (State.SKIPPED, reason, 0)


def test_without_an_account_there_is_no_text(box: Mailbox, text: Make) -> None:
    row = text()
    SmsAccount.objects.all().delete()

    send(box)

    row.refresh_from_db()
    assert (row.state, row.reason, len(box.messages)) == (State.SKIPPED, "no_sms_account", 0)


def test_who_wants_no_texts_still_gets_mails(box: Mailbox, text: Make) -> None:
    consent.suppress(NUMBER, scope=Suppression.ALL, reason="stopped", channel=Channel.SMS)
    sms, mail = text(), text(channel=Channel.EMAIL, to_address="anna@example.de")

    send(box)

    sms.refresh_from_db()
    mail.refresh_from_db()
    assert (sms.state, sms.reason, mail.state) == (State.SKIPPED, "suppressed", State.SENT)
    assert Decision.objects.count() == 0  # neither belongs to a flow


def test_a_lost_answer_leaves_a_text_in_doubt(box: Mailbox, text: Make) -> None:
    row = text()
    box.behave(f"{NUMBER}@sms.invalid", DROP)

    send(box)

    row.refresh_from_db()
    assert row.state == State.UNKNOWN


def test_a_batch_without_texts_asks_nothing_more(text: Make) -> None:
    def asked() -> list[str]:
        token, found = claim.claim()
        (share,) = found.items()
        with CaptureQueriesContext(connection) as seen:
            prepare(*share, token)
        return [query["sql"] for query in seen if not query["sql"].startswith(("SAVEPOINT", "RELEASE"))]

    text(channel=Channel.EMAIL, to_address="anna@example.de")
    assert not any("smsaccount" in sql or "sms" in sql for sql in asked())

    text()
    assert sum("notifications_smsaccount" in sql for sql in asked()) == 1


def test_messages_written_before_there_were_texts_are_mails(text: Make) -> None:
    row = text()
    with connection.cursor() as cursor:
        cursor.execute("UPDATE notifications_message SET channel = DEFAULT WHERE id = %s", [row.pk])

    assert Message.objects.get().channel == Channel.EMAIL


@pytest.mark.parametrize(("channel", "leaves"), [("sms", False), ("email", True)])
def test_a_stop_that_came_after_the_guards_holds_a_claimed_text_back(channel: str, leaves: bool, text: Make) -> None:
    row = text()
    token, found = claim.claim()
    [ready] = prepare(row.merchant_id, found[row.merchant_id], token)
    consent.suppress(NUMBER, scope=Suppression.ALL, reason="stopped", channel=channel)

    assert Ledger(token).intend([ready.message]) == ({row.pk} if leaves else set())
