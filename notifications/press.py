"""The email templates as functions: styles written in when a template is loaded, and each pressed into a plate for a language."""

import functools
from pathlib import Path
from typing import Any

from django.conf import settings
from django.template import Origin
from django.template.backends.django import DjangoTemplates
from django.template.loaders.filesystem import Loader

from postpurchase.ui.inline import inline_classes
from postpurchase.ui.plates import Draw, How, Nodes, plate

FOLDER = Path(settings.BASE_DIR) / "templates" / "email"


class StyledLoader(Loader):
    """Loads email templates with their styles already on the elements: mail programs drop stylesheets."""

    def get_contents(self, origin: Origin) -> str:
        """The template source; an HTML one with its classes inlined."""
        source = super().get_contents(origin)
        return inline_classes(source, _styles()) if origin.name.endswith(".html") else source


@functools.cache
def _styles() -> str:
    return (FOLDER / "styles.css").read_text()


@functools.cache
def engine() -> DjangoTemplates:
    """The engine of email templates only."""
    loader = ("django.template.loaders.cached.Loader", [("notifications.press.StyledLoader", [FOLDER.parent])])
    return DjangoTemplates({"NAME": "email", "DIRS": [], "APP_DIRS": False, "OPTIONS": {"loaders": [loader]}})


def _nodes(name: str) -> Nodes:
    template: Any = engine().get_template(name).template
    nodes: Nodes = template.nodelist
    return nodes


@functools.cache
def pressed(name: str, language: str) -> Draw:
    """The template as a function. Call it with the language active."""
    return plate(_nodes(f"email/{name}"), How(load=_nodes))
