"""GET and POST /t/<token>/delivery, /pickup, /address and /missing: the shopper asks the shop.

All but 'it has not arrived' need the emailed code.
"""

from collections.abc import Sequence
from datetime import date, timedelta
from typing import Any
from uuid import UUID

from django import forms
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods

from portal import asking, collect, door, pages, reading, step_up, tongue, visitors
from portal.journey import parcels_of, shop_of
from portal.reading import Facts
from portal.sealed import seal
from postpurchase.tenancy import limits
from postpurchase.tenancy.models import Brand
from postpurchase.tenancy.scope import in_merchant
from tracking import wishes
from tracking.point import PickupPoint
from tracking.wishes import Asked

HOUR = timedelta(hours=1)
OF_ORDER, OF_NETWORK = 10, 30  # wishes an hour
LATEST = timedelta(days=21)  # how far ahead another day may be
PAGES = {"delivery": asking.DELIVERY, "pickup": ("pickup",), "address": ("address",), "missing": ("missing",)}


class WishForm(forms.Form):
    """What is asked for. `kinds`: what may be. `points`: those to choose from; where there are none, the shopper names one."""

    kind = forms.ChoiceField(label=gettext_lazy("What should happen?"), widget=forms.RadioSelect)
    day = forms.DateField(
        label=gettext_lazy("Day"),
        required=False,
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        error_messages={"invalid": gettext_lazy("Choose a day from the calendar.")},
    )
    text = forms.CharField(
        label=gettext_lazy("In your words"), required=False, max_length=500, widget=forms.Textarea(attrs={"rows": 3, "class": "input"})
    )

    def __init__(self, data: Any, *, kinds: list[str], today: date, points: Sequence[PickupPoint] = ()) -> None:
        super().__init__(data, initial={"kind": kinds[0]})
        self.label_suffix, self.kinds, self.today = "", kinds, today
        self.fields["kind"].choices = [(kind, _(asking.NAMED[kind])) for kind in kinds]  # type: ignore[attr-defined]
        if kinds == ["address"]:
            self.fields["text"].label = _("The whole new address")
            self.fields["text"].help_text = _("Name, street and number, postcode, town and country")
        if kinds == ["pickup"]:
            self.fields["text"].label = _("Which one, if it matters to you")
        if points:
            self.fields["point"] = collect.PointField(points)
            del self.fields["text"]
        if len(kinds) == 1:
            self.fields["kind"].widget = forms.HiddenInput()
        if "day" not in kinds:
            del self.fields["day"]

    def clean(self) -> dict[str, Any]:
        """What the kind needs is there."""
        given = super().clean() or {}
        kind, day = given.get("kind"), given.get("day")
        if kind == "day" and "day" not in self.errors and not (day and self.today < day <= self.today + LATEST):
            self.add_error("day", _("Choose a day from tomorrow on, within three weeks."))
        if kind and kind not in ("day", "missing", "pickup") and not given.get("text"):
            self.add_error("text", _("Say in a few words what the courier should know."))
        return given

    def asked(self) -> Asked:
        """As it is kept."""
        given, point = self.cleaned_data, self.fields.get("point")
        text = point.said(given["point"]) if isinstance(point, collect.PointField) else given["text"]
        return Asked(given["kind"], text, given.get("day") if given["kind"] == "day" else None)


@require_http_methods(["GET", "HEAD", "POST"])
def wish(request: HttpRequest, token: str, page: str) -> HttpResponse:
    """GET shows the form; POST keeps the wish and leads back to the parcel. 404 where the shop does not allow it, or it is too late."""
    merchant_id, order_id = door.place_of(request, token)
    with in_merchant(merchant_id):
        facts, brand = reading.read(order_id), door.brand_here()
        points = collect.offered(facts) if facts and page == "pickup" else []
    if facts is None or pages.expired(facts.order):
        raise Http404
    if page != "missing" and not step_up.unlocked(request, order_id):
        return seal(HttpResponseRedirect(reverse("portal:code", args=[token])))
    with tongue.speaking(tongue.settled(request, facts.order.locale, brand.locale), brand.time_zone):
        form = _form(request, facts, page, points)
        valid = form.is_valid()
    if not valid:
        return _page(request, token, facts, brand, form, page)
    try:
        limits.hit(f"wish:{order_id}", limit=OF_ORDER, window=HOUR)
        limits.hit(f"wish-from:{visitors.network_of(request)}", limit=OF_NETWORK, window=HOUR)
    except limits.TooMany as refused:
        return door.wait(request, brand, refused.retry_after)
    return _kept(token, merchant_id, order_id, form.asked())


def _kept(token: str, merchant_id: UUID, order_id: UUID, asked: Asked) -> HttpResponse:
    with in_merchant(merchant_id):
        wishes.ask(order_id, asked)
    return seal(HttpResponseRedirect(reverse("portal:tracking", args=[token])))


def _form(request: HttpRequest, facts: Facts, page: str, points: Sequence[PickupPoint]) -> WishForm:
    """Raises Http404 where nothing of the page may be asked for."""
    shop = shop_of(facts.order, facts.brand, "", facts.parcels)
    can = asking.allowed(facts, parcels_of(facts.parcels, shop))
    kinds = [kind for kind in PAGES[page] if kind in can]
    if not kinds:
        raise Http404
    return WishForm(request.POST if request.method == "POST" else None, kinds=kinds, today=shop.today, points=points)


def _page(request: HttpRequest, token: str, facts: Facts, brand: Brand, form: WishForm, page: str) -> HttpResponse:
    context: dict[str, Any] = {
        "page": page,
        "form": form,
        "order_number": facts.order.number,
        "back_url": reverse("portal:tracking", args=[token]),
    }
    return door.page(request, "portal/wish.html", brand, 422 if form.is_bound else 200, facts.order.locale, **context)
