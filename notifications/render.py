"""From a case to subject, HTML and text, in the shopper's language: by a template of ours, or by a design of the merchant's."""

import zlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import Any, TypeVar

from django.utils import timezone, translation
from django.utils.translation import gettext

from notifications import placeholders
from notifications.cases import Case
from notifications.designs import published
from notifications.designs.content import read
from notifications.designs.drawing import Ready, ready
from notifications.models import Stream
from notifications.models.designs import key_of
from notifications.press import pressed
from postpurchase.ui import tongue, words
from tracking import zones

Made = TypeVar("Made")
DRAFT = "draft"  # in the context of a test message: the content that is tried


@dataclass(frozen=True)
class Rendered:
    """A message as the shopper will see it."""

    subject: str
    preheader: str
    html: str
    text: str


def render(case: Case) -> Rendered:
    """Draw a message in its locale and the brand's time zone. Raises LookupError for a design that has not been published."""
    language, zone = language_of(case), zones.named(case.brand.time_zone)
    if translation.get_language() == language and timezone.get_current_timezone() is zone:
        return _drawn_in(case, language)
    with translation.override(language), timezone.override(zone):
        return _drawn_in(case, language)


def together(cases: Sequence[Case], make: Callable[[Case], Made]) -> list[Made]:
    """What `make` makes of one merchant's cases, those of a language one after the other: changing it takes a fifth of a drawing's time."""
    found: list[Made] = []
    for language, alike in groupby(sorted(cases, key=language_of), key=language_of):
        with translation.override(language), timezone.override(zones.named(cases[0].brand.time_zone)):
            found += map(make, alike)
    return found


def _drawn_in(case: Case, language: str) -> Rendered:
    if key_of(case.message.template):
        return drawn(case, design_of(case, language), language)
    return _built_in(case, language)


def design_of(case: Case, language: str) -> Ready:
    """The live version of the design that a message is drawn by; of a test, the draft that came with it. Raises LookupError."""
    draft = case.message.context.get(DRAFT) if case.message.test else None
    return ready(read(draft), language) if draft else published.ready(case.design, language)


def language_of(case: Case) -> str:
    """The language that a message is drawn in."""
    return tongue.nearest([case.message.locale]) or "en"


def _built_in(case: Case, language: str) -> Rendered:
    name, context = case.message.template, placeholders.context(case)
    subject, _, preheader = pressed(f"email/{name}.subject.txt", language)(context).strip().partition("\n")
    return _whole(case, name, language, context, subject, preheader)


def drawn(case: Case, design: Ready, language: str) -> Rendered:
    """A message by a design, published or not. Call it with the language and the brand's zone active. Raises BadField."""
    context = placeholders.context(case)
    filled = design.filled(context)
    context["blocks"] = filled.blocks(marketing=case.message.stream == Stream.MARKETING)
    return _whole(case, "design", language, context, filled.line("subject"), filled.line("preheader"))


def _whole(case: Case, name: str, language: str, context: dict[str, Any], subject: str, preheader: str) -> Rendered:
    mark = f"[{gettext('Test')}] " if case.message.test else ""
    whole = {**context, "subject": one_line(mark + subject), "preheader": one_line(preheader)}
    html, text = (pressed(f"email/{name}.{kind}", language)(whole) for kind in ("html", "txt"))
    return Rendered(*(words.closed(part) for part in (whole["subject"], whole["preheader"], html, text)))


def one_line(text: str) -> str:
    """Text on one line, at most 300 characters: fit for a header."""
    return " ".join(text.split())[:300]


def packed(text: str) -> bytes:
    """Compressed, for MessageBody."""
    return zlib.compress(text.encode(), 1)


def unpacked(body: bytes | memoryview) -> str:
    """The text of a MessageBody column."""
    return zlib.decompress(bytes(body)).decode()
