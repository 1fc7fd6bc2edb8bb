"""The templates of emails and texts as functions: styles written in when one is loaded, and each pressed into a plate for a language."""

import functools
from pathlib import Path
from typing import Any

from django.conf import settings
from django.template import Origin
from django.template.backends.django import DjangoTemplates
from django.template.loaders.filesystem import Loader

from postpurchase.ui.inline import inline_classes
from postpurchase.ui.plates import Draw, How, Nodes, plate

FOLDER = Path(settings.BASE_DIR) / "templates"


class StyledLoader(Loader):
    """Loads templates, those of emails with their styles already on the elements: mail programs drop stylesheets."""

    def get_contents(self, origin: Origin) -> str:
        """The template source; an HTML one with its classes inlined."""
        source = super().get_contents(origin)
        return inline_classes(source, _styles()) if origin.name.endswith(".html") else source


@functools.cache
def _styles() -> str:
    return (FOLDER / "email" / "styles.css").read_text()


@functools.cache
def engine() -> DjangoTemplates:
    """The engine of messages' templates only."""
    loader = ("django.template.loaders.cached.Loader", [("notifications.press.StyledLoader", [FOLDER])])
    return DjangoTemplates({"NAME": "messages", "DIRS": [], "APP_DIRS": False, "OPTIONS": {"loaders": [loader]}})


def _nodes(name: str) -> Nodes:
    template: Any = engine().get_template(name).template
    nodes: Nodes = template.nodelist
    return nodes


@functools.cache
def pressed(name: str, language: str) -> Draw:
    """The template ("email/shipped.html", "sms/shipped.txt") as a function. Call it with the language active."""
    return plate(_nodes(name), How(load=_nodes))
