"""The box for a review: five stars, and GET /t/<token>/stars/<n>, which leads to where the shop collects reviews."""

from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.views.decorators.http import require_safe

from desk import stars as kept
from portal import door, pages, reading
from portal.reading import Facts
from portal.sealed import seal
from portal.visits import by_a_person
from postpurchase.tenancy.scope import in_merchant


@require_safe
def star(request: HttpRequest, token: str, stars: int) -> HttpResponse:
    """The redirect to the address of the shop's live page, nobody else's; that the star was chosen is noted, which is what the address is
    for. 404 where the page shows no stars.
    """
    merchant_id, order_id = door.place_of(request, token)
    with in_merchant(merchant_id):
        url = _target(order_id, stars)
        if url and by_a_person(request):
            kept.choose(order_id, stars)
    if not url:
        raise Http404
    return seal(HttpResponseRedirect(url))


def _target(order_id: UUID, stars: int) -> str:
    """Where a star of the order's page leads; '' where it shows none."""
    facts = reading.read(order_id)
    if facts is None or pages.expired(facts.order) or not pages.may_be_rated(facts) or not 1 <= stars <= kept.MOST:
        return ""
    return _address(facts)


def _address(facts: Facts) -> str:
    sections = facts.design.sections if facts.design else []
    return next((one.url for one in sections if one.kind == "review" and one.on and one.url.startswith("https://")), "")
