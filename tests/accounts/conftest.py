"""Mails that went out, and the links in them."""

import re
from collections.abc import Sequence
from typing import Any
from urllib.parse import urlsplit

import pytest
from django.core import mail

from postpurchase.post import send
from tests.people import PASSWORD

LINK = re.compile(r"^https?://\S+$", re.MULTILINE)
SIGN_UP = {
    "shop": "Fjäll & Söner",
    "name": "Maja Lindqvist",
    "email": "maja@fjall.example",
    "password1": PASSWORD,
    "locale": "de",
    "time_zone": "Europe/Stockholm",
}


class Mailbox(Sequence[Any]):
    """What has arrived by the time one looks: letters wait in the database, and looking lets the worker go first."""

    def _arrived(self) -> list[Any]:
        send.drain()
        return mail.outbox

    def __getitem__(self, place: Any) -> Any:
        return self._arrived()[place]

    def __len__(self) -> int:
        return len(self._arrived())

    def __eq__(self, other: object) -> bool:
        return self._arrived() == other


@pytest.fixture(autouse=True)
def mailbox(settings: Any) -> Mailbox:
    settings.EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
    mail.outbox = []
    return Mailbox()


def link_in(letter: Any) -> str:
    """The path of the one link of a mail; both its forms have it."""
    (url,) = LINK.findall(letter.body)
    assert f'href="{url}"' in letter.alternatives[0][0]
    return urlsplit(url).path
