"""A letter to the carrier with everything that it will ask for. The shop's person reads it before it goes."""

from collections.abc import Iterable
from urllib.parse import quote

from django.utils.translation import gettext as _

from desk.models import Case
from desk.review import REQUEST
from postpurchase.tenancy.models import Brand
from postpurchase.ui import words
from tracking.models import Scan

ASKS = {
    "no_scan_after_label": "lost_at_start",
    "pickup_expiring": "pickup",
    "repeated_attempts": "attempts",
    "conflict": "conflict",
}


def subject(case: Case) -> str:
    """What a mail with it is headed."""
    number: str = case.shipment.number
    return _("Question about parcel %s") % number


def letter(case: Case, seen: Scan | None, brand: Brand) -> str:
    """The letter: what the parcel is, what was seen of it last, what we want to know."""
    lines = [
        _("Hello,"),
        "",
        _("please look into this parcel for us:"),
        "",
        *_facts(case, seen),
        "",
        *_questions(case),
        "",
        _("Kind regards"),
        brand.name,
    ]
    return "\n".join(lines)


def mailto(case: Case, text: str) -> str:
    """A link that opens it in the person's own mail program; the address is theirs to fill in."""
    return f"mailto:?subject={quote(subject(case))}&body={quote(text)}"


def _facts(case: Case, seen: Scan | None) -> Iterable[str]:
    parcel, order = case.shipment, case.shipment.order
    to = (order.shipping_address or {}) if order else {}
    told = [
        (_("Tracking number"), parcel.number),
        (_("Carrier"), " ".join(part for part in (parcel.carrier_name, parcel.service) if part)),
        (_("Our order"), order.number if order else ""),
        (_("Handed over"), words.short_day(words.localised(parcel.shipped_at).date()) if parcel.shipped_at else ""),
        (_("Sent to"), ", ".join(str(to[name]) for name in ("name", "line1", "line2", "postcode", "city", "country") if to.get(name))),
        (_("Promised for"), words.short_day(case.day) if case.day else ""),
        (_("Last scan"), _last(seen) if seen else _("none")),
    ]
    return [f"{label}: {value}" for label, value in told if value]


def _last(seen: Scan) -> str:
    when = words.short_day(words.localised(seen.occurred_at).date())
    return ", ".join(part for part in (when, seen.text or seen.code, seen.place) if part)


def _questions(case: Case) -> list[str]:
    said = {
        "lost_at_start": _("It was handed over, and you have not scanned it. Did you receive it?"),
        "pickup": _("It waits to be collected. Until when do you keep it, and can you keep it longer?"),
        "attempts": _("It could not be delivered more than once. What stopped you, and when do you try again?"),
        "conflict": _("It was reported as delivered and was scanned again afterwards. Where is it?"),
        "late": _("Where is it now, what holds it up, and on which day will it be delivered?"),
    }
    asked = dict.fromkeys(ASKS.get(kind, "late") for kind in case.kinds if kind != REQUEST)
    return [
        *(said[name] for name in asked),
        _("If it cannot be found within five working days, please open a claim and tell us its number."),
    ]
