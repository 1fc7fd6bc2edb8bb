"""Sections and variants of a draft: added, moved, switched, taken out, rewritten. Each returns the content as it then is."""

from typing import Any, get_args

import msgspec
from msgspec.structs import replace

from brands.page.content import FIXED, ONCE, BadPage, Content, Kind, Section, Variant

KINDS: tuple[str, ...] = get_args(Kind)


def addable(variant: Variant) -> list[str]:
    """Kinds that the variant may have one more of."""
    there = {one.kind for one in variant.sections}
    return [kind for kind in KINDS if kind not in FIXED and not (kind in ONCE and kind in there)]


def added(content: Content, variant: Variant, kind: str) -> tuple[Content, str]:
    """With a new section of that kind before what stands beside. And its id. Raises BadPage for a kind that cannot be added."""
    if kind not in addable(variant):
        raise BadPage(kind)
    section = msgspec.convert({"id": _fresh([one.id for one in variant.sections], kind), "kind": kind}, Section)
    at = next(n for n, one in enumerate(variant.sections) if one.kind == "aside")
    sections = [*variant.sections[:at], section, *variant.sections[at:]]
    return _with(content, replace(variant, sections=sections)), section.id


def moved(content: Content, variant: Variant, name: str, to: int) -> Content:
    """With the section at that place; at an end where the place is beyond it."""
    section = variant.section(name)
    if section is None:
        return content
    sections = [one for one in variant.sections if one.id != name]
    sections.insert(max(0, min(to, len(sections))), section)
    return _with(content, replace(variant, sections=sections))


def place(variant: Variant, name: str) -> int:
    """Where the section stands, from 0; -1 where there is none."""
    return next((at for at, one in enumerate(variant.sections) if one.id == name), -1)


def switched(content: Content, variant: Variant, name: str) -> Content:
    """With the section on where it was off, and the other way round."""
    sections = [replace(one, on=not one.on) if one.id == name and one.kind != "aside" else one for one in variant.sections]
    return _with(content, replace(variant, sections=sections))


def removed(content: Content, variant: Variant, name: str) -> Content:
    """Without the section, unless every page has it."""
    return _with(content, replace(variant, sections=[one for one in variant.sections if one.id != name or one.kind in FIXED]))


def rewritten(content: Content, variant: Variant, name: str, changes: dict[str, Any]) -> Content:
    """With these in the section. Raises BadPage."""
    section = variant.section(name)
    if section is None:
        return content
    try:
        new = msgspec.convert(msgspec.to_builtins(section) | changes, Section)
    except msgspec.ValidationError as error:
        raise BadPage(str(error)) from error
    return _with(content, replace(variant, sections=[new if one.id == name else one for one in variant.sections]))


def translated(content: Content, variant: Variant, name: str, language: str, texts: dict[str, str]) -> Content:
    """With these words of the section in a language; what is empty is as in the main one."""
    section = variant.section(name)
    if section is None:
        return content
    said = {key: text for key, text in texts.items() if text.strip()}
    words = {code: told for code, told in (section.words | {language: said}).items() if told}
    return rewritten(content, variant, name, {"words": words})


def branched(content: Content, name: str, countries: list[str], tags: list[str]) -> tuple[Content, str]:
    """With a new variant, first in turn, that begins as everybody's page. And its id."""
    made = replace(content.variants[-1], id=_fresh([one.id for one in content.variants], "some"), name=name, countries=countries, tags=tags)
    return replace(content, variants=[made, *content.variants]), made.id


def without(content: Content, name: str) -> Content:
    """Without the variant, unless it is everybody's."""
    return replace(content, variants=[one for one in content.variants[:-1] if one.id != name] + content.variants[-1:])


def sooner(content: Content, name: str) -> Content:
    """With the variant asked one turn earlier."""
    at = next((n for n, one in enumerate(content.variants[:-1]) if one.id == name), 0)
    variants = list(content.variants)
    if at:
        variants[at - 1 : at + 1] = variants[at], variants[at - 1]
    return replace(content, variants=variants)


def ruled(content: Content, variant: Variant, name: str, countries: list[str], tags: list[str]) -> Content:
    """With the variant for other orders."""
    return _with(content, replace(variant, name=name, countries=countries, tags=tags))


def _fresh(taken: list[str], kind: str) -> str:
    return next(name for name in (kind, *(f"{kind}-{n}" for n in range(2, 1000))) if name not in taken)


def _with(content: Content, variant: Variant) -> Content:
    return replace(content, variants=[variant if one.id == variant.id else one for one in content.variants])
