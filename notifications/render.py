"""From a case to subject, HTML and text: Django templates in the shopper's language, styles written in when a template is loaded."""

import functools
import zlib
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from django.conf import settings
from django.template import Origin
from django.template.backends.django import DjangoTemplates
from django.template.loaders.filesystem import Loader
from django.utils import timezone, translation
from django.utils.translation import gettext

from notifications import placeholders
from notifications.cases import Case
from postpurchase.ui import tongue, words
from postpurchase.ui.inline import inline_classes
from postpurchase.ui.plates import Draw, How, Nodes, plate
from tracking import zones

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
def _engine() -> DjangoTemplates:
    loader = ("django.template.loaders.cached.Loader", [("notifications.render.StyledLoader", [FOLDER.parent])])
    return DjangoTemplates({"NAME": "email", "DIRS": [], "APP_DIRS": False, "OPTIONS": {"loaders": [loader]}})


def _nodes(name: str) -> Nodes:
    template: Any = _engine().get_template(name).template
    nodes: Nodes = template.nodelist
    return nodes


@functools.cache
def _pressed(name: str, language: str) -> Draw:
    """The template as a function. Call it with the language active."""
    return plate(_nodes(f"email/{name}"), How(load=_nodes))


@dataclass(frozen=True)
class Rendered:
    """A message as the shopper will see it."""

    subject: str
    preheader: str
    html: str
    text: str


def render(case: Case) -> Rendered:
    """Draw a message in its locale and the brand's time zone."""
    name, language = case.message.template, tongue.nearest([case.message.locale]) or "en"
    with translation.override(language), timezone.override(zones.named(case.brand.time_zone)):
        context = placeholders.context(case)
        subject, _, preheader = _pressed(f"{name}.subject.txt", language)(context).strip().partition("\n")
        mark = f"[{gettext('Test')}] " if case.message.test else ""
        whole = {**context, "subject": one_line(mark + subject), "preheader": one_line(preheader)}
        html, text = _pressed(f"{name}.html", language)(whole), _pressed(f"{name}.txt", language)(whole)
        return Rendered(*(words.closed(part) for part in (whole["subject"], whole["preheader"], html, text)))


def one_line(text: str) -> str:
    """Text on one line, at most 300 characters: fit for a header."""
    return " ".join(text.split())[:300]


def packed(text: str) -> bytes:
    """Compressed, for MessageBody."""
    return zlib.compress(text.encode(), 1)


def unpacked(body: bytes | memoryview) -> str:
    """The text of a MessageBody column."""
    return zlib.decompress(bytes(body)).decode()
