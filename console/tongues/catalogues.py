"""The catalogues in locale/: brought up to date with the marked texts, compiled, and searched for faults. Needs no GNU gettext."""

import re
from collections.abc import Iterator
from datetime import UTC, datetime
from io import BytesIO
from pathlib import Path

from babel.messages import Catalog, Message
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po
from django.utils.translation import to_locale

from console.tongues.marked import ROOT, Places, Text
from postpurchase.ui import tongue

NAMED = re.compile(r"%\(\w+\)[sd]|%[sd]|\{\w*\}")
IDLE = re.compile(r'^"(?:Project|Report|POT|PO|Last|Language-Team|Generated)[\w-]*: .*\\n"\n', re.MULTILINE)  # headers
NEVER = datetime(2026, 1, 1, tzinfo=UTC)  # Babel would write the hour into what is compiled
TITLE = "# Postpurchase: what {door}s read, in {language}. Kept by `manage.py words`.\n#"


def path_of(door: str, language: str) -> Path:
    """The file of a door ('shopper', 'portal' or 'dashboard') and a language."""
    return ROOT / "locale" / door / to_locale(language) / "LC_MESSAGES" / "django.po"


def languages(door: str) -> list[str]:
    """The languages, but English, that the door is or is to be translated into."""
    return [code for code in tongue.MEANT[door] if code != "en"]


def read(door: str, language: str) -> Catalog:
    """The catalogue as it stands; an empty one where there is none."""
    path = path_of(door, language)
    if not path.exists():
        return _empty(door, language)
    with path.open("rb") as file:
        return read_po(file, locale=to_locale(language))


def update(door: str, language: str, places: Places) -> Catalog:
    """The catalogue with exactly these texts, and what was translated of them, written to its file. Nothing is guessed from alike texts."""
    old, fresh = read(door, language), _empty(door, language)
    for text in sorted(places, key=lambda text: (places[text][0], text)):
        known = old.get(text.singular, text.context or None)
        kept = known.string if known and _of(known) == text else ("", "")[: fresh.num_plurals] if text.plural else ""
        files = sorted({name for name, _line in places[text]})
        places_of = [(name, 0) for name in files]
        fresh.add(_id(text), kept, places_of, flags=known.flags if known else (), context=text.context or None)
    keep(door, language, fresh)
    return fresh


def keep(door: str, language: str, catalogue: Catalog) -> None:
    """Write it to its file, without headers that change at every run."""
    out = BytesIO()
    write_po(out, catalogue, width=120, include_lineno=False)
    path = path_of(door, language)
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(IDLE.sub("", out.getvalue().decode()), encoding="utf-8")


def compiled(catalogue: Catalog) -> bytes:
    """What gettext reads. The same catalogue is the same bytes."""
    catalogue.creation_date = catalogue.revision_date = NEVER
    out = BytesIO()
    write_mo(out, catalogue)
    return out.getvalue()


def untranslated(catalogue: Catalog) -> list[str]:
    """Texts without a translation, or with a form of the plural missing, or marked as doubtful."""
    return [str(one.id) for one in catalogue if one.id and (one.fuzzy or not all(_strings(one)) or _short(one, catalogue))]


def faults(door: str, language: str, places: Places) -> Iterator[str]:
    """What keeps the catalogue from being shown: gaps, texts nobody marks, names of values that differ, a stale compilation."""
    catalogue = read(door, language)
    known = {_of(one) for one in catalogue if one.id}
    yield from (f"not in the catalogue: {text.singular!r}" for text in places if text not in known)
    yield from (f"marked nowhere any more: {text.singular!r}" for text in known if text not in places)
    yield from (f"not translated: {text}" for text in untranslated(catalogue))
    for one in catalogue:
        if one.id and all(_strings(one)) and not _same_names(one):
            yield f"values differ from the original: {one.id!r} {one.string!r}"
    path = path_of(door, language).with_suffix(".mo")
    if not path.exists() or path.read_bytes() != compiled(catalogue):
        yield f"{path.name} is older than the catalogue: run `manage.py words`"


def _same_names(one: Message) -> bool:
    """Whether each form names the values that the original names. A form for one thing need not write the number."""
    first, *others = [sorted(NAMED.findall(text)) for text in _ids(one)]
    forms = [sorted(NAMED.findall(text)) for text in _strings(one)]
    return forms[-1] == (others or [first])[-1] and all(form in (first, *others) for form in forms)


def _short(one: Message, catalogue: Catalog) -> bool:
    return bool(one.pluralizable) and len(_strings(one)) != catalogue.num_plurals


def _of(one: Message) -> Text:
    singular, plural = [*_ids(one), ""][:2]
    return Text(singular, plural, one.context or "")


def _ids(one: Message) -> list[str]:
    return [str(part) for part in one.id] if isinstance(one.id, list | tuple) else [str(one.id)]


def _strings(one: Message) -> list[str]:
    return [str(part) for part in one.string] if isinstance(one.string, list | tuple) else [str(one.string)]


def _id(text: Text) -> str | tuple[str, str]:
    return (text.singular, text.plural) if text.plural else text.singular


def _empty(door: str, language: str) -> Catalog:
    header = TITLE.format(door="member" if door == "dashboard" else "shopper", language=language)
    return Catalog(locale=to_locale(language), header_comment=header, fuzzy=False)
