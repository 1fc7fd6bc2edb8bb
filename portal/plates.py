"""Django templates turned into plain functions: the same text, at a fraction of the cost of walking the node tree.

It knows the tags that the tracking page uses and refuses the rest. Values are attributes of typed objects, so a look-up is an attribute
and nothing else; text is escaped unless it is marked safe, as Django does it. tests/portal/test_drawing.py holds the two side by side.
"""

from collections.abc import Callable, Iterable
from html import escape
from operator import attrgetter
from typing import Any

from django.template.base import FilterExpression, Node, TextNode, Variable, VariableNode
from django.template.defaulttags import CommentNode, ForNode, IfNode, LoadNode, WithNode
from django.template.library import SimpleNode
from django.templatetags.i18n import BlockTranslateNode
from django.utils.safestring import SafeString
from django.utils.translation import gettext, ngettext

Scope = dict[str, Any]
Value = Callable[[Scope], Any]
Draw = Callable[[Scope], str]


class Unpressable(ValueError):
    """The template uses something that has no plate."""


def plate(nodes: Iterable[Any]) -> Draw:
    """A function from the names a template is given to its text, in the language that is active now. Raises Unpressable."""
    parts = [part for part in map(_node, nodes) if part != ""]

    def draw(scope: Scope) -> str:
        return "".join([part if part.__class__ is str else part(scope) for part in parts])  # type: ignore[operator]

    return draw


def _node(node: Node) -> str | Draw:
    make = NODES.get(type(node))
    if make is None:
        raise Unpressable(f"no plate for {type(node).__name__}")
    return make(node)


def _said(value: Any) -> str:
    return value if isinstance(value, SafeString) else escape(str(value))


def _value(expression: FilterExpression) -> Value:
    """What an expression stands for: a constant, a name, or attributes of one, through filters that take nothing else."""
    read = _read(expression.var)
    for function, args in expression.filters:
        if args:
            raise Unpressable("a filter with an argument")
        read = _filtered(read, function)
    return read


def _filtered(read: Value, function: Callable[[Any], Any]) -> Value:
    return lambda scope: function(read(scope))


def _read(var: Any) -> Value:
    if not isinstance(var, Variable) or var.literal is not None:
        constant = var.literal if isinstance(var, Variable) else var
        return lambda scope: constant
    name, *attributes = var.lookups or ()
    if not attributes:
        return lambda scope: scope[name]
    get = attrgetter(".".join(attributes))
    return lambda scope: get(scope[name])


def _variable(node: Any) -> Draw:
    value = _value(node.filter_expression)
    return lambda scope: _said(value(scope))


def _if(node: Any) -> Draw:
    arms = [(_condition(condition) if condition else None, plate(nodes)) for condition, nodes in node.conditions_nodelists]

    def draw(scope: Scope) -> str:
        for condition, body in arms:
            if condition is None or condition(scope):
                return body(scope)
        return ""

    return draw


def _condition(token: Any) -> Value:
    if token.id == "literal":
        return _value(token.value)
    if token.id == "not":
        inner = _condition(token.first)
        return lambda scope: not inner(scope)
    one, other = _condition(token.first), _condition(token.second)
    compared: dict[str, Value] = {
        "and": lambda scope: one(scope) and other(scope),
        "or": lambda scope: one(scope) or other(scope),
        "==": lambda scope: one(scope) == other(scope),
        ">": lambda scope: one(scope) > other(scope),
    }
    if token.id not in compared:
        raise Unpressable(f"if with {token.id}")
    return compared[token.id]


def _for(node: Any) -> Draw:
    if node.is_reversed or len(node.loopvars) > 1 or node.nodelist_empty:
        raise Unpressable("a loop that is reversed, unpacks or has an empty arm")
    name, rows, body = node.loopvars[0], _value(node.sequence), plate(node.nodelist_loop)
    return lambda scope: "".join([body({**scope, name: row}) for row in rows(scope)])


def _with(node: Any) -> Draw:
    given, body = _named(node.extra_context), plate(node.nodelist)
    return lambda scope: body({**scope, **{name: value(scope) for name, value in given}})


def _named(pairs: dict[str, FilterExpression]) -> list[tuple[str, Value]]:
    return [(name, _value(expression)) for name, expression in pairs.items()]


def _translated(node: Any) -> Draw:
    """{% blocktranslate %}: the sentence is looked up now, unless it counts something."""
    if node.message_context:
        raise Unpressable("blocktranslate with context")
    given = _named(node.extra_context) + ([(node.countervar, _value(node.counter))] if node.countervar else [])
    singular, names = node.render_token_list(node.singular)
    plural = node.render_token_list(node.plural)[0] if node.plural else ""
    fixed = gettext(singular)

    def draw(scope: Scope) -> str:
        inner = {**scope, **{name: value(scope) for name, value in given}}
        sentence = ngettext(singular, plural, inner[node.countervar]) if plural else fixed
        text = sentence % {name: _said(inner[name]) for name in {*names, *(name for name, _ in given)}}
        if not node.asvar:
            return text
        scope[node.asvar] = SafeString(text)
        return ""

    return draw


def _tag(node: Any) -> Draw:
    if node.takes_context or node.target_var:
        raise Unpressable("a tag that reads or sets the context")
    function, args = node.func, [_value(arg) for arg in node.args]
    named = _named(node.kwargs)
    return lambda scope: _said(function(*[arg(scope) for arg in args], **{name: value(scope) for name, value in named}))


NODES: dict[type, Callable[[Any], str | Draw]] = {
    TextNode: lambda node: str(node.s),
    CommentNode: lambda node: "",
    LoadNode: lambda node: "",
    VariableNode: _variable,
    IfNode: _if,
    ForNode: _for,
    WithNode: _with,
    BlockTranslateNode: _translated,
    SimpleNode: _tag,
}
