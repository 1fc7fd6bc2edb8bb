"""Twilio's own client over our way out: what it asks, and what its answers mean."""

from typing import Any

import pytest

from integrations.senders.base import Envelope, Reply, Result
from integrations.senders.sms.twilio import CALLBACK, TwilioSender
from postpurchase.lib import http
from tests.sms.conftest import SID, TOKEN

MADE = {"sid": "SM" + "1" * 32, "status": "queued"}


class Answered:
    """What httpx gives back, as far as it is looked at."""

    def __init__(self, status: int, text: str) -> None:
        self.status_code, self.text = status, text


def text(sender: str = "+15005550006") -> Envelope:
    return Envelope(sender, "Northlight", "+4915123456789", "", "Hello", "", "<1@x>", {CALLBACK: "https://x.example/sms/1/2"}, "1")


def deliver(monkeypatch: pytest.MonkeyPatch, answer: Any, sender: str = "+15005550006", won: bool = True) -> tuple[Reply, list[Any]]:
    calls: list[Any] = []

    def call(through: object, method: str, url: str, **given: Any) -> Any:
        calls.append((method, url, given["data"], given["auth"]))
        if isinstance(answer, Exception):
            raise answer
        return answer

    monkeypatch.setattr(http, "call", call)
    mine = TwilioSender(SID, TOKEN)
    (reply,) = mine.deliver([text(sender)], lambda places: places if won else [])
    mine.close()
    return reply, calls


def test_a_text_is_posted_with_the_accounts_credentials(monkeypatch: pytest.MonkeyPatch) -> None:
    reply, calls = deliver(monkeypatch, Answered(201, f'{{"sid": "{MADE["sid"]}", "status": "queued"}}'))

    assert reply == Reply(Result.SENT, "queued", MADE["sid"])
    wanted = {"To": "+4915123456789", "From": "+15005550006", "Body": "Hello", "StatusCallback": "https://x.example/sms/1/2"}
    assert calls == [("POST", f"https://api.twilio.com/2010-04-01/Accounts/{SID}/Messages.json", wanted, (SID, TOKEN))]


def test_a_messaging_service_stands_in_for_a_number(monkeypatch: pytest.MonkeyPatch) -> None:
    _reply, [(_, _, data, _)] = deliver(monkeypatch, Answered(201, '{"sid": "SM1", "status": "queued"}'), "MG" + "0" * 32)

    assert (data["MessagingServiceSid"], "From" in data) == ("MG" + "0" * 32, False)


@pytest.mark.parametrize(
    ("answer", "result"),
    [
        (Answered(400, '{"code": 21211, "message": "Invalid To", "status": 400}'), Result.REFUSED),
        (Answered(401, '{"code": 20003, "message": "Authenticate", "status": 401}'), Result.REFUSED),
        (Answered(429, '{"code": 20429, "message": "Too Many Requests", "status": 429}'), Result.LATER),
        (Answered(503, '{"code": 20503, "message": "Unavailable", "status": 503}'), Result.LOST),
        (Answered(502, "<html>"), Result.LOST),
        (http.NotSent("no connection"), Result.LATER),
        (http.NoAnswer("no answer: ReadTimeout"), Result.LOST),
    ],
)
def test_an_answer_says_whether_it_left(monkeypatch: pytest.MonkeyPatch, answer: Any, result: Result) -> None:
    assert deliver(monkeypatch, answer)[0].result == result


def test_what_is_no_longer_ours_is_not_posted(monkeypatch: pytest.MonkeyPatch) -> None:
    reply, calls = deliver(monkeypatch, Answered(201, "{}"), won=False)

    assert (reply.result, calls) == (Result.FENCED, [])
