"""What mail programs cannot show, found in an email's HTML."""

import re
from html.parser import HTMLParser

VOID = {"img", "br", "meta", "hr", "input"}
FORBIDDEN = re.compile(r"display:\s*(flex|grid|inline-flex)|position:|float:|var\(--|calc\(|@import|url\(|z-index|transform")
BLOCKS = {"div", "section", "header", "footer", "button", "form", "script", "iframe", "svg", "link", "video"}
STYLED = {"p", "h1", "h2", "td", "a"}


class Faults(HTMLParser):
    """Reads an email and says what is wrong with it."""

    def __init__(self, html: str) -> None:
        super().__init__(convert_charrefs=True)
        self.found: list[str] = []
        self.open: list[str] = []
        self.metas: dict[str, str] = {}
        self.feed(html)
        self._whole(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        named = {name: value or "" for name, value in attrs}
        if tag not in VOID:
            self.open.append(tag)
        allowed = tag == "div" and (named.get("role") == "main" or "hide" in named.get("class", ""))
        if tag in BLOCKS and not allowed:
            self.found.append(f"<{tag}> in an email")
        if FORBIDDEN.search(named.get("style", "")):
            self.found.append(f"style that mail programs drop: {named['style'][:80]}")
        if tag == "table" and named.get("role") != "presentation":
            self.found.append("a table without role=presentation")
        if tag == "img" and ("alt" not in named or not (named.get("width") or named.get("height"))):
            self.found.append(f"a picture without alt or size: {named}")
        if tag == "a" and not named.get("href", "").startswith(("https://", "mailto:")):
            self.found.append(f"a link to {named.get('href')!r}")
        if tag in STYLED and named.get("class") and "style" not in named:
            self.found.append(f"<{tag} class={named['class']}> depends on the stylesheet")
        if tag == "meta":
            self.metas[named.get("name", "")] = named.get("content", "")

    def handle_endtag(self, tag: str) -> None:
        if tag in VOID:
            return
        if not self.open or self.open.pop() != tag:
            self.found.append(f"</{tag}> closes something else")

    def _whole(self, html: str) -> None:
        if self.open:
            self.found.append(f"never closed: {self.open}")
        if len(html.encode()) >= 100_000:
            self.found.append("over 100 kB: Gmail cuts it off")
        if self.metas.get("color-scheme") != "light dark" or "prefers-color-scheme: dark" not in html:
            self.found.append("no dark mode")
        if "max-width: 560px" not in html or '<table role="presentation" width="560"' not in html:
            self.found.append("no width for phones or for Outlook")
        buttons, shapes = len(re.findall(r'class="btn font"', html)), html.count("<v:roundrect")
        if buttons != shapes:
            self.found.append(f"{buttons} buttons, {shapes} shapes for Outlook")
        if 'class="page" style="background:' not in html or not re.search(r"<html lang=\"[a-z-]+\" dir=", html):
            self.found.append("no ground or no language")


def faults(html: str) -> list[str]:
    """What is wrong, in words; [] for an email that every program can show."""
    return Faults(html).found
