"""GET /c/<token> leads where a message's link led when it was sent, and nowhere else; GET /o/<token>.gif notes that it was shown."""

import base64
from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from notifications.engagement import links, record
from notifications.engagement.record import Visit
from portal import own_host
from postpurchase.tenancy import gates
from postpurchase.tenancy.scope import in_merchant

DOT = base64.b64decode("R0lGODlhAQABAIAAAAAAAP///yH5BAEAAAAALAAAAAABAAEAAAIBRAA7")  # one transparent dot


@require_safe
def click(request: HttpRequest, token: str) -> HttpResponse:
    """Note the click, which is what the address is for, and go on to the stored target. 404 for a token that leads nowhere."""
    merchant_id, link_id, place = _place_of(request, token)
    with in_merchant(merchant_id):
        target = record.click(link_id, place, _visit(request))
    if target is None:
        raise Http404
    if not target:
        return _unkept(HttpResponse(status=204))
    return _unkept(HttpResponse(status=302, headers={"Location": target, "Referrer-Policy": "no-referrer"}))


@require_safe
def opened(request: HttpRequest, token: str) -> HttpResponse:
    """A transparent dot. 404 for a token that stands for no message."""
    merchant_id, link_id, place = _place_of(request, token)
    with in_merchant(merchant_id):
        known = record.opened(link_id, place, _visit(request))
    if not known:
        raise Http404
    return _unkept(HttpResponse(DOT, content_type="image/gif"))


def _place_of(request: HttpRequest, token: str) -> tuple[UUID, UUID, int]:
    found = links.split(token)
    merchant_id = gates.by_link(found[0]) if found else None
    if found is None or merchant_id is None:
        raise Http404
    own_host.demand(request, merchant_id)
    return merchant_id, *found


def _visit(request: HttpRequest) -> Visit:
    return Visit(request.headers.get("User-Agent", "")[:500].replace("\0", ""), request.method == "HEAD")


def _unkept(response: HttpResponse) -> HttpResponse:
    response.headers["Cache-Control"] = "no-store"
    response.headers["X-Robots-Tag"] = "noindex"
    return response
