"""Who calls, when our own proxies stand between: limits count visitors, not proxies."""

from collections.abc import Callable
from contextlib import suppress
from ipaddress import ip_address

from django.conf import settings
from django.core.exceptions import MiddlewareNotUsed
from django.http import HttpRequest, HttpResponse


class BehindProxies:
    """Sets REMOTE_ADDR to what the outermost of our PROXIES proxies saw. What stands further left in X-Forwarded-For anybody may write."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        if not settings.PROXIES:
            raise MiddlewareNotUsed
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Answer; an address that is missing or none leaves the proxy's own."""
        told = request.META.get("HTTP_X_FORWARDED_FOR", "").split(",")
        if len(told) >= settings.PROXIES:
            with suppress(ValueError):
                request.META["REMOTE_ADDR"] = str(ip_address(told[-settings.PROXIES].strip()))
        return self.get_response(request)
