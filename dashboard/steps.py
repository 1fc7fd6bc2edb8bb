"""A flow's definition, drawn: steps from top to bottom with their ways side by side, and what is told of the one that is open."""

from dataclasses import dataclass, field
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from dashboard import flow_words, wording
from dashboard.flow_words import begins as begins
from notifications.definition import Definition, End, Send, Split, Step, Trial, Until
from notifications.editing import shape
from notifications.editing.shape import Chain, Item
from notifications.questions import Tally
from postpurchase.ui import words

START = "start"
Node = dict[str, Any]


@dataclass
class Sheet:
    """What is drawn on the steps: which one is open, what messages did at each, how many wait there, what is wrong with each."""

    plan: Definition
    current: str = ""
    tallies: dict[str, Tally] = field(default_factory=dict)
    inside: dict[str, int] = field(default_factory=dict)
    faults: dict[str, list[str]] = field(default_factory=dict)
    doubts: dict[str, list[str]] = field(default_factory=dict)
    currency: str = ""
    entered: int | None = None  # in the last 7 days
    ways: dict[tuple[str, str], int] = field(default_factory=dict)  # (fork, way) -> who went it in the last 7 days


def icon_of(plan: Definition) -> str:
    """The icon of what the flow sends first."""
    return wording.ICONS.get(sends(plan)[0].template, "mail") if sends(plan) else "workflow"


def sends(plan: Definition) -> list[Send]:
    """The steps that write."""
    return [step for step in plan.steps if isinstance(step, Send)]


def nodes(sheet: Sheet) -> list[Node]:
    """For dashboard/_flow_steps.html: the start, each step with its ways, the end."""
    drawing = shape.draw(sheet.plan)
    lately = ngettext("%(n)s entered, last 7 days", "%(n)s entered, last 7 days", sheet.entered or 0) % {"n": sheet.entered}
    first = _node("start", ("accent", "play"), begins(sheet.plan), "" if sheet.entered is None else lately, START, sheet)
    loose = [_step(sheet, Item(step), "") for step in drawing.loose]
    drawn = [first, *_chain(sheet, drawing.chain, None), *loose]
    for number, node in enumerate(_read(drawn[1:]), start=1):
        node["number"] = number
    return drawn


def count(drawn: list[Node]) -> int:
    """How many steps are drawn, their ways' among them."""
    return sum(1 for _node in _read(drawn[1:]))


def _read(drawn: list[Node]) -> list[Node]:
    """The steps in the order in which they are read, without what only marks an end."""
    found = []
    for node in drawn:
        found += [node] if node["id"] else []
        for arm in node["arms"]:
            found += _read(arm["steps"])
    return found


def _chain(sheet: Sheet, chain: Chain, join: str | None) -> list[Node]:
    """`join`: where the ways around meet; a chain that leads there ends without a mark."""
    drawn = [_step(sheet, item, shape.into(chain, at)) for at, item in enumerate(chain.items)]
    if chain.exit is None or (join is not None and chain.exit == join):
        return drawn
    place = shape.into(chain, len(chain.items))
    if not chain.exit:
        return [*drawn, _mark("circle", _("End"), place)]
    there = next((step for step in sheet.plan.steps if step.id == chain.exit), None)
    said = _("Goes on at “%s”") % flow_words.title(there) if there else _("Leads nowhere")
    return [*drawn, _mark("arrow-right", said, place)]


def _node(kind: str, look: tuple[str, str], title: str, text: str, step: str, sheet: Sheet) -> Node:
    at = "" if step == START else step
    wrong = {"faults": sheet.faults.get(at, []), "doubts": sheet.doubts.get(at, [])}
    plain = {"kind": kind, "tone": look[0], "icon": look[1], "title": title, "text": text, "tallies": [], "arms": [], "into": ""}
    current = bool(step) and step == sheet.current
    return plain | {"id": step, "url": f"?step={step}" if step else "", "current": current, "number": 0, **wrong}


def _mark(icon: str, title: str, place: str) -> Node:
    return _node("stop", ("neutral", icon), title, "", "", Sheet(NOTHING)) | {"into": place}


NOTHING = Definition(triggers=[], key="order", stream="transactional", steps=[End(id="end")])


def _step(sheet: Sheet, item: Item, place: str) -> Node:
    step = item.step
    kind = "stop" if isinstance(step, End) else "step"
    text = flow_words.under(step, sheet.plan, sheet.currency)
    node = _node(kind, flow_words.look(step), flow_words.title(step), text, step.id, sheet)
    return node | {"into": place, "tallies": _tallies(sheet, item), "arms": _arms(sheet, item)}


