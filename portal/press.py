"""Templates made ready for one language: what is constant is written into the source before it is compiled.

Fixed texts, icons and included parts cost as much at every drawing as what really differs. Here they are paid once per language.
"""

import re
from functools import lru_cache

from django.template import Context, Template, engines
from django.utils.html import escape
from django.utils.translation import gettext, override

from postpurchase.ui.templatetags.ui import icon

INCLUDE = re.compile(r'{% include "([\w/.]+)"(?: with (.+?))?(?: only)? %}')
TEXT = re.compile(r'{% translate "([^"]*)" %}')
ICON = re.compile(r'{% icon "([\w-]+)"(?: "([\w -]*)")? %}')
NOTE = re.compile(r"{% comment %}.*?{% endcomment %}\s*", re.DOTALL)


@lru_cache(maxsize=64)
def ready(name: str, language: str) -> Template:
    """The template with its includes, fixed texts and icons in place. A part reads the names it is given, so `only` changes nothing."""
    with override(language):
        source = ICON.sub(lambda found: icon(found[1], found[2] or ""), _whole(name))
        source = TEXT.sub(lambda found: str(escape(gettext(found[1]))), source)
        return engines["django"].engine.from_string(source)  # type: ignore[attr-defined, no-any-return]


def press(name: str, language: str, **values: object) -> str:
    """The template drawn with these values."""
    drawn: str = ready(name, language).render(Context(values))
    return drawn


def _whole(name: str) -> str:
    """The source of a template with the sources of all it includes."""
    template: Template = engines["django"].engine.get_template(name)  # type: ignore[attr-defined]
    return INCLUDE.sub(_part, NOTE.sub("", str(template.source)))


def _part(found: re.Match[str]) -> str:
    name, given = found[1], found[2]
    named = " ".join(pair for pair in (given or "").split() if len(set(pair.split("="))) == 2)
    return f"{{% with {named} %}}{_whole(name)}{{% endwith %}}" if named else _whole(name)
