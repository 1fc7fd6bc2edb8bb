"""Hosts of merchants' own: once a merchant has proved track.shop.example, its portal answers there at the root.

ALLOWED_HOSTS keeps naming our own hosts only. Any other host is asked of the gate here, ahead of everything that trusts a host: one that
no merchant has proved gets a plain 404, and one that a merchant has proved sees the portal's addresses only, and that merchant's rows only.
"""

import re
import threading
from collections import OrderedDict
from collections.abc import Callable
from typing import NamedTuple
from uuid import UUID

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.http.request import split_domain_port, validate_host

from postpurchase.lib import clock
from postpurchase.tenancy import gates
from postpurchase.tenancy.models import Merchant

NAME = re.compile(r"(?=.{4,253}$)[a-z0-9-]+(\.[a-z0-9-]+)+")
FRESH, MOST = 5.0, 4096  # seconds that an answer of the gate is kept, also "nobody's"; answers kept
URLS = "portal.own_urls"


class Own(NamedTuple):
    """Whose portal answers at a host."""

    merchant_id: UUID
    slug: str


class OwnHosts:
    """Lets our own hosts pass as they are, opens the portal for proved ones, and knows no others."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response
        self._known: OrderedDict[str, tuple[float, Own | None]] = OrderedDict()
        self._lock = threading.Lock()

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """The inner answer, or a plain 404."""
        host = request.META.get("HTTP_HOST") or request.META.get("SERVER_NAME", "")
        name, _port = split_domain_port(host)
        if name and validate_host(name, settings.ALLOWED_HOSTS):
            return self.get_response(request)
        own = self._of(name.removesuffix(".")) if name else None
        if own is None:
            return HttpResponse("Nothing is served at this host.\n", status=404, content_type="text/plain; charset=utf-8")
        request.own_host = own  # type: ignore[attr-defined]
        request.urlconf = URLS
        request.get_host = lambda: host  # type: ignore[method-assign]  # it has been proved; ALLOWED_HOSTS cannot know it
        response = self.get_response(request)
        if settings.SECURE:  # no word on what else lives below the merchant's name, and nothing for the browsers' built-in lists
            response.headers["Strict-Transport-Security"] = f"max-age={settings.SECURE_HSTS_SECONDS}"
        return response

    def _of(self, name: str) -> Own | None:
        if not NAME.fullmatch(name):
            return None
        now = clock.monotonic()
        with self._lock:
            kept = self._known.get(name)
        if kept and now - kept[0] < FRESH:
            return kept[1]
        own = look_up(name)
        with self._lock:
            self._known[name] = (now, own)
            self._known.move_to_end(name)
            while len(self._known) > MOST:
                self._known.popitem(last=False)
        return own


def look_up(name: str) -> Own | None:
    """Whose portal answers at this host, asked of the gate. A closed shop's answers nowhere."""
    found = gates.by_host(name)
    slug = Merchant.objects.filter(pk=found[0], closed_at=None).values_list("slug", flat=True).first() if found else None
    return Own(found[0], slug) if found and slug else None


def of(request: HttpRequest) -> Own | None:
    """Whose host the request came to; None for ours."""
    return getattr(request, "own_host", None)


def demand(request: HttpRequest, merchant_id: UUID) -> None:
    """Raises Http404 where another merchant's host is asked for this merchant's rows."""
    own = of(request)
    if own and own.merchant_id != merchant_id:
        raise Http404
