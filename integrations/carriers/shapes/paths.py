"""Paths into decoded bodies: `data.events.code`. Lists on the way are passed through, so that one thing and a list of one read the same."""

from collections.abc import Iterator, Sequence
from typing import Any

MOST = 2000  # things that one path may lead to; a body is the sender's, and may hold anything
TEXT = "#text"  # what stands in an XML element that has attributes too


def every(value: Any, path: str) -> list[Any]:
    """All things that the path leads to, in their order; the value itself for ''. Lists at the end are spread out too."""
    found = list(_spread(value))
    for key in path.split(".") if path else ():
        found = [inner for one in found if isinstance(one, dict) and key in one for inner in _spread(one[key])][:MOST]
    return found[:MOST]


def first(around: Sequence[Any], paths: Sequence[str]) -> str:
    """The first text that one of the paths leads to, '' for none. `around`: the event, its parcel, the whole body.

    A path begins at the event; with `^` at the parcel, with `/` at the whole body.
    """
    return next((text for path in paths for text in texts(around, path)), "")


def texts(around: Sequence[Any], path: str) -> Iterator[str]:
    """Every text that the path leads to."""
    level = {"^": 1, "/": 2}.get(path[:1], 0)
    for one in every(around[level], path[1:] if level else path):
        text = as_text(one)
        if text:
            yield text


def as_text(value: Any) -> str:
    """A scalar as text, on one line; '' for anything else. true and false are no texts of carriers."""
    if isinstance(value, dict):
        value = value.get(TEXT, "")
    if isinstance(value, bool) or not isinstance(value, str | int | float):
        return ""
    return " ".join(str(value).split())


def _spread(value: Any) -> Iterator[Any]:
    if isinstance(value, list):
        for inner in value:
            yield from _spread(inner)
    else:
        yield value
