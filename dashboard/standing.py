"""How an order stands, in one badge and one day: read from its parcels."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from dashboard import wording
from orders.models import Order
from postpurchase.lib import clock
from postpurchase.tenancy.models import Brand
from postpurchase.ui import words
from tracking import estimates
from tracking.models import ENDED, Shipment, Status
from tracking.overview import LATE, QUIET
from tracking.status import RANK


@dataclass(frozen=True)
class Look:
    """A badge of the design system, and the word that replaces its own ('' keeps it)."""

    badge: str
    word: str = ""


def live(parcels: Iterable[Shipment]) -> list[Shipment]:
    """The parcels that the shop has not taken back, in the given order."""
    return [parcel for parcel in parcels if not parcel.cancelled_at and parcel.status != Status.CANCELLED]


def of_order(order: Order, parcels: Sequence[Shipment], brand: Brand) -> Look:
    """The worst that is true of any parcel; else how far they all are."""
    if order.cancelled_at:
        return Look("cancelled")
    if not parcels:
        return Look("unfulfilled")
    looks = [of_parcel(parcel, order, brand) for parcel in parcels]
    bad = [look for look in looks if look.badge in _WORST]
    if bad:
        return min(bad, key=lambda look: _WORST.index(look.badge))
    if all(parcel.status in ENDED for parcel in parcels):
        part = not order.delivered_at and any(parcel.status == Status.DELIVERED for parcel in parcels)
        return Look("partly_shipped") if part else looks[-1]  # something of the order has no parcel yet
    still = [parcel for parcel in parcels if parcel.status not in ENDED]
    return Look(max(still, key=lambda parcel: RANK[parcel.status]).status)


_WORST = (
    "lost_or_destroyed",
    "exception",
    "late",
    "stalled",
    "no_scan_after_label",
    "attempt_failed",
    "pickup_expiring",
    "returning",
    "conflict",
)


def of_parcel(parcel: Shipment, order: Order | None, brand: Brand) -> Look:
    """One parcel: its trouble if it has any, else its status."""
    if parcel.status in (Status.EXCEPTION, Status.LOST_OR_DESTROYED, Status.RETURNING):
        said = wording.substatus(parcel.substatus)
        return Look(parcel.status, said[:1].upper() + said[1:])
    if set(parcel.health) & set(LATE):
        return Look("late", _late_by(parcel, order, brand))
    if set(parcel.health) & set(QUIET):
        return Look(next(flag for flag in QUIET if flag in parcel.health), _still_for(parcel))
    flag = next((flag for flag in ("pickup_expiring", "conflict") if flag in parcel.health), "")
    return Look(flag or parcel.status)


def _late_by(parcel: Shipment, order: Order | None, brand: Brand) -> str:
    due = due_on(parcel, order)
    coming = expected_on(parcel, order, brand)
    today = words.now().date()
    days = (max(coming or today, today) - due).days if due else 0
    return ngettext("Late %(n)s day", "Late %(n)s days", days) % {"n": days} if days > 0 else ""


def _still_for(parcel: Shipment) -> str:
    since = parcel.last_scan_at or parcel.shipped_at
    days = (clock.business_now() - since).days if since else 0
    if "stalled" not in parcel.health or days < 1:
        return ""
    return ngettext("Stalled %(n)s day", "Stalled %(n)s days", days) % {"n": days}


def due_on(parcel: Shipment, order: Order | None) -> date | None:
    """The day that was promised, else the first that anybody told."""
    return parcel.promised_on or (order.promised_to if order else None) or parcel.first_estimate_on


def expected_on(parcel: Shipment, order: Order | None, brand: Brand) -> date | None:
    """The day by which the parcel should be there, as things stand."""
    if parcel.status == Status.OUT_FOR_DELIVERY and parcel.out_at:
        return words.localised(parcel.out_at).date()
    window = estimates.arrival(parcel, order, brand)
    return window.latest if window else None


def arrives(order: Order, parcels: Sequence[Shipment], brand: Brand) -> tuple[date | None, str]:
    """(day, words that replace it): when the last parcel came, or should come."""
    if order.cancelled_at:
        return None, "–"
    if order.delivered_at:
        return None, words.moment(words.localised(order.delivered_at), words.now())
    still = [parcel for parcel in parcels if parcel.status not in ENDED]
    if parcels and not still:
        return None, "–"
    if any(parcel.status in (Status.EXCEPTION, Status.RETURNING) for parcel in still):
        return None, _("not known")
    days = [day for day in (expected_on(parcel, order, brand) for parcel in still) if day]
    last = max(days) if days else estimates.expected_window(order, brand).latest
    past = last < words.now().date()
    return (None, _("was %s") % words.short_day(last, weekday=True)) if past else (last, "")


def carriers_of(parcels: Sequence[Shipment]) -> str:
    """The carriers' names, each once."""
    return ", ".join(dict.fromkeys(parcel.carrier_name for parcel in parcels))
