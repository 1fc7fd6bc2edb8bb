"""The filters that merchants have, each bounded: what goes in, what comes out, and what it costs."""

import re
from collections.abc import Callable
from typing import Any

from django.utils.translation import gettext as _
from liquid import Undefined
from liquid.exceptions import FilterArgumentError, ResourceLimitError

MOST_TEXT = 64_000
MOST_ITEMS = 1_000
MOST_NUMBER = 10**15
ALLOWED = frozenset(
    [
        "abs",
        "append",
        "at_least",
        "at_most",
        "capitalize",
        "ceil",
        "compact",
        "concat",
        "default",
        "divided_by",
        "downcase",
        "escape",
        "first",
        "floor",
        "join",
        "last",
        "lstrip",
        "map",
        "minus",
        "modulo",
        "newline_to_br",
        "plus",
        "prepend",
        "remove",
        "remove_first",
        "replace",
        "replace_first",
        "reverse",
        "round",
        "rstrip",
        "size",
        "slice",
        "sort",
        "split",
        "squish",
        "strip",
        "strip_html",
        "strip_newlines",
        "times",
        "truncate",
        "truncatewords",
        "uniq",
        "upcase",
        "url_encode",
        "where",
    ]
)
SUMS = frozenset(["abs", "at_least", "at_most", "ceil", "divided_by", "floor", "minus", "modulo", "plus", "round", "times"])
NUMBER = re.compile(r"-?\d{1,15}(\.\d{1,6})?\Z").match
Pay = Callable[[int], None]


def run(name: str, made: Callable[..., object], pay: Pay, value: Any, *args: Any, **named: Any) -> object:
    """A filter's result. Raises ResourceLimitError where it would be too much."""
    given = [checked(name, one) for one in (value, *args, *named.values())]
    pay(1 + sum(_cost(one) for one in given) * (10 if name in ("uniq", "sort", "where") else 1))
    if name in SUMS:
        value, args = _number(name, value), tuple(_number(name, one) for one in args)
    if (guess := GROWS.get(name)) and guess(value, *args) > MOST_TEXT:
        raise _too_much(name)
    return checked(name, made(value, *args, **named))


def checked(name: str, value: Any) -> Any:
    """The value, if it is small enough to be handled. Raises ResourceLimitError."""
    if isinstance(value, str):
        small = len(value) <= MOST_TEXT
    elif isinstance(value, range | list | tuple | dict):
        small = len(value) <= MOST_ITEMS
    else:
        small = not isinstance(value, int | float) or abs(value) <= MOST_NUMBER
    if not small:
        raise _too_much(name)
    return value


def _too_much(name: str) -> ResourceLimitError:
    return ResourceLimitError(_("What “%s” handles is too big.") % name, token=None)


def _cost(value: Any) -> int:
    """Characters: a text goes through in one sweep, items of a list are handled one by one."""
    if isinstance(value, str):
        return len(value) // 32
    return len(value) * 4 if isinstance(value, range | list | tuple) else 0


def _number(name: str, value: Any) -> Any:
    """Texts count only if they are plainly numbers: "1e999999" would be worked out digit by digit."""
    if isinstance(value, str) and not NUMBER(value.strip()):
        raise FilterArgumentError(_("“%s” needs a number.") % name, token=None)
    if name == "round" and isinstance(value, int) and value > MOST_NUMBER:
        raise _too_much(name)
    return value


def _text(value: Any) -> str:
    return "" if value is None or isinstance(value, Undefined) else str(value)


def _added(value: Any, other: Any = "", *_rest: Any) -> int:
    return len(_text(value)) + len(_text(other))


def _replaced(value: Any, old: Any = "", new: Any = "", *_rest: Any) -> int:
    text, by = _text(value), _text(new)
    return len(text) + (text.count(_text(old)) if _text(old) else len(text) + 1) * len(by)


def _joined(value: Any, between: Any = " ", *_rest: Any) -> int:
    if not isinstance(value, range | list | tuple):
        return 0
    return sum(len(_text(one)) for one in value) + len(value) * len(_text(between))


def _escaped(value: Any, *_rest: Any) -> int:
    return len(_text(value)) * 6


def _parts(value: Any, between: Any = " ", *_rest: Any) -> int:
    """Pieces, weighed so that 1,000 of them are the most."""
    text, cut = _text(value), _text(between)
    return ((text.count(cut) if cut else len(text)) + 1) * (MOST_TEXT // MOST_ITEMS)


def _together(value: Any, other: Any = (), *_rest: Any) -> int:
    return sum(len(one) if isinstance(one, range | list | tuple) else 1 for one in (value, other)) * (MOST_TEXT // MOST_ITEMS)


def _whole(value: Any, *_rest: Any) -> int:
    """A number's digits after the point, for `round`."""
    return 0 if not _rest or abs(float(_rest[0])) <= 12 else MOST_TEXT + 1


GROWS: dict[str, Callable[..., int]] = {
    "append": _added,
    "prepend": _added,
    "replace": _replaced,
    "replace_first": _added,
    "join": _joined,
    "escape": _escaped,
    "url_encode": _escaped,
    "newline_to_br": _escaped,
    "split": _parts,
    "concat": _together,
    "round": _whole,
}
