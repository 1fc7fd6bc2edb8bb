"""One markup for a page and its parts: HTMX gets the part that it asked for, everybody else the page."""

from collections.abc import Mapping
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.cache import patch_vary_headers


def asked_for_part(request: HttpRequest) -> bool:
    """Whether HTMX asks for a part of the page; a history restore wants the whole page again."""
    return request.headers.get("HX-Request") == "true" and "HX-History-Restore-Request" not in request.headers


def render_page_or_part(request: HttpRequest, page: str, part: str, context: Mapping[str, Any], status: int = 200) -> HttpResponse:
    """The template `part` for HTMX, else `page`. Both get the same context; caches keep them apart."""
    template = part if asked_for_part(request) else page
    response = render(request, template, dict(context), status=status)
    patch_vary_headers(response, ["HX-Request"])
    return response
