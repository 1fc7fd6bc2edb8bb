"""The period that a page of results is about: the last days, or from a day to another, by the shop's clock."""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any

from django.http import HttpRequest
from django.utils.translation import gettext as _

from dashboard import links
from dashboard.forms.period import PeriodForm
from notifications.results.counts import Period
from postpurchase.ui import words

DAYS = (7, 30, 90)
USUAL = 30


@dataclass(frozen=True)
class Chosen:
    """The period with its words, what chooses another, and the part of an address that asks for this one."""

    period: Period
    said: str
    tabs: list[dict[str, Any]]
    form: PeriodForm
    query: dict[str, str]


def chosen(request: HttpRequest) -> Chosen:
    """`?days=7`, 30 or 90, or `?since=` and `?until=` (2026-11-30); the last 30 days where it asks for no such thing."""
    asked, today = request.GET, words.now().date()
    own = bool(asked.get("since") or asked.get("until"))
    form = PeriodForm(asked if own else None)
    given = form.cleaned_data if own and form.is_valid() else None
    days = next((one for one in DAYS if asked.get("days") == str(one)), USUAL)
    first, last = (given["since"], min(given["until"], today)) if given else (today - timedelta(days=days - 1), today)
    tabs = [
        {
            "label": _("%s days") % one,
            "url": links.changed(asked, days="" if one == USUAL else str(one), since="", until=""),
            "count": None,
            "current": not given and one == days,
        }
        for one in DAYS
    ]
    query = {"since": f"{first}", "until": f"{last}"} if given else {"days": str(days)} if days != USUAL else {}
    if not own:
        form.initial = {"since": first, "until": last}
    return Chosen(Period(_start(first), _start(last + timedelta(days=1))), words.days(first, last), tabs, form, query)


def _start(day: date) -> datetime:
    return datetime.combine(day, time.min, words.now().tzinfo)
