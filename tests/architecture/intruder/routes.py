"""Every address that the product answers at, read from the URL resolver."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from django.urls import URLPattern, URLResolver, get_resolver

PARAMETER = re.compile(r"<(?:\w+:)?(\w+)>")
NAMED_GROUP = re.compile(r"\(\?P(<\w+>)[^()]*\)")


@dataclass(frozen=True)
class Route:
    """One pattern, as path() has it."""

    pattern: str
    name: str

    @property
    def params(self) -> tuple[str, ...]:
        return tuple(PARAMETER.findall(self.pattern))

    def path(self, values: Mapping[str, str]) -> str:
        """The address with its parameters filled."""
        return "/" + PARAMETER.sub(lambda found: values[found[1]], self.pattern)

    def __str__(self) -> str:
        return self.pattern or "/"


def routes(urlconf: str | None = None) -> list[Route]:
    """All of them, in the resolver's order. Raises ValueError for a re_path() with groups that have no name, which cannot be filled."""
    return list(_below(get_resolver(urlconf).url_patterns, ""))


def _below(patterns: list[Any], prefix: str) -> Iterator[Route]:
    for pattern in patterns:
        text = prefix + str(pattern.pattern)
        if isinstance(pattern, URLResolver):
            yield from _below(pattern.url_patterns, text)
        elif isinstance(pattern, URLPattern):
            yield Route(plain(text), pattern.name or "")


def plain(text: str) -> str:
    """A pattern as path() would have it. A catch-all ('^api/.*$') is one whose rest is a parameter."""
    found = NAMED_GROUP.sub(r"\1", text.removeprefix("^").removesuffix("$")).replace(".*", "<path:rest>")
    if any(sign in found for sign in "^$(*+\\"):
        raise ValueError(f"{text}: write it with path(), so that the intruder can fill it")
    return found
