"""Which names the texts of a design use, and which of them nothing has."""

from collections.abc import Iterator

from django.utils.translation import gettext as _

from notifications.designs.content import Content
from notifications.designs.drawing import BadField, ready
from notifications.lint.finding import ERROR, Finding
from notifications.liquid.sandbox import Text
from notifications.liquid.vocabulary import KNOWN, LISTS, NAMES


def unreadable(content: Content) -> Iterator[Finding]:
    """Liquid that cannot be read, in any language; and names that nothing has."""
    seen: set[tuple[str, str]] = set()
    for language in (content.language, *sorted(content.words)):
        try:
            texts = ready(content, language).texts
        except BadField as error:
            yield Finding(ERROR, "liquid", error.said, _("Mend the text."), error.field.block, language)
            continue
        for key, (field, text) in texts.items():
            for name in sorted(unknown(text)):
                if (key, name) not in seen:
                    seen.add((key, name))
                    yield Finding(ERROR, "unknown", _("Nothing is called “%s”.") % name, near(name), field.block, language)


def used(text: Text) -> set[str]:
    """The names that a text asks for from outside: order.first_name."""
    if text.template is None:
        return set()
    asked = text.template.analyze(include_partials=False).globals
    return {_path(one.segments) for found in asked.values() for one in found}


def unknown(text: Text) -> set[str]:
    """Those of them that nothing has."""
    return {name for name in used(text) if name not in KNOWN and not _within(name)}


def _within(name: str) -> bool:
    """Whether it is a part of a list, or how long one is."""
    return any(name == one or name.startswith((f"{one}.", f"{one}[")) for one in LISTS)


def _path(segments: object) -> str:
    parts = segments if isinstance(segments, list) else [segments]
    return ".".join(part if isinstance(part, str) else "0" for part in parts)


def near(name: str) -> str:
    """What to do about it: the name that was meant, where one is like it."""
    last = name.rpartition(".")[2]
    found = next((one.name for one in NAMES if one.name.rpartition(".")[2] == last or one.name.startswith(f"{name}.")), "")
    return _("Did you mean “%s”? Insert names from the list.") % found if found else _("Insert names from the list.")


def tells_of_parcel(text: Text) -> bool:
    """Whether it names what only messages about a parcel know."""
    parcels = {one.name for one in NAMES if one.of_parcel}
    return any(name in parcels or name.startswith("shipment.") for name in used(text))


def of_parcel(content: Content) -> bool:
    """Whether the design speaks of a parcel: it is then drawn for orders that have one."""
    try:
        return any(tells_of_parcel(text) for _field, text in ready(content, content.language).texts.values())
    except BadField:
        return False
