"""What the shop uses: by day, by month, and against which limits. Read from counters: docs/audit.md says how they come about."""

from datetime import date, timedelta
from typing import Any

from django.conf import settings
from django.db.models import Count, Max, Sum
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _

from dashboard import lists
from dashboard.page import page, show
from integrations.webhooks import endpoints
from postpurchase.lib import clock
from postpurchase.tenancy import keys
from postpurchase.tenancy.models import Role, UsageDay
from postpurchase.ui import words
from postpurchase.ui.charts import Day, stacked_bars
from transfers.exporting import ask, workbook
from transfers.models import StoredFile
from transfers.reading import limits

DAYS, MONTHS = 30, 12
WINDOW = 10  # seconds over which calls are counted
Counts = dict[date, dict[str, int]]


@page(Role.ADMIN)
def usage(request: HttpRequest, slug: str) -> HttpResponse:
    """Thirty days of one kind as a chart (`?of=`), all kinds by month, and the limits. Days are of UTC."""
    today, kinds = clock.machine_now().date(), _kinds()
    of = request.GET.get("of", "orders")
    of = of if of in kinds else "orders"
    counts = _counts(today)
    days = [today - timedelta(days=back) for back in range(DAYS - 1, -1, -1)]
    tabs = [(name if name != "orders" else "", word, None) for name, word in kinds.items()]
    context = {
        "stats": [_stat(word, name, counts, today) for name, word in kinds.items()],
        "kinds": [tab | {"url": f"?of={name}"} for tab, name in zip(lists.tabs(request.GET, tabs, of), kinds, strict=True)],
        **_chart(of, kinds[of], counts, days),
        "heads": list(kinds.values()),
        "months": _months(counts, list(kinds)),
        "counted_at": UsageDay.objects.aggregate(at=Max("counted_at"))["at"],
        "limits": _limits(),
    }
    for tab, name in zip(context["kinds"], kinds, strict=True):
        tab["current"] = name == of
    return show(request, "dashboard/usage.html", "usage", {"usage": context})


def _kinds() -> dict[str, str]:
    """What is counted (dashboard/metered.py), in words."""
    return {
        "orders": _("Orders"),
        "shipments": _("Parcels"),
        "scans": _("Scans"),
        "email": _("Emails sent"),
        "webhooks_out": _("Webhook calls"),
        "webhooks_in": _("Calls from shops and carriers"),
    }


def _counts(today: date) -> Counts:
    """One query over at most a year of days."""
    found: Counts = {}
    first = _back(today.replace(day=1), MONTHS - 1)
    for day, what, count in UsageDay.objects.filter(day__gte=first).values_list("day", "what", "count"):
        found.setdefault(day, {})[what] = count
    return found


def _back(month: date, by: int) -> date:
    whole = month.year * 12 + month.month - 1 - by
    return date(whole // 12, whole % 12 + 1, 1)


def _stat(word: str, name: str, counts: Counts, today: date) -> dict[str, str]:
    month = sum(one.get(name, 0) for day, one in counts.items() if (day.year, day.month) == (today.year, today.month))
    now = words.number(counts.get(today, {}).get(name, 0))
    return {"label": word, "value": words.number(month), "unit": "", "note": _("this month; %s today") % now, "url": ""}


def _chart(of: str, word: str, counts: Counts, days: list[date]) -> dict[str, Any]:
    drawn = [Day(day, counts.get(day, {}).get(of, 0), 0) for day in days]
    said = {"what": word, "first": words.short_day(days[0]), "last": words.short_day(days[-1])}
    total = words.number(sum(day.first for day in drawn))
    title = _("%(what)s per day, %(first)s to %(last)s.") % said
    return {
        "chart": stacked_bars(drawn, title, (_("Day"), word, "")) if any(day.first for day in drawn) else None,
        "chart_words": _("%(n)s in %(days)s days.") % {"n": total, "days": DAYS},
        "of": word,
    }


def _months(counts: Counts, kinds: list[str]) -> list[dict[str, Any]]:
    found: dict[date, dict[str, int]] = {}
    for day, one in counts.items():
        month = found.setdefault(day.replace(day=1), dict.fromkeys(kinds, 0))
        for name in kinds:
            month[name] += one.get(name, 0)
    return [{"month": month, "counts": [found[month][name] for name in kinds]} for month in sorted(found, reverse=True)]


def _limits() -> list[dict[str, str]]:
    files = StoredFile.objects.aggregate(size=Sum("size"), n=Count("id"))
    calls = settings.API_CALLS_PER_SECOND * WINDOW
    size, rows = limits.MOST_BYTES // 1024 // 1024, words.number(limits.MOST_ROWS)
    hooks, made = words.number(endpoints.kept().count()), words.number(keys.opening().count())
    said = [
        (_("API calls of one key"), _("%(n)s in %(s)s seconds") % {"n": words.number(calls), "s": WINDOW}, "",
         _("Further calls get 429 until the ten seconds are over; the answer says when.")),
        (_("API keys in use"), words.number(keys.MOST), made, _("Revoke one before you make another.")),
        (_("Webhooks"), _("%s live, as many for tests") % endpoints.MOST, hooks, _("Remove one before you add another.")),
        (_("Size of an import"), _("%(mb)s MB, %(rows)s rows") % {"mb": size, "rows": rows}, "",
         _("A larger file is not taken. Split it; importing twice doubles nothing.")),
        (_("Rows of a sheet of an Excel export"), words.number(workbook.MOST), "", _("A further sheet begins. CSV has no limit.")),
        (_("Exports at once"), words.number(ask.AT_ONCE), "", _("Wait until one of them is ready.")),
        (_("Files kept for you"), _("for %s days") % ask.KEPT.days,
         _("%(mb)s MB in %(n)s files") % {"mb": words.number(round((files["size"] or 0) / 1e6, 1)), "n": words.number(files["n"])},
         _("They are deleted by themselves.")),
        (_("Orders, parcels, scans, messages"), _("No limit"), "", ""),
    ]  # fmt: skip
    return [{"what": what, "limit": limit, "used": used, "then": then} for what, limit, used, then in said]
