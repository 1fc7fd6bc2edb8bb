"""The little markup that a merchant's text may have, as it goes into an email, and the same as plain text."""

import re
from html import unescape
from typing import Final
from urllib.parse import urlsplit

import nh3
from django.conf import settings
from django.utils.safestring import SafeString

TAGS: Final = {"a", "b", "strong", "i", "em", "u", "br"}
_ANCHOR, _BREAK, _TAG = re.compile(r'<a href="([^"]*)">(.*?)</a>', re.S), re.compile(r"<br\s*/?>"), re.compile(r"<[^>]*>")


def schemes() -> set[str]:
    """Where links may lead: https and mail; plain http only where the product itself has no other (demo, tests)."""
    return {"https", "mailto"} if settings.BASE_URL.startswith("https:") else {"https", "mailto", "http"}


def cleaned(html: str) -> str:
    """What is left of the HTML when all but inline marks and honest links are taken out; line ends become breaks."""
    found: str = nh3.clean(html.strip().replace("\n", "<br>"), tags=TAGS, attributes={"a": {"href"}}, url_schemes=schemes(), link_rel=None)
    return found


def coloured(clean: str, link: str) -> SafeString:
    """Cleaned HTML with the style of links on each of them: mail programs drop stylesheets. `link`: #rrggbb."""
    return SafeString(clean.replace("<a ", f'<a class="lnk" style="color: {link}" '))


def plain(clean: str) -> str:
    """Cleaned HTML as text, addresses behind the words that led to them."""
    shown = _ANCHOR.sub(lambda found: found[2] if found[2] == found[1] else f"{found[2]} ({found[1]})", clean)
    return unescape(_TAG.sub("", _BREAK.sub("\n", shown)))


def address(url: str) -> str:
    """The address, if a button or picture may have it; else ''."""
    url = url.strip()
    try:
        parts = urlsplit(url)
    except ValueError:
        return ""
    whole = parts.scheme in schemes() and (bool(parts.hostname) or parts.scheme == "mailto") and not re.search(r"[\s\"'<>\\]", url)
    return url if whole else ""
