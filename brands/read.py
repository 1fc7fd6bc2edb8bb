"""What the head of a shop's home page says about its look. Read as text: nothing of it is run, and nothing of it is kept as it stood."""

import html
import json
import re
from dataclasses import dataclass, field
from urllib.parse import urljoin

from postpurchase.lib.http import Fetched

HEAD = 300_000  # characters in which the head ends
UNSEEN = (("<!--", "-->"), ("<script", "</script"), ("<style", "</style"), ("<template", "</template"), ("<svg", "</svg"))
TAG = re.compile(r"<(meta|link|title)\b([^<>]{0,3000})>", re.I)
PAIR = re.compile(r"""([a-z:-]{1,40})\s*=\s*(?:"([^"]*)"|'([^']*)'|([^\s"'>]+))""", re.I)
HEX = re.compile(r"#(?:[0-9a-f]{3}|[0-9a-f]{6}|[0-9a-f]{8})", re.I)
RGB = re.compile(r"rgba?\(\s*(\d{1,3})[\s,]+(\d{1,3})[\s,]+(\d{1,3})\b", re.I)
SIZE = re.compile(r"(\d{1,4})x(\d{1,4})", re.I)
NAME = 80  # characters


@dataclass
class Look:
    """What was found, the best first. Pictures and manifest by their address, not yet fetched."""

    names: list[str] = field(default_factory=list)
    colours: list[str] = field(default_factory=list)  # #rrggbb
    pictures: list[str] = field(default_factory=list)
    manifest: str = ""


def head(page: Fetched) -> Look:
    """The look that the page's own head tells."""
    text = _text(page)
    metas: dict[str, str] = {}
    links: list[dict[str, str]] = []
    title = ""
    for tag in TAG.finditer(text):
        pairs = {name.lower(): html.unescape(a or b or c) for name, a, b, c in PAIR.findall(tag[2])}
        if tag[1].lower() == "title":
            title = title or text[tag.end() : tag.end() + 300].partition("<")[0]
        elif tag[1].lower() == "link":
            links.append(pairs)
        elif not ("theme-color" in pairs.get("name", "").lower() and "dark" in pairs.get("media", "")):
            metas.setdefault((pairs.get("property") or pairs.get("name") or "").lower(), pairs.get("content", ""))
    names = [metas.get(key, "") for key in ("og:site_name", "application-name", "apple-mobile-web-app-title")]
    return Look(
        names=[name for name in map(plain, [*names, before_slogan(html.unescape(title))]) if name],
        colours=[found for key in ("theme-color", "msapplication-tilecolor") if (found := colour(metas.get(key, "")))],
        pictures=_pictures(page.url, links, metas.get("og:image", "")),
        manifest=next((urljoin(page.url, one["href"]) for one in links if _is(one, "manifest") and one.get("href")), ""),
    )


def manifest(page: Fetched) -> Look:
    """The look that a web app's manifest tells; an empty one for what is no manifest."""
    try:
        told = json.loads(page.body)
    except (ValueError, RecursionError):
        return Look()
    if not isinstance(told, dict):
        return Look()
    icons = [icon for icon in told.get("icons") or [] if isinstance(icon, dict)] if isinstance(told.get("icons"), list) else []
    best = sorted(icons, key=lambda icon: -_size(str(icon.get("sizes", ""))))
    names = [plain(str(told.get(key) or "")) for key in ("name", "short_name")]
    colours = [colour(str(told.get(key) or "")) for key in ("theme_color", "background_color")]
    return Look(
        names=[name for name in names if name],
        colours=[one for one in colours if one],
        pictures=[urljoin(page.url, str(icon["src"])) for icon in best if icon.get("src") and "svg" not in str(icon.get("type", ""))],
    )


def _text(page: Fetched) -> str:
    """The head, without what is not for reading. Each search begins where the last one ended, so that no page takes long."""
    try:
        text = page.body.decode(page.charset or "utf-8", "replace")[:HEAD]
    except LookupError:
        text = page.body.decode("utf-8", "replace")[:HEAD]
    end = re.search(r"<body\b", text, re.I)
    text = text[: end.start()] if end else text
    for opens, closes in UNSEEN:
        text = _without(text, opens, closes)
    return text


def _without(text: str, opens: str, closes: str) -> str:
    low, parts, at = text.lower(), [], 0
    while (begin := low.find(opens, at)) >= 0:
        parts.append(text[at:begin])
        end = low.find(closes, begin)
        if end < 0:
            return "".join(parts)
        at = end + len(closes)
    return "".join([*parts, text[at:]])


def _is(link: dict[str, str], rel: str) -> bool:
    return rel in link.get("rel", "").lower().split()


def _pictures(base: str, links: list[dict[str, str]], shared: str) -> list[str]:
    """Icons made for a home screen first, then the picture for sharing, then what stands in a tab. Drawings (SVG) are left out."""
    usable = [one for one in links if one.get("href") and "svg" not in one.get("type", "") and not one["href"].lower().endswith(".svg")]
    touch = [one for one in usable if _is(one, "apple-touch-icon") or _is(one, "apple-touch-icon-precomposed")]
    icons = sorted((one for one in usable if _is(one, "icon")), key=lambda one: -_size(one.get("sizes", "")))
    touch.sort(key=lambda one: -_size(one.get("sizes", "180x180")))
    wanted = [*(one["href"] for one in touch), *([shared] if shared else []), *(one["href"] for one in icons)]
    return [urljoin(base, address.strip()) for address in dict.fromkeys(wanted) if not address.strip().startswith("data:")]


def _size(text: str) -> int:
    found = SIZE.search(text)
    return int(found[1]) if found else 0


def plain(text: str) -> str:
    """On one line, without control characters, short enough for a name."""
    kept = "".join(char if char.isprintable() else " " for char in text)
    return " ".join(kept.split())[:NAME].strip()


def before_slogan(title: str) -> str:
    """The shop's name in "Outdoor gear | Northlight" or "Northlight: gear for the cold": the shortest part."""
    parts = [part.strip() for part in re.split(r"\s[|·–—-]\s|:\s", title[:300]) if part.strip()]
    return min(parts, key=len) if parts else ""


def colour(text: str) -> str:
    """#rrggbb for what CSS calls a colour by numbers, '' for anything else."""
    text = text.strip()[:40]
    if HEX.fullmatch(text):
        digits = text[1:].lower()
        return "#" + ("".join(digit * 2 for digit in digits) if len(digits) == 3 else digits[:6])
    found = RGB.match(text)
    if found and all(int(part) <= 255 for part in found.groups()):
        return "#{:02x}{:02x}{:02x}".format(*map(int, found.groups()))
    return ""
