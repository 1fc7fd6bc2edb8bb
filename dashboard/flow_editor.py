"""The editor's page, and every change of a draft. HTMX gets the parts that changed, everybody else the page again."""

import json
from dataclasses import dataclass, field
from typing import Any

from django.contrib import messages as notes
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _

from dashboard import flow_acts as acts
from dashboard import flow_faults as faulty
from dashboard import flow_kinds as kinds
from dashboard import flow_panels as panels
from dashboard import flow_words, links, steps
from dashboard.flow_log import drafted, last_editor
from dashboard.flows import LATELY
from dashboard.page import act, note, page, show
from notifications.definition import BadFlow, Definition, loose, stored
from notifications.editing import edit, publish
from notifications.models import Flow
from notifications.questions import by_step, ways
from orders.models import Order
from postpurchase.lib import clock
from postpurchase.lib.ids import to_public
from postpurchase.tenancy.models import Role
from postpurchase.ui.htmx import asked_for_part


@dataclass
class Desk:
    """What lies open: the flow's draft, its open step or the place where one is to be added, and what is to be said."""

    row: Flow
    plan: Definition
    open: str = steps.START
    adding: str = ""
    said: str = ""
    refused: list[str] = field(default_factory=list)
    form: Any = None
    stale: str = ""


@page(Role.ADMIN)
def edit_page(request: HttpRequest, slug: str, key: str) -> HttpResponse:
    """The draft, drawn. `?step=` opens a step; `?add=` the menu of steps for a connection."""
    desk = _desk(key, request.GET.get("step", ""))
    desk.adding = request.GET.get("add", "")[:60]
    return _shown(request, desk)


@act(Role.ADMIN)
def change(request: HttpRequest, slug: str, key: str) -> HttpResponse:
    """One edit: `do` of the canvas, or the panel's form. `revision` is that of the draft that was seen."""
    desk = _desk(key, request.POST.get("open", ""))
    if request.POST.get("revision", "") != str(desk.row.draft_revision):
        return _stale(request, desk)
    try:
        after, desk.open, desk.said = _edited(request, desk)
        if stored(after) != stored(desk.plan):
            fresh = desk.row.draft is None
            publish.save_draft(desk.row, stored(after), revision=desk.row.draft_revision)
            drafted(request, desk.row, fresh=fresh)
            desk.plan = loose(publish.draft_of(desk.row))
    except edit.Unfit as error:
        desk.refused = [str(error)]
    except BadFlow as error:
        desk.refused = [faulty.text(one) for one in error.problems]
    except panels.Refused as refused:
        desk.refused, desk.form = refused.said, refused.form
    except publish.Stale:
        return _stale(request, _desk(key, desk.open))
    return _answer(request, desk)


@act(Role.ADMIN)
def discard(request: HttpRequest, slug: str, key: str) -> HttpResponse:
    """Forget the draft: what is live stays as it is. Not for a flow that was never published."""
    row = found(key)
    if row.draft is not None and row.live_id:
        publish.drop_draft(row)
        note(request, "flow.discarded", subject=f"flow:{key}", words=row.name)
        notes.success(request, _("The draft is gone. What is live was not touched."))
    return redirect(links.to(request, "flow", key=key))


def found(key: str) -> Flow:
    """The flow, published or not. Raises Http404."""
    return get_object_or_404(Flow.objects.select_related("live"), key=key)


def _desk(key: str, step: str) -> Desk:
    row = found(key)
    plan = loose(publish.draft_of(row))
    return Desk(row, plan, step if panels.step_of(plan, step) else steps.START)


def _edited(request: HttpRequest, desk: Desk) -> acts.Done:
    do, plan = request.POST.get("do", ""), desk.plan
    if do == "restore":
        return _restored(request, desk)
    if do.partition(" ")[0] in ("insert", "remove", "move", "shift", "duplicate", "way-add", "way-drop", "way-up"):
        return acts.act(plan, do)
    after = panels.read(plan, desk.open, request.POST, flow_words.currency())
    return after, desk.open, _("Saved.")


def _restored(request: HttpRequest, desk: Desk) -> acts.Done:
    """A definition that the page had before: undo and redo."""
    try:
        raw = json.loads(request.POST.get("definition", ""))
    except ValueError as error:
        raise edit.Unfit(_("This page is out of date. Load it again.")) from error
    if not isinstance(raw, dict):
        raise edit.Unfit(_("This page is out of date. Load it again."))
    after = loose(raw)
    said = _("Done again.") if request.POST.get("again") else _("Undone.")
    return after, desk.open if panels.step_of(after, desk.open) else steps.START, said


def _stale(request: HttpRequest, desk: Desk) -> HttpResponse:
    who = last_editor(desk.row) or _("Somebody")
    desk.stale = _(
        "%s changed this flow meanwhile, or you did in another window. Your last change was not kept. This is the flow as it is now."
    )
    desk.stale %= who
    return _shown(request, desk, status=409)


def _answer(request: HttpRequest, desk: Desk) -> HttpResponse:
    status = 422 if desk.refused else 200
    if desk.refused or asked_for_part(request):
        return _shown(request, desk, status)
    notes.success(request, desk.said)
    return redirect(links.to(request, "flow-edit", {"step": desk.open}, key=desk.row.key))


