"""What needs the merchant today, how much is moving, what happened last."""

from datetime import datetime
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from dashboard import attention, first_steps, latest, links, lists
from dashboard.page import page, show
from integrations.carriers import directory
from notifications.questions import sending
from postpurchase.tenancy.models import Brand, Role, User
from postpurchase.ui import words
from postpurchase.ui.charts import Day, meter, stacked_bars
from tracking import overview, questions

WEEK, MONTH = 7, 30  # days, today among them
MORNING, NOON, EVENING = 5, 12, 18


@page(Role.VIEWER)
def home(request: HttpRequest, slug: str) -> HttpResponse:
    """The first page of the day."""
    today = words.now()
    context = {
        "greeting": greeting(today, request.user),  # type: ignore[arg-type]
        "now": today,
        "place": place(request.brand),  # type: ignore[attr-defined]
        "attention": attention.rows(request),
        "queue": attention.queue(request),
        "stats": _stats(request),
        **_chart(),
        **_carriers(request),
        "latest": latest.facts(request),
        "first_day": first_steps.shown(request),
    }
    return show(request, "dashboard/home.html", "home", {"home": context})


def greeting(now: datetime, user: User) -> str:
    """Good morning, Maja. By the shop's clock."""
    name = user.name.split()[0] if user.name else ""
    if MORNING <= now.hour < NOON:
        return _("Good morning, %s.") % name if name else _("Good morning.")
    if NOON <= now.hour < EVENING:
        return _("Good afternoon, %s.") % name if name else _("Good afternoon.")
    return _("Good evening, %s.") % name if name else _("Good evening.")


def place(brand: Brand) -> str:
    """Where the shop's clock stands: Berlin for Europe/Berlin."""
    return brand.time_zone.rpartition("/")[2].replace("_", " ")


def _stats(request: HttpRequest) -> list[dict[str, str]]:
    week = lists.days_ago(WEEK)
    parcels, sent = overview.now(week, lists.days_ago(1), timezone.get_current_timezone()), sending(week)
    share = words.number(round(100 * parcels.on_time / parcels.delivered, 1)) if parcels.delivered else "–"
    of_week = {"n": words.number(parcels.on_time), "all": words.number(parcels.delivered)}
    opens = [_("%s opened") % words.number(sent.opened)] if sent.opened else []
    troubles = {"failed": words.number(sent.failed), "doubt": words.number(sent.doubt)}
    return [
        _stat(
            request,
            _("On the way"),
            parcels.moving,
            ngettext("in %(n)s order, now", "in %(n)s orders, now", parcels.moving_orders) % {"n": words.number(parcels.moving_orders)},
            {"view": "moving"},
        ),
        _stat(
            request,
            _("Out for delivery"),
            parcels.out,
            _("now; %s delivered today") % words.number(parcels.out_done),
            {"parcel": "out_for_delivery"},
        ),
        {
            "label": _("Delivered on time"),
            "value": share,
            "unit": "%" if parcels.delivered else "",
            "note": _("%(n)s of %(all)s parcels, last 7 days") % of_week if parcels.delivered else _("none delivered in 7 days"),
            "url": links.to(request, "shipments", {"view": "delivered", "came": "7d"}),
        },
        {
            "label": _("Messages sent"),
            "value": words.number(sent.sent),
            "unit": "",
            "note": "; ".join([*opens, _("%(failed)s failed in 7 days, %(doubt)s in doubt") % troubles]),
            "url": links.to(request, "messages", {"state": "sent", "since": "7d"}),
        },
    ]


def _stat(request: HttpRequest, label: str, value: int, note: str, query: dict[str, str]) -> dict[str, str]:
    return {
        "label": label,
        "value": words.number(value),
        "unit": ngettext("parcel", "parcels", value),
        "note": note,
        "url": links.to(request, "shipments", query),
    }


def _chart() -> dict[str, Any]:
    told = questions.deliveries(MONTH)
    days = [Day(one.day, one.on_time + one.unpromised, one.late) for one in told]
    whole, late = sum(day.first + day.second for day in days), sum(day.second for day in days)
    if not whole:
        return {"chart": None, "chart_words": ""}
    period = {"first": words.short_day(days[0].day), "last": words.short_day(days[-1].day)}
    said = {"whole": words.number(whole), "late": words.number(late), "days": MONTH}
    return {
        "chart": stacked_bars(days, _("Parcels delivered per day, %(first)s to %(last)s, on time and late.") % period),
        "chart_words": _("%(whole)s parcels in %(days)s days, %(late)s of them after the day they were due.") % said,
    }


def _carriers(request: HttpRequest) -> dict[str, Any]:
    found = overview.by_carrier()
    most = max((one.whole for one in found), default=0)
    rows = [
        {
            "name": directory.display(one.carrier),
            "url": links.to(request, "shipments", {"view": "open", "carrier": one.carrier}),
            "label": one.label,
            "moving": one.moving,
            "out": one.out,
            "late": one.late,
            "meter": meter([("a", max(one.whole - one.late, 0)), ("c", one.late)], most),
        }
        for one in found
    ]
    return {"carriers": rows, "carriers_note": _("%s open parcels.") % words.number(sum(one.whole for one in found)) if rows else ""}
