"""A message of Ann's that has been sent, as its reader has it."""

import re
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest

from integrations.senders.choose import sender
from notifications import dispatch
from notifications.models import Channel, Message
from orders.models import Order
from postpurchase.embedded.mailbox import Mailbox
from postpurchase.jobs import eager
from postpurchase.lib import clock
from postpurchase.tenancy import middleware
from tests.sms.conftest import account, box, now, order, text  # noqa: F401 - fixtures

READER = "Mozilla/5.0 (Macintosh; Intel Mac OS X 10.15; rv:143.0) Gecko/20100101 Firefox/143.0"
MADE = re.compile(r"https?://[^\s\"<>]+/[co]/[\w-]{22}(?:\.gif)?")


@pytest.fixture
def mail(text: Callable[..., Message], box: Mailbox, now: clock.Hands) -> Callable[..., str]:  # noqa: F811
    """Send a mail and wait a minute; gives its HTML."""

    def make(template: str = "shipped", country: str = "US", **changes: Any) -> str:
        Order.objects.update(ship_country=country)
        text(template, **({"channel": Channel.EMAIL, "to_address": "anna@example.de"} | changes))
        mine = sender(box.url)
        with eager.collected():
            dispatch.drain(mine)
        mine.close()
        now.advance(timedelta(minutes=1))
        part = box.messages[-1].message.get_body(("plain",) if changes.get("channel") else ("html",))
        return str(part.get_content())

    return make


@pytest.fixture
def one_transaction(monkeypatch: pytest.MonkeyPatch) -> None:
    """A 404 undoes its request, which here is the test's own transaction with all it has set up."""
    monkeypatch.setattr(middleware.transaction, "set_rollback", lambda undo: None)


def paths(html: str) -> list[str]:
    """The addresses of ours in a mail, as paths."""
    return [re.sub(r"https?://[^/]+", "", found) for found in dict.fromkeys(MADE.findall(html))]


def hidden(html: str) -> str:
    """The link that nobody sees."""
    found = re.search(r'<a href="https?://[^/"]+(/c/[\w-]{22})" style="display:none"', html)
    assert found
    return found[1]
