"""What came of one flow: step by step, what its tests and its holdouts prove, and whether writing at the best hour helps."""

from collections import Counter
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext as _

from dashboard import flow_lift, flow_words, links, periods, wording
from dashboard.flow_lift import points, share_of, side
from dashboard.page import page, show
from dashboard.results import as_file, row_of, shared
from notifications import best_time
from notifications.best_time import Measured
from notifications.definition import Definition, Send, Wait, read
from notifications.models import Flow
from notifications.results.arms import FEW, OUTCOME_DAYS, Judged, trials_of
from notifications.results.counts import Period, Result, by_step, total
from notifications.results.judge import Tried
from postpurchase.tenancy.models import Role
from postpurchase.ui import words


@page(Role.VIEWER)
def flow_results(request: HttpRequest, slug: str, key: str) -> HttpResponse:
    """The page; `?as=csv` is its steps as a file."""
    row = get_object_or_404(Flow.objects.select_related("live"), key=key, live__isnull=False)
    plan, chosen = read(row.live.definition), periods.chosen(request)
    found = by_step(row.pk, chosen.period)
    steps = _steps(plan, found)
    tests, whole = trials_of(row, plan, chosen.period), total(found.values())
    if request.GET.get("as") == "csv":
        return as_file(f"results-{row.key}", chosen, steps, more=flow_lift.lines(tests))
    context = shared(request, chosen, whole) | {
        "name": _(row.name),
        "flow_url": links.to(request, "flow", key=key),
        "all_url": links.to(request, "results", chosen.query),
        "rows": [row_of(result, name) for name, _node, result in steps],
        "whole": row_of(whole, _("All steps")) if len(steps) > 1 else None,
        "touch": share_of(whole.orders, whole.sent) if whole.sent else "",
        "orders": whole.orders,
        "lifts": [flow_lift.said(one.lift) for one in tests if one.lift],
        "tests": [_test(one) for one in tests],
        "hours": _hours(row, plan, chosen.period),
        "few": FEW,
        "outcome": OUTCOME_DAYS,
    }
    return show(request, "dashboard/flow_results.html", "flows", {"flow": context})


def _steps(plan: Definition, found: dict[str, Result]) -> list[tuple[str, str, Result]]:
    """(name, node, result): the steps that write, in their order; then those of older versions that sent something in the period."""
    named = [(flow_words.title(step), step.id) for step in plan.steps if isinstance(step, Send)]
    alike = Counter(name for name, _node in named)
    named = [(_("%(name)s (%(step)s)") % {"name": name, "step": node} if alike[name] > 1 else name, node) for name, node in named]
    known = {node for _name, node in named}
    named += [(_("%s, no longer in the flow") % node, node) for node in sorted(found.keys() - known)]
    return [(name, node, found.get(node, Result())) for name, node in named]


def _test(one: Judged) -> dict[str, Any]:
    """An A/B test with its verdict. What its arms did is told when it is over: whoever looks earlier, and stops, fools themselves."""
    over = one.verdict.over
    rule = _("%(people)s people in each arm, each with %(days)s days; %(sure)s %% sure") % {
        "people": words.number(one.step.people), "days": OUTCOME_DAYS, "sure": one.step.confidence,
    }  # fmt: skip
    rows = [
        {
            "name": _("%s, held out") % arm.name if arm.holdout else arm.name,
            "people": arm.people,
            "hits": side((arm.hits, arm.ripe)) if over else "–",
            "share": share_of(arm.hits, arm.ripe) if over else "–",
            "best": over and one.verdict.won and at == one.verdict.best,
        }
        for at, arm in enumerate(one.arms)
    ]
    goal = wording.plain(flow_words.GOALS, one.step.goal)
    return {"id": one.step.id, "rule": rule, "goal": goal, "rows": rows, "said": _said(one, one.arms), "over": over, "won": one.verdict.won}


def _said(one: Judged, tried: list[Tried]) -> str:
    verdict = one.verdict
    if not verdict.margin:
        wanted = {"people": words.number(one.step.people), "n": words.number(verdict.smallest)}
        return _("Runs until each arm has %(people)s people who have had their time. The smallest has %(n)s.") % wanted
    said = {"name": tried[verdict.best].name, "points": points(verdict.margin)}
    if verdict.won:
        return _("“%(name)s” wins by %(points)s.") % said
    return _("No difference that is more than chance: “%(name)s” leads by %(points)s.") % said


def _best(plan: Definition) -> list[str]:
    """The steps that write at the hour at which the person reads."""
    sends = {step.id for step in plan.steps if isinstance(step, Send)}
    return [step.next for step in plan.steps if isinstance(step, Wait) and step.best_time and step.next in sends]


def _hours(row: Flow, plan: Definition, period: Period) -> list[dict[str, str]]:
    nodes, said = _best(plan), []
    found = best_time.measured(row.pk, nodes, period) if nodes else {}
    for node in nodes:
        one = found.get(node, Measured((0, 0), (0, 0)))
        sides = {"chosen": side(one.chosen[::-1]), "control": side(one.control[::-1])}
        told = points(one.lift) if one.lift else _("too few yet")
        said.append({"name": flow_words.title(plan.step(node)), "lift": told, **sides})
    return said
