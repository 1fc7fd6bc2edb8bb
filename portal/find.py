"""The look-up: an order's number, and the email or postcode that belongs to it. The answer is one and the same for every guess.

Whether there is such an order shows nowhere: the request does the same work either way, and what it found is one column of an event,
which a worker turns into an email.
"""

import hashlib
from datetime import timedelta

from django import forms
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods

from orders import lookup
from portal import door, own_host, tongue, visitors
from postpurchase.events import bus
from postpurchase.events.catalogue import LinkAsked
from postpurchase.tenancy import limits
from postpurchase.tenancy.models import Brand, Merchant
from postpurchase.tenancy.scope import in_merchant

HOUR = timedelta(hours=1)
OF_ORDER, OF_NETWORK, OF_PROOF = 5, 10, 20  # tries an hour
PATIENCE = 5  # minutes to wait before trying again


class FindForm(forms.Form):
    """What the shopper has at hand."""

    order = forms.CharField(
        label=_("Order number"),
        help_text=_("Looks like #1043"),
        max_length=60,
        error_messages={"required": _("Enter the order number. It is in the confirmation email.")},
    )
    proof = forms.CharField(
        label=_("Email or postcode"),
        help_text=_("The email you ordered with, or the postcode it goes to"),
        max_length=254,
        error_messages={"required": _("Enter the email or the postcode of the order.")},
    )


def front(request: HttpRequest) -> HttpResponse:
    """The look-up at the root of a merchant's own host."""
    own = own_host.of(request)
    if own is None:
        raise Http404
    return find(request, own.slug)


@require_http_methods(["GET", "HEAD", "POST"])
def find(request: HttpRequest, slug: str) -> HttpResponse:
    """GET shows the form; POST always answers that a link is on its way if the two belong together. 429 past the limits."""
    merchant = Merchant.objects.filter(slug=slug, closed_at=None).first()
    if merchant is None:
        raise Http404
    own_host.demand(request, merchant.pk)
    with in_merchant(merchant):
        brand = door.brand_here()
    with tongue.speaking(tongue.settled(request, brand.locale)):
        form = FindForm(request.POST or None, initial={"order": request.GET.get("order", "")[:60]})
        if request.method != "POST" or not form.is_valid():
            status = 422 if request.method == "POST" else 200
            return door.page(request, "portal/find.html", brand, status, form=form)
    return _answer(request, merchant, brand, form.cleaned_data["order"], form.cleaned_data["proof"])


def _answer(request: HttpRequest, merchant: Merchant, brand: Brand, number: str, proof: str) -> HttpResponse:
    try:
        _count(request, merchant, number, proof)
    except limits.TooMany:
        return door.wait(request, brand, int(HOUR.total_seconds()))
    with in_merchant(merchant):
        by_email = "@" in proof
        order = lookup.find(number, email=proof if by_email else "", postcode="" if by_email else proof)
        bus.publish(LinkAsked(merchant_id=merchant.pk, order_id=order.pk if order else None))
    return door.page(request, "portal/find_sent.html", brand, find_url=reverse("portal:find", args=[merchant.slug]), minutes=PATIENCE)


def _count(request: HttpRequest, merchant: Merchant, number: str, proof: str) -> None:
    """Count the try for the order's number, the visitor's network and the proof. Raises TooMany."""
    said = hashlib.sha256(proof.strip().lower().encode()).hexdigest()
    bare = number.strip().lstrip("#").strip().lower()
    limits.hit(f"find:{merchant.pk}:{bare}", limit=OF_ORDER, window=HOUR)
    limits.hit(f"find-from:{visitors.network_of(request)}", limit=OF_NETWORK, window=HOUR)
    limits.hit(f"find-with:{merchant.pk}:{said}", limit=OF_PROOF, window=HOUR)
