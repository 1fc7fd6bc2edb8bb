"""Where is my order: the numbers that say whether shoppers have to ask, and what we cannot know."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from dashboard import lists
from dashboard.page import page, show
from desk.asked import Questions, since
from postpurchase.tenancy.models import Role
from postpurchase.ui import words

PERIODS = {"7d": 7, "": 30, "90d": 90}  # days
FEW = 30  # orders; a share of fewer says little


@page(Role.VIEWER)
def asked(request: HttpRequest, slug: str) -> HttpResponse:
    """`?since=` 7d or 90d; else 30 days."""
    period = request.GET.get("since", "")
    period = period if period in PERIODS else ""
    found = since(lists.days_ago(PERIODS[period]))
    labels = {"7d": _("7 days"), "": _("30 days"), "90d": _("90 days")}
    context = {
        "periods": [
            {"label": labels[key], "url": f"?since={key}" if key else "?", "count": None, "current": key == period} for key in PERIODS
        ],
        "stats": _stats(found),
        "empty": not (found.orders or found.asking_orders or found.late),
    }
    return show(request, "dashboard/asked.html", "asked", {"asked": context})


def _stats(found: Questions) -> list[dict[str, Any]]:
    times = ngettext("%(n)s time, by the look-up page", "%(n)s times, by the look-up page", found.times)
    first = ngettext("of %(n)s order that was late", "of %(n)s orders that were late", found.late)
    said = [
        (_("Orders asked for"), _share(found.asking_orders, found.orders), times % {"n": words.number(found.times)}),
        (_("Told before they asked"), _share(found.told_first, found.late), first % {"n": words.number(found.late)}),
        (_("Asked before we wrote"), words.number(found.asked_first), _("late orders")),
        (_("Came by a message’s link"), _rate(found), _("clicks by people for each order placed")),
    ]
    return [{"label": label, "value": value, "note": note, "url": ""} for label, value, note in said]


def _share(part: int, whole: int) -> str:
    if whole < FEW:
        return _("%(part)s of %(whole)s") % {"part": words.number(part), "whole": words.number(whole)} if whole else "–"
    return words.percent(part / whole, digits=1)


def _rate(found: Questions) -> str:
    return words.number(round(found.clicks / found.orders, 2)) if found.orders else "–"
