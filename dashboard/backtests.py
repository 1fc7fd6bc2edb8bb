"""The backtests of a flow: ask for one, follow it, and read what would have been different."""

import csv
from collections.abc import Iterator
from typing import Any
from uuid import UUID

from django.contrib import messages as notes
from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _

from backtest import ask, tasks
from backtest.models import Backtest, Difference, Outcome
from dashboard import links, lists, verdicts, wording
from dashboard.page import act, may, note, page, show
from notifications.models import Flow
from postpurchase.lib import ids
from postpurchase.lib.states import IllegalMove
from postpurchase.tenancy import scope
from postpurchase.tenancy.models import Role
from postpurchase.tenancy.scope import in_merchant
from postpurchase.ui import words

DAYS = (7, 14, 30, 60, 90)
EARLIER = 10  # backtests of a flow that are listed
LINES = 2000  # of a file, read at a time
HEAD = ("order", "subject", "step", "template", "difference", "draft", "draft_reason", "draft_at", "live", "live_reason", "live_at")


@page(Role.VIEWER)
def backtests(request: HttpRequest, slug: str, key: str) -> HttpResponse:
    """Those of the last 30 days, and the form that asks for one."""
    found = get_object_or_404(Flow, key=key)
    earlier = [row(request, one) for one in Backtest.objects.filter(flow=found).select_related("flow").order_by("-created_at")[:EARLIER]]
    context = _head(request, found) | {
        "rows": earlier,
        "start_url": links.to(request, "backtest-start", key=key) if may(request, Role.ADMIN) else "",
        "once": ids.random_token(),
        "days": DAYS,
        "has_draft": found.draft is not None,
    }
    return show(request, "dashboard/backtests.html", "flows", {"flow": context})


@act(Role.ADMIN)
def start(request: HttpRequest, slug: str, key: str) -> HttpResponse:
    """Have one run. The same press twice is one."""
    found, once = get_object_or_404(Flow.objects.select_related("live"), key=key), request.POST.get("once", "")
    days = request.POST.get("days", "")
    if not 20 <= len(once) <= 60 or not days.isdecimal() or len(days) > 3:
        raise IllegalMove(_("This page is too old to be sent. Open it again."))
    known = Backtest.objects.filter(once=once).exists()
    made = ask.begin(found, days=int(days), by=str(request.user), once=once)
    if not known:
        note(request, "backtest.begun", subject=ids.to_public("bkt", made.pk), words=found.name, changes={"days": (None, made.days)})
    tasks.work_on_backtest.enqueue(scope.merchant_id(), str(made.pk))
    return redirect(links.to(request, "backtest", key=key, backtest_id=made.pk))


@page(Role.VIEWER)
def backtest(request: HttpRequest, slug: str, key: str, backtest_id: UUID) -> HttpResponse:
    """How far it is and what it found. HTMX asks for it anew while it works; `?show=` is one kind of difference."""
    one, kind = _found(key, backtest_id), request.GET.get("show", "")
    outcomes = one.outcomes.select_related("order")
    if kind in Difference.values:
        outcomes = outcomes.filter(difference=kind)
    found = lists.one_page(request, outcomes, ("id",))
    query = request.GET.copy()
    query["after"] = found.next_cursor
    more = {"said": "", "next_url": f"?{query.urlencode()}" if found.next_cursor else "", "more": _("Load %s more") % lists.SIZE}
    counted = one.summary.get("differences", {})
    context = row(request, one) | {
        "head": _head(request, one.flow),
        "tabs": [{"label": word, "url": f"?show={value}" if value else "?", "count": counted.get(value, 0) if value else
                  sum(counted.values()), "current": value == kind} for value, word in [("", _("All")), *_differences()]],
        "stats": _stats(one),
        "steps": _steps(one),
        "reasons": _table(one.summary.get("reasons", {}), wording.reason),
        "by_day": _table(dict(sorted(one.summary.get("days", {}).items())), str),
        "outcomes": [_outcome(request, each) for each in found.items],
        "pager": more,
        "stop_url": links.to(request, "backtest-stop", key=key, backtest_id=one.pk) if may(request, Role.ADMIN) else "",
        "file_url": links.to(request, "backtest-file", key=key, backtest_id=one.pk) if may(request, Role.AGENT) else "",
    }  # fmt: skip
    return show(request, "dashboard/backtest.html", "flows", {"test": context})


@act(Role.ADMIN)
def stop(request: HttpRequest, slug: str, key: str, backtest_id: UUID) -> HttpResponse:
    """Go no further."""
    one = _found(key, backtest_id)
    try:
        ask.stop(one)
    except IllegalMove as error:
        raise IllegalMove(_("It is over already; there is nothing to stop.")) from error
    note(request, "backtest.stopped", subject=ids.to_public("bkt", one.pk), words=one.flow.name)
    notes.success(request, _("Stopped. What was found until then stays."))
    return redirect(links.to(request, "backtest", key=key, backtest_id=backtest_id))


