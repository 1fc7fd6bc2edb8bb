"""GET /t/<token>/contact leads to the shop's page for help, and notes that somebody went there."""

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.views.decorators.http import require_safe

from desk.visits import contacted
from portal import door
from portal.sealed import seal
from portal.visits import by_a_person
from postpurchase.tenancy.scope import in_merchant


@require_safe
def contact(request: HttpRequest, token: str) -> HttpResponse:
    """The redirect; that it is followed is noted, which is what the address is for. 404 for a shop without such a page."""
    merchant_id, order_id = door.place_of(request, token)
    with in_merchant(merchant_id):
        door.order_here(order_id)
        url = door.brand_here().support_url
        if url and by_a_person(request):
            contacted(order_id)
    if not url:
        raise Http404
    return seal(HttpResponseRedirect(url))
