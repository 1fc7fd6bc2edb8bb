"""Closing a shop for good."""

from django import forms
from django.contrib import messages as notes
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from dashboard import links
from dashboard.page import act, note, page, show
from integrations.connections import keep
from notifications.models import Flow
from notifications.switch import switch
from postpurchase.lib import clock
from postpurchase.tenancy.models import Merchant, Role


class NameOfShopForm(forms.Form):
    """The shop's name, written out: nobody closes a shop by a slip."""

    name = forms.CharField(label=gettext_lazy("Name of the shop"))

    def __init__(self, *args: object, shop: str, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)  # type: ignore[arg-type]
        self.shop = shop

    def clean_name(self) -> str:
        """Exactly as it stands on the page."""
        given: str = self.cleaned_data["name"].strip()
        if given != self.shop:
            raise forms.ValidationError(_("This is not the name of the shop. Write “%s”, then it closes.") % self.shop)
        return given


@page(Role.OWNER)
def close(request: HttpRequest, slug: str) -> HttpResponse:
    """Ask before closing."""
    return _page(request, NameOfShopForm(shop=_shop(request).name))


@act(Role.OWNER)
def closed(request: HttpRequest, slug: str) -> HttpResponse:
    """Close it: nobody gets in any more, its keys and pages end, nothing is sent to shoppers, and nothing that comes in is read."""
    shop = _shop(request)
    form = NameOfShopForm(request.POST, shop=shop.name)
    if not form.is_valid():
        return _page(request, form, status=422)
    Merchant.objects.filter(pk=shop.pk).update(closed_at=clock.machine_now())
    for flow in Flow.objects.filter(enabled=True):
        switch(flow, on=False)
    for connection in keep.kept().filter(paused_at=None):
        keep.switch(connection, on=False)
    note(request, "shop.closed", words=shop.name)
    notes.success(request, _("%s is closed.") % shop.name)
    return redirect("account")


def _shop(request: HttpRequest) -> Merchant:
    return Merchant.objects.get(pk=request.member.merchant_id)  # type: ignore[attr-defined]


def _page(request: HttpRequest, form: NameOfShopForm, status: int = 200) -> HttpResponse:
    context = {"form": form, "close_url": links.to(request, "closed"), "back_url": links.to(request, "home")}
    return show(request, "dashboard/team_close.html", "team", {"closing": context}, status)
