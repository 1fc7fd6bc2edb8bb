"""Mails to people leave by a worker: whatever the mail server does, no request waits for it, and no letter is lost or kept open."""

import socket
from collections.abc import Iterator
from datetime import timedelta
from smtplib import SMTPAuthenticationError
from typing import Any

import pytest
from anymail.exceptions import AnymailAPIError
from django.db import transaction
from django.test import Client

from dashboard.accounts import letters
from postpurchase.embedded import mailbox
from postpurchase.embedded.mailbox import Mailbox
from postpurchase.lib import clock
from postpurchase.post import pulse, send, tasks, write
from postpurchase.post.models import Letter
from tests.accounts.conftest import SIGN_UP

TO = "nils@ek.example"
SECRET = "https://x.example/invitations/1:2/"
pytestmark = pytest.mark.django_db


@pytest.fixture
def box(settings: Any) -> Iterator[Mailbox]:
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    with Mailbox() as made:
        settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", made.port
        yield made


def put() -> Letter:
    return write.put(TO, letters.invitation("Ann & Söner", "Olga", "Agent", SECRET))


def due_now() -> None:
    Letter.objects.update(due_at=clock.machine_now())


def test_a_letter_leaves_once_and_what_it_said_is_gone(box: Mailbox) -> None:
    row = put()
    assert SECRET.encode() not in bytes(row.sealed or b"")

    assert (send.drain(), send.drain()) == (1, 0)

    (mail,) = box.wait_for(1)
    row.refresh_from_db()
    assert (mail.recipients, mail.message_id) == ((TO,), f"<{row.pk}@post.postpurchase.example>")
    assert SECRET in mail.message.get_body(("plain",)).get_content()  # type: ignore[union-attr]
    assert (row.sealed, row.sent_at is not None, row.error) == (None, True, "")


def test_signing_up_does_not_talk_to_the_mail_server(settings: Any) -> None:
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_TIMEOUT = "127.0.0.1", 0.2
    with socket.create_server(("127.0.0.1", 0)) as silent:  # takes the connection and never says a word
        settings.EMAIL_PORT = silent.getsockname()[1]
        silent.settimeout(0)

        assert Client().post("/sign-up/", SIGN_UP)["Location"] == "/sign-up/sent/"

        with pytest.raises(BlockingIOError):
            silent.accept()
        assert send.drain() == 1
    row = Letter.objects.get()
    assert (row.tries, row.sent_at, row.sealed is not None) == (1, None, True)
    assert "timed out" in row.error
    assert row.due_at > clock.machine_now()


def test_what_is_rolled_back_writes_to_nobody(box: Mailbox) -> None:
    with pytest.raises(ZeroDivisionError), transaction.atomic():
        put()
        raise ZeroDivisionError

    assert (send.drain(), Letter.objects.count()) == (0, 0)


@pytest.mark.parametrize("behaviour", [mailbox.UNKNOWN_RECIPIENT, mailbox.REFUSE])
def test_a_refused_letter_is_given_up_and_not_kept(box: Mailbox, behaviour: mailbox.Behaviour) -> None:
    box.behave(TO, behaviour)
    row = put()

    send.drain()

    row.refresh_from_db()
    assert (row.sealed, row.sent_at, box.total) == (None, None, 0)
    assert row.error


@pytest.mark.parametrize("behaviour", [mailbox.MAILBOX_BUSY, mailbox.TRY_LATER])
def test_a_letter_that_is_put_off_goes_again(box: Mailbox, behaviour: mailbox.Behaviour) -> None:
    box.behave(TO, behaviour)
    row = put()
    send.drain()
    row.refresh_from_db()
    assert row.due_at > clock.machine_now()

    box.behave(TO, mailbox.ACCEPT)
    due_now()
    send.drain()

    row.refresh_from_db()
    assert (row.tries, row.error, row.sent_at is not None, box.total) == (2, "", True, 1)


def test_one_bad_letter_does_not_hold_up_the_next(box: Mailbox) -> None:
    box.behave(TO, mailbox.TRY_LATER)
    put()
    write.put("eva@ek.example", letters.invitation("Ann", "Olga", "Agent", SECRET))

    assert send.drain() == 2
    assert [mail.recipients for mail in box.wait_for(1)] == [("eva@ek.example",)]


def test_the_letter_of_a_worker_that_died_goes_again_under_the_same_name(box: Mailbox) -> None:
    row = put()
    send._take()
    assert send.drain() == 0  # it is another's

    due_now()
    send.drain()

    assert box.wait_for(1)[0].message_id == f"<{row.pk}@post.postpurchase.example>"


def test_after_a_day_a_letter_is_given_up(box: Mailbox) -> None:
    box.behave(TO, mailbox.TRY_LATER)
    row = put()
    Letter.objects.update(made_at=clock.machine_now() - timedelta(hours=25))

    send.drain()

    row.refresh_from_db()
    assert row.sealed is None


def test_a_wrong_password_of_ours_is_no_fault_of_the_letter() -> None:
    assert not send.is_final(SMTPAuthenticationError(535, b"5.7.8 Bad credentials"))
    assert not send.is_final(ConnectionRefusedError())
    assert send.is_final(ValueError("a header with a line break"))
    assert not send.is_final(AnymailAPIError("no answer"))


def test_a_subject_stays_one_line(box: Mailbox) -> None:
    write.put(TO, write.Letter("Join\r\nBcc: eve@evil.example", "Text"))

    send.drain()

    assert box.wait_for(1)[0].message["Subject"] == "Join Bcc: eve@evil.example"


def test_letters_that_left_are_forgotten_after_a_week_and_those_that_wait_never(box: Mailbox) -> None:
    put()
    send.drain()
    waiting = put()
    Letter.objects.update(made_at=clock.machine_now() - timedelta(days=8))

    tasks.forget_letters()

    assert [row.pk for row in Letter.objects.all()] == [waiting.pk]


def test_monitoring_sees_letters_that_do_not_leave() -> None:
    assert [gauge.wrong for gauge in pulse.gauges()] == [False, False]
    put()
    Letter.objects.update(made_at=clock.machine_now() - timedelta(minutes=6))

    waiting, oldest = pulse.gauges()

    assert (waiting.value, oldest.wrong) == (1, True)
