"""Mails that went out, and the links in them."""

import re
from typing import Any
from urllib.parse import urlsplit

import pytest
from django.core import mail

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


@pytest.fixture(autouse=True)
def mailbox(settings: Any) -> list[Any]:
    settings.EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
    mail.outbox = []
    return mail.outbox


def link_in(letter: Any) -> str:
    """The path of the one link of a mail; both its forms have it."""
    (url,) = LINK.findall(letter.body)
    assert f'href="{url}"' in letter.alternatives[0][0]
    return urlsplit(url).path
