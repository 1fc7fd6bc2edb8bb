"""Signing up, a forgotten password, and the account of whoever is signed in."""

from typing import Any

from allauth.account import views as theirs
from allauth.account.decorators import reauthentication_required
from allauth.mfa.utils import is_mfa_enabled
from django import forms
from django.conf import settings
from django.contrib import messages as notes
from django.contrib.auth.decorators import login_required
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import translation
from django.utils.decorators import method_decorator
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from dashboard.accounts import opening, sessions
from postpurchase.tenancy import gates
from postpurchase.tenancy.models import User
from postpurchase.ui import tongue


@method_decorator(never_cache, name="dispatch")
class SignUp(theirs.SignupView):
    """A new person with a new shop. Language and clock are guessed from what the browser says."""

    def get_initial(self) -> dict[str, Any]:
        """The guesses, beneath what the address may say."""
        return {**opening.guesses(self.request), **super().get_initial()}

    def form_valid(self, form: Any) -> Any:
        """Person, shop and the letter that confirms the address: all or nothing."""
        with transaction.atomic():
            return super().form_valid(form)


@method_decorator(never_cache, name="dispatch")
class Forgotten(theirs.PasswordResetView):
    """Where to send the link."""


@method_decorator([never_cache, login_required, reauthentication_required], name="dispatch")
class NewEmail(theirs.EmailView):
    """Another address, for whoever has just proven who they are."""


@require_safe
@never_cache
@login_required
def account(request: HttpRequest) -> HttpResponse:
    """Everything about oneself on one page."""
    user: Any = request.user
    return _page(request, YouForm(initial={"name": user.name, "language": user.language}))


@require_POST
@login_required
def change(request: HttpRequest) -> HttpResponse:
    """Another name or language."""
    form = YouForm(request.POST)
    if not form.is_valid():
        return _page(request, form, status=422)
    User.objects.filter(pk=request.user.pk).update(**form.cleaned_data)  # type: ignore[misc]
    with translation.override(form.cleaned_data["language"] or translation.get_language()):  # the next page is in it already
        notes.success(request, gettext("Saved."))
    return redirect("account")


def languages() -> list[tuple[str, Any]]:
    """What the dashboard can be read in."""
    return [("", _("Same as the browser")), *((code, name) for code, name in settings.LANGUAGES if code in tongue.spoken("dashboard"))]


class YouForm(forms.Form):
    """How the team sees one, and the language of the dashboard."""

    name = forms.CharField(label=_("Your name"), max_length=80, widget=forms.TextInput(attrs={"autocomplete": "name"}))
    language = forms.ChoiceField(label=_("Language"), choices=languages, required=False)


def _page(request: HttpRequest, form: YouForm, status: int = 200) -> HttpResponse:
    shops = [
        {
            "name": name,
            "url": reverse("dashboard:home", kwargs={"slug": slug}),
            "leave_url": reverse("dashboard:team-leave", kwargs={"slug": slug}),
        }
        for _id, slug, name in gates.merchants_of(request.user.pk)  # type: ignore[arg-type]
    ]
    context = {"form": form, "shops": shops, "sessions": sessions.rows(request), "factor": is_mfa_enabled(request.user)}
    return render(request, "account/home.html", {"account": context}, status=status)
