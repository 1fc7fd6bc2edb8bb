"""What differs between two versions of a flow, in words."""

from typing import Any

from django.utils.translation import gettext as _

from dashboard import flow_words, steps
from notifications.definition import Definition, Step
from notifications.editing import edit, shape
from notifications.models import Stream

Difference = dict[str, Any]


def between(old: Definition | None, new: Definition, currency: str) -> list[Difference]:
    """Each difference: {tone, icon, text, details [(label, before, after)]}. `old` is None where nothing was published before."""
    if old is None:
        return [_said(*flow_words.look(step), flow_words.title(step)) for step in new.steps]
    before, after = {step.id: step for step in old.steps}, {step.id: step for step in new.steps}
    told = _start(old, new)
    told += [_said("ok", "plus", _("%s is new") % flow_words.quoted(step)) for node, step in after.items() if node not in before]
    told += [_said("bad", "x", _("%s is gone") % flow_words.quoted(step)) for node, step in before.items() if node not in after]
    for node, step in after.items():
        if node in before:
            told += _step(before[node], step, (old, new), currency)
    return told + _order(old, new)


def _said(tone: str, icon: str, text: str, details: list[tuple[str, str, str]] | None = None) -> Difference:
    return {"tone": tone, "icon": icon, "text": text, "details": details or []}


def _start(old: Definition, new: Definition) -> list[Difference]:
    labels = {**dict(steps.start_facts(old)), **dict(steps.start_facts(new))}
    pairs = [(label, dict(steps.start_facts(old))[label], dict(steps.start_facts(new))[label]) for label in labels]
    if old.stream != new.stream:
        pairs.append((_("Kind"), str(Stream(old.stream).label), str(Stream(new.stream).label)))
    found = [(label, was or "–", now or "–") for label, was, now in pairs if was != now]
    if not found and old.triggers != new.triggers:
        found = [(_("When"), _("other conditions"), _("other conditions"))]
    return [_said("warn", "pencil", _("What starts and ends it has changed"), found)] if found else []


def _step(was: Step, now: Step, plans: tuple[Definition, Definition], currency: str) -> list[Difference]:
    if type(was) is not type(now):
        said = _("%(was)s has become %(now)s") % {"was": flow_words.quoted(was), "now": flow_words.quoted(now)}
        return [_said("warn", "pencil", said)]
    if _bare(was) == _bare(now) and flow_words.facts(was, plans[0], currency) == flow_words.facts(now, plans[1], currency):
        return []
    facts = [
        dict([(_("Step"), flow_words.title(step)), *flow_words.facts(step, plan, currency)])
        for step, plan in zip((was, now), plans, strict=True)
    ]
    details = [(label, facts[0].get(label, "") or "–", facts[1].get(label, "") or "–") for label in {**facts[0], **facts[1]}]
    return [_said("warn", "pencil", _("%s has changed") % flow_words.quoted(now), [one for one in details if one[1] != one[2]])]


def _bare(step: Step) -> Step:
    """A step without where its ways lead. A wait's own way for a missing anchor is told by its facts."""
    return edit.each_way(step, lambda _slot, _target: "")


def _order(old: Definition, new: Definition) -> list[Difference]:
    """Whether steps that are in both stand in another order, or on other ways."""
    both = {step.id for step in old.steps} & {step.id for step in new.steps}
    lines = [
        [(spot.item.step.id, _branch(spot)) for spot in shape.walk(shape.draw(plan).chain) if spot.item.step.id in both]
        for plan in (old, new)
    ]
    moved = [flow_words.quoted(new.step(node)) for (node, branch) in lines[1] if (node, branch) not in lines[0]]
    if moved:
        return [_said("warn", "arrow-right", _("%s stands on another way") % title) for title in moved]
    return [_said("warn", "arrow-right", _("The steps stand in another order"))] if lines[0] != lines[1] else []


def _branch(spot: shape.Spot) -> tuple[tuple[str, int], ...]:
    return tuple((outer.item.step.id, number) for outer, number in spot.inside)
