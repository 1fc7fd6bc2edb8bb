"""The tracking page for whoever has its link, ahead of every other middleware.

A page drawn is kept. For FRESH seconds after its version was last compared with the database it is answered from memory alone;
after that one statement compares again, and one more reads what has changed. So a change shows at most FRESH seconds after its commit.
"""

import gzip
import re
from collections.abc import Callable
from dataclasses import replace
from hashlib import blake2b
from uuid import UUID

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseNotModified
from django.utils.http import parse_etags

from portal import drawing, own_host, reading, tongue, visits
from portal.sealed import PRIVATE, seal
from portal.shelf import Kept, Key, Shelf
from postpurchase.lib import clock, crypto
from postpurchase.tenancy import gates
from postpurchase.ui.tongue import of_shopper

FRESH = 0.9  # seconds; a change must show within one
SLOT = 900  # seconds: every zone's midnight is a multiple, so words like 'today' turn in time
PATH = re.compile(r"/t/([A-Za-z0-9_-]{22})")
GZIP = re.compile(r"\bgzip\b(?!\s*;\s*q=0(?:\.0*)?\s*(?:,|$))")  # accepted, and not with q=0
UNLOCKED = "step-up"  # the cookie of a buyer who has proved it: that page is never kept


class QuickPage:
    """Answers GET and HEAD of /t/<token> without a step-up cookie; passes everything else on."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response
        self.shelf = Shelf()

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """The page from memory, or drawn anew; the inner middleware's answer for what is none of ours or does not exist."""
        match = PATH.fullmatch(request.path_info) if request.method in ("GET", "HEAD") else None
        if match is None or f"{UNLOCKED}=" in request.META.get("HTTP_COOKIE", "") or (settings.SECURE and not request.is_secure()):
            return self.get_response(request)
        request.get_host()  # refuses a host that is not ours
        page = self._page((match[1], of_shopper(request)))
        own = own_host.of(request)
        if page and own and page.slug != own.slug:
            page = None  # the views behind answer 404
        if page is None:
            return self.get_response(request)
        if page.place and page.status == 200:
            visits.note(request, page.place)
        return tongue.remember(request, answer(request, page))

    def _page(self, key: Key) -> Kept | None:
        now, kept = clock.monotonic(), self.shelf.take(key)
        if kept and now - kept.checked_at < FRESH:
            return kept
        order_id = crypto.from_link_token(key[0])
        fresh = (_same(kept, order_id, now) or _drawn(key, order_id, now)) if order_id else None
        if fresh:
            self.shelf.put(key, fresh)
        else:
            self.shelf.drop(key)
        return fresh


def _same(kept: Kept | None, order_id: UUID, now: float) -> Kept | None:
    """The kept page, if it is still the newest."""
    found = gates.tracking_page(order_id) if kept else None
    return replace(kept, checked_at=now) if kept and found and kept.version == _slotted(found[1]) else None


def _drawn(key: Key, order_id: UUID, now: float) -> Kept | None:
    found = reading.find(order_id)
    if found is None:
        return None
    drawn = keep(_slotted(found.version), now, drawing.anonymous(found.facts, *key), found.facts.slug)
    return replace(drawn, place=(found.merchant_id, order_id))


def _slotted(version: str) -> str:
    return f"{version}@{int(clock.business_now().timestamp()) // SLOT}"


def keep(version: str, checked_at: float, drawn: drawing.Drawn, slug: str = "") -> Kept:
    """A drawn page with its strong ETag: a digest of what it says, so that every process gives the same; and packed, for all who come.

    Its length tells a listener nothing (BREACH): nothing of a request is written into it, so nobody can put a guess beside what it says.
    """
    etag = f'"{blake2b(drawn.body, digest_size=16).hexdigest()}"'
    return Kept(version, checked_at, drawn.status, drawn.body, etag, slug, gzip.compress(drawn.body, 6, mtime=0))


def answer(request: HttpRequest, page: Kept) -> HttpResponse:
    """The page, or 304 to a browser that has it."""
    given, packs = request.META.get("HTTP_IF_NONE_MATCH"), GZIP.search(request.META.get("HTTP_ACCEPT_ENCODING", ""))
    etag, body = (f'{page.etag[:-1]}-gz"', page.packed) if packs else (page.etag, page.body)
    if given and page.status == 200 and _has(given, etag):
        response: HttpResponse = HttpResponseNotModified()
    else:
        response = HttpResponse(body if request.method == "GET" else b"", status=page.status)
        response.headers["Content-Length"] = str(len(body))
        if packs:
            response.headers["Content-Encoding"] = "gzip"
    response.headers["ETag"] = etag
    response.headers["Vary"] = "Accept-Encoding, Accept-Language, Cookie"
    if settings.SECURE:
        response.headers["Strict-Transport-Security"] = f"max-age={settings.SECURE_HSTS_SECONDS}; includeSubDomains; preload"
    return seal(response, PRIVATE)


def _has(given: str, etag: str) -> bool:
    return given == etag or any(one in ("*", etag, f"W/{etag}") for one in parse_etags(given))
