import smtplib
import socket
from collections.abc import Iterator
from email.message import EmailMessage
from pathlib import Path

import pytest

from postpurchase.embedded import mailbox, smtp
from postpurchase.embedded.mailbox import Behaviour, Mailbox


@pytest.fixture
def box() -> Iterator[Mailbox]:
    with Mailbox() as running:
        yield running


def letter(to: str = "eva@example.com", key: str = "<1@post.example>", body: str = "Hello") -> EmailMessage:
    message = EmailMessage()
    message["From"], message["To"], message["Subject"], message["Message-ID"] = "shop@example.com", to, "Your order", key
    message.set_content(body)
    return message


def send(box: Mailbox, message: EmailMessage) -> dict[str, tuple[int, bytes]]:
    with smtplib.SMTP("127.0.0.1", box.port, timeout=10) as client:
        return client.send_message(message)


def talk(box: Mailbox, text: bytes) -> bytes:
    with socket.create_connection(("127.0.0.1", box.port), 10) as connection:
        connection.sendall(text)
        with connection.makefile("rb") as answers:
            return answers.read()


def test_a_mail_is_kept_with_its_envelope(box: Mailbox) -> None:
    send(box, letter(body="Grüße"))

    (mail,) = box.messages
    assert (mail.sender, mail.recipients, mail.message_id) == ("shop@example.com", ("eva@example.com",), "<1@post.example>")
    assert mail.message["Subject"] == "Your order"
    assert mail.message.get_content() == "Grüße\r\n"
    assert box.url == f"smtp://127.0.0.1:{box.port}"


def test_many_mails_go_over_one_connection(box: Mailbox) -> None:
    with smtplib.SMTP("127.0.0.1", box.port, timeout=10) as client:
        for number in range(50):
            client.send_message(letter(key=f"<{number}@post.example>"))

    assert [mail.message_id for mail in box.wait_for(50)] == [f"<{number}@post.example>" for number in range(50)]


def test_pipelined_commands_are_answered_in_order(box: Mailbox) -> None:
    one = b"MAIL FROM:<a@x>\r\nRCPT TO:<b@x>\r\nRCPT TO:<c@x>\r\nDATA\r\n"

    answers = talk(box, b"EHLO me\r\n" + one + b"Subject: 1\r\n\r\nhi\r\n.\r\n" + one + b"Subject: 2\r\n\r\nho\r\n.\r\nQUIT\r\n")

    codes = [line[:4].decode() for line in answers.splitlines()]
    assert codes == ["220 ", "250-", "250-", "250-", "250-", "250 ", *["250 ", "250 ", "250 ", "354 ", "250 "] * 2, "221 "]
    assert [mail.message["Subject"] for mail in box.messages] == ["1", "2"]
    assert box.messages[0].recipients == ("b@x", "c@x")


def test_lines_that_begin_with_a_dot_arrive_as_they_were_written(box: Mailbox) -> None:
    send(box, letter(body=".hidden\n..two\nend"))

    assert box.messages[0].message.get_content() == ".hidden\r\n..two\r\nend\r\n"


def test_an_empty_mail_and_an_empty_sender_are_taken(box: Mailbox) -> None:
    talk(box, b"HELO me\r\nMAIL FROM:<>\r\nRCPT TO:<b@x>\r\nDATA\r\n.\r\nQUIT\r\n")

    assert [(mail.sender, mail.raw) for mail in box.messages] == [("", b"")]


def test_a_mail_cut_off_before_its_final_dot_is_not_kept(box: Mailbox) -> None:
    with socket.create_connection(("127.0.0.1", box.port), 10) as connection:
        connection.sendall(b"HELO me\r\nMAIL FROM:<a@x>\r\nRCPT TO:<b@x>\r\nDATA\r\nhalf a mail\r\n")
        connection.shutdown(socket.SHUT_WR)
        connection.makefile("rb").read()

    assert box.total == 0


def test_a_recipient_can_be_unknown_while_the_other_gets_the_mail(box: Mailbox) -> None:
    box.behave("gone@example.com", mailbox.UNKNOWN_RECIPIENT)

    refused = send(box, letter(to="gone@example.com, eva@example.com"))

    assert refused == {"gone@example.com": (550, b"5.1.1 No such mailbox")}
    assert box.messages[0].recipients == ("eva@example.com",)


