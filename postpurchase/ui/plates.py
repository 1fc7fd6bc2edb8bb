"""Django templates turned into plain functions: the same text, at a fraction of the cost of walking the node tree.

It knows the tags that our pages for shoppers and our emails use, and refuses the rest. Tests hold what it draws beside what Django draws.
Each becomes a Python function. A value is a name of the scope, then attributes of objects or keys of dictionaries; what is missing is ''.
One difference stays: a name that is set in a loop lasts for its round, where Django keeps it for the next.
"""

import operator
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from django.template.base import FilterExpression, TextNode, Variable, VariableNode
from django.template.defaulttags import AutoEscapeControlNode, CommentNode, FirstOfNode, ForNode, IfNode, LoadNode, WithNode
from django.template.library import SimpleNode
from django.template.loader_tags import BlockNode, ExtendsNode, IncludeNode
from django.templatetags.i18n import BlockTranslateNode, GetCurrentLanguageBidiNode, GetCurrentLanguageNode, TranslateNode
from django.utils.safestring import SafeString
from django.utils.translation import get_language, get_language_bidi, gettext, ngettext

from postpurchase.ui.mould import Draw as Draw
from postpurchase.ui.mould import Mould, Names

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

    def said(self, expression: str) -> str:
        """The value of an expression as text."""
        return f"said({expression})" if self.escaping else f"str({expression})"


def plate(nodes: Nodes, how: How | None = None) -> Draw:
    """A function from the names a template is given to its text, in the language that is active now. Raises Unpressable."""
    mould = Mould()
    _all(nodes, how or How(), mould)
    return mould.cast()


def _all(nodes: Nodes, how: How, mould: Mould) -> None:
    for node in nodes:
        write = NODES.get(type(node))
        if write is None:
            raise Unpressable(f"no plate for {type(node).__name__}")
        write(node, how, mould)


def _value(expression: FilterExpression, mould: Mould) -> str:
    """What an expression stands for: a constant, a name, or parts of one, through filters that take nothing else."""
    found = _read(expression.var, mould)
    for function, args in expression.filters:
        if args:
            raise Unpressable("a filter with an argument")
        found = f"{mould.keep(function)}({found})"
    return found


def _read(var: Any, mould: Mould) -> str:
    if not isinstance(var, Variable) or var.literal is not None:
        return mould.keep(var.literal if isinstance(var, Variable) else var)
    name, *keys = var.lookups or ()
    if name == "forloop":
        if keys not in (["counter"], ["first"], ["last"]):
            raise Unpressable(f"{var} is not counted")
        return mould.find(f"forloop.{keys[0]}")
    found = mould.find(name)
    for key in keys:
        found = f"part({found}, {key!r})"
    return found


def _constant(expression: FilterExpression) -> str:
    if isinstance(expression.var, Variable):
        raise Unpressable("a template whose name is not written out")
    return str(expression.var)


def _variable(node: Any, how: How, mould: Mould) -> None:
    mould.draw(how.said(_value(node.filter_expression, mould)))


def _if(node: Any, how: How, mould: Mould) -> None:
    word = "if"
    for condition, nodes in node.conditions_nodelists:
        head = f"{word} {_condition(condition, mould)}:" if condition else "else:"
        with mould.under(head):
            _all(nodes, how, mould)
        word = "elif"


def _condition(token: Any, mould: Mould) -> str:
    if token.id == "literal":
        return _value(token.value, mould)
    if token.id == "not":
        return f"(not {_condition(token.first, mould)})"
    one, other = _condition(token.first, mould), _condition(token.second, mould)
    if token.id in ("and", "or", "=="):
        return f"({one} {token.id} {other})"
    if token.id not in COMPARED:
        raise Unpressable(f"if with {token.id}")
    return f"{mould.keep(_compare)}({mould.keep(COMPARED[token.id])}, {one}, {other})"


COMPARED: dict[str, Callable[[Any, Any], bool]] = {">": operator.gt, "<=": operator.le}


def _compare(compare: Callable[[Any, Any], bool], one: Any, other: Any) -> bool:
    try:
        return compare(one, other)
    except TypeError:  # one of them is missing
        return False


