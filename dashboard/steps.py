"""A flow's definition, drawn: nodes from top to bottom, and what is told of the one that is open."""

from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from dashboard import wording
from notifications.definition import Definition, Send, Trigger, Wait
from notifications.models import Stream
from notifications.questions import Tally
from postpurchase.ui import words
from postpurchase.ui.badges import badge_for

START = "start"
Node = dict[str, Any]


def icon_of(plan: Definition) -> str:
    """The icon of what the flow sends first."""
    return wording.ICONS.get(sends(plan)[0].template, "mail") if sends(plan) else "workflow"


def sends(plan: Definition) -> list[Send]:
    """The steps that write."""
    return [step for step in plan.steps if isinstance(step, Send)]


def begins(plan: Definition) -> str:
    """What starts the flow, in a sentence without full stop."""
    first, *others = [_trigger(trigger) for trigger in plan.triggers]
    return _(" or ").join([first, *map(words.inside, others)])


def _trigger(trigger: Trigger) -> str:
    said = wording.plain(wording.EVENTS, trigger.event)
    if trigger.event == "shipment.moved":
        return _("Parcel %s") % ", ".join(words.inside(str(badge_for(str(status)).word)) for status in trigger.where.get("new", []))
    if trigger.event == "shipment.health_opened":
        return _("Parcel %s") % ", ".join(dict.fromkeys(_flag(str(flag)) for flag in trigger.where.get("flag", [])))
    return said


def _flag(flag: str) -> str:
    return words.inside(str(badge_for(wording.FLAG_BADGES.get(flag, flag)).word))


def nodes(plan: Definition, current: str, tallies: dict[str, Tally], entered: int) -> list[Node]:
    """For dashboard/_flow_steps.html: the start, each step, the end. `current` is the id of the open one."""
    lately = ngettext("%(n)s entered, last 7 days", "%(n)s entered, last 7 days", entered) % {"n": entered}
    drawn = [_node("start", "accent", "play", begins(plan), lately, START, current)]
    for step in plan.steps:
        tally = tallies.get(step.id, Tally())
        if isinstance(step, Wait):
            drawn.append(_wait(step, plan, current, tallies))
        elif isinstance(step, Send):
            drawn.append(_send(step, plan, current, tally))
    return [*drawn, _node("stop", "neutral", "circle", _("End"), "", "", current)]


def _node(kind: str, tone: str, icon: str, title: str, text: str, step: str, current: str) -> Node:
    plain = {"kind": kind, "tone": tone, "icon": icon, "title": title, "text": text, "tallies": [], "arms": []}
    return plain | {"url": f"?step={step}" if step else "", "current": bool(step) and step == current}


def _wait(step: Wait, plan: Definition, current: str, tallies: dict[str, Tally]) -> Node:
    after = next((one for one in plan.steps if one.id == step.next and isinstance(one, Send)), None)
    waiting = tallies[after.id].waiting if after and after.id in tallies else 0
    node = _node("step", "warn", "hourglass", waits(step), _("on the shop’s clock") if step.at else "", step.id, current)
    return node | {"tallies": [{"number": waiting, "text": _("waiting")}] if waiting else []}


def _send(step: Send, plan: Definition, current: str, tally: Tally) -> Node:
    name = wording.template(step.template)
    text = _("Marketing, needs consent") if plan.stream == "marketing" else _("Order message, needs no consent")
    node = _node("step", "ok", wording.ICONS.get(step.template, "mail"), _("Email “%s”") % name, text, step.id, current)
    counted = [(tally.sent, _("sent")), (tally.not_sent, _("not sent"))]
    return node | {"tallies": [{"number": number, "text": text} for number, text in counted if number]}


def waits(step: Wait) -> str:
    """How long a wait is, as its title."""
    days = ngettext("%(n)s day", "%(n)s days", step.days) % {"n": step.days}
    minutes = ngettext("%(n)s minute", "%(n)s minutes", step.minutes) % {"n": step.minutes}
    told = [text for number, text in ((step.days, days), (step.minutes, minutes)) if number]
    if step.use_days:
        told = [_("the product’s days of use")]
    until = _("until %s") % step.at if step.at else ""
    return ", ".join(part for part in (_("Wait %s") % " ".join(told) if told else _("Wait"), until) if part)


def panel(plan: Definition, current: str, tallies: dict[str, Tally], next_due: str) -> dict[str, Any]:
    """What the panel beside the drawing tells of the open step."""
    step = next((one for one in plan.steps if one.id == current), None)
    if isinstance(step, Wait):
        return _panel("warn", "hourglass", waits(step), _wait_facts(step), _("Counted on the calendar, from what the flow waits for."))
    if isinstance(step, Send):
        facts = [*_send_facts(step, plan), *_counts(tallies.get(step.id, Tally()), next_due)]
        return _panel("ok", wording.ICONS.get(step.template, "mail"), wording.template(step.template), facts, _always(plan))
    ends = ", ".join(words.inside(wording.plain(wording.EVENTS, event)) for event in plan.cancel_on)
    facts = [(_("When"), begins(plan)), (_("For"), _("each order") if plan.key == "order" else _("each parcel")), (_("Ends early"), ends)]
    return _panel("accent", "play", _("Start"), facts, _("Once for each: the same order or parcel does not enter again."))


def _panel(tone: str, icon: str, title: str, facts: list[tuple[str, str]], note: str) -> dict[str, Any]:
    told = [{"label": label, "value": value} for label, value in facts if value]
    return {"tone": tone, "icon": icon, "title": title, "facts": told, "note": note}


def _wait_facts(step: Wait) -> list[tuple[str, str]]:
    anchors = {
        "here": _("the step before"),
        "trigger": _("what started the flow"),
        "placed": _("the order"),
        "shipped": _("the parcel’s leaving"),
        "delivered": _("the last delivery"),
        "estimate": _("the expected day"),
    }
    fallback = ngettext("%(n)s day where no product says", "%(n)s days where no product says", step.days) % {"n": step.days}
    return [(_("From"), anchors[step.anchor]), (_("Until"), step.at or ""), (_("Otherwise"), fallback if step.use_days else "")]


def _send_facts(step: Send, plan: Definition) -> list[tuple[str, str]]:
    against, holds = (
        [words.inside(str(wording.CHECKS[name][1])) for name in names if name in wording.CHECKS] for names in (step.unless, step.hold_while)
    )
    hours = step.useless_after_hours
    useless = ngettext("%(n)s hour", "%(n)s hours", hours) % {"n": hours} if hours and hours < 72 else ""
    useless = useless or (_("%s days") % (hours // 24) if hours else "")
    return [
        (_("Kind"), str(Stream(plan.stream).label)),
        (_("Not if"), "; ".join(against)),
        (_("Not while"), "; ".join(holds)),
        (_("Useless after"), useless),
    ]


def _counts(tally: Tally, next_due: str) -> list[tuple[str, str]]:
    return [
        (_("Sent"), _("%s in 7 days") % tally.sent),
        (_("Not sent"), _("%s in 7 days") % tally.not_sent),
        (_("Waiting"), _waiting(tally, next_due)),
    ]


def _waiting(tally: Tally, next_due: str) -> str:
    return ", ".join(part for part in (str(tally.waiting), next_due) if part)


def _always(plan: Definition) -> str:
    if plan.stream == "marketing":
        return _("Never to an address that bounced, complained, unsubscribed or did not agree; never for a cancelled order.")
    return _("Never to an address that bounced or complained; never for a cancelled order.")