@pytest.mark.parametrize(
    ("behaviour", "code"),
    [(mailbox.UNKNOWN_RECIPIENT, 550), (mailbox.MAILBOX_BUSY, 450), (mailbox.TRY_LATER, 451), (mailbox.REFUSE, 554)],
)
def test_a_refused_mail_is_not_kept(box: Mailbox, behaviour: Behaviour, code: int) -> None:
    box.behave("eva@example.com", behaviour)

    with pytest.raises((smtplib.SMTPRecipientsRefused, smtplib.SMTPDataError)) as refused:
        send(box, letter())

    told = refused.value
    assert (told.recipients["eva@example.com"][0] if isinstance(told, smtplib.SMTPRecipientsRefused) else told.smtp_code) == code
    assert box.total == 0


def test_a_mail_after_a_refused_one_on_the_same_connection_is_taken(box: Mailbox) -> None:
    box.behave("late@example.com", mailbox.TRY_LATER)

    with smtplib.SMTP("127.0.0.1", box.port, timeout=10) as client:
        with pytest.raises(smtplib.SMTPDataError):
            client.send_message(letter(to="late@example.com"))
        client.send_message(letter())

    assert [mail.recipients for mail in box.messages] == [("eva@example.com",)]


def test_a_dropped_connection_after_the_final_dot_leaves_a_kept_mail_and_no_answer(box: Mailbox) -> None:
    box.behave("eva@example.com", mailbox.DROP)

    with pytest.raises((smtplib.SMTPServerDisconnected, ConnectionError)):
        send(box, letter())

    assert [mail.message_id for mail in box.wait_for(1)] == ["<1@post.example>"]


def test_a_late_answer_holds_back_the_answers_behind_it(box: Mailbox) -> None:
    box.behave("slow@x", Behaviour(after_data="250 2.0.0 At last", delay=0.05))
    mail = b"MAIL FROM:<a@x>\r\nRCPT TO:<slow@x>\r\nDATA\r\nhi\r\n.\r\n"

    answers = talk(box, b"HELO me\r\n" + mail + b"NOOP\r\nQUIT\r\n").splitlines()

    assert answers[-3:] == [b"250 2.0.0 At last", b"250 2.0.0 Ok", b"221 2.0.0 Bye"]


def test_a_policy_decides_by_recipient() -> None:
    with Mailbox(policy=lambda recipient: mailbox.REFUSE if recipient.endswith("@bad.example") else mailbox.ACCEPT) as box:
        send(box, letter())
        with pytest.raises(smtplib.SMTPDataError):
            send(box, letter(to="x@bad.example"))

        assert box.total == 1


def test_a_keyed_provider_takes_a_repeated_message_id_once() -> None:
    with Mailbox(keyed=True) as box:
        send(box, letter())
        send(box, letter())
        send(box, letter(key="<2@post.example>"))

        assert (box.total, box.repeated) == (2, 1)


def test_only_the_newest_mails_stay_in_memory() -> None:
    with Mailbox(keep=3) as box:
        for number in range(5):
            send(box, letter(key=f"<{number}@x>"))

        assert box.total == 5
        assert [mail.message_id for mail in box.messages] == ["<2@x>", "<3@x>", "<4@x>"]


def test_files_rotate_and_numbers_go_on_after_a_restart(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(mailbox, "KEPT_FILES", 2)

    for _ in range(2):
        with Mailbox(folder=tmp_path) as box:
            send(box, letter())
            send(box, letter(to="../../etc@example.com"))

    assert sorted(path.name for path in tmp_path.iterdir()) == ["00000003-eva@example.com.eml", "00000004-.._.._etc@example.com.eml"]


def test_a_mail_that_is_too_long_is_refused_and_the_next_one_taken(box: Mailbox, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(smtp, "LONGEST_MAIL", 1000)

    with smtplib.SMTP("127.0.0.1", box.port, timeout=10) as client:
        client.helo()
        client.does_esmtp = False
        with pytest.raises(smtplib.SMTPDataError, match="552"):
            client.sendmail("a@x", ["b@x"], b"x" * 80 + b"\r\n" + b"y\r\n" * 100_000)
        client.sendmail("a@x", ["b@x"], b"short")

    assert [mail.raw for mail in box.messages] == [b"short\r\n"]


def test_what_is_no_smtp_is_refused(box: Mailbox) -> None:
    answers = talk(box, b"GET / HTTP/1.1\r\nDATA\r\nRCPT TO:<a@x>\r\nMAIL FOR you\r\nQUIT\r\n").splitlines()

    assert [line[:3] for line in answers] == [b"220", b"500", b"503", b"503", b"501", b"221"]


def test_waiting_for_mails_that_do_not_come_says_how_many_did(box: Mailbox) -> None:
    with pytest.raises(TimeoutError, match="0 of 1 mails"):
        box.wait_for(1, seconds=0.01)
