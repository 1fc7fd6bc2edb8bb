"""Parcels that need somebody, by the day that was promised and then by what they are worth; and acts on several of them."""

from datetime import datetime, time, timedelta
from typing import Any
from uuid import UUID

from django.contrib import messages as notes
from django.db.models import Q, QuerySet
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from dashboard import case_words as said
from dashboard import links, lists, wording
from dashboard.forms.work import ManyForm
from dashboard.orders import name_of
from dashboard.page import act, may, note, page, show
from dashboard.queue_counts import counted
from desk import answers
from desk.models import Case, State
from desk.review import unplaced
from postpurchase.lib import ids
from postpurchase.lib.states import IllegalMove
from postpurchase.tenancy.models import Membership, Role
from postpurchase.ui import words

KEYS = ("due_on", "worth", "id")
VIEWS = {"": State.OPEN, "snoozed": State.SNOOZED, "done": State.DONE}
PREFIX = "cse"
FEW = 5  # requests shown above the queue; all of them have a list of their own
NOBODY, MINE = "nobody", "me"


@page(Role.VIEWER)
def work(request: HttpRequest, slug: str) -> HttpResponse:
    """The queue that the address describes: `?kind=`, `?who=`, `?view=` snoozed or done."""
    found = lists.one_page(request, wanted(request, request.GET), KEYS)
    once, filtered = ids.random_token(), any(request.GET.get(name) for name in ("kind", "who", "after"))
    context = {
        **lists.views(request.GET, _views(request), request.GET.get("view", "")),
        "filters": lists.chips(request.GET, _filters(request)),
        "rows": [_row(request, case) for case in found.items],
        "pager": _pager(request, found.next_cursor),
        "bulk": _bulk(request, once) if request.GET.get("view", "") == "" and may(request, Role.AGENT) else None,
        "filtered": filtered,
        "requests": _requests(request) if not (filtered or request.GET.get("view")) else None,
        "all_url": links.to(request, "work"),
        "limits_url": links.to(request, "limits"),
    }
    return show(request, "dashboard/work.html", "work", {"work": context})


@act(Role.AGENT)
def many(request: HttpRequest, slug: str) -> HttpResponse:
    """Do one thing about each picked parcel; what cannot be done any more is left as it is."""
    form = ManyForm(request.POST)
    if not form.is_valid():
        raise IllegalMove(_("Nothing was changed: pick parcels of the list, and one of the acts."))
    picked = [pk for text in request.POST.getlist("row")[: lists.SIZE] if (pk := ids.from_public(PREFIX, text))]
    cases = Case.objects.select_for_update(of=("self",)).select_related("shipment").filter(pk__in=picked).order_by("pk")
    done = [case for case in cases if _one(request, case, form.cleaned_data["act"], form.cleaned_data["once"])]
    if done:
        note(request, "case.many", changes={"what": (None, form.cleaned_data["act"]), "rows": (0, len(done))})
    told = ngettext("%(n)s parcel was seen to.", "%(n)s parcels were seen to.", len(done)) % {"n": words.number(len(done))}
    notes.success(request, told if done else _("Nothing was left to do for these."))
    return redirect(links.to(request, "work"))


def wanted(request: HttpRequest, asked: QueryDict) -> QuerySet[Case]:
    """The cases that an address asks for. A view or filter that does not exist finds nothing."""
    view = VIEWS.get(asked.get("view", ""))
    conditions = [Q(state=view) if view else lists.NOTHING]
    if kind := asked.get("kind"):
        kinds = said.of_badge(kind)
        conditions.append(Q(kinds__overlap=kinds) if kinds else lists.NOTHING)
    if who := asked.get("who"):
        conditions.append(_whose(request, who))
    rows = Case.objects.filter(*conditions).select_related("shipment__order__customer", "assignee__user")
    return rows.defer("shipment__order__extra", "shipment__order__marketing_consent", "shipment__order__shop_totals")


