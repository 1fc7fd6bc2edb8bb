"""Placeholder until the tracking page lands."""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse


class QuickPage:
    """Passes every request on."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """The answer of the inner middleware."""
        return self.get_response(request)
