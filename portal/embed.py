"""GET /s/<slug>/embed: a field for the order number, for a frame on the shop's own site. It opens the look-up in a tab of its own.

Only sites that the shop has named may frame it. It sets no cookie and reads none: browsers keep both from frames of other sites.
"""

from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse
from django.views.decorators.http import require_safe

from brands.page import keeping
from portal import door, own_host
from portal.sealed import POLICY
from postpurchase.tenancy.models import Merchant
from postpurchase.tenancy.scope import in_merchant


@require_safe
def embed(request: HttpRequest, slug: str) -> HttpResponse:
    """The field, in the brand's look. 404 for a shop that has named no site."""
    merchant = Merchant.objects.filter(slug=slug, closed_at=None).first()
    if merchant is None:
        raise Http404
    own_host.demand(request, merchant.pk)
    with in_merchant(merchant):
        brand, live = door.brand_here(), keeping.live()
    if live is None or not live.origins:
        raise Http404
    response = door.page(request, "portal/embed.html", brand, find_url=reverse("portal:find", args=[slug]))
    response.headers["Content-Security-Policy"] = POLICY.replace("frame-ancestors 'none'", f"frame-ancestors {' '.join(live.origins)}")
    response.xframe_options_exempt = True  # that header knows no list of sites
    del response.headers["X-Frame-Options"]
    return response
