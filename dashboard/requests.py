"""What shoppers ask for on their pages, and the shop's answers."""

from typing import Any
from uuid import UUID

from django.contrib import messages as notes
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _

from dashboard import links, lists, wording
from dashboard.page import act, may, note, page, show
from desk import answers
from postpurchase.lib.ids import from_public, to_public
from postpurchase.lib.states import IllegalMove
from postpurchase.tenancy.models import Role
from postpurchase.ui import words
from tracking.models import Wish

KEYS = ("-asked_at", "-id")


@page(Role.VIEWER)
def requests(request: HttpRequest, slug: str) -> HttpResponse:
    """Those that wait, the newest first; `?view=answered` those that have an answer."""
    view = request.GET.get("view", "")
    rows = Wish.objects.select_related("order")
    views = {"": rows.filter(state=Wish.State.ASKED), "answered": rows.exclude(state=Wish.State.ASKED)}
    found = lists.one_page(request, views.get(view, rows.none()), KEYS)
    context = {
        "views": lists.tabs(request.GET, [("", _("Waiting for you"), None), ("answered", _("Answered"), None)], view),
        "answered": view == "answered",
        "rows": [row_of(request, row) for row in found.items],
        "pager": lists.pager(request, found, "asked_at"),
    }
    return show(request, "dashboard/requests.html", "requests", {"requests": context})


@act(Role.AGENT)
def answer(request: HttpRequest, slug: str, wish_id: UUID) -> HttpResponse:
    """Say that it is done, or that it is not possible: `state`. The shopper's page says it at once."""
    row, state = get_object_or_404(Wish.objects.select_related("order"), pk=wish_id), request.POST.get("state", "")
    if state not in (Wish.State.ACCEPTED, Wish.State.DECLINED):
        raise IllegalMove(_("There is no such answer. Look at the page again."))
    case_id = from_public("cse", request.POST.get("case", ""))
    back = links.to(request, "case", case_id=case_id) if case_id else links.to(request, "requests")
    if row.state == state:  # pressed twice
        return redirect(back)
    answers.settle(row, state)
    note(request, "wish.settled", subject=to_public("wsh", row.pk), words=row.kind, changes={"state": (Wish.State.ASKED, state)})
    notes.success(request, _("Answered. It stands on the page of %s now.") % row.order)
    return redirect(back)


def row_of(request: HttpRequest, row: Wish) -> dict[str, Any]:
    """A request, as its list and its parcel's page show it."""
    return {
        "kind": wording.plain(wording.WISHES, row.kind),
        "text": row.text,
        "day": words.short_day(row.day, weekday=True) if row.day else "",
        "order": row.order.number,
        "order_url": links.to(request, "order", order_id=row.order_id),
        "at": row.asked_at,
        "state": row.state,
        "url": links.to(request, "request-answer", wish_id=row.pk) if may(request, Role.AGENT) else "",
    }
