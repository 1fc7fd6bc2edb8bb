"""Handing a message to a real SMTP conversation: what the server says decides what we may say."""

import email
import email.policy

import pytest
from django.core.exceptions import ImproperlyConfigured

from integrations.senders.base import Envelope, Result
from integrations.senders.choose import sender
from integrations.senders.mime import BadHeader, build
from integrations.senders.smtp import Server, SmtpSender
from postpurchase.embedded.mailbox import Behaviour, Mailbox


def envelope(**changes: object) -> Envelope:
    given = {
        "sender": "orders@post.example",
        "sender_name": "Nordlicht Büro",
        "to": "anna@example.de",
        "subject": "Bestellung ist unterwegs – größer",
        "text": "Grüße\n.\nEnde",
        "html": "<p>Grüße</p>",
        "message_id": "<1@post.example>",
    }
    return Envelope(**(given | changes))  # type: ignore[arg-type]


@pytest.fixture
def box():
    with Mailbox() as running:
        yield running


def smtp_to(box: Mailbox, width: int = 3) -> SmtpSender:
    return SmtpSender(Server("127.0.0.1", box.port), width)


def every(places: list[int]) -> list[int]:
    return places


def none(places: list[int]) -> list[int]:
    return []


def test_a_message_arrives_whole_with_its_letters_and_headers(box: Mailbox) -> None:
    [reply] = smtp_to(box).deliver([envelope(headers={"List-Unsubscribe-Post": "List-Unsubscribe=One-Click"})], every)

    parsed = box.messages[0].message
    assert reply.result == Result.SENT
    assert parsed["Subject"] == "Bestellung ist unterwegs – größer"
    assert parsed["From"] == "Nordlicht Büro <orders@post.example>"
    assert parsed["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    assert parsed.get_body(("plain",)).get_content() == "Grüße\n.\nEnde"
    assert parsed.get_body(("html",)).get_content() == "<p>Grüße</p>"


def test_one_connection_carries_many_messages(box: Mailbox) -> None:
    mine = smtp_to(box, width=1)

    results = [mine.deliver([envelope(message_id=f"<{n}@post.example>")], every)[0].result for n in range(3)]

    assert results == [Result.SENT] * 3
    assert len(box.messages) == 3
    assert box.conversations == 1


def test_a_window_leaves_over_as_many_connections_under_one_intent(box: Mailbox) -> None:
    asked: list[list[int]] = []

    replies = smtp_to(box).deliver(
        [envelope(message_id=f"<{n}@post.example>") for n in range(3)], lambda places: asked.append(places) or places
    )

    assert [reply.result for reply in replies] == [Result.SENT] * 3
    assert asked == [[0, 1, 2]]
    assert box.conversations == 3


def test_a_server_that_allows_few_connections_gets_few_and_every_message(box: Mailbox) -> None:
    box.most_conversations = 2
    asked: list[list[int]] = []
    mine = smtp_to(box, width=5)

    replies = mine.deliver([envelope(message_id=f"<{n}@post.example>") for n in range(5)], lambda places: asked.append(places) or places)

    assert [reply.result for reply in replies] == [Result.SENT] * 5
    assert asked == [[0, 1], [2, 3], [4]]
    assert mine.width == 2


def test_one_bad_message_of_a_window_leaves_the_others_alone(box: Mailbox) -> None:
    box.behave("gone@example.de", Behaviour(at_recipient="550 5.1.1 No such user"))
    box.behave("dropped@example.de", Behaviour(drop=True))
    window = [envelope(to="gone@example.de"), envelope(), envelope(to="dropped@example.de"), envelope(to="a\r\nb"), envelope()]

    replies = smtp_to(box, width=5).deliver(window, lambda places: [place for place in places if place != 1])

    assert [reply.result for reply in replies] == [Result.REFUSED, Result.FENCED, Result.LOST, Result.REFUSED, Result.SENT]
    assert len(box.messages) == 2


def test_intent_is_asked_for_only_after_the_server_waits_for_the_message(box: Mailbox) -> None:
    box.policy = lambda recipient: Behaviour(at_recipient="550 5.1.1 No such user")
    asked = []

    [reply] = smtp_to(box).deliver([envelope()], lambda places: asked.append(1) or places)

    assert reply.result == Result.REFUSED
    assert reply.text.startswith("550")
    assert asked == []
    assert not box.messages


def test_a_lost_lease_stops_before_anything_leaves_and_the_next_message_still_goes(box: Mailbox) -> None:
    mine = smtp_to(box)

    [fenced] = mine.deliver([envelope()], none)
    [sent] = mine.deliver([envelope(message_id="<2@post.example>")], every)

    assert (fenced.result, sent.result) == (Result.FENCED, Result.SENT)
    assert [mail.message_id for mail in box.messages] == ["<2@post.example>"]


@pytest.mark.parametrize(
    ("answer", "result"), [("451 4.3.0 Later", Result.LATER), ("554 5.7.1 Spam", Result.REFUSED), ("250 2.0.0 Ok", Result.SENT)]
)
def test_the_answer_after_the_message_decides(box: Mailbox, answer: str, result: Result) -> None:
    box.policy = lambda recipient: Behaviour(after_data=answer)

    assert smtp_to(box).deliver([envelope()], every)[0].result == result


def test_a_connection_that_breaks_after_the_message_leaves_it_in_doubt(box: Mailbox) -> None:
    box.policy = lambda recipient: Behaviour(drop=True)

    assert smtp_to(box).deliver([envelope()], every)[0].result == Result.LOST
    assert len(box.messages) == 1


def test_no_server_means_later_and_nothing_handed_over() -> None:
    asked = []

    [reply] = SmtpSender(Server("127.0.0.1", 1)).deliver([envelope()], lambda places: asked.append(1) or places)

    assert reply.result == Result.LATER
    assert asked == []


@pytest.mark.parametrize("field", ["to", "sender_name", "subject", "message_id", "reply_to"])
def test_a_line_break_in_a_header_is_refused(field: str) -> None:
    with pytest.raises(BadHeader):
        build(envelope(**{field: "x\r\nBcc: everyone@example.com"}))


def test_the_bytes_are_plain_crlf_lines_under_the_limit() -> None:
    raw = build(envelope(subject="ä" * 200, html="<p>" + "é" * 5000))

    lines = raw.split(b"\r\n")
    assert max(map(len, lines)) <= 998  # RFC 5322, 2.1.1
    assert b"\n" not in raw.replace(b"\r\n", b"")
    assert email.message_from_bytes(raw, policy=email.policy.default)["Subject"] == "ä" * 200


def test_an_unknown_way_to_send_is_named() -> None:
    with pytest.raises(ImproperlyConfigured, match="pigeon"):
        sender("pigeon://loft")
