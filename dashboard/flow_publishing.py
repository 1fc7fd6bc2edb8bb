"""From a draft to what is live: the summary before publishing, the history, and the way back to an older version."""

from typing import Any

from django.contrib import messages as notes
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from dashboard import flow_differences as differences
from dashboard import flow_faults as faulty
from dashboard import flow_panels as panels
from dashboard import flow_words, links, lists, steps
from dashboard.flow_editor import found
from dashboard.flow_log import publishers
from dashboard.page import act, may, note, page, show
from notifications.definition import BadFlow, Definition, loose
from notifications.editing import publish
from notifications.models import Flow, FlowVersion, InFlight
from postpurchase.lib.states import IllegalMove
from postpurchase.tenancy.models import Role
from postpurchase.ui import words


@page(Role.ADMIN)
def review(request: HttpRequest, slug: str, key: str) -> HttpResponse:
    """What publishing the draft would mean: its faults, what changes, who is in flight. `?tried=1`: with its messages tried on orders."""
    row = found(key)
    if row.draft is None:
        return redirect(links.to(request, "flow-edit", key=key))
    plan = loose(row.draft)
    return _asked(request, row, plan, _looked(request, plan), {})


@act(Role.ADMIN)
def go_live(request: HttpRequest, slug: str, key: str) -> HttpResponse:
    """Publish the draft of that revision. What changed since the summary is shown again first."""
    row = found(key)
    before = row.live.number if row.live else 0
    try:
        version = publish.publish(row, revision=_revision(request), in_flight=_in_flight(request))
    except publish.Stale as error:
        raise IllegalMove(_("The draft was changed after this page was drawn. Look at it again.")) from error
    except BadFlow as error:
        plan = loose(row.draft or {})
        return _asked(request, row, plan, faulty.refused(plan, error.problems), {}, status=422)
    _log(request, "flow.published", row, before, version)
    notes.success(request, _("Version %s is live.") % version.number)
    return redirect(links.to(request, "flow", key=key))


@page(Role.VIEWER)
def versions(request: HttpRequest, slug: str, key: str) -> HttpResponse:
    """Every version, newest first: when, by whom, and what changed in it."""
    row = found(key)
    shown = lists.one_page(request, FlowVersion.objects.filter(flow=row), ("-number", "-id"))
    numbers = [one.number for one in shown.items]
    older = FlowVersion.objects.filter(flow=row, number__in=[number - 1 for number in numbers])
    before = {one.number: loose(one.definition) for one in older}
    who, money = publishers(row, numbers), flow_words.currency()
    rows = [_version(request, row, one, before.get(one.number - 1), who.get(one.number, ""), money) for one in shown.items]
    context = _base(request, row) | {
        "rows": rows,
        "pager": lists.pager(request, shown, "published_at"),
        "may_edit": may(request, Role.ADMIN),
    }
    return show(request, "dashboard/flow_versions.html", "flows", {"flow": context})


@page(Role.ADMIN)
def older(request: HttpRequest, slug: str, key: str, number: int) -> HttpResponse:
    """What going back to an older version would mean."""
    row = found(key)
    plan = loose(get_object_or_404(FlowVersion, flow=row, number=number).definition)
    return _asked(request, row, plan, _looked(request, plan), {"number": number})


@act(Role.ADMIN)
def roll_back(request: HttpRequest, slug: str, key: str, number: int) -> HttpResponse:
    """Publish an older version again. `of` is the version that was live when the page was drawn: pressing twice does it once."""
    row = found(key)
    before = row.live.number if row.live else 0
    if request.POST.get("of", "") != str(before):
        raise IllegalMove(_("Another version was published after this page was drawn."))
    try:
        version = publish.roll_back(row, number, in_flight=_in_flight(request))
    except FlowVersion.DoesNotExist as error:
        raise Http404 from error
    except BadFlow as error:
        plan = loose(get_object_or_404(FlowVersion, flow=row, number=number).definition)
        return _asked(request, row, plan, faulty.refused(plan, error.problems), {"number": number}, status=422)
    _log(request, "flow.rolled_back", row, before, version)
    notes.success(request, _("Version %(fresh)s is live. It is what version %(number)s was.") % {"fresh": version.number, "number": number})
    return redirect(links.to(request, "flow", key=key))


def _looked(request: HttpRequest, plan: Definition) -> faulty.Told:
    return faulty.tried(plan) if request.GET.get("tried") else faulty.seen(plan)


