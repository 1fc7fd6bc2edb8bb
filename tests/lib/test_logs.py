"""A line of the log: JSON that names what it is about, and nobody's address, link or secret."""

import io
import json
import logging
from collections.abc import Iterator
from typing import Any

import pytest

from postpurchase.lib import logs


@pytest.fixture
def lines() -> Iterator[Any]:
    """What has been written so far, line by line, parsed."""
    stream, logger = io.StringIO(), logging.getLogger("tests.logs")
    handler = logging.StreamHandler(stream)
    handler.setFormatter(logs.formatter(as_json=True))
    logger.addHandler(handler)
    logger.setLevel(logging.INFO)
    yield lambda: [json.loads(line) for line in stream.getvalue().splitlines()]
    logger.removeHandler(handler)


log = logging.getLogger("tests.logs")


def test_a_line_names_what_it_is_about(lines: Any) -> None:
    with logs.about(request_id="r-1", merchant=""):
        log.warning("late by %s s", 5, extra={"message_id": "m-1"})
    log.info("later")

    first, second = lines()
    assert {name: first[name] for name in ("event", "level", "logger", "request_id", "message_id")} == {
        "event": "late by 5 s", "level": "warning", "logger": "tests.logs", "request_id": "r-1", "message_id": "m-1",
    }  # fmt: skip
    assert "merchant" not in first
    assert "request_id" not in second


@pytest.mark.parametrize(
    ("text", "left"),
    [
        ("no mail to Zoë.o'Neil+x@mail.example.com today", "no mail to Zoë.o'[email] today"),
        ("GET /t/AbCdEfGhIjKlMnOpQrStUv was slow", "GET /t/[link] was slow"),
        ("Not Found: /invitations/abc:def-1/accept/", "Not Found: /invitations/[link]/accept/"),
        ("key pk_live_0a1b2c3d4e5f of whsec_MfKQ9r8GKYqrTwjU=", "key [secret] of [secret]"),
        ("https://shop.example/orders/1", "https://shop.example/orders/1"),
    ],
)
def test_people_links_and_secrets_are_struck_out(lines: Any, text: str, left: str) -> None:
    log.info(text)
    log.info("told", extra={"found": {"deep": [text]}})

    first, second = lines()
    assert first["event"] == left
    assert second["found"] == {"deep": [left]}


def test_an_error_comes_with_its_traceback_on_the_same_line_and_cleaned(lines: Any) -> None:
    try:
        raise ValueError("Key (email)=(kim@home.example) exists")
    except ValueError:
        log.exception("refused")

    (line,) = lines()
    assert "ValueError: Key (email)=([email]) exists" in line["exception"]
    assert "kim" not in json.dumps(line)


def test_an_object_says_no_more_than_a_text_would(lines: Any) -> None:
    class Request:
        def __repr__(self) -> str:
            return "<Request: GET '/t/AbCdEfGhIjKlMnOpQrStUv'>"

    log.warning("Not Found", extra={"request": Request(), "status_code": 404})

    (line,) = lines()
    assert (line["request"], line["status_code"]) == ("<Request: GET '/t/[link]'>", 404)
