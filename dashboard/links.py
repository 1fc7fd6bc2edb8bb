"""Addresses inside the dashboard."""

from typing import Any
from urllib.parse import urlencode

from django.http import HttpRequest, QueryDict
from django.urls import reverse


def to(request: HttpRequest, name: str, query: dict[str, str] | None = None, **kwargs: Any) -> str:
    """The address of a page of the merchant that the request is about."""
    slug = request.resolver_match.kwargs["slug"]  # type: ignore[union-attr]
    plain = reverse(f"dashboard:{name}", kwargs={"slug": slug, **kwargs})
    return f"{plain}?{urlencode(query)}" if query else plain


def changed(asked: QueryDict, **values: str) -> str:
    """This list with other parameters; '' takes one away. It starts over: where one was in the old list means nothing in the new."""
    return f"?{changed_text(asked.urlencode(), **values)}"


def changed_text(query_string: str, **values: str) -> str:
    """As changed(), from and to what stands behind the question mark."""
    query = QueryDict(query_string, mutable=True)
    query.pop("after", None)
    for name, value in values.items():
        query.pop(name, None)
        if value:
            query[name] = value
    return query.urlencode()
