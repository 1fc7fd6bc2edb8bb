"""Ranges (1..n) that end: the library makes them as long as they say, and some of its ways through them count every number."""

from typing import Any

from django.utils.translation import gettext as _
from liquid.builtin.expressions.primitive import RangeLiteral
from liquid.exceptions import ResourceLimitError

MOST = 1_000
_make = RangeLiteral._make_range


def _capped(self: RangeLiteral, start: Any, stop: Any) -> range:
    made: range = _make(self, start, stop)
    if made.stop - made.start > MOST or max(abs(made.start), abs(made.stop)) > 10**15:
        raise ResourceLimitError(_("The range is longer than %s.") % MOST, token=self.token)
    return made


def cap() -> None:
    """For the whole process: the class of ranges cannot be chosen where templates are read, and nobody else here reads Liquid."""
    RangeLiteral._make_range = _capped  # type: ignore[method-assign]