def _shown(request: HttpRequest, desk: Desk, status: int = 200) -> HttpResponse:
    context = _context(request, desk)
    if not asked_for_part(request):
        return show(request, "dashboard/flow_edit.html", "flows", context, status)
    shape = context["editor"]["panel"]["outline"]
    if request.POST.get("outline") == shape and not desk.stale and not desk.form:
        return render(request, "dashboard/_flow_saved.html", context, status=status)
    response = render(request, "dashboard/_flow_editor.html", context, status=status)
    response["HX-Retarget"], response["HX-Reswap"] = "#editor", "outerHTML show:none settle:0ms"
    if request.method == "GET":
        response["HX-Push-Url"] = request.get_full_path()
    else:
        response["HX-Replace-Url"] = links.to(request, "flow-edit", {"step": desk.open}, key=desk.row.key)
    return response


def _context(request: HttpRequest, desk: Desk) -> dict[str, Any]:
    row, plan = desk.row, desk.plan
    money = flow_words.currency()
    told = faulty.seen(plan)
    inside = dict(publish.change(row, plan).at) if row.live_id else {}
    since = clock.business_now() - LATELY
    went = ways(row.pk, steps.forks(plan), since)
    opened, tallies = "" if desk.adding else desk.open, by_step(row.pk, since)
    sheet = steps.Sheet(plan, opened, tallies, inside, told.faults, told.doubts, money, ways=went)
    drawn = steps.nodes(sheet)
    return {
        "editor": {
            "key": row.key,
            "name": _(row.name),
            "nodes": drawn,
            "count": steps.count(drawn),
            "empty": edit.empty(plan),
            "adding": desk.adding,
            "open": desk.open,
            "said": desk.said,
            "stale": desk.stale,
            "bar": _bar(desk, told),
            "panel": _panel(request, desk, money, told),
            "live": row.live.number if row.live else 0,
            **_urls(request, row),
        }
    }


def _urls(request: HttpRequest, row: Flow) -> dict[str, str]:
    return {
        "here": links.to(request, "flow-edit", key=row.key),
        "change_url": links.to(request, "flow-change", key=row.key),
        "discard_url": links.to(request, "flow-discard", key=row.key),
        "review_url": links.to(request, "flow-review", key=row.key),
        "flow_url": links.to(request, "flow", key=row.key),
        "flows_url": links.to(request, "flows"),
    }


def _bar(desk: Desk, told: faulty.Told) -> dict[str, Any]:
    row, plan = desk.row, desk.plan
    return {
        "revision": row.draft_revision,
        "definition": json.dumps(stored(plan), separators=(",", ":")),
        "draft": row.draft is not None,
        "saved_at": row.draft_saved_at,
        "faults": _listed(plan, told.faults),
        "doubts": _listed(plan, told.doubts),
    }


def _listed(plan: Definition, told: faulty.Texts) -> list[dict[str, str]]:
    """Each with the step that it stands at, in the order of the drawing."""
    places = ["", *(step.id for step in plan.steps)]
    return [
        {"url": f"?step={node or steps.START}", "title": _where(plan, node), "text": text} for node in places for text in told.get(node, ())
    ]


def _where(plan: Definition, node: str) -> str:
    step = panels.step_of(plan, node)
    return flow_words.title(step) if step else _("The flow")


def _panel(request: HttpRequest, desk: Desk, money: str, told: faulty.Told) -> dict[str, Any]:
    plan, node = desk.plan, desk.open
    if desk.adding:
        offered = [one for one in kinds.KINDS if one.name != kinds.END or _may_end(plan, desk.adding)]
        return {"kinds": [{"kind": one, "look": one.look} for one in offered], "outline": ""}
    step = panels.step_of(plan, node)
    form = desk.form or panels.form_of(plan, node)
    return {
        **panels.head(plan, node),
        **panels.boxes_of(plan, node, money),
        "form": form,
        "outline": panels.outline(plan, node, money),
        "faults": told.faults.get(node if step else "", []),
        "doubts": told.doubts.get(node if step else "", []),
        "refused": desk.refused,
        "step": step,
        "losses": panels.losses(plan, node),
        "place": acts.place_of(plan, node),
        "branched": edit.branched(plan, node),
        "more_ways": _more_ways(step),
        "preview_url": _preview(request, desk) if panels.writes(step) else "",
    }


def _may_end(plan: Definition, place: str) -> bool:
    try:
        acts.act(plan, f"insert {kinds.END} {place}")
    except edit.Unfit:
        return False
    return True


def _more_ways(step: Any) -> str:
    """What the button that adds a way is called; '' where none can be added."""
    kind = type(step).__name__
    if kind == "Split":
        return _("Add a branch") if len(step.branches) < 10 else ""
    return _("Add an arm") if kind == "Trial" and len(step.arms) < 5 else ""


def _preview(request: HttpRequest, desk: Desk) -> str:
    newest = Order.objects.filter(cancelled_at=None, erased_at=None).newest_first().first()
    if newest is None:
        return ""
    query = {"order": to_public("ord", newest.pk), "step": desk.open, "draft": "1"}
    return links.to(request, "flow-preview", query, key=desk.row.key)
