"""What both lists share: views as tabs, filters as chips, a page at a time. All state is in the address."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from typing import Any

from django.db.models import Model, Q, QuerySet
from django.http import Http404, HttpRequest, QueryDict
from django.utils.translation import gettext as _

from dashboard import links
from postpurchase.lib import clock, ids
from postpurchase.ui import paging, words

SIZE = 50
NOTHING = Q(pk__in=[])  # the condition of a view or filter that does not exist
Choice = tuple[str, str]  # value in the address, word


@dataclass(frozen=True)
class Filter:
    """One chip: its parameter, its word, and what may be chosen."""

    name: str
    label: str
    choices: Sequence[Choice]


def picked(asked: QueryDict, prefix: str) -> Q:
    """The rows that stand in the address one by one (ids=ord_...,ord_...); every row where none does."""
    if "ids" not in asked:
        return Q()
    return Q(pk__in=[pk for text in asked.get("ids", "").split(",")[: paging.MOST] if (pk := ids.from_public(prefix, text))])


def days_ago(days: int) -> datetime:
    """The start of the day, by the shop's clock, that begins a period of so many days, today among them."""
    now = words.localised(clock.business_now())
    return datetime.combine(now.date() - timedelta(days=days - 1), time.min, now.tzinfo)


def chips(asked: QueryDict, filters: Iterable[Filter]) -> dict[str, Any]:
    """The context of ui/_chips.html. A value that is none of the choices is shown as it is, and can be taken off."""
    active, more = [], []
    for one in filters:
        value = asked.get(one.name, "")
        if value:
            word = dict(one.choices).get(value, value)
            active.append({"label": one.label, "value": word, "remove_url": links.changed(asked, **{one.name: ""})})
        elif one.choices:
            said = [{"label": word, "url": links.changed(asked, **{one.name: key}), "current": False} for key, word in one.choices]
            more.append({"id": one.name, "label": one.label, "choices": said})
    cleared = links.changed(asked, **{one.name: "" for one in filters})
    return {"active": active, "more": more, "clear_url": cleared}


def tabs(asked: QueryDict, views: Sequence[tuple[str, str, int | None]], current: str) -> list[dict[str, Any]]:
    """The context of ui/_tabs.html, from (value of `view`, word, count or None)."""
    return [
        {"label": word, "url": links.changed(asked, view=value), "count": count, "current": value == current}
        for value, word, count in views
    ]


def views(asked: QueryDict, found: Sequence[tuple[str, str, int | None]], current: str) -> dict[str, Any]:
    """tabs, and view: the word of the current one, '' where there is none."""
    shown = tabs(asked, found, current)
    return {"tabs": shown, "view": next((tab["label"] for tab in shown if tab["current"]), "")}


def one_page(request: HttpRequest, rows: QuerySet[Any], keys: Sequence[str]) -> paging.Page[Any]:
    """The page that the address asks for. Raises Http404 for a cursor that is not ours."""
    try:
        return paging.page(rows, after=request.GET.get("after", ""), size=SIZE, keys=keys)
    except paging.BadCursor as error:
        raise Http404 from error


def pager(request: HttpRequest, found: paging.Page[Model], moment: str) -> dict[str, str]:
    """The context of ui/_pager.html; `moment` is the field that says how far down the list goes."""
    if not found.items:
        return {"said": "", "next_url": "", "more": ""}
    down_to = words.short_day(words.localised(getattr(found.items[-1], moment)).date(), weekday=True)
    if found.next_cursor:
        query = request.GET.copy()
        query["after"] = found.next_cursor
        return {"said": _("Down to %s") % down_to, "next_url": f"?{query.urlencode()}", "more": _("Load %s more") % SIZE}
    return {"said": _("That is all, down to %s") % down_to, "next_url": "", "more": ""}