def _revision(request: HttpRequest) -> int:
    text = request.POST.get("revision", "")
    return int(text) if text.isdecimal() and len(text) < 10 else -1


def _in_flight(request: HttpRequest) -> InFlight:
    asked = request.POST.get("in_flight", "")
    return InFlight(asked) if asked in InFlight.values else InFlight.FINISH


def _log(request: HttpRequest, what: str, row: Flow, before: int, version: FlowVersion) -> None:
    changes = {"version": (before or None, version.number), "in_flight": (None, version.in_flight)}
    if what == "flow.published":
        note(request, "flow.published", subject=f"flow:{row.key}", words=row.name, changes=changes)
    else:
        note(request, "flow.rolled_back", subject=f"flow:{row.key}", words=row.name, changes=changes)


def _base(request: HttpRequest, row: Flow) -> dict[str, Any]:
    return {
        "name": _(row.name),
        "flow_url": links.to(request, "flow", key=row.key),
        "edit_url": links.to(request, "flow-edit", key=row.key),
        "flows_url": links.to(request, "flows"),
        "live": row.live.number if row.live else 0,
    }


def _asked(request: HttpRequest, row: Flow, plan: Definition, told: faulty.Told, back: dict[str, int], status: int = 200) -> HttpResponse:
    number = back.get("number", 0)
    live = loose(row.live.definition) if row.live else None
    act_url = links.to(request, "flow-roll-back", key=row.key, number=number) if number else links.to(request, "flow-publish", key=row.key)
    context = _base(request, row) | {
        "number": number,
        "revision": row.draft_revision,
        "act_url": act_url,
        "back_url": links.to(request, "flow-versions" if number else "flow-edit", key=row.key),
        "faults": _listed(request, row, plan, told.faults),
        "doubts": _listed(request, row, plan, told.doubts),
        "to_try": bool(steps.sends(plan)) and not told.faults and not request.GET.get("tried"),
        "try_url": f"{request.path}?tried=1",
        "changes": differences.between(live, plan, flow_words.currency()),
        "first": live is None,
        "flight": _flight(row, plan),
        "off": not row.enabled,
    }
    return show(request, "dashboard/flow_publish.html", "flows", {"flow": context}, status)


def _listed(request: HttpRequest, row: Flow, plan: Definition, told: faulty.Texts) -> list[dict[str, str]]:
    """Each in the order of the drawing, with its step and the way to it."""
    found = []
    for node in ["", *(step.id for step in plan.steps)]:
        step, url = panels.step_of(plan, node), links.to(request, "flow-edit", {"step": node or steps.START}, key=row.key)
        title = flow_words.title(step) if step else _("The flow")
        found += [{"title": title, "text": text, "url": url} for text in told.get(node, ())]
    return found


def _flight(row: Flow, plan: Definition) -> dict[str, Any]:
    """Who is inside, and what each choice would mean for how many."""
    change = publish.change(row, plan)
    gone = sum(change.gone.values())
    finish = ngettext("%(n)s finishes the old version", "%(n)s finish the old version", change.inside)
    migrate = ngettext("%(n)s goes on in the new version", "%(n)s go on in the new version", change.inside - gone)
    rest = ngettext(
        "%(n)s stands at a step that is gone, and finishes the old version",
        "%(n)s stand at steps that are gone, and finish the old version",
        gone,
    )
    cancel = ngettext(
        "%(n)s leaves the flow and gets nothing more from it", "%(n)s leave the flow and get nothing more from it", change.inside
    )
    moved = migrate % {"n": words.number(change.inside - gone)}
    choices = [
        (InFlight.FINISH.value, finish % {"n": words.number(change.inside)}),
        (InFlight.MIGRATE.value, f"{moved}; {rest % {'n': words.number(gone)}}" if gone else moved),
        (InFlight.CANCEL.value, cancel % {"n": words.number(change.inside)}),
    ]
    return {"inside": change.inside, "choices": choices}


def _version(request: HttpRequest, row: Flow, version: FlowVersion, before: Definition | None, who: str, money: str) -> dict[str, Any]:
    live = row.live is not None and row.live.number == version.number
    first = version.number == 1
    return {
        "number": version.number,
        "at": version.published_at,
        "who": who,
        "live": live,
        "first": first,
        "in_flight": str(InFlight(version.in_flight).label),
        "changes": differences.between(before, loose(version.definition), money) if before else [],
        "back_url": "" if live else links.to(request, "flow-older", key=row.key, number=version.number),
    }
