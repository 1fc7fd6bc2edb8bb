"""The box for a review: GET /t/<token>/stars/<n> shows five stars with that one taken, POST keeps the choice and goes on to the reviews.

Whoever only follows links, as scanners of mail do, chooses nothing.
"""

from typing import Any

from django import forms
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods

from desk import stars as kept
from portal import door, pages, reading, tongue
from portal.designed import Designed
from portal.reading import Facts
from portal.sealed import POLICY, seal
from portal.visits import by_a_person
from postpurchase.tenancy.models import Brand
from postpurchase.tenancy.scope import in_merchant

# Browsers hold every redirect after a post against form-action, and where reviews are written may lead on to yet another host.
LEADS_ON = POLICY.replace("form-action 'self'", "form-action 'self' https:")
NUMBERS = range(1, kept.MOST + 1)


class StarsForm(forms.Form):
    """How many."""

    stars = forms.TypedChoiceField(
        coerce=int,
        choices=[(n, n) for n in NUMBERS],
        widget=forms.RadioSelect,
        error_messages={"required": gettext_lazy("Choose a star."), "invalid_choice": gettext_lazy("Choose a star.")},
    )


@require_http_methods(["GET", "HEAD", "POST"])
def star(request: HttpRequest, token: str, stars: int) -> HttpResponse:
    """GET asks whether it is that star; POST keeps the one sent and leads to the address of the shop's own settings, nobody else's.

    Leads to the parcel while it is not the time to ask, or where nobody collects reviews. 404 for what is no star.
    """
    merchant_id, order_id = door.place_of(request, token)
    with in_merchant(merchant_id):
        facts, brand = reading.read(order_id), door.brand_here()
    if facts is None or stars not in NUMBERS:
        raise Http404
    url = address(facts, brand.review_url)
    if not url or pages.expired(facts.order) or not pages.may_be_rated(facts):
        return seal(HttpResponseRedirect(reverse("portal:tracking", args=[token])))
    form = StarsForm(request.POST if request.method == "POST" else None, initial={"stars": stars})
    if not form.is_valid():
        return _page(request, token, facts, brand, form)
    if by_a_person(request):
        with in_merchant(merchant_id):
            kept.choose(order_id, form.cleaned_data["stars"])
    return seal(HttpResponseRedirect(url))


def address(facts: Facts, own: str) -> str:
    """Where the order's shopper writes a review: what the shop's live page says, else `own`, its address for all. https, or ''."""
    sections = facts.design.sections if facts.design else []
    told = (*(one.url for one in sections if one.kind == "review" and one.on), own)
    return next((url for url in told if url.startswith("https://")), "")


def _page(request: HttpRequest, token: str, facts: Facts, brand: Brand, form: StarsForm) -> HttpResponse:
    with tongue.speaking(tongue.settled(request, facts.order.locale, brand.locale)):
        design = Designed(facts.design)
        stars = pages.star_words()
    context: dict[str, Any] = {
        "form": form,
        "part": next((one for one in (*design.main, *design.beside) if one.kind == "review"), None),
        "stars": stars,
        "chosen": form.initial["stars"],
        "order_number": facts.order.number,
        "back_url": reverse("portal:tracking", args=[token]),
    }
    response = door.page(request, "portal/stars.html", brand, 422 if form.is_bound else 200, facts.order.locale, **context)
    response.headers["Content-Security-Policy"] = LEADS_ON
    return response
