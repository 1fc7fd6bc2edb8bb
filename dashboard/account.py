"""Signing in and out, the way to one's shop, and the theme."""

from datetime import timedelta

from django import forms
from django.contrib.auth.decorators import login_required
from django.contrib.auth.views import LoginView
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.decorators import method_decorator
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import ngettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from dashboard.forms.sign_in import SignInForm
from postpurchase.tenancy import gates, limits
from postpurchase.tenancy.models import User

# The longer somebody keeps guessing, the longer the next try is refused: counted per email and address, known email or not.
TRIES = ((5, timedelta(minutes=1)), (10, timedelta(minutes=15)), (25, timedelta(hours=12)))
TRIES_PER_ADDRESS = (100, timedelta(hours=1))  # one machine that goes through many emails


@method_decorator(never_cache, name="dispatch")
class SignIn(LoginView):
    """The log-in page. Signing in gives the session a new key."""

    form_class = SignInForm
    redirect_authenticated_user = True

    def post(self, request: HttpRequest, *args: str, **kwargs: str) -> HttpResponse:
        """Count the try first: a refused one is not even checked."""
        try:
            count_try(request.POST.get("username", ""), request.META["REMOTE_ADDR"])
        except limits.TooMany as full:
            return self._refuse(full.retry_after)
        return super().post(request, *args, **kwargs)

    def _refuse(self, seconds: int) -> HttpResponse:
        minutes = -(-seconds // 60)
        said = ngettext("Too many tries. Wait a minute, then try again.", "Too many tries. Wait %(n)s minutes, then try again.", minutes)
        form = SignInForm(self.request, initial={"username": self.request.POST.get("username", "")})
        context = self.get_context_data(form=form, wait=said % {"n": minutes})
        return self.render_to_response(context, status=429, headers={"Retry-After": str(seconds)})


def count_try(email: str, address: str) -> None:
    """One more try to sign in with `email` from an IP address. Raises TooMany."""
    most, window = TRIES_PER_ADDRESS
    limits.hit(f"sign-in from {address}", limit=most, window=window)
    for most, window in TRIES:
        limits.hit(f"sign-in {email.strip().lower()} {address} {most}", limit=most, window=window)


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
    back = request.POST.get("next", "")
    safe = url_has_allowed_host_and_scheme(back, allowed_hosts={request.get_host()}, require_https=request.is_secure())
    return redirect(back if safe else reverse("landing"))
