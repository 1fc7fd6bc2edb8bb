"""Blocks of a draft: added, moved, doubled, taken out, rewritten. Each returns the content as it then is."""

from typing import Any

import msgspec

from notifications.designs.blocks import KINDS, Block, Footer
from notifications.designs.content import Content, Words, fresh_id


def ids(content: Content) -> str:
    """The order of the blocks, for a page to say which one it was drawn with."""
    return ",".join(one.id for one in content.blocks)


def added(content: Content, kind: str, after: str = "") -> tuple[Content, str]:
    """With a new block behind that one; without one, before the footer. And its id."""
    block = KINDS[kind](id=fresh_id(content, kind))
    blocks = list(content.blocks)
    at = next((n + 1 for n, one in enumerate(blocks) if one.id == after), len(blocks) - (bool(blocks) and isinstance(blocks[-1], Footer)))
    blocks.insert(at, block)
    return _with(content, blocks), block.id


def moved(content: Content, name: str, to: int) -> Content:
    """With the block at that place; at an end where the place is beyond it."""
    block = content.block(name)
    if block is None:
        return content
    blocks = [one for one in content.blocks if one.id != name]
    blocks.insert(max(0, min(to, len(blocks))), block)
    return _with(content, blocks)


def place(content: Content, name: str) -> int:
    """Where the block stands, from 0; -1 where there is none."""
    return next((at for at, one in enumerate(content.blocks) if one.id == name), -1)


def doubled(content: Content, name: str) -> tuple[Content, str]:
    """With the same block again behind it, in all languages. And the new one's id."""
    block = content.block(name)
    if block is None:
        return content, ""
    twin = msgspec.convert({**msgspec.to_builtins(block), "id": fresh_id(content, str(block.__struct_config__.tag))}, type(block))
    blocks = list(content.blocks)
    blocks.insert(place(content, name) + 1, twin)
    words = {
        language: said | {f"{twin.id}.{key.partition('.')[2]}": text for key, text in said.items() if key.partition(".")[0] == name}
        for language, said in content.words.items()
    }
    return _with(content, blocks, words), twin.id


def removed(content: Content, name: str) -> Content:
    """Without the block and its words."""
    words = {
        language: {key: text for key, text in said.items() if key.partition(".")[0] != name} for language, said in content.words.items()
    }
    return _with(content, [one for one in content.blocks if one.id != name], words)


def taken(content: Content, name: str) -> dict[str, Any]:
    """A block as JSON, with its place and its words: what it takes to put it back. Empty where there is none."""
    block = content.block(name)
    if block is None:
        return {}
    words = {
        language: own
        for language, said in content.words.items()
        if (own := {key: text for key, text in said.items() if key.partition(".")[0] == name})
    }
    return {"block": msgspec.to_builtins(block), "at": place(content, name), "words": words}


def put_back(content: Content, kept: dict[str, Any]) -> Content:
    """With a block that was taken out, in its place and in all languages; as it is where one of that id stands."""
    given = kept["block"]
    if content.block(given["id"]):
        return content
    blocks = list(content.blocks)
    blocks.insert(min(kept["at"], len(blocks)), msgspec.convert(given, KINDS[given["type"]]))
    languages = [*content.words, *(one for one in kept["words"] if one not in content.words)]
    words = {language: {**content.words.get(language, {}), **kept["words"].get(language, {})} for language in languages}
    return _with(content, blocks, words)


def rewritten(content: Content, block: dict[str, Any]) -> Content:
    """With this in place of the block of that id. Raises msgspec.ValidationError."""
    new = msgspec.convert(block, KINDS[block["type"]])
    return _with(content, [new if one.id == new.id else one for one in content.blocks])


def translated(content: Content, language: str, texts: dict[str, str]) -> Content:
    """With these words in a language; what is empty is as in the main one."""
    said = {key: text for key, text in {**content.words.get(language, {}), **texts}.items() if text.strip()}
    return _with(content, content.blocks, {**content.words, language: said})


def _with(content: Content, blocks: list[Block], words: dict[str, Words] | None = None) -> Content:
    made: Content = msgspec.structs.replace(content, blocks=blocks, words=content.words if words is None else words)
    return made
