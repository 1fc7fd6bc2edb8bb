"""Which language and zone a portal page is in."""

import contextlib
from collections.abc import Iterator
from functools import lru_cache
from pathlib import Path

from django.conf import settings
from django.http import HttpRequest
from django.utils import timezone, translation
from django.utils.translation import to_locale
from django.utils.translation.trans_real import parse_accept_lang_header

from tracking import zones


@lru_cache(maxsize=1)
def spoken() -> frozenset[str]:
    """The languages that the portal has its texts in: English, and those with a catalogue. A page is never half in another language."""
    folders = [Path(path) for path in settings.LOCALE_PATHS]

    def written(code: str) -> bool:
        return any((folder / to_locale(code) / "LC_MESSAGES" / "django.mo").exists() for folder in folders)

    return frozenset({"en"} | {code for code, _ in settings.LANGUAGES if written(code)})


def of(request: HttpRequest) -> str:
    """The reader's language: ?lang=, else the first of Accept-Language that we speak, else English."""
    query = request.META.get("QUERY_STRING", "")
    asked = request.GET.get("lang", "") if "lang=" in query else ""
    return _nearest(asked, request.META.get("HTTP_ACCEPT_LANGUAGE", "")[:500])


@lru_cache(maxsize=1024)
def _nearest(asked: str, accepted: str) -> str:
    wanted = [asked.lower(), *(code for code, _ in parse_accept_lang_header(accepted))]
    both = (code for name in wanted for code in (name, name.split("-")[0]))
    return next((code for code in both if code in spoken()), "en")


def told(text: str) -> str:
    """gettext of a text of ours, remembered: a page has many, and they are few."""
    return _told(text, translation.get_language())


@lru_cache(maxsize=4096)
def _told(text: str, language: str | None) -> str:
    return translation.gettext(text)


@contextlib.contextmanager
def speaking(language: str, zone: str = "UTC") -> Iterator[None]:
    """Texts in the language; times that bring no zone of their own in `zone` (a name)."""
    with translation.override(language), timezone.override(zones.named(zone)):
        yield
