"""The languages we have, and which of them a reader, a browser or an order asks for."""

import re
from collections.abc import Callable, Iterable
from functools import lru_cache
from pathlib import Path
from typing import Final

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.utils import translation
from django.utils.cache import patch_vary_headers
from django.utils.translation import to_locale
from django.utils.translation.trans_real import parse_accept_lang_header

COOKIE: Final = "lang"  # a shopper's own choice on the page
# Languages of the tracking page alone: messages about such an order are in the brand's.
PAGE_ONLY: Final = {"it": "Italiano", "nl": "Nederlands", "pl": "Polski", "sv": "Svenska", "tr": "Türkçe", "ar": "العربية"}
SHOPPERS: Final = re.compile(r"/[tus]/")
KEPT: Final = 365 * 24 * 3600  # seconds
# What each door is, or is to be, translated into.
MEANT: Final[dict[str, tuple[str, ...]]] = {
    "shopper": tuple(code for code, _name in settings.LANGUAGES),
    "portal": tuple(PAGE_ONLY),
    "dashboard": ("en", "de"),
}
# Places that write dates, hours or money otherwise than the language's usual one. A short list: each is a set of drawn pages of its own.
PLACES: Final = frozenset({
    "en-us", "en-ca", "en-au", "en-nz", "en-ie", "en-in", "de-at", "de-ch", "fr-ca", "fr-ch", "fr-be",
    "es-mx", "es-us", "es-ar", "es-co", "es-cl", "es-pe",
})  # fmt: skip


@lru_cache(maxsize=8)
def spoken(door: str = "shopper") -> frozenset[str]:
    """The languages that 'shopper' or 'dashboard' texts are all in: only whole catalogues are compiled. 'portal': shoppers' pages."""

    def written(code: str) -> bool:
        return any((Path(folder) / to_locale(code) / "LC_MESSAGES" / "django.mo").exists() for folder in _folders(door))

    more = spoken("shopper") if door == "portal" else frozenset({"en"})
    return more | {code for code in MEANT[door] if written(code)}


def _folders(door: str) -> list[str]:
    return [str(folder) for folder in settings.LOCALE_PATHS if Path(folder).name == door]


def nearest(wanted: Iterable[str], door: str = "shopper") -> str:
    """The first wanted language (BCP 47 tags: de-AT, pt_PT) that the door speaks, with its place if that matters for dates; '' for none."""
    return next((found for tag in wanted if (found := _known(tag, door, spoken(door)))), "")


@lru_cache(maxsize=2048)
def _known(tag: str, door: str, have: frozenset[str]) -> str:
    plain = tag.strip().replace("_", "-").lower()
    language = plain.split("-")[0]
    if language == "pt":
        return "pt-br" if "pt-br" in have else ""
    if language not in have:
        return ""
    place = plain.split("-")[-1]
    return f"{language}-{place}" if door != "dashboard" and f"{language}-{place}" in PLACES else language


@lru_cache(maxsize=1024)
def accepted(header: str, door: str = "shopper") -> str:
    """The first language of an Accept-Language header that the door speaks; '' for none."""
    return nearest((tag for tag, _weight in parse_accept_lang_header(header[:500])), door)


def language_of(tag: str) -> str:
    """The language without its place: de of de-at."""
    return tag if tag in MEANT["shopper"] else tag.split("-")[0]


def asked(request: HttpRequest) -> str:
    """The shoppers' language that the address asks for (?lang=); '' for none or one that we do not speak."""
    return nearest([request.GET.get("lang", "")], "portal") if "lang=" in request.META.get("QUERY_STRING", "") else ""


def of_shopper(request: HttpRequest) -> str:
    """A shopper's own language: ?lang=, else what they chose before, else the first of Accept-Language that we speak; '' for none."""
    kept = nearest([request.COOKIES.get(COOKIE, "")], "portal") if f"{COOKIE}=" in request.META.get("HTTP_COOKIE", "") else ""
    return asked(request) or kept or accepted(request.META.get("HTTP_ACCEPT_LANGUAGE", ""), "portal")


def of_member(request: HttpRequest) -> str:
    """The language of somebody at the dashboard: their own choice, else what their browser asks for, else English."""
    told = str(getattr(request.user, "language", ""))
    return nearest([told], "dashboard") or accepted(request.META.get("HTTP_ACCEPT_LANGUAGE", ""), "dashboard") or "en"


class InTheReadersTongue:
    """Stands in MIDDLEWARE behind the log-in. A shopper's page may still take the order's language; an error page has only this."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """The answer, which says that it depends on the language asked for."""
        language = of_shopper(request) or "en" if SHOPPERS.match(request.path_info) else of_member(request)
        translation.activate(language)
        response = self.get_response(request)
        patch_vary_headers(response, ["Accept-Language"])
        return response
