"""What a shop made of its tracking page: variants of sections, what shoppers may ask for, and who may frame it. Stored as JSON.

Texts are plain: pages escape them, and addresses are https or mailto. So nothing that a merchant writes can run.
"""

from typing import Annotated, Any, Literal

import msgspec
from django.utils.translation import gettext as _
from msgspec import Meta, Struct

MOST_JSON = 200_000  # characters of a whole design; a page reads one variant of it
MOST_ROWS = 12
Line = Annotated[str, Meta(max_length=200)]
Prose = Annotated[str, Meta(max_length=4_000)]
Address = Annotated[str, Meta(max_length=1_000, pattern=r"^$|^(https://|mailto:)[^\s\"'<>\\]+$")]
Picture = Annotated[str, Meta(pattern=r"^$|^/logo/[0-9a-f-]{36}\.png$")]  # drawn anew by us, on our host
Origin = Annotated[str, Meta(pattern=r"^https://[a-z0-9.-]{3,253}(:\d{1,5})?$")]
Id = Annotated[str, Meta(pattern=r"^[a-z]{2,16}(-\d{1,3})?$")]
Kind = Literal[
    "parcels", "timeline", "items", "map", "order", "support", "banner", "faq", "howto", "products", "social", "review", "score", "aside"
]
# Fields that a kind has. Those in the list are texts, and have words of their own in each language.
TEXTS: dict[str, tuple[str, ...]] = {
    "timeline": ("title",),
    "items": ("title",),
    "support": ("title", "text"),
    "banner": ("title", "text", "label"),
    "faq": ("title",),
    "howto": ("title", "text", "label"),
    "products": ("title",),
    "social": ("title",),
    "review": ("title", "text"),
}
ROWS: dict[str, tuple[str, ...]] = {
    "faq": ("title", "text"),
    "howto": ("text",),
    "products": ("title", "text", "url"),
    "social": ("title", "url"),
}
WITH_ADDRESS = frozenset({"banner", "howto", "review"})
WITH_PICTURE = frozenset({"banner", "howto"})
ONCE = frozenset({"parcels", "timeline", "items", "map", "order", "support", "review", "score", "aside"})  # one of these, or none
FIXED = frozenset({"parcels", "order", "aside"})  # that every page has, seen or not


class BadPage(ValueError):
    """The design cannot be kept. The message says what is wrong."""


class Row(Struct, forbid_unknown_fields=True, omit_defaults=True):
    """A question, a step, a product or a profile."""

    title: Line = ""
    text: Prose = ""
    url: Address = ""


class Section(Struct, forbid_unknown_fields=True, omit_defaults=True, kw_only=True):
    """A part of the page. `words`: language -> "title" or "rows.0.text" -> what stands there."""

    id: Id
    kind: Kind
    on: bool = True
    title: Line = ""
    text: Prose = ""
    label: Line = ""
    url: Address = ""
    image: Picture = ""
    rows: Annotated[list[Row], Meta(max_length=MOST_ROWS)] = []
    scans: bool = True  # of parcels: each with its list of scans, on a page without a section "timeline"
    items: bool = True  # of parcels: each with what is in it, on a page without a section "items"
    words: dict[str, dict[str, Prose]] = {}


class Variant(Struct, forbid_unknown_fields=True, omit_defaults=True, kw_only=True):
    """A page for some orders: of one of the countries, if any are named, and with one of the tags, if any are named."""

    id: Id
    name: Annotated[str, Meta(max_length=60)] = ""
    countries: list[Annotated[str, Meta(pattern=r"^[A-Z]{2}$")]] = []
    tags: list[Annotated[str, Meta(min_length=1, max_length=120)]] = []
    sections: list[Section] = []

    @property
    def ruled(self) -> bool:
        """Whether it is for some orders only."""
        return bool(self.countries or self.tags)

    def section(self, name: str) -> Section | None:
        """The section of that id."""
        return next((one for one in self.sections if one.id == name), None)


class Content(Struct, forbid_unknown_fields=True, omit_defaults=True, kw_only=True):
    """Everything that a version keeps. The first variant whose rules hold is shown; the last has none."""

    language: Annotated[str, Meta(pattern=r"^[a-z]{2}(-[a-z]{2,4})?$")] = "en"
    variants: Annotated[list[Variant], Meta(min_length=1, max_length=10)] = []
    asks: list[Literal["instructions", "day", "safe_place", "neighbour", "pickup", "missing", "address"]] = []
    origins: Annotated[list[Origin], Meta(max_length=10)] = []  # sites of the shop that may frame its look-up

    def variant(self, name: str) -> Variant:
        """The variant of that id, else the last, which is everybody's."""
        return next((one for one in self.variants if one.id == name), self.variants[-1])


def fresh(language: str) -> Content:
    """The page as it is for a shop that has designed none."""
    kinds: tuple[Kind, ...] = ("parcels", "aside", "support", "order")
    sections = [Section(id=kind, kind=kind) for kind in kinds]
    return Content(language=language, variants=[Variant(id="all", sections=sections)], asks=["missing"])


def read(stored: Any) -> Content:
    """A stored design, checked. Raises BadPage."""
    try:
        found = msgspec.convert(stored, Content)
    except msgspec.ValidationError as error:
        raise BadPage(str(error)) from error
    if found.variants[-1].ruled or not all(one.ruled for one in found.variants[:-1]):
        raise BadPage(_("Each variant needs a country or a tag, but for the last, which is everybody else’s."))
    for variant in found.variants:
        kinds: list[str] = [one.kind for one in variant.sections]
        names = [one.id for one in variant.sections]
        if len({*names}) < len(names) or any(kinds.count(kind) > 1 for kind in ONCE) or not {*kinds} >= FIXED:
            raise BadPage(_("A section of the page is there twice, or one that every page has is missing."))
    if len(msgspec.json.encode(found)) > MOST_JSON:
        raise BadPage(_("The page is too big. Shorten its texts or take sections out."))
    return found


def stored(content: Content) -> dict[str, Any]:
    """As it is kept."""
    told: dict[str, Any] = msgspec.to_builtins(content)
    return told


def fields(section: Section) -> list[str]:
    """The names of the section's texts: title, rows.0.text."""
    rows = [f"rows.{n}.{name}" for n in range(len(section.rows)) for name in ROWS.get(section.kind, ()) if name != "url"]
    return [*TEXTS.get(section.kind, ()), *rows]


def source(section: Section, name: str) -> str:
    """What the field says in the main language."""
    _rows, _dot, rest = name.partition("rows.")
    if not rest:
        return str(getattr(section, name))
    at, _dot, inner = rest.partition(".")
    return str(getattr(section.rows[int(at)], inner))
