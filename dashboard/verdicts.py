"""What became of a step of a flow, in words: the verdicts of notifications/walk.py and of a message's own step."""

from datetime import datetime

from django.utils.translation import gettext as _

from dashboard import wording
from notifications.explain.ahead import Hinge
from postpurchase.ui import words

GOOD = ("wait", "happened", "branch", "arm", "told", "tagged", "end", "send")
ICONS = {
    "wait": "hourglass", "fallback": "hourglass", "happened": "check", "timeout": "clock", "branch": "split", "arm": "split",
    "told": "bell", "tagged": "check", "end": "circle", "send": "send", "skip": "x", "expire": "clock", "cancel": "ban", "fail": "x",
    "hold": "pause", "due": "clock",
}  # fmt: skip


def tone(verdict: str) -> str:
    """How a verdict is worn."""
    return "ok" if verdict in GOOD else "warn"


def icon(verdict: str) -> str:
    """Its icon."""
    return ICONS.get(verdict, "info")


def said(verdict: str, reason: str) -> str:
    """What became of the step, as a sentence without full stop."""
    why = wording.reason(reason)
    plain = {
        "happened": _("What it waited for happened: %s") % words.inside(wording.plain(wording.EVENTS, reason))
        if reason
        else _("It was so"),
        "timeout": _("What it waited for did not happen in time"),
        "branch": _("Took the way “%s”") % reason if reason else _("No way’s condition held, so it took the other one"),
        "arm": _("In the test’s group “%s”") % reason,
        "fallback": _("What it counts from never came (%s), so it took the other way") % words.inside(anchor(reason)),
        "told": _("The team or a webhook was told"),
        "tagged": _("The customer’s tags were changed"),
        "end": _("The flow ended"),
        "send": _("Sent"),
        "due": _("Still waits"),
        "hold": _("Held back: %s") % why,
        "skip": _("Not sent: %s") % why,
        "expire": _("Not sent: too late to be useful"),
        "cancel": _("Called off: %s") % why,
        "fail": _("Failed: %s") % why,
    }
    return _waited(reason) if verdict == "wait" else plain.get(verdict, wording.plain({}, verdict))


def _waited(reason: str) -> str:
    try:
        return _("Waited until %s") % words.moment(words.localised(datetime.fromisoformat(reason)), words.now())
    except ValueError:
        return _("Waited")


def anchor(name: str) -> str:
    """The moment that a wait counts from."""
    return {
        "here": _("This step"), "trigger": _("What started the flow"), "placed": _("The order"), "shipped": _("The parcel’s leaving"),
        "delivered": _("The delivery"), "estimate": _("The expected day"),
    }.get(name, name)  # fmt: skip


def under(hinge: Hinge) -> str:
    """What has to be so, in the middle of a sentence."""
    events = ", ".join(words.inside(wording.plain(wording.EVENTS, one)) for one in hinge.what.split(", "))
    return {
        "anchor": {
            "delivered": _("once it is delivered"), "shipped": _("once it has left"), "estimate": _("once a day is expected"),
        }.get(hinge.what, _("once it is known")),
        "missing": _("if that never comes"),
        "event": _("if this happens: %s") % events,
        "holds": _("if its condition comes true"),
        "timeout": _("if nothing happens until then"),
        "branch": _("if it goes the way “%s”") % hinge.what,
        "otherwise": _("if no other way fits"),
    }[hinge.kind]  # fmt: skip
