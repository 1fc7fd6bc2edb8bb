"""The way to one's shop, and the theme."""

from django import forms
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_POST, require_safe

from postpurchase.tenancy import gates
from postpurchase.tenancy.models import User


@require_safe
@login_required
def landing(request: HttpRequest) -> HttpResponse:
    """Go to the shop that one works for, the first by name; say so where there is none."""
    shops = gates.merchants_of(request.user.pk)  # type: ignore[arg-type]
    if shops:
        return redirect("dashboard:home", slug=shops[0][1])
    return render(request, "dashboard/no_shop.html", {"email": request.user.email})  # type: ignore[union-attr]


class ThemeForm(forms.Form):
    """'' follows the system."""

    theme = forms.ChoiceField(choices=[("", ""), ("light", ""), ("dark", "")], required=False)


@require_POST
@login_required
def theme(request: HttpRequest) -> HttpResponse:
    """Keep the person's theme, and go back to where they were."""
    form = ThemeForm(request.POST)
    if form.is_valid():
        User.objects.filter(pk=request.user.pk).update(theme=form.cleaned_data["theme"] or "system")  # type: ignore[misc]
    return _back(request)


@require_POST
@login_required
def shortcuts(request: HttpRequest) -> HttpResponse:
    """Let keys of one letter act (on=1), or not: who speaks or leans on the keyboard sets none off by mistake."""
    User.objects.filter(pk=request.user.pk).update(shortcuts=request.POST.get("on") == "1")  # type: ignore[misc]
    return _back(request)


def _back(request: HttpRequest) -> HttpResponse:
    back = request.POST.get("next", "")
    safe = url_has_allowed_host_and_scheme(back, allowed_hosts={request.get_host()}, require_https=request.is_secure())
    return redirect(back if safe else reverse("landing"))