def _tallies(sheet: Sheet, item: Item) -> list[dict[str, Any]]:
    step, tally = item.step, sheet.tallies.get(item.step.id, Tally())
    if isinstance(step, Send):
        counted = [(tally.sent, _("sent")), (tally.not_sent, _("not sent"))]
    else:
        on = getattr(step, "next", "") or ""
        soon = sheet.tallies.get(on, Tally()).waiting if on in {one.id for one in sends(sheet.plan)} and not item.ways else 0
        counted = [(sheet.inside.get(step.id, 0) + soon, _("waiting"))]
    return [{"number": number, "text": text} for number, text in counted if number]


def _arms(sheet: Sheet, item: Item) -> list[dict[str, Any]]:
    """Each way with its name; `left` and `right` say where the line runs on which the ways meet again."""
    if not item.ways:
        return []
    on = [at for at, way in enumerate(item.ways) if item.join is not None and way.chain.exit == item.join]
    middle = len(item.ways) / 2
    first, last = (min(on[0] + 0.5, middle), max(on[-1] + 0.5, middle)) if on else (0.0, 0.0)
    names, counts, said = flow_words.ways_of(item.step), _went(sheet, item.step), []
    for at, way in enumerate(item.ways):
        open_ = at in on
        icon = "users" if isinstance(item.step, Trial) else "x" if at == len(names) - 1 else "check"
        said.append({
            "label": names[at], "count": counts[at], "icon": icon, "steps": _chain(sheet, way.chain, item.join),
            "place": shape.into(way.chain, len(way.chain.items)) if open_ else "", "on": open_,
            "left": first < at + 0.5 and last > at, "right": first < at + 1 and last > at + 0.5,
        })  # fmt: skip
    return said


def forks(plan: Definition) -> list[str]:
    """The steps at which it is counted who went which way."""
    return [step.id for step in plan.steps if isinstance(step, Split | Trial | Until)]


def _went(sheet: Sheet, step: Step) -> list[int]:
    """How many went each way lately, as flow_words.ways_of() names them. Of the ways of a wait nobody keeps account."""
    if isinstance(step, Split):
        ways = [*(branch.name for branch in step.branches), ""]
    elif isinstance(step, Trial):
        ways = [arm.name for arm in step.arms]
    else:
        ways = ["happened", "timeout"]
    return [sheet.ways.get((step.id, way), 0) for way in ways]


def panel(sheet: Sheet, next_due: str) -> dict[str, Any]:
    """What the panel beside the drawing tells of the open step."""
    plan, step = sheet.plan, next((one for one in sheet.plan.steps if one.id == sheet.current), None)
    if step is None:
        return _panel(("accent", "play"), _("Start"), start_facts(plan), _once(plan))
    facts = flow_words.facts(step, plan, sheet.currency)
    if isinstance(step, Send):
        facts = [*facts, *_counts(sheet.tallies.get(step.id, Tally()), next_due)]
        return _panel(flow_words.look(step), wording.template(step.template), facts, _always(plan))
    if waiting := sheet.inside.get(step.id, 0):
        facts = [*facts, (_("Waiting"), words.number(waiting))]
    note = _("Its branches are asked from left to right; the first that fits is taken.") if isinstance(step, Split) else ""
    return _panel(flow_words.look(step), flow_words.title(step), facts, note)


def start_facts(plan: Definition) -> list[flow_words.Fact]:
    """What starts the flow, for what, and what ends it early."""
    ends = ", ".join(words.inside(wording.plain(wording.EVENTS, event)) for event in plan.cancel_on)
    each = _("each order") if plan.key == "order" else _("each parcel")
    rest = ngettext("not again for %(n)s day", "not again for %(n)s days", plan.person_gap_days) % {"n": plan.person_gap_days}
    return [(_("When"), begins(plan)), (_("For"), each), (_("Ends early"), ends), (_("Same person"), rest if plan.person_gap_days else "")]


def _once(plan: Definition) -> str:
    return _("Once for each: the same order or parcel does not enter again.")


def _panel(look: tuple[str, str], title: str, facts: list[flow_words.Fact], note: str) -> dict[str, Any]:
    told = [{"label": label, "value": value} for label, value in facts if value]
    return {"tone": look[0], "icon": look[1], "title": title, "facts": told, "note": note}


def _counts(tally: Tally, next_due: str) -> list[flow_words.Fact]:
    return [
        (_("Sent"), _("%s in 7 days") % tally.sent),
        (_("Not sent"), _("%s in 7 days") % tally.not_sent),
        (_("Waiting"), ", ".join(part for part in (str(tally.waiting), next_due) if part)),
    ]


def _always(plan: Definition) -> str:
    if plan.stream == "marketing":
        return _("Never to an address that bounced, complained, unsubscribed or did not agree; never for a cancelled order.")
    return _("Never to an address that bounced or complained; never for a cancelled order.")
