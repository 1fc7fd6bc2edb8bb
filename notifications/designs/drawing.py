"""A version of a design made ready: its Liquid read once for a language, then filled for each message."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.utils.safestring import SafeString

from notifications.designs.blocks import LISTS, Block, Footer
from notifications.designs.content import FIXED, Content, Field, fields, kind_of, said
from notifications.liquid import markup, sandbox, vocabulary
from notifications.liquid.sandbox import Allowance, BadLiquid, Text

BREAKS = re.compile(r"[ \t\r\n\v\f\x85\u2028\u2029]+")  # but not the spaces that hold words together
STAGES = {"ordered": 1, "shipped": 2, "out": 3, "delivered": 4}


class BadField(BadLiquid):
    """A text that cannot be read or filled, and where it stands."""

    def __init__(self, field: Field, error: BadLiquid) -> None:
        ValueError.__init__(self, f"{field.key}: {error}")
        self.field, self.line, self.said = field, error.line, str(error)


@dataclass(frozen=True)
class Ready:
    """A design in one language."""

    content: Content
    texts: dict[str, tuple[Field, Text]]

    def filled(self, found: Mapping[str, Any], *, names: Mapping[str, Any] | None = None) -> "Filled":
        """The texts for one message. `names`: in place of all that `found` holds. Raises BadField."""
        return Filled(self, names if names is not None else vocabulary.plain(found), found)


def ready(content: Content, language: str, *, strict: bool = False) -> Ready:
    """Read every text of a design in a language. Raises BadField."""
    texts = {}
    for field in fields(content):
        try:
            texts[field.key] = field, sandbox.read(said(content, field, language), html=field.kind == "html", strict=strict)
        except BadLiquid as error:
            raise BadField(field, error) from error
    return Ready(content, texts)


class Filled:
    """One message's texts, written as they are asked for, from one allowance."""

    def __init__(self, ready: Ready, names: Mapping[str, Any], found: Mapping[str, Any]) -> None:
        self._ready, self._names, self._found = ready, names, found
        self._allowance = Allowance()
        self._link = str((found.get("brand") or {}).get("link", "#000000"))

    def line(self, key: str) -> str:
        """A text on one line, as it is: not escaped."""
        return BREAKS.sub(" ", self._write(key)).strip()

    def blocks(self, *, marketing: bool) -> list[dict[str, Any]]:
        """The blocks as templates take them. A marketing mail has a footer, whatever was drawn: the way out stands there."""
        blocks: list[Block] = list(self._ready.content.blocks)
        if marketing and not any(isinstance(one, Footer) for one in blocks):
            blocks.append(Footer(id="the-footer"))
        return [self._block(one) for one in blocks]

    def _block(self, block: Block) -> dict[str, Any]:
        kind = str(block.__struct_config__.tag)
        made: dict[str, Any] = {"type": kind}
        for name in block.__struct_fields__:
            value = getattr(block, name)
            if name in FIXED:
                made[name] = value
            elif kind in LISTS and name == LISTS[kind][0]:
                rows = [self._fields(f"{block.id}.{name}.{at}", one.__struct_fields__) for at, one in enumerate(value)]
                made[name] = [row for row in rows if any(row.values())]
            else:
                made |= self._fields(block.id, (name,))
        if kind == "tracking":
            made["done"] = STAGES.get(made["stage"]) or self._stage()
        if kind == "review":
            made["stars"] = self._stars(made["url"])
        return made

    def _fields(self, prefix: str, names: tuple[str, ...]) -> dict[str, Any]:
        made: dict[str, Any] = {}
        for name in names:
            key, kind = f"{prefix}.{name}", kind_of(name)
            if kind == "html":
                clean = markup.cleaned(self._write(key))
                made |= {name: markup.coloured(clean, self._link), f"{name}_plain": SafeString(markup.plain(clean))}
            else:
                made[name] = markup.address(self._write(key)) if kind == "address" else self.line(key)
        return made

    def _write(self, key: str) -> str:
        if key not in self._ready.texts:
            return ""
        field, text = self._ready.texts[key]
        try:
            return text.write(self._names, self._allowance)
        except BadLiquid as error:
            raise BadField(field, error) from error

    def _stage(self) -> int:
        """As far as the parcel is."""
        if self._found.get("delivered_text"):
            return STAGES["delivered"]
        return STAGES["shipped"] if self._found.get("shipment") else STAGES["ordered"]

    def _stars(self, url: str) -> list[str]:
        """Where five stars lead: to a form with that one taken, which leads on; an address of the design's own stays as it is."""
        page = self._found.get("tracking_url")
        ours = page and url == markup.address(str(self._found.get("review_url", "")))
        return [f"{page}/stars/{n}" if ours else url for n in range(1, 6)]
