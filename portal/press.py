"""Templates made ready for one language: what is constant is written into the source before it is compiled.

Fixed texts, icons and included parts cost as much at every drawing as what really differs. Here they are paid once per language.
"""

import re
from functools import lru_cache
from html import escape

from django.template import Template, engines
from django.utils.translation import gettext, override

from postpurchase.ui.plates import Draw, plate
from postpurchase.ui.templatetags.ui import icon

INCLUDE = re.compile(r'{% include "([\w/.]+)"(?: with (.+?))?(?: only)? %}')
TEXT = re.compile(r'{% translate "([^"]*)" %}')
ICON = re.compile(r'{% icon "([\w-]+)"(?: "([\w -]*)")? %}')
NOTE = re.compile(r"{% comment %}.*?{% endcomment %}\s*", re.DOTALL)


@lru_cache(maxsize=128)
def ready(name: str, language: str) -> Draw:
    """The template as a function, includes, fixed texts and icons in place. A part reads only what it is given: `only` changes nothing."""
    with override(language):
        source = ICON.sub(lambda found: icon(found[1], found[2] or ""), _whole(name))
        source = TEXT.sub(lambda found: escape(gettext(found[1])), source)
        return plate(engines["django"].engine.from_string(source).nodelist)  # type: ignore[attr-defined]


def press(name: str, language: str, **values: object) -> str:
    """The template drawn with these values, in that language, which must be active."""
    return ready(name, language)(dict(values))


def _whole(name: str) -> str:
    """The source of a template with the sources of all it includes."""
    template: Template = engines["django"].engine.get_template(name)  # type: ignore[attr-defined]
    return INCLUDE.sub(_part, NOTE.sub("", str(template.source)))


def _part(found: re.Match[str]) -> str:
    name, given = found[1], found[2]
    named = " ".join(pair for pair in (given or "").split() if len(set(pair.split("="))) == 2)
    return f"{{% with {named} %}}{_whole(name)}{{% endwith %}}" if named else _whole(name)
