"""One markup for a page and its parts: HTMX gets the part that it asked for, everybody else the page."""

from django.http import HttpRequest


def asked_for_part(request: HttpRequest) -> bool:
    """Whether HTMX asks for a part of the page; a history restore wants the whole page again."""
    return request.headers.get("HX-Request") == "true" and "HX-History-Restore-Request" not in request.headers
