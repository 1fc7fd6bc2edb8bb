"""Every message: what was sent, what was not, what is planned."""

from datetime import datetime
from typing import Any

from django.db.models import Count, Q, QuerySet
from django.http import HttpRequest, HttpResponse, QueryDict
from django.utils.translation import gettext as _

from dashboard import links, lists, wanting, wording
from dashboard.page import page, show
from notifications.models import Flow, Message, State
from notifications.questions import NEWS, NOT_SENT, need_eye
from postpurchase.lib import clock
from postpurchase.lib.ids import to_public
from postpurchase.tenancy.models import Role
from postpurchase.ui import words
from transfers.models import Subject

VIEWS: dict[str, Q] = {
    "": ~Q(state__in=(State.DUE, State.HELD)),
    "doubt": Q(state=State.UNKNOWN),
    "failed": Q(state=State.FAILED),
    "unsent": Q(state__in=NOT_SENT),
    "planned": Q(state__in=(State.DUE, State.HELD)),
}
NEWEST, SOONEST = ("-due_at", "-id"), ("due_at", "id")
STATES = (State.SENT, State.HELD, State.SKIPPED, State.CANCELLED, State.EXPIRED, State.FAILED, State.UNKNOWN)


@page(Role.VIEWER)
def messages(request: HttpRequest, slug: str) -> HttpResponse:
    """The list that the address describes: newest first, what is planned soonest first."""
    asked = request.GET
    view = asked.get("view", "")
    found = lists.one_page(request, wanted(asked), SOONEST if view == "planned" else NEWEST)
    context = {
        **lists.views(asked, _views(), view),
        "filters": lists.chips(asked, _filters()),
        "pager": lists.pager(request, found, "due_at"),
        "rows": [_row(request, row) for row in found.items],
        "empty": _empty(request),
        **wanting.context(request, Subject.MESSAGES),
    }
    return show(request, "dashboard/messages.html", "messages", {"messages_page": context})


def wanted(asked: QueryDict) -> QuerySet[Message]:
    """The messages that an address asks for. A view or filter that does not exist finds nothing."""
    conditions = [VIEWS.get(asked.get("view", ""), lists.NOTHING), lists.picked(asked, "msg")]
    if since := asked.get("since"):
        begin = _begin(since)
        late = Q(state=State.SENT, sent_at__gte=begin) | ~Q(state=State.SENT) & Q(due_at__gte=begin)
        conditions.append(late if begin else lists.NOTHING)
    if key := asked.get("flow"):
        conditions.append(Q(flow__key=key))
    if template := asked.get("template"):
        conditions.append(Q(template=template))
    if state := asked.get("state"):
        conditions.append(Q(state=state))
    return Message.objects.filter(*conditions).select_related("order").defer("context", "order__extra", "order__shop_totals")


def _begin(since: str) -> datetime | None:
    """Since when; None for a period that is none. Failures are work for 14 times 24 hours, which is what home counts."""
    if since == "14d":
        return clock.business_now() - NEWS
    return {"7d": lists.days_ago(7), "30d": lists.days_ago(30)}.get(since)


def _views() -> list[tuple[str, str, int | None]]:
    counts = {row["state"]: row["n"] for row in need_eye().values("state").annotate(n=Count("id"))}
    return [
        ("", _("Latest"), None),
        ("doubt", _("In doubt"), counts.get(State.UNKNOWN, 0)),
        ("failed", _("Failed"), counts.get(State.FAILED, 0)),
        ("unsent", _("Not sent"), None),
        ("planned", _("Planned"), None),
    ]


def _filters() -> list[lists.Filter]:
    flows = list(Flow.objects.order_by("position", "id").values_list("key", "name"))
    templates = [(name, str(word)) for name, word in wording.TEMPLATES.items()]
    states = [(str(state), str(state.label)) for state in STATES]
    return [
        lists.Filter("flow", _("Flow"), flows),
        lists.Filter("template", _("Message"), templates),
        lists.Filter("state", _("State"), states),
        lists.Filter("since", _("When"), [("7d", _("last 7 days")), ("14d", _("last 14 days")), ("30d", _("last 30 days"))]),
    ]


def _row(request: HttpRequest, row: Message) -> dict[str, Any]:
    return {
        "id": to_public("msg", row.pk),
        "url": links.to(request, "message", message_id=row.pk),
        "name": wording.template(row.template),
        "subject": row.subject or _planned(row),
        "to": row.to_address,
        "order_number": row.order.number if row.order else "",
        "badge": f"message.{row.state}",
        "badge_word": "",
        "reason": "" if row.state == State.SENT else wording.reason(row.reason),
        "at": row.sent_at or row.due_at,
        "test": row.test,
    }


def _planned(row: Message) -> str:
    if row.state not in (State.DUE, State.HELD):
        return ""
    return _("Goes out %s") % words.moment(words.localised(row.due_at), words.now())


def _empty(request: HttpRequest) -> dict[str, Any]:
    everything = {"url": links.to(request, "messages"), "label": _("Show all messages"), "icon": ""}
    if any(request.GET.get(name) for name in ("flow", "template", "state", "since", "ids", "after")):
        text = _("No message passes all of these filters. Take one off, or start again.")
        return {"icon": "list-filter", "title": _("No message matches"), "text": text, "act": everything}
    if request.GET.get("view"):
        text = _("When a message belongs in this view, it appears here by itself.")
        return {"icon": "circle-check", "title": _("Nothing here"), "text": text, "act": everything}
    text = _("Messages go out by themselves when orders come in and parcels move. None has been due yet.")
    flows = {"url": links.to(request, "flows"), "label": _("See what will be sent"), "icon": ""}
    return {"icon": "mail", "title": _("No messages yet"), "text": text, "act": flows}
