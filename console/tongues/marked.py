"""Which texts are marked for translation, and where: read from the syntax of our Python files and from the nodes of our templates."""

import ast
from collections.abc import Iterable, Iterator
from fnmatch import fnmatch
from pathlib import Path
from typing import Any, NamedTuple

from django.conf import settings
from django.template import Node, engines
from django.templatetags.i18n import BlockTranslateNode, TranslateNode

ROOT: Path = settings.BASE_DIR
TEMPLATES = ROOT / "templates"
OURS = (
    "alerts", "api", "backtest", "brands", "bulk", "console", "dashboard", "desk", "domains", "integrations", "notifications", "orders",
    "portal", "postpurchase", "tracking", "transfers", "templates",
)  # fmt: skip
# What a shopper may read: the portal, the messages, and the parts of the ground that both use. All else is the team's.
SHOPPER = (
    "portal/*", "notifications/placeholders.py", "notifications/render.py", "notifications/designs/builtin.py",
    "postpurchase/ui/words.py", "postpurchase/ui/parcels.py",
    "postpurchase/ui/templatetags/ui.py", "templates/portal/*", "templates/email/*", "templates/sms/*",
    "notifications/texts.py", "notifications/text_inbound.py", "notifications/text_accounts.py",
    "templates/404.html", "templates/429.html", "templates/500.html", "templates/403_csrf.html", "templates/lone.html",
    "templates/base.html", "templates/ui/_parcel.html", "templates/ui/_track.html", "templates/ui/_items.html", "templates/ui/_field.html",
)  # fmt: skip
# Of that, what stands on the tracking page and the pages behind it: they speak some languages more than the messages.
PAGES = (
    "portal/*", "postpurchase/ui/*", "templates/portal/*", "templates/ui/*", "templates/base.html", "templates/lone.html",
    "templates/404.html", "templates/429.html", "templates/500.html", "templates/403_csrf.html",
)  # fmt: skip
ONE = {"gettext", "gettext_lazy", "gettext_noop", "told"}
COUNTED = {"ngettext", "ngettext_lazy"}
MEANT = {"pgettext", "pgettext_lazy"}


class Text(NamedTuple):
    """A marked text; `plural` is '' where it counts nothing, `context` where the English says all."""

    singular: str
    plural: str = ""
    context: str = ""


Places = dict[Text, list[tuple[str, int]]]  # a text -> files and lines that have it


def by_door() -> dict[str, Places]:
    """The texts of 'shopper' and of 'dashboard'; what both have is the shopper's. 'portal': those of the shopper's that pages have."""
    shopper, team = Places(), Places()
    for file in _files():
        name = file.relative_to(ROOT).as_posix()
        found = shopper if is_shoppers(name) else team
        for text, line in _in_template(file) if file.suffix != ".py" else _in_python(file):
            found.setdefault(text, []).append((name, line))
    pages = {text: [one for one in places if on_pages(one[0])] for text, places in shopper.items()}
    return {
        "shopper": shopper,
        "portal": {text: places for text, places in pages.items() if places},
        "dashboard": {text: places for text, places in team.items() if text not in shopper},
    }


def is_shoppers(name: str) -> bool:
    """Whether shoppers read what this file says."""
    return any(fnmatch(name, pattern) for pattern in SHOPPER)


def on_pages(name: str) -> bool:
    """Whether what this file says stands on a shopper's page."""
    return any(fnmatch(name, pattern) for pattern in PAGES)


def templates() -> Iterator[Path]:
    """The templates that shoppers read."""
    return (file for file in _files() if file.suffix != ".py" and is_shoppers(file.relative_to(ROOT).as_posix()))


def _files() -> Iterable[Path]:
    for folder in OURS:
        for file in sorted((ROOT / folder).rglob("*")):
            if file.suffix in (".py", ".html", ".txt") and "migrations" not in file.parts:
                yield file


def _in_python(file: Path) -> Iterator[tuple[Text, int]]:
    source = file.read_text()
    if "translation" not in source and "tongue" not in source:
        return
    tree = ast.parse(source)
    meant = dict(_imported(tree))
    for node in ast.walk(tree):
        if not isinstance(node, ast.Call):
            continue
        called = node.func.id if isinstance(node.func, ast.Name) else node.func.attr if isinstance(node.func, ast.Attribute) else ""
        said = [arg.value for arg in node.args if isinstance(arg, ast.Constant) and isinstance(arg.value, str)]
        name = meant.get(called, called)
        if name in MEANT and len(said) == 2:
            yield Text(said[1], context=said[0]), node.lineno
        elif name in ONE and len(said) == 1:
            yield Text(said[0]), node.lineno
        elif name in COUNTED and len(said) == 2:
            yield Text(*said), node.lineno


def _imported(tree: ast.Module) -> Iterator[tuple[str, str]]:
    """Name in the file -> what it is called where it comes from."""
    for node in ast.walk(tree):
        if isinstance(node, ast.ImportFrom):
            yield from ((one.asname, one.name) for one in node.names if one.asname)


def _in_template(file: Path) -> Iterator[tuple[Text, int]]:
    engine: Any = engines["django"]
    nodes = engine.engine.get_template(file.relative_to(TEMPLATES).as_posix()).nodelist.get_nodes_by_type(Node)
    for node in nodes:
        line = node.token.lineno if node.token else 1
        if isinstance(node, TranslateNode):
            context = str(node.message_context.var) if node.message_context else ""
            yield Text(str(node.filter_expression.var.literal), context=context), line
        elif isinstance(node, BlockTranslateNode):
            plural = node.render_token_list(node.plural)[0] if node.plural else ""
            yield Text(node.render_token_list(node.singular)[0], plural), line
