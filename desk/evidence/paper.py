"""Evidence on paper: the same facts for people, with the signed file attached. Letters that the font lacks are in the attachment."""

from functools import cache
from pathlib import Path
from typing import Any

from django.utils.translation import gettext as _
from fpdf import FPDF

from desk.evidence.seal import Facts

FONTS = Path(__file__).resolve().parent.parent / "fonts"
FACE = "inter"
WIDE, LINE, GREY = 170, 5.2, 110  # mm, mm, of 255


def draw(facts: Facts, attached: bytes, name: str) -> bytes:
    """A PDF of the facts; `attached` is the signed JSON, `name` what its file is called."""
    page = _Page(facts["parcel"]["number"] or facts["parcel"]["id"])
    page.headline(_("Evidence for parcel %s") % (facts["parcel"]["number"] or facts["parcel"]["id"]))
    page.small(_("Made by %(shop)s on %(day)s UTC.") % {"shop": facts["shop"], "day": _moment(facts["made_at"])})
    _facts(page, facts)
    page.heading(_("What happened"))
    for event in facts["events"]:
        page.row(_moment(event["at"]), *_said(event))
    page.heading(_("How to check it"))
    page.small(
        _("The attached file %s holds all of this with the bytes that carriers sent. Each event names the hash of the one before.") % name
    )
    page.small(_("Last hash: %s") % (facts["events"][-1]["hash"] if facts["events"] else "–"))
    page.small(_("Both files are signed with Ed25519. verify_evidence.py, which the shop hands out, says whether a byte has changed."))
    page.embed_file(basename=name, bytes=attached, desc="The same, signed")
    return bytes(page.output())


def _facts(page: "_Page", facts: Facts) -> None:
    parcel, order, proof = facts["parcel"], facts["order"] or {}, facts["proof_of_delivery"]
    to = order.get("ship_to", {})
    told = [
        (_("Carrier"), " ".join(part for part in (parcel["carrier"], parcel["service"]) if part)),
        (_("Number"), ", ".join(leg["number"] for leg in parcel["legs"]) or parcel["number"]),
        (_("Order"), order.get("number", "")),
        (_("Ship to"), ", ".join(str(to[name]) for name in ("name", "line1", "postcode", "city", "country") if to.get(name))),
        (_("Promised"), parcel["promised_on"] or order.get("promised_to") or parcel["first_estimate_on"] or "–"),
        (_("Status"), parcel["status"].replace("_", " ")),
        (_("Delivered"), ", ".join(part for part in (_moment(proof["at"]), proof["place"], proof["signed_by"]) if part) if proof else "–"),
    ]
    page.heading(_("The parcel"))
    for label, value in told:
        if value:
            page.row(label, str(value))


def _said(event: Facts) -> tuple[str, str]:
    """What happened, and what is beside it."""
    told = event["told"]
    if event["kind"] == "scan":
        place = ", ".join(part for part in (told["city"], told["country"]) if part)
        return told["text"] or told["status"] or told["code"], " · ".join(part for part in (place, told["carrier"], told["code"]) if part)
    if event["kind"] == "estimate":
        return _("Expected on %(day)s, said by: %(source)s") % {"day": told["expected_on"], "source": told["source"]}, ""
    if event["kind"] == "notice":
        return _("Written to the shopper: %s") % (told["subject"] or told["template"]), f"{told['to']} · {told['state']}"
    if event["kind"] == "problem":
        over = _("over on %s") % _moment(told["over_at"]) if told["over_at"] else ""
        return _("Problem seen: %s") % told["flag"].replace("_", " "), over
    return _("The carrier was asked"), ""


def _moment(text: str) -> str:
    return text[:16].replace("T", " ")


@cache
def _known() -> frozenset[int]:
    """The letters that the font has."""
    page = FPDF()
    page.add_font(FACE, "", FONTS / "inter-regular.ttf")
    return frozenset(page.fonts[FACE].cmap)  # type: ignore[union-attr]


def _drawable(text: Any) -> str:
    return "".join(char if ord(char) in _known() else " " if char.isspace() else "?" for char in str(text))


class _Page(FPDF):
    """A4 in our letters."""

    def __init__(self, foot: str) -> None:
        super().__init__(format="A4")
        self.foot = foot
        self.add_font(FACE, "", FONTS / "inter-regular.ttf")
        self.add_font(FACE, "B", FONTS / "inter-semibold.ttf")
        self.set_margin(20)
        self.set_auto_page_break(True, 20)
        self.set_title(_drawable(foot))
        self.add_page()

    def footer(self) -> None:
        """The parcel's number and the page's."""
        self.set_y(-14)
        self._ink("", 8, GREY)
        self.cell(WIDE, LINE, f"{_drawable(self.foot)} · {self.page_no()}")

    def headline(self, text: str) -> None:
        """The largest line."""
        self._ink("B", 17, 20)
        self.multi_cell(WIDE, 8, _drawable(text), new_x="LMARGIN", new_y="NEXT")

    def heading(self, text: str) -> None:
        """Above a part."""
        self.ln(5)
        self._ink("B", 11, 20)
        self.multi_cell(WIDE, 7, _drawable(text), new_x="LMARGIN", new_y="NEXT")

    def small(self, text: str) -> None:
        """A remark."""
        self._ink("", 8, GREY)
        self.multi_cell(WIDE, 4.4, _drawable(text), new_x="LMARGIN", new_y="NEXT")

    def row(self, label: str, text: str, beside: str = "") -> None:
        """A label or moment at the left, what it is at the right."""
        if self.will_page_break(3 * LINE):
            self.add_page()
        self._ink("", 9, GREY)
        self.cell(36, LINE, _drawable(label))
        self._ink("", 9, 20)
        self.multi_cell(WIDE - 36, LINE, _drawable(text), new_x="LMARGIN", new_y="NEXT")
        if beside:
            self.set_x(self.l_margin + 36)
            self._ink("", 8, GREY)
            self.multi_cell(WIDE - 36, 4.4, _drawable(beside), new_x="LMARGIN", new_y="NEXT")

    def _ink(self, style: str, size: float, grey: int) -> None:
        self.set_font(FACE, style, size)
        self.set_text_color(grey)
