"""A whole design: its blocks, its subject, and its words in other languages. Stored as JSON in EmailDesign.draft and EmailDesignVersion."""

from collections.abc import Iterator
from typing import Annotated, Any, NamedTuple

import msgspec
from django.utils.translation import gettext as _
from msgspec import Meta, Struct

from notifications.designs.blocks import LISTS, Block, Id, Line

MOST_BLOCKS = 60
MOST_JSON = 400_000  # characters of a whole design
MOST_WORDS = 64_000  # of what one message may be written from
HTML = frozenset({"text"})  # fields with inline markup; all others are plain
ADDRESSES = frozenset({"url", "image"})
Words = dict[str, str]  # "subject" or "block.field" or "block.list.0.field" -> what stands there


class BadDesign(ValueError):
    """The design cannot be kept. The message names the block."""


class Content(Struct, forbid_unknown_fields=True, kw_only=True):
    """Everything that a version keeps. `words`: language -> the texts that differ from the main language's."""

    language: Annotated[str, Meta(pattern=r"^[a-z]{2}(-[a-z]{2,4})?$")] = "en"
    subject: Line = ""
    preheader: Line = ""
    sms: Annotated[str, Meta(max_length=1_600)] = ""
    blocks: Annotated[list[Block], Meta(max_length=MOST_BLOCKS)] = []
    words: dict[str, Words] = {}

    def block(self, name: str) -> Block | None:
        """The block of that id."""
        return next((one for one in self.blocks if one.id == name), None)


class Field(NamedTuple):
    """A text of a design: its name in `words`, what it is (line, html or address), and what it says in the main language."""

    key: str
    kind: str
    source: str
    block: str  # the block's id; '' for the subject


def read(stored: dict[str, Any]) -> Content:
    """A stored design, checked. Raises BadDesign naming what is wrong."""
    try:
        found = msgspec.convert(stored, Content)
    except msgspec.ValidationError as error:
        raise BadDesign(str(error)) from error
    names = [one.id for one in found.blocks]
    if twice := {name for name in names if names.count(name) > 1}:
        raise BadDesign(_("Two blocks are called %s.") % ", ".join(sorted(twice)))
    if len(msgspec.json.encode(found)) > MOST_JSON:
        raise BadDesign(_("The design is too big. Shorten its texts or take blocks out."))
    for language in (found.language, *found.words):
        if sum(len(said(found, field, language)) for field in fields(found)) > MOST_WORDS:
            raise BadDesign(_("The texts together are longer than %s characters.") % MOST_WORDS)
    return found


def stored(content: Content) -> dict[str, Any]:
    """The JSON form."""
    plain: dict[str, Any] = msgspec.to_builtins(content)
    return plain


def fields(content: Content) -> Iterator[Field]:
    """Every text that may be written in another language, in the order of reading."""
    for name in ("subject", "preheader", "sms"):
        yield Field(name, "line", getattr(content, name), "")
    for block in content.blocks:
        yield from of_block(block)


def of_block(block: Block) -> Iterator[Field]:
    """The texts of a block."""
    kind = block.__struct_config__.tag
    for name in block.__struct_fields__:
        if name not in FIXED and kind in LISTS and name == LISTS[kind][0]:
            for at, row in enumerate(getattr(block, name)):
                for inner in row.__struct_fields__:
                    yield Field(f"{block.id}.{name}.{at}.{inner}", kind_of(inner), getattr(row, inner), block.id)
        elif name not in FIXED:
            yield Field(f"{block.id}.{name}", kind_of(name), getattr(block, name), block.id)


FIXED = frozenset({"id", "size", "address", "stage", "look", "help"})  # choices: the same in every language


def kind_of(name: str) -> str:
    """line, html or address."""
    return "html" if name in HTML else "address" if name in ADDRESSES else "line"


def said(content: Content, field: Field, language: str) -> str:
    """What stands there in a language: its own words, else the main language's."""
    return content.words.get(language, {}).get(field.key) or field.source


def fresh_id(content: Content, kind: str) -> Id:
    """A name that no block has yet: text, text-2, ..."""
    taken = {one.id for one in content.blocks}
    return next(name for name in (kind, *(f"{kind}-{n}" for n in range(2, MOST_BLOCKS + 3))) if name not in taken)
