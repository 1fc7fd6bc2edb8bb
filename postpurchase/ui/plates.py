"""Django templates turned into plain functions: the same text, at a fraction of the cost of walking the node tree.

It knows the tags that our pages for shoppers and our emails use, and refuses the rest. Tests hold what it draws beside what Django draws.
A value is a name of the scope, then attributes of objects or keys of dictionaries; what is missing is ''.
"""

import operator
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace
from html import escape
from typing import Any

from django.template.base import FilterExpression, Node, TextNode, Variable, VariableNode
from django.template.defaulttags import AutoEscapeControlNode, CommentNode, FirstOfNode, ForNode, IfNode, LoadNode, WithNode
from django.template.library import SimpleNode
from django.template.loader_tags import BlockNode, ExtendsNode, IncludeNode
from django.templatetags.i18n import BlockTranslateNode, GetCurrentLanguageBidiNode, GetCurrentLanguageNode, TranslateNode
from django.utils.safestring import SafeString
from django.utils.translation import get_language, get_language_bidi, gettext, ngettext

Scope = dict[str, Any]
Value = Callable[[Scope], Any]
Draw = Callable[[Scope], str]
Nodes = Iterable[Any]


class Unpressable(ValueError):
    """The template uses something that has no plate."""


def no_parts(name: str) -> Nodes:
    """Where templates stand alone."""
    raise Unpressable(f"nothing to load {name} with")


@dataclass(frozen=True)
class How:
    """What the templates around a node have decided. `load` gives the nodes of a template by its name."""

    load: Callable[[str], Nodes] = no_parts
    escaping: bool = True
    blocks: Mapping[str, Nodes] = field(default_factory=dict)  # of the templates that extend this one

    def said(self, value: Any) -> str:
        """A value as text, escaped unless it is marked safe."""
        return escape(str(value)) if self.escaping and not isinstance(value, SafeString) else str(value)


def plate(nodes: Nodes, how: How | None = None) -> Draw:
    """A function from the names a template is given to its text, in the language that is active now. Raises Unpressable.

    It may add names to the scope it is given.
    """
    here = how or How()
    parts = [part for part in (_node(node, here) for node in nodes) if part != ""]

    def draw(scope: Scope) -> str:
        return "".join([part if part.__class__ is str else part(scope) for part in parts])  # type: ignore[operator]

    return draw


def _node(node: Node, how: How) -> str | Draw:
    make = NODES.get(type(node))
    if make is None:
        raise Unpressable(f"no plate for {type(node).__name__}")
    return make(node, how)


def _value(expression: FilterExpression) -> Value:
    """What an expression stands for: a constant, a name, or parts of one, through filters that take nothing else."""
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
    name, *keys = var.lookups or ()
    if name == "forloop" and keys not in (["counter"], ["first"], ["last"]):
        raise Unpressable(f"{var} is not counted")
    if not keys:
        return lambda scope: scope.get(name, "")
    if len(keys) == 1:
        key = keys[0]
        return lambda scope: _part(scope.get(name, ""), key)

    def read(scope: Scope) -> Any:
        value = scope.get(name, "")
        for each in keys:
            value = _part(value, each)
        return value

    return read


def _part(value: Any, key: str) -> Any:
    if value.__class__ is dict:
        return value.get(key, "")
    return "" if value == "" or value is None else getattr(value, key)


def _constant(expression: FilterExpression) -> str:
    if isinstance(expression.var, Variable):
        raise Unpressable("a template whose name is not written out")
    return str(expression.var)


def _variable(node: Any, how: How) -> Draw:
    value, said = _value(node.filter_expression), how.said
    return lambda scope: said(value(scope))


def _if(node: Any, how: How) -> Draw:
    arms = [(_condition(condition) if condition else None, plate(nodes, how)) for condition, nodes in node.conditions_nodelists]

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
    if token.id == "and":
        return lambda scope: one(scope) and other(scope)
    if token.id == "or":
        return lambda scope: one(scope) or other(scope)
    if token.id not in COMPARED:
        raise Unpressable(f"if with {token.id}")
    return _compared(COMPARED[token.id], one, other)


COMPARED: dict[str, Callable[[Any, Any], bool]] = {"==": operator.eq, ">": operator.gt, "<=": operator.le}


def _compared(compare: Callable[[Any, Any], bool], one: Value, other: Value) -> Value:
    def holds(scope: Scope) -> bool:
        try:
            return compare(one(scope), other(scope))
        except TypeError:  # one of them is missing
            return False

    return holds


