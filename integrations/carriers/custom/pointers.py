"""Where things stand in a body that a merchant brought: keys from the outside in. Lists on the way are passed through.

Keys of strangers hold dots, slashes and spaces ("Date/Time", "Ship. No."), so a place is a tuple of keys, written as a JSON pointer.
"""

from collections.abc import Iterator
from typing import Any

from integrations.carriers.shapes.paths import as_text

Keys = tuple[str, ...]
Chain = tuple[Any, ...]  # an entry, after all that stands around it: chain[n] is what the entry's first n keys lead to
MOST_ENTRIES = 20_000
MOST_PLACES = 300
DEEPEST = 12


def written(keys: Keys) -> str:
    """As a JSON pointer (RFC 6901), without the numbers of list items; '' is the whole body."""
    return "".join("/" + key.replace("~", "~0").replace("/", "~1") for key in keys)


def parsed(pointer: str) -> Keys:
    """The keys that a pointer names. Raises ValueError."""
    if pointer and not pointer.startswith("/"):
        raise ValueError(pointer)
    return tuple(part.replace("~1", "/").replace("~0", "~") for part in pointer.split("/")[1:])


def entries(body: Any, keys: Keys) -> Iterator[Chain]:
    """Every object that the keys lead to, in order."""
    for count, chain in enumerate(_walk(body, keys, ())):
        if count == MOST_ENTRIES:
            return
        yield chain


def _walk(value: Any, keys: Keys, chain: Chain) -> Iterator[Chain]:
    if isinstance(value, list):
        for inner in value:
            yield from _walk(inner, keys, chain)
    elif isinstance(value, dict):
        here = (*chain, value)
        if len(chain) == len(keys):
            yield here
        elif keys[len(chain)] in value:
            yield from _walk(value[keys[len(chain)]], keys, here)


def text_at(chain: Chain, entry: Keys, wanted: Keys) -> str:
    """The first text that `wanted` (from the outside) leads to, as seen from an entry at `entry`: in it, or in what stands around it."""
    return next(texts_at(chain, entry, wanted), "")


def texts_at(chain: Chain, entry: Keys, wanted: Keys) -> Iterator[str]:
    """Every such text."""
    shared = 0
    while shared < min(len(entry), len(wanted)) and entry[shared] == wanted[shared]:
        shared += 1
    yield from _texts(chain[shared], wanted[shared:])


def _texts(value: Any, keys: Keys) -> Iterator[str]:
    if isinstance(value, list):
        for inner in value:
            yield from _texts(inner, keys)
    elif keys:
        if isinstance(value, dict) and keys[0] in value:
            yield from _texts(value[keys[0]], keys[1:])
    elif text := as_text(value):
        yield text


def places(body: Any) -> dict[Keys, str]:
    """Every place of a text in the body, with the first text there; in the order in which they stand."""
    found: dict[Keys, str] = {}
    _look(body, (), found)
    return found


def _look(value: Any, keys: Keys, found: dict[Keys, str]) -> None:
    if len(keys) > DEEPEST:
        return
    if isinstance(value, list):
        for inner in value[:100]:
            _look(inner, keys, found)
    elif isinstance(value, dict):
        for key, inner in value.items():
            _look(inner, (*keys, key), found)
    elif keys and (keys in found or len(found) < MOST_PLACES):
        found[keys] = found.get(keys) or as_text(value)


def lists(body: Any) -> list[Keys]:
    """Where scans may be entries: the body itself, and every object or list of objects in it."""
    found: dict[Keys, None] = {(): None}
    for keys in places(body):
        for length in range(1, len(keys)):
            found[keys[:length]] = None
    return list(found)
