"""POST /mail/<provider>/tracking/: what mail providers report of messages, read by anymail's own views.

A provider that was given no way to prove who calls is not there: with no signing key and no shared secret, anybody could report a bounce.
"""

from collections.abc import Callable
from functools import wraps
from typing import Any

from anymail.urls import urlpatterns as offered
from django.core.exceptions import ImproperlyConfigured
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import URLPattern, path
from django.views.decorators.csrf import csrf_exempt


def proven(view: Any) -> Callable[[HttpRequest], HttpResponse]:
    """The provider's view where ANYMAIL has its signing key or a WEBHOOK_SECRET, which the view checks; else 404."""

    @csrf_exempt  # the signature or the secret is the proof
    @wraps(view)
    def receive(request: HttpRequest) -> HttpResponse:
        try:
            provider = view.view_class(**view.view_initkwargs)
            if not provable(provider):
                raise Http404
            provider.setup(request)
            answer: HttpResponse = provider.dispatch(request)
        except ImproperlyConfigured as error:  # it signs its calls, and we were not given the key
            raise Http404 from error
        return answer

    return receive


def provable(provider: Any) -> bool:
    """Whether the provider signs its calls, or else shares a secret with us."""
    return bool(provider.basic_auth) or not provider.warn_if_no_basic_auth


urlpatterns: list[URLPattern] = [
    path(f"{one.pattern}", proven(one.callback), name=one.name) for one in offered if one.name.endswith("_tracking_webhook")
]