def _for(node: Any, how: How) -> Draw:
    if node.is_reversed or len(node.loopvars) > 1 or node.nodelist_empty:
        raise Unpressable("a loop that is reversed, unpacks or has an empty arm")
    name, rows, body = node.loopvars[0], _value(node.sequence), plate(node.nodelist_loop, how)

    def draw(scope: Scope) -> str:
        every = list(rows(scope))
        count = len(every)
        loops = ({"counter": at, "first": at == 1, "last": at == count} for at in range(1, count + 1))
        return "".join([body({**scope, name: row, "forloop": loop}) for row, loop in zip(every, loops, strict=True)])

    return draw


def _with(node: Any, how: How) -> Draw:
    given, body = _named(node.extra_context), plate(node.nodelist, how)
    return lambda scope: body({**scope, **{name: value(scope) for name, value in given}})


def _include(node: Any, how: How) -> Draw:
    body = plate(how.load(_constant(node.template)), replace(how, blocks={}))
    given, alone = _named(node.extra_context), node.isolated_context
    return lambda scope: body({**({} if alone else scope), **{name: value(scope) for name, value in given}})


def _extends(node: Any, how: How) -> Draw:
    own = {block.name: block.nodelist for block in node.nodelist.get_nodes_by_type(BlockNode)}
    return plate(how.load(_constant(node.parent_name)), replace(how, blocks={**own, **how.blocks}))


def _block(node: Any, how: How) -> Draw:
    return plate(how.blocks.get(node.name, node.nodelist), how)


def _escaping(node: Any, how: How) -> Draw:
    return plate(node.nodelist, replace(how, escaping=node.setting))


def _first_of(node: Any, how: How) -> Draw:
    values, said = [_value(expression) for expression in node.vars], how.said
    if node.asvar:
        raise Unpressable("firstof into a name")
    return lambda scope: next((said(found) for value in values if (found := value(scope))), "")


def _named(pairs: dict[str, FilterExpression]) -> list[tuple[str, Value]]:
    return [(name, _value(expression)) for name, expression in pairs.items()]


def _text(node: Any, how: How) -> str | Draw:
    """{% translate %}: looked up now. The text of a template is safe."""
    literal = getattr(node.filter_expression.var, "literal", None)
    if not isinstance(literal, str) or node.message_context or node.noop or node.filter_expression.filters:
        raise Unpressable("translate with anything but a text")
    text = gettext(literal).replace("%%", "%")
    return _set(node.asvar, SafeString(text)) if node.asvar else text


def _set(name: str, value: Any) -> Draw:
    def draw(scope: Scope) -> str:
        scope[name] = value
        return ""

    return draw


def _translated(node: Any, how: How) -> Draw:
    """{% blocktranslate %}: the sentence is looked up now, unless it counts something."""
    if node.message_context:
        raise Unpressable("blocktranslate with context")
    given = _named(node.extra_context) + ([(node.countervar, _value(node.counter))] if node.countervar else [])
    singular, found = node.render_token_list(node.singular)
    plural = node.render_token_list(node.plural)[0] if node.plural else ""
    fixed, names, said = gettext(singular), {*found, *(name for name, _ in given)}, how.said

    def draw(scope: Scope) -> str:
        inner = {**scope, **{name: value(scope) for name, value in given}}
        sentence = ngettext(singular, plural, inner[node.countervar]) if plural else fixed
        text = sentence % {name: said(inner.get(name, "")) for name in names}
        return _set(node.asvar, SafeString(text))(scope) if node.asvar else text

    return draw


def _tag(node: Any, how: How) -> Draw:
    if node.takes_context or node.target_var:
        raise Unpressable("a tag that reads or sets the context")
    function, args, said = node.func, [_value(arg) for arg in node.args], how.said
    named = _named(node.kwargs)
    return lambda scope: said(function(*[arg(scope) for arg in args], **{name: value(scope) for name, value in named}))


NODES: dict[type, Callable[[Any, How], str | Draw]] = {
    TextNode: lambda node, how: str(node.s),
    CommentNode: lambda node, how: "",
    LoadNode: lambda node, how: "",
    GetCurrentLanguageNode: lambda node, how: _set(node.variable, get_language()),
    GetCurrentLanguageBidiNode: lambda node, how: _set(node.variable, get_language_bidi()),
    VariableNode: _variable,
    IfNode: _if,
    ForNode: _for,
    WithNode: _with,
    IncludeNode: _include,
    ExtendsNode: _extends,
    BlockNode: _block,
    AutoEscapeControlNode: _escaping,
    FirstOfNode: _first_of,
    TranslateNode: _text,
    BlockTranslateNode: _translated,
    SimpleNode: _tag,
}
