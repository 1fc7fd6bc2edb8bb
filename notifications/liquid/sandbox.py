"""Liquid that merchants write, run so that it can neither reach anything nor cost much: texts and numbers in, one short text out.

Everything that costs is paid from an allowance that a whole message shares, so that many small texts are bounded as one big one is.
"""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import partial
from typing import Any, TextIO

from django.utils.translation import gettext as _
from liquid import BoundTemplate, Environment, Mode, RenderContext
from liquid.builtin import DictLoader
from liquid.exceptions import LiquidError, ResourceLimitError, UndefinedError
from liquid.undefined import FalsyStrictUndefined, Undefined
from liquid.utils import ReadOnlyChainMap

from notifications.liquid import filters
from notifications.liquid.ranges import cap

MOST_SOURCE = 64_000  # characters of one template
MOST_TAGS, MOST_TAG = 2_000, 2_000  # how many, and characters of one
OPENS, CLOSES = re.compile(r"\{\{|\{%"), re.compile(r"\}\}|%\}")
MOST_TEXT = filters.MOST_TEXT
MOST_NAMES = 100  # that one template may assign
ALLOWANCE = 400_000  # characters passed over, filters and loops counted again; about 0.3 s of one core
TAGS = frozenset(
    {"assign", "break", "capture", "case", "comment", "content", "continue", "cycle", "echo", "for", "if", "illegal", "output", "unless"}
)


class BadLiquid(ValueError):
    """The template cannot be read, or asks for more than it may have. The message names the line and what to do."""

    def __init__(self, text: str, line: int = 0) -> None:
        super().__init__(_("Line %(line)s: %(text)s") % {"line": line, "text": text} if line else text)
        self.line = line


@dataclass
class Allowance:
    """What is left to spend on one message."""

    left: int = ALLOWANCE

    def pay(self, amount: int) -> None:
        """Raises ResourceLimitError when there is not enough."""
        self.left -= amount
        if self.left < 0:
            raise ResourceLimitError(_("It does too much work. Shorten its loops."), token=None)


class Scope(RenderContext):
    """Names and costs of one rendering. Knows what it is given, and nothing of its own (the library's has a clock)."""

    def __init__(self, template: BoundTemplate, **given: Any) -> None:
        super().__init__(template, **given)
        self.scope = ReadOnlyChainMap(self.locals, self.globals)
        self.size, self.allowance = 1, Allowance()

    def begin(self, size: int, allowance: Allowance) -> None:
        """`size`: characters of the template, which bound what one round of a loop can do."""
        self.size, self.allowance = size, allowance
        allowance.pay(size)

    def raise_for_loop_limit(self, length: int = 1) -> None:
        """Each entry into a loop pays for all of its rounds."""
        super().raise_for_loop_limit(length)
        self.allowance.pay(length * self.size)

    def assign(self, key: str, val: Any) -> None:
        """Few names, each of them small."""
        super().assign(key, filters.checked("assign", val))
        if len(self.locals) > MOST_NAMES:
            raise ResourceLimitError(_("It assigns too many names."), token=None)

    def filter(self, name: str, token: Any) -> Callable[..., object]:
        """The filter, its input and its output checked."""
        return partial(filters.run, name, super().filter(name, token), self.allowance.pay)


class Template(BoundTemplate):
    """A template of ours: its scope is ours too."""

    context_class = Scope

    def written(self, names: Mapping[str, object], size: int, allowance: Allowance) -> str:
        """The text. Raises LiquidError."""
        scope = self.context_class(self, globals=self.make_globals(names))
        scope.begin(size, allowance)
        out: TextIO = self._get_buffer()
        self.render_with_context(scope, out)
        return out.getvalue()  # type: ignore[attr-defined,no-any-return]


class Strict(FalsyStrictUndefined):
    """Missing: may be tested by `if` and filled by `default`; printing it is an error."""


class House(Environment):
    """The language as merchants have it."""

    block_nesting_limit = 10
    context_depth_limit = 20
    loop_iteration_limit = 10_000
    local_namespace_limit = 4 * MOST_TEXT
    output_stream_limit = 2 * MOST_TEXT
    template_class = Template

    def __init__(self, undefined: type[Undefined], *, escaping: bool) -> None:
        super().__init__(tolerance=Mode.STRICT, loader=DictLoader({}), undefined=undefined, strict_filters=True, autoescape=escaping)
        self.tags = {name: tag for name, tag in self.tags.items() if name in TAGS}
        self.filters = {name: made for name, made in self.filters.items() if name in filters.ALLOWED}


cap()
HOUSES = {(strict, html): House(Strict if strict else Undefined, escaping=html) for strict in (True, False) for html in (True, False)}


@dataclass(frozen=True)
class Text:
    """A text with Liquid in it, read once. `html`: its values are escaped; `strict`: what is missing is an error, where it is printed."""

    source: str
    template: Template | None  # None: there is no Liquid in it

    def write(self, names: Mapping[str, object], allowance: Allowance | None = None) -> str:
        """The text with its values. Raises BadLiquid."""
        if self.template is None:
            return self.source
        try:
            return self.template.written(names, len(self.source), allowance or Allowance())
        except LiquidError as error:
            raise _said(error) from error
        except (ArithmeticError, ValueError, TypeError, RecursionError, MemoryError) as error:
            raise BadLiquid(_("It cannot be worked out. Make it simpler.")) from error


def read(source: str, *, html: bool, strict: bool = False) -> Text:
    """A template, checked. Raises BadLiquid. HTML in the source itself is left as it is: clean what is written (markup.py)."""
    if len(source) > MOST_SOURCE:
        raise BadLiquid(_("It is longer than %s characters.") % MOST_SOURCE)
    if "{{" not in source and "{%" not in source:
        return Text(source, None)
    _few_and_short(source)
    try:
        return Text(source, HOUSES[strict, html].from_string(source))  # type: ignore[arg-type]
    except LiquidError as error:
        raise _said(error) from error
    except (ArithmeticError, ValueError, TypeError, RecursionError) as error:
        raise BadLiquid(_("It cannot be read. Make it simpler.")) from error


def _few_and_short(source: str) -> None:
    """The library's reader takes time that grows with the square of a tag. Raises BadLiquid."""
    _before, *tags = OPENS.split(source)
    if len(tags) > MOST_TAGS:
        raise BadLiquid(_("It has more than %s variables and tags.") % MOST_TAGS)
    at = source.find("{")
    for tag in tags:
        if not CLOSES.search(tag[:MOST_TAG]) and len(tag) > MOST_TAG:
            raise BadLiquid(_("A tag is longer than %s characters, or never closed.") % MOST_TAG, source.count("\n", 0, at) + 1)
        at += len(tag) + 2


def _said(error: LiquidError) -> BadLiquid:
    where = error.context() if error.token is not None else None
    line, said = (where[0] if where else 0), str(error.args[0] if error.args else error).partition("\n")[0][:200]
    if isinstance(error, UndefinedError):
        name = said.partition(" is undefined")[0].strip("'")
        return BadLiquid(_("“%s” has no value here, or nothing is called so.") % name, line)
    if isinstance(error, ResourceLimitError):
        return BadLiquid(_("%s It is more than a message may ask for.") % said, line)
    return BadLiquid(said, line)
