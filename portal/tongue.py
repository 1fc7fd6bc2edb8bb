"""Which language and zone a portal page is in."""

import contextlib
from collections.abc import Iterator
from functools import lru_cache

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.utils import timezone, translation

from portal.shown import Tongue
from postpurchase.ui import tongue
from tracking import zones


def settled(request: HttpRequest, *others: str) -> str:
    """The language of a page: the reader's own, else the first of these that we speak (the order's, the brand's), else English."""
    return tongue.of_shopper(request) or first(*others)


def first(*wanted: str) -> str:
    """The first of these that we speak, else English."""
    return tongue.nearest(wanted, "portal") or "en"


def remember(request: HttpRequest, response: HttpResponse) -> HttpResponse:
    """Keep in this browser what the address asked for. It says nothing about the person, so it outlives the order's pages."""
    if found := tongue.asked(request):
        response.set_cookie(tongue.COOKIE, found, max_age=tongue.KEPT, secure=settings.SECURE, httponly=True, samesite="Lax")
    return response


def choices() -> list[Tongue]:
    """The languages that the active page could be in, each by its own name."""
    here = tongue.language_of(translation.get_language() or "en")
    every = [*settings.LANGUAGES, *tongue.PAGE_ONLY.items()]
    return [Tongue(code, name, code == here) for code, name in every if code in tongue.spoken("portal")]


def told(text: str) -> str:
    """gettext of a text of ours, remembered: a page has many, and they are few."""
    return _told(text, translation.get_language())


@lru_cache(maxsize=16384)
def _told(text: str, language: str | None) -> str:
    return translation.gettext(text)


@contextlib.contextmanager
def speaking(language: str, zone: str = "UTC") -> Iterator[None]:
    """Texts in the language; times that bring no zone of their own in `zone` (a name)."""
    with translation.override(language), timezone.override(zones.named(zone)):
        yield
