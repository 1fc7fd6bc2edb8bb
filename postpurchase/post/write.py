"""A letter into the queue: one look for all of them, written in the language of whoever set it off."""

import json
from dataclasses import dataclass, field

from django.conf import settings
from django.template.loader import render_to_string

from postpurchase.jobs import nudge
from postpurchase.lib import crypto
from postpurchase.lib.ids import uuid7
from postpurchase.post import models


@dataclass(frozen=True)
class Row:
    """A line of a list, with the page that it leads to. A row without `url` is a heading."""

    text: str
    url: str = ""


@dataclass(frozen=True)
class Letter:
    """What a mail says: one heading, one text, rows to look at, at most one button, and why it came."""

    subject: str
    text: str
    label: str = ""
    url: str = ""
    note: str = ""
    rows: list[Row] = field(default_factory=list)
    note_url: str = ""  # where one changes what one gets


def put(to: str, letter: Letter) -> models.Letter:
    """Keep it in the current transaction; a worker sends it after COMMIT."""
    context = {"letter": letter, "base_url": settings.BASE_URL}
    said = {
        "subject": " ".join(letter.subject.split())[:300],  # a shop's name may hold anything; a header may not
        "text": render_to_string("account/letter.txt", context),
        "html": render_to_string("account/letter.html", context),
    }
    pk = uuid7()
    row = models.Letter.objects.create(id=pk, to=to, sealed=crypto.seal(json.dumps(said), pk))
    nudge.after_commit("postpurchase.post.tasks.send_soon", None)
    return row
