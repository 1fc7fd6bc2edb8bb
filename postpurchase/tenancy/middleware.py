"""The web's two gates, and what rolls a request back."""

import re
from collections.abc import Callable

from django.db import transaction
from django.http import HttpRequest, HttpResponse

from postpurchase.lib import clock
from postpurchase.tenancy import gates, scope
from postpurchase.tenancy.models import ApiKey

DASHBOARD = re.compile(r"/m/(?P<slug>[-\w]+)/")
BY_KEY = {  # whose clients call there -> the header that holds the key
    re.compile(r"/api/"): "Authorization",
    re.compile(r"/tracking/\d{4}-\d\d/"): "as-api-key",  # AfterShip's
    re.compile(r"/v4/"): "Tracking-Api-Key",  # TrackingMore's
}


class TenantMiddleware:
    """One request of one merchant = one scope = one transaction. /m/<slug>/ by membership, BY_KEY by key; other doors open their own."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Find the merchant, open its scope, answer inside it."""
        request.member, request.api_key = None, None  # type: ignore[attr-defined]
        header = next((header for paths, header in BY_KEY.items() if paths.match(request.path)), None)
        if header:
            merchant_id = self._by_key(request, header)
        else:
            merchant_id = self._by_membership(request)
        if merchant_id is None:
            return self.get_response(request)  # no scope: a view that touches tenant rows raises NoMerchant
        with scope.in_merchant(merchant_id):
            response = self.get_response(request)
        _touch(request.api_key)  # type: ignore[attr-defined]
        return response

    def _by_key(self, request: HttpRequest, header: str) -> object:
        told = request.headers.get(header, "")
        if header == "Authorization":
            scheme, _, told = told.partition(" ")
            told = told if scheme.lower() == "bearer" else ""
        found = gates.by_api_key(told.strip()) if told else None
        request.api_key = found  # type: ignore[attr-defined]
        return found.merchant_id if found else None

    def _by_membership(self, request: HttpRequest) -> object:
        match = DASHBOARD.match(request.path)
        if not match or not request.user.is_authenticated:
            return None
        found = gates.by_membership(request.user.pk, match["slug"])
        request.member = found  # type: ignore[attr-defined]
        return found.merchant_id if found else None

    def process_exception(self, request: HttpRequest, exception: Exception) -> None:
        """Inner handlers turn exceptions into responses before our `with` can see them: without this a 500 COMMITs half its work."""
        if scope.current():
            transaction.set_rollback(True)


def _touch(key: gates.Key | None) -> None:
    """Note every five minutes that the key is in use. After the request's own transaction, which would hold the key's row to its end."""
    if key and key.stale:
        with scope.in_merchant(key.merchant_id):
            ApiKey.objects.filter(pk=key.id).update(last_used_at=clock.machine_now())
