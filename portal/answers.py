"""The sentence a person would say about one parcel, and why: one function per status."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date

from django.utils.translation import gettext_noop

from portal import days
from portal.journey import Parcel, at_place, zone_of
from portal.shown import Flag, Link
from portal.tongue import told as _
from postpurchase.lib import clock
from postpurchase.ui import words
from tracking.estimates import Window

NEEDS_YOU, PROBLEM, COLLECT, OUT, MOVING, DONE = range(6)  # what leads a page of several parcels
ORDERED, SHIPPED, ON_THE_WAY, NEARLY, THERE = range(5)  # the steps
GROUNDS = {
    "carrier": gettext_noop("%(carrier)s expects it then."),
    "merchant": gettext_noop("%(shop)s promised it for then."),
    "promise": gettext_noop("%(shop)s promised it for then."),
    "ours": gettext_noop("8 of 10 parcels like this arrive by %(day)s."),
}
USUAL = gettext_noop("Parcels from %(shop)s usually take that long. %(carrier)s has not named a day.")


@dataclass(frozen=True, slots=True)
class Told:
    """A parcel in words. `step` None: there is no track to show."""

    answer: str
    rank: int
    step: int | None
    tone: str = "accent"
    reasons: tuple[str, ...] = ()
    flag: Flag | None = None
    promised: str = ""  # the day that the shop promised and missed
    expected: str = ""  # the day that was told, where that was no promise
    act: Link | None = None
    last: str = ""  # under the last step


def tell(parcel: Parcel) -> Told:
    """The answer for a parcel."""
    return TELL.get(parcel.row.status, _moving)(parcel)


def warn(text: str, icon: str = "triangle-alert", tone: str = "warn") -> Flag:
    """A flag that is no good news."""
    return Flag(tone, icon, text)


def contact(parcel: Parcel, label: str) -> Link | None:
    """The one thing to do: write to the shop."""
    return Link("message-circle", label, parcel.shop.contact) if parcel.shop.contact else None


def arrival(window: Window | None, parcel: Parcel) -> str:
    """Arriving ..., or that it is on its way where nobody knows when."""
    if window is None or window.latest < parcel.shop.today:
        return _("On its way")
    return _("Arriving %(days)s") % {"days": days.span(window.earliest, window.latest, parcel.shop.today)}


def _moving(parcel: Parcel) -> Told:
    missed, today = parcel.missed, parcel.shop.today
    waiting = parcel.row.first_scan_at is None
    step = SHIPPED if waiting else ON_THE_WAY
    quiet = _silence(parcel)
    if parcel.window is None:
        return Told(_("On its way"), MOVING, step, reasons=(*quiet, _("Nobody has named a day yet.")))
    window = parcel.window
    ahead = window.latest >= today
    last = days.short(window.earliest, window.latest, today) if ahead else ""
    if missed is None and ahead:
        return Told(arrival(window, parcel), MOVING, step, reasons=(*quiet, *_grounds(parcel, window)), last=last)
    now = {"days": days.span(window.earliest, window.latest, today)}
    answer = _("Now %(days)s") % now if ahead else _("Late, no new day yet")
    unsaid = () if ahead else (_("%(carrier)s has not named a new day.") % {"carrier": parcel.carrier},)
    reasons = (*unsaid, *(quiet or _alive(parcel)))
    day, act = days.full(missed or window.latest, today), None if last else contact(parcel, _("Ask the shop"))
    if missed and missed == parcel.promise:
        return Told(answer, MOVING, step, "warn", reasons, warn(_("Later than promised")), promised=day, act=act, last=last)
    return Told(answer, MOVING, step, "warn", reasons, warn(_("Later than expected")), expected=day, act=act, last=last)


def _silence(parcel: Parcel) -> tuple[str, ...]:
    """What to say of a parcel that nobody has scanned, for long or yet."""
    named = {"carrier": parcel.carrier, "shop": parcel.shop.brand.name}
    if "no_scan_after_label" in parcel.row.health:
        return (_("%(carrier)s has not scanned it yet; that takes longer than usual. %(shop)s sees this too.") % named,)
    if parcel.row.first_scan_at is None:
        return (_("Packed. %(carrier)s has not scanned it yet.") % named,)
    if "stalled" in parcel.row.health and parcel.row.last_scan_at:
        since = words.day(parcel.row.last_scan_at.astimezone(parcel.shop.zone).date(), parcel.shop.today)
        return (_("No news from %(carrier)s since %(since)s. %(shop)s sees this too.") % (named | {"since": since}),)
    return ()


def _alive(parcel: Parcel) -> tuple[str, ...]:
    """That a late parcel is not lost: who saw it, where and when."""
    scan = parcel.row.scans[0]
    there = at_place(scan, parcel.shop)
    now = clock.business_now().astimezone(there.tzinfo or zone_of(scan, parcel.shop)).replace(tzinfo=there.tzinfo)
    named = {"carrier": parcel.carrier, "place": scan.city, "moment": words.moment(there, now)}
    said = (
        _("It is moving: %(carrier)s saw it in %(place)s, %(moment)s.") if scan.city else _("It is moving: %(carrier)s saw it %(moment)s.")
    )
    return (said % named,)


def _grounds(parcel: Parcel, window: Window) -> tuple[str, ...]:
    """Who says so, and what was said first."""
    said = _(GROUNDS.get(window.source, USUAL))
    first = window.first_told
    moved = (_("The first estimate was %(day)s.") % {"day": days.full(first, parcel.shop.today)},) if first else ()
    named = {"carrier": parcel.carrier, "shop": parcel.shop.brand.name, "day": days.full(window.latest, parcel.shop.today)}
    return (words.sentences(said % named, *moved),)


def _out(parcel: Parcel) -> Told:
    at = parcel.row.out_at
    today = at is not None and at.astimezone(parcel.shop.zone).date() == parcel.shop.today
    reason = _("%(carrier)s has it on the van.") % {"carrier": parcel.carrier}
    if today:
        return Told(_("Arriving today"), OUT, NEARLY, reasons=(reason,), last=_("today"))
    since = words.day(at.astimezone(parcel.shop.zone).date(), parcel.shop.today) if at else ""
    late = (_("It went on the van %(day)s and has not been handed over yet.") % {"day": since},) if since else (reason,)
    return Told(_("Out for delivery"), OUT, NEARLY, "warn" if since else "accent", late)


def _attempt_failed(parcel: Parcel) -> Told:
    named = {"carrier": parcel.carrier}
    answer = {
        "absent": _("%(carrier)s came and nobody was there"),
        "closed": _("%(carrier)s came and the place was closed"),
        "address": _("%(carrier)s could not find the address"),
        "no_access": _("%(carrier)s could not get to the door"),
    }.get(parcel.row.substatus, _("%(carrier)s tried to deliver"))
    asked = parcel.row.action_required == "shopper"
    reasons = (_asks(parcel) if asked else _("%(carrier)s’s site says what happens next, and what you can choose.") % named,)
    flag = warn(_("This needs you"), tone="bad") if asked else warn(_("Delivery tried"), "bell")
    act = contact(parcel, _("Tell us what is missing")) if asked else _to_carrier(parcel)
    return Told(answer % named, NEEDS_YOU if asked else PROBLEM, NEARLY, "warn", reasons, flag, act=act)


def _asks(parcel: Parcel) -> str:
    named = {"carrier": parcel.carrier, "shop": parcel.shop.brand.name}
    return _("Tell %(shop)s what is missing, or see what %(carrier)s asks for, so that it moves on.") % named


def _to_carrier(parcel: Parcel) -> Link | None:
    label = _("See what %(carrier)s offers") % {"carrier": parcel.carrier}
    return Link("external-link", label, parcel.carrier_url) if parcel.carrier_url else None


def _collect(parcel: Parcel) -> Told:
    scan = next((scan for scan in parcel.row.scans if scan.status == "available_for_pickup"), None)
    place = scan.city if scan else ""
    answer = _("Ready to collect in %(city)s") % {"city": place} if place else _("Ready to collect")
    reasons = (_("%(carrier)s’s site says where exactly, until when, and what to bring.") % {"carrier": parcel.carrier},)
    soon = warn(_("Collect it soon, or it goes back"), "clock") if "pickup_expiring" in parcel.row.health else None
    return Told(answer, COLLECT, NEARLY, reasons=reasons, flag=soon, act=_to_carrier(parcel))


def _held(parcel: Parcel) -> Told:
    named = {"carrier": parcel.carrier, "shop": parcel.shop.brand.name}
    answer = {
        "customs_hold": _("Held at customs"),
        "payment_due": _("Customs waits for a payment"),
        "documents": _("Customs waits for papers"),
        "delayed_weather": _("Held up by the weather"),
        "refused": _("The parcel was not accepted"),
        "unclaimed": _("Nobody has collected the parcel"),
        "moved": _("%(carrier)s could not find the address"),
        "address": _("%(carrier)s could not find the address"),
        "damaged": _("The parcel was damaged on the way"),
        "delivery_failed": _("%(carrier)s could not deliver it"),
    }.get(parcel.row.substatus, _("Held up at %(carrier)s"))
    if parcel.row.action_required == "shopper":
        reasons = (_asks(parcel),)
        flag, act = warn(_("This needs you"), tone="bad"), contact(parcel, _("Tell us what is missing"))
        return Told(answer % named, NEEDS_YOU, ON_THE_WAY, "warn", reasons, flag, act=act or _to_carrier(parcel))
    ours = parcel.row.action_required == "merchant"
    who = _("%(shop)s has to settle this with %(carrier)s.") % named if ours else _("%(carrier)s has to solve this.") % named
    why = (words.sentences(who, _("You need do nothing for now.")), *_last_estimate(parcel))
    return Told(answer % named, PROBLEM, ON_THE_WAY, "warn", why, warn(_("Held up")), act=contact(parcel, _("Ask the shop")))


def _last_estimate(parcel: Parcel) -> tuple[str, ...]:
    window = parcel.window
    if window is None or window.source != "carrier" or window.latest < parcel.shop.today:
        return ()
    day = days.span(window.earliest, window.latest, parcel.shop.today)
    return (_("The last estimate of %(carrier)s: %(days)s.") % {"carrier": parcel.carrier, "days": day},)


def _delivered(parcel: Parcel) -> Told:
    at = parcel.row.delivered_at
    scan = next((scan for scan in parcel.row.scans if scan.status == "delivered"), None)
    there = at_place(scan, parcel.shop) if scan else at.astimezone(parcel.shop.zone) if at else None
    if there is None:
        return Told(_("Delivered"), DONE, THERE, "ok", act=_not_there(parcel))
    today = clock.business_now().astimezone(there.tzinfo or parcel.shop.zone).date()
    answer = _("Delivered %(day)s, %(time)s") % {"day": days.past(there.date(), today), "time": words.clock_time(there)}
    where = {
        "front_door": _("Left at the door."),
        "letterbox": _("In the letterbox."),
        "neighbour": _("Handed to a neighbour."),
        "collected": _("Collected."),
        "signed": _("Signed for."),
    }.get(parcel.row.substatus, "")
    reason = words.sentences(where, _punctual(parcel, there.date()))
    return Told(answer, DONE, THERE, "ok", (reason,) if reason else (), act=_not_there(parcel))


def _punctual(parcel: Parcel, day: date) -> str:
    told = parcel.told
    if told is None:
        return ""
    if day == told:
        return _("On the day we said.")
    said = {"day": words.short_day(told, weekday=True)}
    return _("Earlier than we said: %(day)s.") % said if day < told else _("Later than we said: %(day)s.") % said


def _not_there(parcel: Parcel) -> Link | None:
    return Link("circle-help", _("Not there? Tell us"), parcel.shop.contact) if parcel.shop.contact else None


def _returning(parcel: Parcel) -> Told:
    named = {"shop": parcel.shop.brand.name}
    reasons = (_("It could not be delivered. %(shop)s settles with you whether it is sent again or refunded.") % named,)
    answer = _("Your parcel goes back to %(shop)s") % named
    return Told(answer, PROBLEM, None, "warn", reasons, warn(_("Not delivered"), "undo-2"), act=contact(parcel, _("Ask the shop")))


def _returned(parcel: Parcel) -> Told:
    told = _returning(parcel)
    answer = _("Your parcel went back to %(shop)s") % {"shop": parcel.shop.brand.name}
    return Told(answer, PROBLEM, None, "warn", told.reasons, told.flag, act=told.act)


def _lost(parcel: Parcel) -> Told:
    named = {"carrier": parcel.carrier, "shop": parcel.shop.brand.name}
    destroyed = parcel.row.substatus == "destroyed"
    answer = _("The parcel was destroyed on the way") if destroyed else _("The parcel is lost")
    reasons = (_("That is what %(carrier)s says. Write to %(shop)s: they settle it with you.") % named,)
    act = contact(parcel, _("Write to the shop"))
    return Told(answer, PROBLEM, None, "bad", reasons, warn(_("Not delivered"), "package-x", "bad"), act=act)


def _no_news(parcel: Parcel) -> Told:
    since = parcel.row.last_scan_at
    day = words.day(since.astimezone(parcel.shop.zone).date(), parcel.shop.today) if since else ""
    said = _("%(carrier)s last told of it %(day)s.") if day else _("%(carrier)s has told nothing of it.")
    reasons = (said % {"carrier": parcel.carrier, "day": day},)
    step = ON_THE_WAY if parcel.row.first_scan_at else SHIPPED
    return Told(_("No news for a long time"), PROBLEM, step, "warn", reasons, warn(_("Overdue")), act=contact(parcel, _("Ask the shop")))


TELL: dict[str, Callable[[Parcel], Told]] = {
    "out_for_delivery": _out,
    "attempt_failed": _attempt_failed,
    "available_for_pickup": _collect,
    "exception": _held,
    "returning": _returning,
    "delivered": _delivered,
    "returned": _returned,
    "lost_or_destroyed": _lost,
    "expired": _no_news,
}
