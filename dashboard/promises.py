"""The promise score card: by carrier, service or lane, how often the day that was told first held."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from dashboard.page import page, show
from integrations.carriers import directory
from postpurchase.tenancy.models import Role
from postpurchase.ui import words
from postpurchase.ui.charts import Day, meter, stacked_bars
from tracking import scorecard
from tracking.scorecard import Kept

PERIODS = {"": 13, "4w": 4, "52w": 52}  # weeks
DRAWN = 13  # weeks
FEW = 30  # parcels; a share of fewer says little


@page(Role.VIEWER)
def promises(request: HttpRequest, slug: str) -> HttpResponse:
    """`?by=` carrier (default), service or lane; `?weeks=` 4w, 52w, or 13 weeks."""
    by = request.GET.get("by", "")
    by = by if by in scorecard.BY else "carrier"
    period = request.GET.get("weeks", "")
    period = period if period in PERIODS else ""
    today = words.now().date()
    since = scorecard.monday(today, PERIODS[period] - 1)
    whole = scorecard.whole(since)
    context = {
        "tabs": _tabs(request, "by", {"": _("Carriers"), "service": _("Services"), "lane": _("Lanes")}, "" if by == "carrier" else by),
        "periods": _tabs(request, "weeks", {"4w": _("4 weeks"), "": _("13 weeks"), "52w": _("52 weeks")}, period),
        "stats": _stats(whole),
        "chart": _chart(since),
        "rows": [_row(kept) for kept in scorecard.groups(since, by)],
        "few": FEW,
        "empty": not whole.parcels,
        "any_ever": bool(whole.parcels) or scorecard.whole(scorecard.monday(today, 520)).parcels > 0,
    }
    return show(request, "dashboard/promises.html", "promises", {"promises": context})


def _tabs(request: HttpRequest, name: str, shown: dict[str, str], current: str) -> list[dict[str, Any]]:
    found = []
    for value, label in shown.items():
        asked = request.GET.copy()
        asked[name] = value
        found.append({"label": label, "url": f"?{asked.urlencode()}", "count": None, "current": value == current})
    return found


def _stats(whole: Kept) -> list[dict[str, Any]]:
    late = ngettext("%(n)s parcel", "%(n)s parcels", whole.slipped) % {"n": words.number(whole.slipped)}
    said = [
        (_("On time"), _share(whole.punctual), _("of %(n)s parcels with a day told") % {"n": words.number(whole.promised)}),
        (_("Our estimates held"), _share(whole.coverage), _("of %(n)s; 80%% is the aim") % {"n": words.number(whole.forecast)}),
        (_("Late by"), _days(whole.slippage), _("on average, %(late)s") % {"late": late}),
    ]
    return [{"label": label, "value": value, "note": note, "url": ""} for label, value, note in said]


def _chart(since: Any) -> dict[str, Any] | None:
    told = scorecard.weeks(since)
    first = max(since, scorecard.monday(words.now().date(), DRAWN - 1))
    mondays = [scorecard.monday(words.now().date(), back) for back in range(DRAWN - 1, -1, -1)]
    drawn = [Day(week, *told.get(week, (0, 0))) for week in mondays if week >= first]
    title = _("Parcels on time and late, by week.")
    return stacked_bars(drawn, title, (_("Week of"), _("On time"), _("Late"))) if any(day.first or day.second for day in drawn) else None


def _row(kept: Kept) -> dict[str, Any]:
    carrier, *rest = kept.group
    service, origin, country = [*rest, "", "", ""][:3]
    lane = f"{words.country(origin) or '?'} → {words.country(country) or '?'}" if len(kept.group) > 2 else ""
    judged = kept.promised >= FEW
    return {
        "name": directory.display(carrier) if carrier else _("No carrier"),
        "about": " · ".join(part for part in (service or (_("no service told") if rest else ""), lane) if part),
        "parcels": kept.parcels,
        "on_time": _share(kept.punctual),
        "judged": judged,
        "meter": meter([("a", kept.on_time), ("d", kept.promised - kept.on_time)], kept.promised) if judged else None,
        "held": _share(kept.coverage) if kept.forecast >= FEW else "–",
        "late_by": _days(kept.slippage),
        "median": _days(kept.median),
    }


def _share(share: float | None) -> str:
    return "–" if share is None else f"{words.number(round(100 * share))}%"


def _days(days: float | None) -> str:
    if days is None:
        return "–"
    return ngettext("%(n)s day", "%(n)s days", 1 if days == 1 else 2) % {"n": words.number(round(days, 1))}
