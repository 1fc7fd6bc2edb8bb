"""The page to sign in, and how often one may try."""

from datetime import timedelta
from typing import Any

from allauth.account.views import LoginView
from django.http import HttpRequest, HttpResponse
from django.utils.decorators import method_decorator
from django.utils.translation import ngettext
from django.views.decorators.cache import never_cache

from dashboard.forms.sign_in import SignInForm
from postpurchase.tenancy import limits

# The longer somebody keeps guessing, the longer the next try is refused: counted per email and address, known email or not.
TRIES = ((5, timedelta(minutes=1)), (10, timedelta(minutes=15)), (25, timedelta(hours=12)))
TRIES_PER_ADDRESS = (100, timedelta(hours=1))  # one machine that goes through many emails


@method_decorator(never_cache, name="dispatch")
class SignIn(LoginView):
    """The log-in page. Signing in gives the session a new key."""

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Count the try first: a refused one is not even checked."""
        try:
            count_try(request.POST.get("login", ""), request.META["REMOTE_ADDR"])
        except limits.TooMany as full:
            return self._refuse(full.retry_after)
        response: HttpResponse = super().post(request, *args, **kwargs)
        return response

    def _refuse(self, seconds: int) -> HttpResponse:
        minutes = -(-seconds // 60)
        said = ngettext("Too many tries. Wait a minute, then try again.", "Too many tries. Wait %(n)s minutes, then try again.", minutes)
        form = SignInForm(request=self.request, initial={"login": self.request.POST.get("login", "")})
        context = self.get_context_data(form=form, wait=said % {"n": minutes})
        response: HttpResponse = self.render_to_response(context, status=429, headers={"Retry-After": str(seconds)})
        return response


def count_try(email: str, address: str) -> None:
    """One more try to sign in with `email` from an IP address. Raises TooMany."""
    most, window = TRIES_PER_ADDRESS
    limits.hit(f"sign-in from {address}", limit=most, window=window)
    for most, window in TRIES:
        limits.hit(f"sign-in {email.strip().lower()} {address} {most}", limit=most, window=window)