def tomorrow() -> datetime:
    """The beginning of tomorrow by the shop's clock."""
    now = words.now()
    return datetime.combine(now.date() + timedelta(days=1), time.min, now.tzinfo)


def people() -> list[tuple[UUID, str]]:
    """Those on the team, by name. One query."""
    rows = Membership.objects.select_related("user").order_by("user__name", "id")[:200]
    return [(row.pk, str(row.user)) for row in rows]


def _whose(request: HttpRequest, who: str) -> Q:
    if who == NOBODY:
        return Q(assignee=None)
    if who == MINE:
        return Q(assignee=request.member.id)  # type: ignore[attr-defined]
    pk = ids.from_public("mbr", who)
    return Q(assignee=pk) if pk else lists.NOTHING


def _views(request: HttpRequest) -> list[tuple[str, str, int | None]]:
    return [("", _("Waiting"), counted(request).parcels), ("snoozed", _("Put off"), None), ("done", _("Done"), None)]


def _filters(request: HttpRequest) -> list[lists.Filter]:
    team = [(ids.to_public("mbr", pk), name) for pk, name in people() if pk != request.member.id]  # type: ignore[attr-defined]
    return [
        lists.Filter("kind", _("Trouble"), said.choices()),
        lists.Filter("who", _("Whose"), [(MINE, _("mine")), (NOBODY, _("nobody’s")), *team]),
    ]


def _requests(request: HttpRequest) -> dict[str, Any] | None:
    """What shoppers ask for whose orders have no parcel yet, the longest wait first; None where nobody does."""
    count = counted(request).requests
    if not count:
        return None
    found = unplaced().select_related("order").order_by("asked_at", "id")[:FEW]
    rows = [
        {
            "kind": wording.plain(wording.WISHES, row.kind),
            "order": row.order.number,
            "url": links.to(request, "order", order_id=row.order_id),
            "at": row.asked_at,
        }
        for row in found
    ]
    said = ngettext("%(n)s request about an order that is not shipped", "%(n)s requests about orders that are not shipped", count)
    return {"title": said % {"n": words.number(count)}, "rows": rows, "url": links.to(request, "requests")}


def _row(request: HttpRequest, case: Case) -> dict[str, Any]:
    parcel, order = case.shipment, case.shipment.order
    return {
        "id": ids.to_public(PREFIX, case.pk),
        "url": links.to(request, "case", case_id=case.pk),
        "number": parcel.number or _("no number"),
        "carrier": parcel.carrier_name,
        "badges": said.badges(case),
        "order": order.number if order else "",
        "shopper": name_of(order) if order else "",
        "due": case.day,
        "total_minor": order.total if order else None,
        "currency": order.currency if order else "",
        "whose": str(case.assignee.user) if case.assignee else "",
        "until": case.until,
        "since": case.opened_at,
    }


def _pager(request: HttpRequest, cursor: str) -> dict[str, str]:
    query = request.GET.copy()
    query["after"] = cursor
    return {"said": "", "next_url": f"?{query.urlencode()}" if cursor else "", "more": _("Load %s more") % lists.SIZE}


def _bulk(request: HttpRequest, once: str) -> dict[str, Any]:
    acts = [("mine", _("Take them"), "user"), ("tomorrow", _("Put off until tomorrow"), "clock"), ("done", _("Done"), "check")]
    return {
        "url": links.to(request, "work-many"),
        "once": once,
        "acts": [{"value": value, "label": label, "icon": icon} for value, label, icon in acts],
    }


def _one(request: HttpRequest, case: Case, what: str, once: str) -> bool:
    by: Any = request.user
    try:
        if what == "mine":
            return answers.take(case, request.member.id, by=by, once=f"{once}-m")  # type: ignore[attr-defined]
        if what == "tomorrow":
            return answers.snooze(case, tomorrow(), by=by, once=f"{once}-t")
        return answers.finish(case, "", by=by, once=f"{once}-d")
    except IllegalMove:
        return False
