"""The tracking page as bytes. What all orders of a brand share is drawn once; only the rest is drawn for each."""

import re
from functools import lru_cache
from html import escape
from typing import NamedTuple

from django.template import engines
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.translation import get_language

from portal import pages, reading
from portal.looks import look_of
from portal.press import press
from portal.shown import Details, Look, Page
from portal.tongue import choices, first, speaking

PARTS = ("title", "order_number", "body", "foot")
SHELL = '{% extends "portal/tracking.html" %}{% block content %}{{ body }}{% endblock %}{% block foot %}{{ foot }}{% endblock %}'
MARK = re.compile(f"\x02({'|'.join(PARTS)})\x02")


class Drawn(NamedTuple):
    """An answer without its headers."""

    status: int
    body: bytes


def anonymous(facts: reading.Facts, token: str, language: str) -> Drawn:
    """What anybody with the link may see, in the reader's language, else ('') the order's or the brand's; 410 once the link has expired."""
    with speaking(language or first(facts.order.locale, facts.brand.locale), facts.brand.time_zone):
        if pages.expired(facts.order):
            context = {"brand": look_of(facts.brand), "find_url": reverse("portal:find", args=[facts.slug]), "tongues": choices()}
            return Drawn(410, render_to_string("portal/gone.html", context).encode())
        return Drawn(200, draw(look_of(facts.brand), pages.build(facts, token)))


def whole(facts: reading.Facts, token: str, details: Details) -> bytes:
    """The page for its buyer. Call it with the reader's language and the brand's zone active."""
    return draw(look_of(facts.brand), pages.build(facts, token, details))


def draw(look: Look, page: Page) -> bytes:
    """The page in the active language; the same as portal/tracking.html draws."""
    language = get_language() or "en"
    drawn = {
        "title": escape(page.title),
        "order_number": escape(page.order_number),
        "body": press("portal/_tracking.html", language, page=page),
        "foot": press("portal/_tracking_foot.html", language, page=page),
    }
    return "".join(drawn.get(part, part) for part in _shell(look, language)).encode()


@lru_cache(maxsize=512)
def _shell(look: Look, language: str) -> tuple[str, ...]:
    """The frame of a brand's pages, cut where a page's own parts go: every second piece names one."""
    marks = {part: f"\x02{part}\x02" for part in PARTS}
    shell = engines["django"].from_string(SHELL)
    return tuple(MARK.split(shell.render({"brand": look, "page": marks, "tongues": choices(), **marks})))
