"""Where is my order: the numbers that say whether shoppers have to ask, and what we cannot know."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from dashboard import lists
from dashboard.page import page, show
from desk.asked import Questions, since
from desk.visits import Visits
from desk.visits import since as visits_since
from postpurchase.tenancy.models import Role
from postpurchase.ui import words

PERIODS = {"7d": 7, "": 30, "90d": 90}  # days
FEW = 30  # orders; a share of fewer says little


@page(Role.VIEWER)
def asked(request: HttpRequest, slug: str) -> HttpResponse:
    """`?since=` 7d or 90d; else 30 days."""
    period = request.GET.get("since", "")
    period = period if period in PERIODS else ""
    start = lists.days_ago(PERIODS[period])
    found, seen = since(start), visits_since(start)
    labels = {"7d": _("7 days"), "": _("30 days"), "90d": _("90 days")}
    context = {
        "periods": [
            {"label": labels[key], "url": f"?since={key}" if key else "?", "count": None, "current": key == period} for key in PERIODS
        ],
        "stats": [*_stats(found), *_visits(found, seen)],
        "empty": not (found.orders or found.asking_orders or found.late or seen.orders),
    }
    return show(request, "dashboard/asked.html", "asked", {"asked": context})


def _stats(found: Questions) -> list[dict[str, Any]]:
    times = ngettext("%(n)s time, by the look-up page", "%(n)s times, by the look-up page", found.times)
    first = ngettext("of %(n)s order that was late", "of %(n)s orders that were late", found.late)
    said = [
        (_("Orders asked for"), _share(found.asking_orders, found.orders), times % {"n": words.number(found.times)}),
        (_("Told before they asked"), _share(found.told_first, found.late), first % {"n": words.number(found.late)}),
        (_("Asked before we wrote"), words.number(found.asked_first), _("late orders")),
        (_("Came by a message’s link"), _rate(found.clicks, found.orders), _("clicks by people for each order placed")),
    ]
    return [{"label": label, "value": value, "note": note, "url": ""} for label, value, note in said]


def _visits(found: Questions, seen: Visits) -> list[dict[str, Any]]:
    looks = ngettext("for each order placed; %(n)s was looked at", "for each order placed; %(n)s were looked at", seen.orders)
    after = ngettext("of %(n)s order looked at, within 48 hours", "of %(n)s orders looked at, within 48 hours", seen.orders)
    said = [
        (_("Page views per order"), _rate(seen.times, found.orders), looks),
        (_("Contact after a view"), _share(seen.contacted, seen.orders), after),
    ]
    return [{"label": label, "value": value, "note": note % {"n": words.number(seen.orders)}, "url": ""} for label, value, note in said]


def _share(part: int, whole: int) -> str:
    if whole < FEW:
        return _("%(part)s of %(whole)s") % {"part": words.number(part), "whole": words.number(whole)} if whole else "–"
    return words.percent(part / whole, digits=1)


def _rate(times: int, orders: int) -> str:
    return words.number(round(times / orders, 2)) if orders else "–"
