"""Whether a flow can run: every fault, with the step that it stands at."""

from collections.abc import Iterator
from dataclasses import fields
from datetime import date

from django.utils.translation import gettext_lazy as _

from notifications.definition import conditions
from notifications.definition.said import Said
from notifications.definition.steps import (
    Definition,
    Problem,
    Send,
    Split,
    Step,
    Tag,
    Trial,
    Trigger,
    Until,
    Wait,
    ways,
)
from postpurchase.events.catalogue import FACTS

GUARDS = (  # notifications.guards.NAMED, whose order pages show
    "overtaken", "not_delayed", "not_tomorrow", "shipped_already", "in_time", "not_delivered", "refunded", "problem_open", "imported",
    "ordered_since", "no_guide", "no_website",
)  # fmt: skip
SURE = {  # anchors that have come when one of these starts the flow
    "here": set(FACTS),
    "trigger": set(FACTS),
    "placed": set(FACTS),
    "shipped": {"shipment.created"},
    "delivered": {"order.delivered"},
    "estimate": set[str](),
}


def problems(flow: Definition) -> Iterator[Problem]:
    """Every fault of a linked definition that the definition alone shows."""
    ids = [step.id for step in flow.steps]
    yield from (Problem(one, Said(_("another step has the same name"))) for one in sorted({one for one in ids if ids.count(one) > 1}))
    for trigger in flow.triggers:
        yield from (Problem("", said) for said in _event(trigger, flow.key))
    yield from (Problem("", _no_event(event)) for event in flow.cancel_on if event not in FACTS)
    for step in flow.steps:
        nowhere = [way for way in ways(step) if way and way not in ids]
        yield from (Problem(step.id, Said(_("leads to “%(step)s”, which does not exist"), {"step": way})) for way in nowhere)
        yield from (Problem(step.id, said) for said in _of_step(step, flow))
    yield from _loops(flow)
    reached = _reached(flow)
    yield from (Problem(one, Said(_("no way leads here"))) for one in ids if one not in reached)


def past(flow: Definition, today: date) -> Iterator[Problem]:
    """Waits until a day that is over; asked when a flow is saved, for what was saved may grow old."""
    for step in flow.steps:
        if isinstance(step, Wait) and step.on and step.on < today:
            yield Problem(step.id, Said(_("waits until %(day)s, which is past; choose a day to come"), {"day": step.on.isoformat()}))


def _no_event(event: str) -> Said:
    return Said(_("no event is called “%(event)s”"), {"event": event})


def _event(trigger: Trigger, key: str) -> Iterator[Said]:
    fact = FACTS.get(trigger.event)
    if fact is None:
        yield _no_event(trigger.event)
        return
    has = {field.name for field in fields(fact)}
    if key == "shipment" and "shipment_id" not in has:
        yield Said(_("“%(event)s” is about no parcel: let the flow run for each order"), {"event": trigger.event})
    unknown = (name for name in trigger.where if name not in has)
    yield from (Said(_("“%(event)s” has nothing called “%(name)s”"), {"event": trigger.event, "name": name}) for name in unknown)
    if trigger.when:
        yield from conditions.check(trigger.when)


def _of_step(step: Step, flow: Definition) -> Iterator[Said]:
    if isinstance(step, Wait):
        yield from _wait(step, flow)
    elif isinstance(step, Send):
        unknown = [name for name in (*step.unless, *step.hold_while) if name not in GUARDS]
        yield from (Said(_("no check is called “%(check)s”"), {"check": name}) for name in unknown)
    elif isinstance(step, Until):
        yield from _until(step)
    elif isinstance(step, Split):
        yield from (said for branch in step.branches for said in conditions.check(branch.when))
    elif isinstance(step, Trial) and (whole := sum(arm.share for arm in step.arms)) != 100:
        yield Said(_("the arms’ shares come to %(whole)s %%; make them 100 %%"), {"whole": whole})
    elif isinstance(step, Tag) and not (step.add or step.remove):
        yield Said(_("names no tag to add or to take off"))


def _wait(step: Wait, flow: Definition) -> Iterator[Said]:
    starts = {trigger.event for trigger in flow.triggers}
    if not step.missing and not starts <= SURE[step.anchor]:
        text = _("counts from %(anchor)s, which may not come: say how long to wait for it, and what then")
        yield Said(text, {"anchor": step.anchor})
    if step.on and (step.days or step.minutes or step.use_days):
        yield Said(_("waits until a day, so it cannot wait a number of days as well"))
    if step.before and step.use_days:
        yield Said(_("cannot count the days of use back"))


def _until(step: Until) -> Iterator[Said]:
    if not step.events and step.when is None:
        yield Said(_("waits for nothing: name an event or a condition"))
    if not step.days and not step.minutes:
        yield Said(_("needs a longest time to wait"))
    yield from (said for event in step.events for said in _event(event, "order"))
    if step.when:
        yield from conditions.check(step.when)


def _reached(flow: Definition) -> set[str]:
    known = {step.id: step for step in flow.steps}
    found: set[str] = set()
    todo = [flow.start]
    while todo:
        one = todo.pop()
        if one in known and one not in found:
            found.add(one)
            todo += ways(known[one])
    return found


def _loops(flow: Definition) -> Iterator[Problem]:
    """Steps that lead back to themselves: takes away what leads nowhere new until nothing changes; what is left goes round."""
    left = {step.id: {way for way in ways(step) if way} for step in flow.steps}
    while ended := [one for one, on in left.items() if not on & left.keys()]:
        for one in ended:
            del left[one]
    round_ = sorted(one for one in left if _leads(one, one, left))
    if round_:
        steps = " → ".join([*round_, round_[0]])
        yield Problem(round_[0], Said(_("goes round in a circle: %(steps)s"), {"steps": steps}))


def _leads(start: str, goal: str, ways_on: dict[str, set[str]]) -> bool:
    seen: set[str] = set()
    todo = list(ways_on[start])
    while todo:
        one = todo.pop()
        if one == goal:
            return True
        if one in ways_on and one not in seen:
            seen.add(one)
            todo += ways_on[one]
    return False