@page(Role.AGENT)
def file(request: HttpRequest, slug: str, key: str, backtest_id: UUID) -> StreamingHttpResponse:
    """Every outcome, as CSV."""
    one, merchant = _found(key, backtest_id), scope.merchant_id()
    name = f"backtest-{key}-{one.until.date().isoformat()}.csv"
    headers = {"Content-Disposition": f'attachment; filename="{name}"', "Cache-Control": "private, no-store"}
    return StreamingHttpResponse(_csv(merchant, one.pk), content_type="text/csv; charset=utf-8", headers=headers)


class _Line:
    """What csv.writer writes to: it gives the line back."""

    def write(self, line: str) -> str:
        return line


def _csv(merchant: object, backtest_id: UUID) -> Iterator[str]:
    writer, after = csv.writer(_Line()), None
    yield writer.writerow(HEAD)
    while True:
        with in_merchant(merchant):
            rows = Outcome.objects.filter(backtest=backtest_id).select_related("order").order_by("id")
            found = list((rows.filter(pk__gt=after) if after else rows)[:LINES])
        for one in found:
            number = f"'{one.order.number}" if one.order.number[:1] in ("=", "+", "-", "@") else one.order.number  # no formula
            yield writer.writerow(
                [number, one.subject, one.node, one.template, one.difference, one.verdict, one.reason, _iso(one.at), one.live_verdict,
                 one.live_reason, _iso(one.live_at)]
            )  # fmt: skip
        if len(found) < LINES:
            return
        after = found[-1].pk


def _iso(at: Any) -> str:
    return at.isoformat() if at else ""


def _found(key: str, backtest_id: UUID) -> Backtest:
    return get_object_or_404(Backtest.objects.select_related("flow", "live"), pk=backtest_id, flow__key=key)


def _head(request: HttpRequest, found: Flow) -> dict[str, Any]:
    named = {"url": "flow", "backtests_url": "backtests", "simulate_url": "simulate"}
    return {"name": _(found.name), **{name: links.to(request, view, key=found.key) for name, view in named.items()}}


def row(request: HttpRequest, one: Backtest) -> dict[str, Any]:
    """A backtest for the list and for its own page."""
    return {
        "name": _("The last %s days") % one.days,
        "url": links.to(request, "backtest", key=one.flow.key, backtest_id=one.pk),
        "badge": f"job.{one.state}",
        "working": one.state == "running",
        "total": one.total,
        "done": one.done,
        "share": one.share,
        "by": one.by,
        "at": one.created_at,
        "problem": one.problem,
        "differs": sum(number for kind, number in one.summary.get("differences", {}).items() if kind != Difference.SAME),
    }


def _differences() -> list[tuple[str, str]]:
    return [
        (Difference.ONLY_DRAFT, _("Only in the draft")), (Difference.ONLY_LIVE, _("Only in what is live")),
        (Difference.MOVED, _("At another time")), (Difference.SAME, _("The same")),
    ]  # fmt: skip


def _stats(one: Backtest) -> list[dict[str, Any]]:
    entered, days = one.summary.get("entered", {}), one.summary.get("days", {}).values()
    sent = {side: sum(day.get(side, 0) for day in days) for side in ("draft", "live")}
    live = _("%s in what is live")
    return [
        {"label": _("Would have entered"), "value": words.number(entered.get("draft", 0)),
         "note": live % words.number(entered.get("live", 0))},
        {"label": _("Would have been sent"), "value": words.number(sent["draft"]), "note": live % words.number(sent["live"])},
        {"label": _("Would be different"), "value": words.number(row_differs(one)), "note": _("messages")},
    ]  # fmt: skip


def row_differs(one: Backtest) -> int:
    """Messages that differ from what is live."""
    return sum(number for kind, number in one.summary.get("differences", {}).items() if kind != Difference.SAME)


def _steps(one: Backtest) -> list[dict[str, Any]]:
    told = []
    for node, sides in one.summary.get("steps", {}).items():
        draft, live = sides.get("draft", {}), sides.get("live", {})
        counted = [(verdicts_of(draft, verdict), verdicts_of(live, verdict)) for verdict in ("send", "due", "other")]
        told.append({"name": node, "sent": counted[0], "due": counted[1], "not_sent": counted[2]})
    return told


def verdicts_of(told: dict[str, int], verdict: str) -> int:
    """How many had it; `other` is any that is not sent."""
    if verdict == "other":
        return sum(number for one, number in told.items() if one not in ("send", "due"))
    return told.get(verdict, 0)


def _table(told: dict[str, dict[str, int]], name: Any) -> list[dict[str, Any]]:
    return [{"name": name(code) or code, "draft": sides.get("draft", 0), "live": sides.get("live", 0)} for code, sides in told.items()]


def _outcome(request: HttpRequest, one: Outcome) -> dict[str, Any]:
    known = dict(_differences())
    return {
        "number": one.order.number,
        "url": links.to(request, "order", order_id=one.order_id),
        "template": wording.template(one.template),
        "difference": known.get(one.difference, one.difference),
        "draft": verdicts.said(one.verdict, one.reason) if one.verdict else _("Never came there"),
        "draft_at": one.at,
        "live": verdicts.said(one.live_verdict, one.live_reason) if one.live_verdict else _("Never came there"),
        "live_at": one.live_at,
    }
