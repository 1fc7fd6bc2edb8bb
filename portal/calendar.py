"""GET /t/<token>/delivery.ics: the days of arrival for a calendar (RFC 5545). It names the shop and the days, and nobody."""

from collections.abc import Sequence
from datetime import UTC, date, timedelta

from django.http import Http404, HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from portal import door, pages, reading, tongue
from portal.journey import Parcel, parcels_of, shop_of
from portal.sealed import seal
from portal.tongue import told as _
from postpurchase.lib import clock
from postpurchase.tenancy.scope import in_merchant

LINE = 75  # bytes of a line
ESCAPED = str.maketrans({"\\": "\\\\", ";": "\\;", ",": "\\,", "\n": "\\n", "\r": ""})
UNTOLD = frozenset({"delivered", "returned", "returning", "lost_or_destroyed", "available_for_pickup"})


def windows(parcels: Sequence[Parcel]) -> list[tuple[Parcel, date, date]]:
    """The parcels that are still to come, with the first and the last day; none whose days are over."""
    found = [(one, one.window) for one in parcels if one.row.status not in UNTOLD]
    return [
        (one, max(min(window.earliest, window.latest), one.shop.today), window.latest)
        for one, window in found
        if window and window.latest >= one.shop.today
    ]


@require_safe
def delivery(request: HttpRequest, token: str) -> HttpResponse:
    """An all-day entry for each parcel that is to come. Asked again it replaces the one before."""
    merchant_id, order_id = door.place_of(request, token)
    with in_merchant(merchant_id):
        facts = reading.read(order_id)
    if facts is None or pages.expired(facts.order):
        raise Http404
    with tongue.speaking(tongue.settled(request, facts.order.locale, facts.brand.locale), facts.brand.time_zone):
        shop = shop_of(facts.order, facts.brand, "", facts.parcels)
        found = windows(parcels_of(facts.parcels, shop))
        if not found:
            raise Http404
        body = written([_entry(*one) for one in found])
    response = seal(HttpResponse(body, content_type="text/calendar; charset=utf-8"))
    response.headers["Content-Disposition"] = 'attachment; filename="delivery.ics"'
    return response


def _entry(parcel: Parcel, first: date, last: date) -> list[str]:
    named = {"shop": parcel.shop.brand.name, "number": parcel.shop.order.number, "carrier": parcel.carrier}
    return [
        "BEGIN:VEVENT",
        f"UID:{parcel.row.id}@postpurchase",
        f"DTSTAMP:{clock.business_now().astimezone(UTC):%Y%m%dT%H%M%SZ}",
        f"DTSTART;VALUE=DATE:{first:%Y%m%d}",
        f"DTEND;VALUE=DATE:{last + timedelta(days=1):%Y%m%d}",  # the first day that is no longer part of it
        f"SUMMARY:{(_('Parcel from %(shop)s') % named).translate(ESCAPED)}",
        f"DESCRIPTION:{(_('Order %(number)s, with %(carrier)s') % named).translate(ESCAPED)}",
        "TRANSP:TRANSPARENT",
        "END:VEVENT",
    ]


def written(entries: list[list[str]]) -> str:
    """The calendar, its lines folded."""
    within = [line for entry in entries for line in entry]
    lines = ["BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:-//Postpurchase//Delivery//EN", "METHOD:PUBLISH", *within, "END:VCALENDAR"]
    return "".join(f"{_folded(line)}\r\n" for line in lines)


def _folded(line: str) -> str:
    """At most 75 bytes a line, never through a character; what follows begins with a space."""
    out, room = "", LINE
    for char in line:
        size = len(char.encode())
        if size > room:
            out, room = f"{out}\r\n ", LINE - 1
        out, room = out + char, room - size
    return out
