"""What the shop made of its tracking page, in the reader's words: the sections in their order, and which of them there are."""

from dataclasses import replace

from brands.page.content import WITH_ADDRESS, Section
from portal.reading import DesignRow
from portal.shown import Card, Entry, Part
from portal.tongue import told as _
from postpurchase.ui import words
from postpurchase.ui.tongue import language_of

FEW = 30  # parcels; a share of fewer says little
PLAIN = ([Part("parcels", "parcels")], [Part("support", "support"), Part("order", "order")])  # of a shop that has made none


class Designed:
    """A page's sections, and what stands in them."""

    def __init__(self, row: DesignRow | None) -> None:
        self.scans = self.items = True
        self.score = ""
        self.main, self.beside = PLAIN
        if row:
            self._read(row)

    def _read(self, row: DesignRow) -> None:
        language = language_of(words.speech().language)
        at = next((n for n, one in enumerate(row.sections) if one.kind == "aside"), len(row.sections))
        there = {one.kind for one in row.sections}  # hidden too: who hides the list of scans wants it nowhere
        self.main = [_part(one, language) for one in row.sections[:at] if one.on]
        self.beside = [_part(one, language) for one in row.sections[at + 1 :] if one.on]
        parcels = next((one for one in row.sections if one.kind == "parcels"), None)
        if parcels:
            self.scans, self.items = parcels.scans and "timeline" not in there, parcels.items and "items" not in there
        self.score = _score(row.score)

    def shows(self, kind: str) -> bool:
        """Whether the page has a section of that kind."""
        return any(part.kind == kind for part in (*self.main, *self.beside))

    def card(self, card: Card) -> Card:
        """The card with as much of it as the shop shows."""
        return replace(card, scans=card.scans if self.scans else [], items=card.items if self.items else [])


def _part(section: Section, language: str) -> Part:
    own = section.words.get(language, {})
    return Part(
        kind=section.kind,
        id=section.id,
        title=own.get("title", section.title),
        text=_paragraphs(own.get("text", section.text)),
        label=own.get("label", section.label) if section.kind in WITH_ADDRESS and section.url else "",
        url=section.url,
        image=section.image,
        rows=[
            Entry(own.get(f"rows.{n}.title", row.title), _paragraphs(own.get(f"rows.{n}.text", row.text)), row.url)
            for n, row in enumerate(section.rows)
        ],
    )


def _paragraphs(text: str) -> list[str]:
    return [line.strip() for line in text.splitlines() if line.strip()]


def _score(score: tuple[int, int] | None) -> str:
    """How often the shop kept its days, in tenths and never rounded up; '' where chance would decide it."""
    if score is None or score[1] < FEW:
        return ""
    return _("On time: %(n)s of 10 parcels in the last three months.") % {"n": 10 * score[0] // score[1]}
