"""Every request has an id: the answer names it, and so does every line that is written while it is answered."""

import logging
import re
from collections.abc import Callable
from typing import Any

from django.http import HttpRequest, HttpResponse

from postpurchase.lib import clock, ids, logs

log = logging.getLogger(__name__)
GIVEN = re.compile(r"[\w.:-]{1,100}", re.ASCII)
UNTOLD = re.compile(r"/(?:static|health|metrics)\b")  # answered all day long to machines that only look
TRACKING = "/t/"


def request_id(request: Any) -> str:
    """The caller's X-Request-Id, or one made here; the same for the whole request."""
    found: str | None = getattr(request, "_named", None)
    if found is None:
        given = request.META.get("HTTP_X_REQUEST_ID", "")
        found = given if GIVEN.fullmatch(given) else ids.to_public("req", ids.uuid7())
        request._named = found
    return found


class RequestLog:
    """First of all middlewares. One line a request: route, not address, for addresses hold links that open orders."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """The answer, with X-Request-Id."""
        begun, name = clock.monotonic(), request_id(request)
        with logs.about(request_id=name):
            response = self.get_response(request)
            response.headers["X-Request-Id"] = name
            if not UNTOLD.match(request.path_info):
                log.info("request", extra=_facts(request, response.status_code, clock.monotonic() - begun))
        return response


def _facts(request: HttpRequest, status: int, seconds: float) -> dict[str, Any]:
    key, member, user = (getattr(request, name, None) for name in ("api_key", "member", "user"))
    facts = {"method": request.method, "route": _route(request), "status": status, "ms": round(seconds * 1000, 1)}
    if gate := member or key:
        facts["merchant"] = str(gate.merchant_id)
    if key:
        facts["key"] = str(key.id)
    elif user is not None and user.is_authenticated:
        facts["user"] = str(user.pk)
    return facts


def _route(request: HttpRequest) -> str:
    if request.resolver_match:
        return f"/{request.resolver_match.route}"
    return f"{TRACKING}<token>" if request.path_info.startswith(TRACKING) else "none"