def _for(node: Any, how: How, mould: Mould) -> None:
    if node.is_reversed or len(node.loopvars) > 1 or node.nodelist_empty:
        raise Unpressable("a loop that is reversed, unpacks or has an empty arm")
    every, at, row = mould.fresh(), mould.fresh(), mould.fresh()
    mould.line(f"{every} = list({_value(node.sequence, mould)})")
    names = {node.loopvars[0]: row, "forloop.counter": at, "forloop.first": f"({at} == 1)", "forloop.last": f"({at} == len({every}))"}
    with mould.under(f"for {at}, {row} in enumerate({every}, 1):"), mould.inside(names):
        _all(node.nodelist_loop, how, mould)


def _with(node: Any, how: How, mould: Mould) -> None:
    with mould.inside(_held(node.extra_context, mould)):
        _all(node.nodelist, how, mould)


def _include(node: Any, how: How, mould: Mould) -> None:
    body = how.load(_constant(node.template))
    with mould.inside(_held(node.extra_context, mould), alone=node.isolated_context):
        _all(body, replace(how, blocks={}), mould)


def _extends(node: Any, how: How, mould: Mould) -> None:
    own = {block.name: block.nodelist for block in node.nodelist.get_nodes_by_type(BlockNode)}
    _all(how.load(_constant(node.parent_name)), replace(how, blocks={**own, **how.blocks}), mould)


def _block(node: Any, how: How, mould: Mould) -> None:
    _all(how.blocks.get(node.name, node.nodelist), how, mould)


def _escaping(node: Any, how: How, mould: Mould) -> None:
    _all(node.nodelist, replace(how, escaping=node.setting), mould)


def _first_of(node: Any, how: How, mould: Mould) -> None:
    if node.asvar:
        raise Unpressable("firstof into a name")
    mould.draw(how.said(f"({' or '.join(_value(expression, mould) for expression in node.vars)} or '')"))


def _named(pairs: dict[str, FilterExpression], mould: Mould) -> Names:
    return {name: _value(expression, mould) for name, expression in pairs.items()}


def _held(pairs: dict[str, FilterExpression], mould: Mould) -> Names:
    """The same, each evaluated once."""
    found = {}
    for name, expression in _named(pairs, mould).items():
        found[name] = mould.fresh()
        mould.line(f"{found[name]} = {expression}")
    return found


def _text(node: Any, how: How, mould: Mould) -> None:
    """{% translate %}: looked up now. The text of a template is safe."""
    literal = getattr(node.filter_expression.var, "literal", None)
    if not isinstance(literal, str) or node.message_context or node.noop or node.filter_expression.filters:
        raise Unpressable("translate with anything but a text")
    text = gettext(literal).replace("%%", "%")
    if node.asvar:
        mould.set(node.asvar, mould.keep(SafeString(text)))
    else:
        mould.text(text)


def _translated(node: Any, how: How, mould: Mould) -> None:
    """{% blocktranslate %}: the sentence is looked up now, unless it counts something."""
    if node.message_context:
        raise Unpressable("blocktranslate with context")
    given = _named(node.extra_context, mould) | (_named({node.countervar: node.counter}, mould) if node.countervar else {})
    singular, found = node.render_token_list(node.singular)
    plural, more = node.render_token_list(node.plural) if node.plural else ("", [])
    fixed = f"{mould.keep(ngettext)}({singular!r}, {plural!r}, {given[node.countervar]})" if plural else repr(gettext(singular))
    said = [f"{name!r}: {how.said(given.get(name) or mould.find(name))}" for name in sorted({*found, *more, *given})]
    text = f"({fixed} % {{{', '.join(said)}}})"
    if node.asvar:
        mould.set(node.asvar, f"{mould.keep(SafeString)}({text})")
    else:
        mould.draw(text)


def _tag(node: Any, how: How, mould: Mould) -> None:
    if node.takes_context or node.target_var:
        raise Unpressable("a tag that reads or sets the context")
    named = [f"{name}={value}" for name, value in _named(node.kwargs, mould).items()]
    mould.draw(how.said(f"{mould.keep(node.func)}({', '.join([*(_value(arg, mould) for arg in node.args), *named])})"))


NODES: dict[type, Callable[[Any, How, Mould], None]] = {
    TextNode: lambda node, how, mould: mould.text(str(node.s)),
    CommentNode: lambda node, how, mould: None,
    LoadNode: lambda node, how, mould: None,
    GetCurrentLanguageNode: lambda node, how, mould: mould.set(node.variable, mould.keep(get_language())),
    GetCurrentLanguageBidiNode: lambda node, how, mould: mould.set(node.variable, mould.keep(get_language_bidi())),
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
