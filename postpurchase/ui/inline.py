"""Writes the styles of an email into its elements, once per template source, before anything is rendered.

Mail programs need styles on the element. An HTML parser cannot do this on a template: it moves {% for %} out of tables.
So the email's stylesheet holds class rules only, and each class attribute is followed by the style it stands for.
"""

import re
from functools import lru_cache
from typing import Final

_RULE: Final = re.compile(r"\.([\w-]+)\s*\{((?:[^{}]|\{\{[^{}]*\}\})*)\}")
_CLASS: Final = re.compile(r'class="([\w\s-]+)"')
_BRAND: Final = re.compile(r"var\(--([\w-]+)\)")


@lru_cache(maxsize=8)
def _rules(css: str) -> dict[str, str]:
    plain = re.sub(r"/\*.*?\*/", "", css, flags=re.DOTALL)
    branded = _BRAND.sub(lambda found: "{{ brand." + found[1].replace("-", "_") + " }}", plain)
    return {name: " ".join(body.split()).rstrip(";") for name, body in _RULE.findall(branded)}


def inline_classes(source: str, css: str) -> str:
    """The template source with a style attribute beside every class that has a rule in `css`; later rules come later.

    var(--accent) in the stylesheet becomes the template variable brand.accent. Classes without a rule are left alone.
    """
    rules = _rules(css)

    def styled(found: re.Match[str]) -> str:
        names = set(found[1].split())
        style = "; ".join(body for name, body in rules.items() if name in names)
        return f'{found[0]} style="{style}"' if style else found[0]

    return _CLASS.sub(styled, source)
