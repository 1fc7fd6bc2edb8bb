"""A function while it is written: the lines that draw a template, and the variables that its names stand for."""

import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from html import escape
from typing import Any

from django.utils.safestring import SafeString

Scope = dict[str, Any]
Draw = Callable[[Scope], str]
Names = dict[str, str]  # a template's name -> the Python expression that holds its value

MISSING = "''"
SPECIAL = re.compile("[&<>\"']").search


def said(value: Any) -> str:
    """A value as text, escaped unless it is marked safe."""
    text = value if value.__class__ is str else str(value)
    return escape(text) if SPECIAL(text) and not isinstance(value, SafeString) else text


def part(value: Any, key: str) -> Any:
    """An attribute of an object, or what a dictionary has under the key; '' where there is nothing."""
    if value.__class__ is dict:
        return value.get(key, "")
    return "" if value == "" or value is None else getattr(value, key)


class Frame:
    """A part of the template with names of its own; other names are those of the part around it. `begin`: lines that run first."""

    def __init__(self, around: "Frame | None", names: Names, depth: int) -> None:
        self.around, self.names, self.depth = around, names, depth
        self.begin: list[str] = []
        self.changed: set[str] = set()  # names that stand for a variable of this part's own


class Mould:
    """Collects the lines; `cast` makes the function."""

    def __init__(self) -> None:
        self.known: dict[str, Any] = {"said": said, "part": part}
        self.frame = self.whole = Frame(None, {}, 1)
        self.lines: list[str | list[str]] = [self.whole.begin]
        self.pending: list[tuple[bool, str]] = []  # (whether it is a fixed text, the text or an expression): drawn, not yet written
        self.variables, self.depth = 0, 1

    def keep(self, value: Any) -> str:
        """An expression for a value that is known now."""
        if value.__class__ in (str, int):
            return repr(value)
        name = f"k{len(self.known)}"
        self.known[name] = value
        return name

    def fresh(self) -> str:
        """The name of a new variable."""
        self.variables += 1
        return f"v{self.variables}"

    def text(self, text: str) -> None:
        """Draw a text as it is."""
        if self.pending and self.pending[-1][0]:
            text = self.pending.pop()[1] + text
        self.pending.append((True, text))

    def draw(self, expression: str) -> None:
        """Draw what the expression gives, which is a text."""
        self.pending.append((False, expression))

    def line(self, code: str) -> None:
        """A statement, after what has been drawn so far."""
        self._write_pending()
        self.lines.append(_indented(code, self.depth))

    @contextmanager
    def under(self, head: str) -> Iterator[None]:
        """What is written inside stands under this line."""
        self.line(head)
        self.depth += 1
        yield
        self.line("pass")
        self.depth -= 1

    @contextmanager
    def inside(self, names: Names, *, alone: bool = False) -> Iterator[None]:
        """What is written inside is a part of its own that knows these names too; `alone`: only these."""
        outer, self.frame = self.frame, Frame(None if alone else self.frame, names, self.depth)
        self._write_pending()
        self.lines.append(self.frame.begin)
        yield
        self.frame = outer

    def find(self, name: str) -> str:
        """The expression that holds a name's value here: a part's own, else what the function is given; '' where a part stands alone."""
        frame: Frame | None = self.frame
        while frame:
            if name in frame.names:
                return frame.names[name]
            if frame is self.whole:
                frame.names[name] = found = self.fresh()
                frame.begin.append(_indented(f"{found} = scope.get({name!r}, '')", 1))
                return found
            frame = frame.around
        return MISSING

    def set(self, name: str, expression: str) -> None:
        """From here to the end of this part the name stands for that, if the function comes by here."""
        if name not in self.frame.changed:  # both arms of an if change the same one
            before, variable = self.find(name), self.fresh()
            self.frame.begin.append(_indented(f"{variable} = {before}", self.frame.depth))
            self.frame.names[name] = variable
            self.frame.changed.add(name)
        self.line(f"{self.frame.names[name]} = {expression}")

    def cast(self) -> Draw:
        """The function from a scope to its text."""
        self._write_pending()
        body = [line for piece in self.lines for line in (piece if isinstance(piece, list) else [piece])]
        source = "\n".join(["def draw(scope):", "    out = []", *body, "    return ''.join(out)"])
        exec(compile(source, "<plate>", "exec"), self.known)  # noqa: S102 - of our own templates; whatever they say is in it as a repr()
        made: Draw = self.known["draw"]
        return made

    def _write_pending(self) -> None:
        if self.pending:
            drawn = ", ".join(repr(piece) if fixed else piece for fixed, piece in self.pending)
            self.pending = []
            self.lines.append(_indented(f"out += ({drawn},)", self.depth))


def _indented(code: str, depth: int) -> str:
    return "    " * depth + code
