"""The panel beside the drawing: the controls of what is open, and the definition that they say when they are posted."""

from dataclasses import dataclass
from typing import Any

from django.http import QueryDict
from django.utils.translation import gettext as _
from msgspec.structs import replace

from dashboard import flow_boxes as boxes
from dashboard import flow_kinds as kinds
from dashboard import flow_step_forms as flow_steps
from dashboard import flow_way_forms as flow_ways
from dashboard import flow_words
from notifications import ours
from notifications.definition import Definition, End, Missing, Send, Split, Step, Tag, Tell, Trial, Until, Wait
from notifications.definition.conditions import All
from notifications.editing import edit
from notifications.models.designs import key_of

FORMS: dict[type, Any] = {
    Wait: flow_steps.WaitForm,
    Send: flow_steps.SendForm,
    Until: flow_steps.UntilForm,
    Tell: flow_steps.TellForm,
    Tag: flow_steps.TagForm,
    Split: flow_ways.SplitForm,
    Trial: flow_ways.TrialForm,
}


@dataclass
class Refused(Exception):
    """What was entered cannot be taken: each fault in words. `form` carries those that belong to a field."""

    said: list[str]
    form: Any = None


def form_of(plan: Definition, node: str, data: QueryDict | None = None) -> Any:
    """The form of the open step or of the start; None for what has nothing to fill in."""
    step = step_of(plan, node)
    if step is None:
        return flow_ways.StartForm(data, initial=flow_ways.StartForm.filled(plan))
    if isinstance(step, End):
        return None
    kind = FORMS[type(step)]
    return kind(data, initial=kind.filled(step), plan=plan, step=step)


def step_of(plan: Definition, node: str) -> Step | None:
    """The open step; None for the start, and for what is gone."""
    return next((step for step in plan.steps if step.id == node), None)


def boxes_of(plan: Definition, node: str, currency: str) -> dict[str, Any]:
    """The boxes of conditions and of events: {triggers, add, rules [{title, box, ...}]}."""
    step = step_of(plan, node)
    if step is None:
        return {"triggers": _triggers(plan.triggers, currency, keep=True), "add": "add t", "rules": []}
    if isinstance(step, Until):
        rule = {"title": _("Or until this is so"), "box": boxes.condition_box(step.when, "c", currency), "slot": None}
        return {"triggers": _triggers(step.events, currency, keep=False), "add": "add t", "rules": [rule]}
    if isinstance(step, Split):
        rules = [
            {"title": _("Branch %s") % (at + 1), "box": boxes.condition_box(one.when, f"b{at}", currency), "slot": at, "name": f"name{at}"}
            for at, one in enumerate(step.branches)
        ]
        return {"triggers": None, "add": "", "rules": rules}
    return {"triggers": None, "add": "", "rules": []}


def _triggers(found: list[Any], currency: str, *, keep: bool) -> list[boxes.Box]:
    return [boxes.trigger_box(one, f"t.{at}", currency, keep and len(found) == 1) for at, one in enumerate(found)]


def outline(plan: Definition, node: str, currency: str) -> str:
    """Which controls the panel has: where it changes, the panel has to be drawn anew."""
    form, held = form_of(plan, node), boxes_of(plan, node, currency)
    step = step_of(plan, node)
    shape = [type(step).__name__, *(form.fields if form else []), repr(_bare(held))]
    return str(hash_of("|".join(shape)))


def hash_of(text: str) -> int:
    """A short number that stays the same from process to process."""
    found = 7
    for sign in text:
        found = (found * 31 + ord(sign)) % 2_147_483_647
    return found


def _bare(held: Any) -> Any:
    """A box without what is chosen or entered in it."""
    if isinstance(held, dict):
        return {key: _bare(one) for key, one in held.items() if key not in ("value", "any", "on", "fields", "events", "name")} | {
            "chosen": [key for key, _word, on in held.get("fields") or held.get("events") or [] if on]
        }
    if isinstance(held, list):
        return [_bare(one) for one in held]
    return held[0] if isinstance(held, tuple) else held


def read(plan: Definition, node: str, data: QueryDict, currency: str) -> Definition:
    """The flow with the open step as the panel's form says it. Raises Refused, and edit.Unfit."""
    form, do = form_of(plan, node, data), data.get("do", "")
    if form is None:
        return plan
    if not form.is_valid():
        raise Refused(_said(form), form)
    try:
        return _taken(plan, node, form, data, currency, do)
    except boxes.Unreadable as error:
        raise Refused([str(error)], form) from error


def _said(form: Any) -> list[str]:
    return [f"{form.fields[name].label}: {' '.join(texts)}" for name, texts in form.errors.items()]


def _taken(plan: Definition, node: str, form: Any, data: QueryDict, currency: str, do: str) -> Definition:
    step = step_of(plan, node)
    if step is None:
        triggers = boxes.read_triggers(data, "t", plan.triggers, currency, do)
        return replace(plan, **form.told(plan), triggers=triggers or plan.triggers)
    told = form.told(step)
    if isinstance(step, Until):
        told |= {"events": boxes.read_triggers(data, "t", step.events, currency, do)}
        told |= {"when": boxes.read_condition(data, "c", currency, do)}
    if isinstance(step, Split):
        asked = [boxes.read_condition(data, f"b{at}", currency, do) or All(of=[]) for at in range(len(step.branches))]
        told["branches"] = [replace(branch, when=when) for branch, when in zip(told["branches"], asked, strict=True)]
    return _wait(plan, replace(step, **told)) if isinstance(step, Wait) else edit.replace(plan, replace(step, **told))


def _wait(plan: Definition, step: Wait) -> Definition:
    """A wait may get a way of its own for when its anchor never comes: it begins as an end, before which steps are put."""
    step = kinds.patience(step, plan)
    if step.missing is None or step.missing.next != "?":
        return edit.replace(plan, step)
    end = End(id=edit.fresh_id((one.id for one in plan.steps), "end"))
    longer = replace(plan, steps=[*plan.steps, end])
    return edit.replace(longer, replace(step, missing=Missing(days=step.missing.days, next=end.id)))


def head(plan: Definition, node: str) -> dict[str, str]:
    """Icon, tone and title of the panel."""
    step = step_of(plan, node)
    if step is None:
        return {"tone": "accent", "icon": "play", "title": _("What starts it")}
    tone, icon = flow_words.look(step)
    kind = next(one for one in kinds.KINDS if one.type is type(step))
    return {"tone": tone, "icon": icon, "title": str(kind.label)}


def losses(plan: Definition, node: str) -> list[dict[str, str]]:
    """The ways of a fork with steps in them, one of which may stay when it is removed: {do, label}; none for other steps."""
    step = step_of(plan, node)
    if step is None:
        return []
    bare = edit.remove(plan, node)
    if len(bare.steps) >= len(plan.steps) - 1:
        return []
    ways = flow_words.ways_of(step)
    keep = [{"do": f"remove {node} {slot}", "label": _("Keep the steps of “%s”") % name} for slot, name in enumerate(ways)]
    return [*keep, {"do": f"remove {node}", "label": _("Remove all of them")}]


def writes(step: Step | None) -> bool:
    """Whether what it says can be looked at."""
    return isinstance(step, Tell) or (isinstance(step, Send) and bool(key_of(step.template) or step.template in ours.STREAMS))
