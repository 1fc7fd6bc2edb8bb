"""GET /internal/tls-ask?domain=: may a certificate be made for this host? For proxies that make them when first asked, as Caddy does."""

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from portal import own_host


@require_safe
def tls(request: HttpRequest) -> HttpResponse:
    """200 for a host that a merchant has proved, else 404. It tells what anybody learns by calling that host, not whose it is."""
    own = own_host.look_up(request.GET.get("domain", "").lower()[:253])
    return HttpResponse(status=200 if own else 404, content_type="text/plain")
