"""What a simulation tells, in words: what happens to the order, what the flow does with it, and why it does nothing."""

from datetime import datetime
from typing import Any, Final

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy

from dashboard import flow_words, verdicts, wording
from notifications.definition import Definition
from notifications.replay.life import Moment
from notifications.replay.simulate import Simulation
from notifications.replay.world import Happening
from postpurchase.events.catalogue import EstimateChanged, HealthOpened, HealthResolved, ShipmentMoved
from postpurchase.ui import words
from postpurchase.ui.badges import badge_for

LIVES: Final[wording.Words] = {
    "usual": lazy("As usual"),
    "late": lazy("It comes late"),
    "attempt": lazy("Nobody is at home, twice"),
    "pickup": lazy("It waits to be collected"),
    "refunded": lazy("It comes, and money goes back"),
    "returned": lazy("It goes back to the sender"),
    "unpaid": lazy("The payment takes days"),
    "no_stock": lazy("It waits for stock"),
    "unshipped": lazy("It is not shipped for long"),
    "cancelled": lazy("It is cancelled"),
}


def told(found: Simulation, until: datetime) -> list[dict[str, Any]]:
    """All up to that moment, for the trace: what happened before what the flow made of it."""
    facts = [(one.at, 0, _happened(one, found)) for one in found.happened]
    moments = [(one.at, 1, _did(one, found)) for one in found.moments]
    return [row for at, _rank, row in sorted([*facts, *moments], key=lambda one: one[:2]) if at <= until]


def kept_out(found: Simulation, plan: Definition) -> list[str]:
    """Why the flow never began; nothing where it did."""
    if any(one.kind == "entered" for one in found.moments):
        return []
    said = _("%(event)s: it begins only if this holds: %(condition)s")
    kept = [
        said % {"event": wording.plain(wording.EVENTS, one.event), "condition": flow_words.condition(one.when)}
        for one in found.kept_out
        if one.when
    ]
    return kept or [_("It begins with this, which does not happen here: %s") % words.inside(flow_words.begins(plan))]


def _happened(one: Happening, found: Simulation) -> dict[str, Any]:
    supposed = found.supposed is not None and one.at >= found.supposed
    return _row(one.at, fact(one), "neutral", "package" if hasattr(one.fact, "shipment_id") else "store") | {"supposed": supposed}


def fact(one: Happening) -> str:
    """What happened to the order, as a sentence without full stop."""
    if isinstance(one.fact, ShipmentMoved):
        return _("Parcel %s") % words.inside(str(badge_for(one.fact.new).word))
    if isinstance(one.fact, HealthOpened):
        return _("Parcel %s") % flow_words.flag(one.fact.flag)
    if isinstance(one.fact, HealthResolved):
        return str(wording.HOOK_EVENTS[one.fact.kind])
    if isinstance(one.fact, EstimateChanged):
        return _("Expected for %s") % words.short_day(one.fact.now, weekday=True)
    return wording.plain(wording.EVENTS, one.fact.kind)


def _row(at: datetime, title: str, tone: str, icon: str) -> dict[str, Any]:
    return {"at": at, "title": title, "tone": tone, "icon": icon, "text": "", "subject": "", "body": "", "supposed": False}


def _did(one: Moment, found: Simulation) -> dict[str, Any]:
    """What the flow did, with the message where one goes out."""
    key = (one.life.subject, one.node)
    drawn = found.drawn.get(key) if one.kind == "decided" and one.verdict == "send" else None
    row = _row(one.at, *_words(one))
    if drawn and one.letter and one.letter.channel == "sms":
        return row | {"text": drawn.text, "body": ""}
    if drawn:
        return row | {"text": drawn.preheader, "subject": drawn.subject, "body": drawn.text}
    return row | {"text": found.failed.get(key, "") if one.verdict == "send" else ""}


def _words(one: Moment) -> tuple[str, str, str]:
    until = words.moment(words.localised(one.due), words.now()) if one.due else ""
    if one.kind == "entered":
        return _("Enters the flow: %s") % words.inside(wording.plain(wording.EVENTS, one.reason)), "accent", "play"
    if one.kind == "planned" and one.letter:
        name = wording.template(one.letter.template)
        return _("“%(name)s” is planned for %(when)s") % {"name": name, "when": until}, "accent", "clock"
    if one.kind == "rests":
        return (
            (_("Waits until %s, or until something happens") % until if until else _("Waits for something to happen")),
            "warn",
            "hourglass",
        )
    if one.kind == "left":
        return _("Leaves the flow: %s") % wording.reason(one.reason), "warn", "ban"
    if one.kind == "over":
        return _("The flow is over"), "neutral", "circle"
    return verdicts.said(one.verdict, one.reason), verdicts.tone(one.verdict), verdicts.icon(one.verdict)
