"""The flows, each with its switch and what it did lately."""

from datetime import timedelta
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _

from dashboard import links, steps, undo
from dashboard.page import act, may, note, page, show
from notifications.definition import loose, read
from notifications.editing import publish
from notifications.models import Flow
from notifications.questions import Tally, by_flow
from notifications.switch import switch as switch_flow
from postpurchase.lib import clock
from postpurchase.tenancy import audit
from postpurchase.tenancy.models import Role
from postpurchase.ui import words
from postpurchase.ui.htmx import asked_for_part

LATELY = timedelta(days=7)
MOST = 100  # flows on the page; a merchant starts with eighteen


@page(Role.VIEWER)
def flows(request: HttpRequest, slug: str) -> HttpResponse:
    """All of them, in their order."""
    tallies = by_flow(clock.business_now() - LATELY)
    found = Flow.objects.exclude(live=None, draft=None).select_related("live").order_by("position", "id")[:MOST]
    rows = [_row(request, flow, tallies.get(flow.pk, Tally())) for flow in found]
    admin = may(request, Role.ADMIN)
    return show(
        request,
        "dashboard/flows.html",
        "flows",
        {"flows": rows, "may_edit": admin, "new_url": links.to(request, "flow-new") if admin else ""},
    )


@act(Role.ADMIN)
def switch(request: HttpRequest, slug: str, key: str) -> HttpResponse:
    """Switch one on (on=1) or off. HTMX gets its row back, everybody else the page it was pressed on."""
    flow = get_object_or_404(Flow.objects.select_related("live"), key=key, live__isnull=False)
    before = flow.enabled
    switch_flow(flow, on=request.POST.get("on") == "1")
    note(request, "flow.switched", subject=f"flow:{key}", words=flow.name, changes=audit.changed({"on": before}, {"on": flow.enabled}))
    said = _("“%s” is on.") if flow.enabled else _("“%s” is off. What it has planned will not be sent.")
    back = {"on": "0" if flow.enabled else "1", "back": request.POST.get("back", "")}
    undo.offer(request, said % _(flow.name), "flow-switch", back, key=key)
    if asked_for_part(request):
        tally = by_flow(clock.business_now() - LATELY).get(flow.pk, Tally())
        return render(request, "dashboard/_flow_switched.html", {"flow": _row(request, flow, tally), "may_edit": True})
    return redirect(links.to(request, "flow", key=key) if request.POST.get("back") == "flow" else links.to(request, "flows"))


def _row(request: HttpRequest, flow: Flow, tally: Tally) -> dict[str, Any]:
    plan = read(flow.live.definition) if flow.live else loose(publish.draft_of(flow))
    return {
        "id": flow.key,
        "name": _(flow.name),  # a default flow is called what its reader calls it
        "url": links.to(request, "flow", key=flow.key),
        "trigger_icon": steps.icon_of(plan),
        "trigger_text": steps.begins(plan),
        "purpose": _(flow.purpose),
        "stream": plan.stream,
        "live": flow.enabled,
        "published": flow.live_id is not None,
        "draft": flow.draft is not None,
        "toggle_url": links.to(request, "flow-switch", key=flow.key),
        "sent": tally.sent,
        "not_sent": tally.not_sent,
        "waiting": tally.waiting,
        "next_text": next_text(tally),
    }


def next_text(tally: Tally) -> str:
    """When the next message is due; '' if none waits."""
    if tally.next_due is None:
        return ""
    return _("next: %s") % words.moment(words.localised(tally.next_due), words.now())
