"""What a shopper may ask the shop for on the tracking page, where the shop allows it and it still makes sense."""

from collections.abc import Sequence

from django.utils.translation import gettext_noop

from portal.journey import Parcel
from portal.reading import Facts, WishRow
from portal.shown import Flag, Link
from portal.tongue import told as _

DELIVERY = ("instructions", "safe_place", "neighbour", "day")
NAMED = {
    "instructions": gettext_noop("A note for the courier"),
    "safe_place": gettext_noop("Leave it in a safe place"),
    "neighbour": gettext_noop("Give it to a neighbour"),
    "pickup": gettext_noop("Bring it to a pick-up point"),
    "day": gettext_noop("Come on another day"),
    "address": gettext_noop("Send it to another address"),
    "missing": gettext_noop("It has not arrived"),
}
ANSWERS = {
    "asked": ("accent", "hourglass", gettext_noop("%(wish)s: the shop has been asked and answers here.")),
    "accepted": ("ok", "circle-check", gettext_noop("%(wish)s: the shop has taken care of it.")),
    "declined": ("warn", "circle-x", gettext_noop("%(wish)s: this was not possible.")),
}
OVER = frozenset({"delivered", "returned", "returning", "lost_or_destroyed", "available_for_pickup"})


def allowed(facts: Facts, parcels: Sequence[Parcel]) -> list[str]:
    """The kinds of wishes that this order can have now."""
    asks = facts.design.asks if facts.design else []
    if facts.order.cancelled_at or facts.order.erased_at:
        return []
    coming = not parcels or any(one.row.status not in OVER for one in parcels)
    here = [kind for kind in (*DELIVERY, "pickup") if coming and facts.order.has_email]
    here += ["address"] if not parcels and facts.order.has_email else []
    here += ["missing"] if any(map(_overdue, parcels)) else []
    return [kind for kind in here if kind in asks]


def _overdue(parcel: Parcel) -> bool:
    """Whether it says that it is there, or should have been."""
    if parcel.row.status in ("delivered", "lost_or_destroyed", "expired"):
        return True
    return parcel.row.status not in OVER and parcel.due is not None and parcel.due < parcel.shop.today


def offers(facts: Facts, parcels: Sequence[Parcel], token: str) -> list[Link]:
    """The ways to ask."""
    kinds = allowed(facts, parcels)
    found = [
        Link("pencil", _("Change the delivery"), f"/t/{token}/delivery") if any(kind in DELIVERY for kind in kinds) else None,
        Link("store", _(NAMED["pickup"]), f"/t/{token}/pickup") if "pickup" in kinds else None,
        Link("map-pin", _(NAMED["address"]), f"/t/{token}/address") if "address" in kinds else None,
        Link("circle-help", _(NAMED["missing"]), f"/t/{token}/missing") if "missing" in kinds else None,
    ]
    return [link for link in found if link]


def said(wishes: list[WishRow]) -> list[Flag]:
    """How each wish stands, without the shopper's words: whoever has the link reads it."""
    return [Flag(tone, icon, _(text) % {"wish": _(NAMED[one.kind])}) for one in wishes for tone, icon, text in [ANSWERS[one.state]]]
