"""Text in a shopper's template that no translator will ever see."""

import re
from collections.abc import Iterator
from html.parser import HTMLParser

from console.tongues.marked import ROOT, templates

MARKED = re.compile(
    r"{% comment %}.*?{% endcomment %}|{% blocktranslate.*?{% endblocktranslate %}|{% block body_class %}.*?{% endblock %}|{%.*?%}|{{.*?}}",
    re.DOTALL,
)
UNSEEN = re.compile(r"<style>.*?</style>|<!--.*?-->", re.DOTALL)
WORD = re.compile(r"[^\W\d_]+")
READ = {"alt", "title", "aria-label", "placeholder", "label"}
NO_WORDS = {"x"}  # 2 x Linen shirt


def everywhere() -> Iterator[str]:
    """'file: text' for each."""
    for file in templates():
        found = words_in(file.read_text(), html=file.suffix == ".html")
        if found:
            yield f"{file.relative_to(ROOT)}: not marked for translation: {' '.join(found)}"


def words_in(source: str, *, html: bool) -> list[str]:
    """The words of a template that stand outside {% translate %} and its like."""
    bare = MARKED.sub("", source)
    said = _read_aloud(UNSEEN.sub("", bare)) if html else bare
    return [word for word in WORD.findall(said) if word not in NO_WORDS]


def _read_aloud(html: str) -> str:
    parser = _Reader()
    parser.feed(html)
    parser.close()
    return " ".join(parser.said)


class _Reader(HTMLParser):
    """Collects what people see or hear."""

    def __init__(self) -> None:
        super().__init__()
        self.said: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.said += [value or "" for name, value in attrs if name in READ]

    def handle_data(self, data: str) -> None:
        self.said.append(data)
