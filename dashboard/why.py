"""Why a message went or did not: the recorded checks as a trace."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _

from dashboard import verdicts, wording
from notifications.explain.why import Why
from notifications.models import Decision, Message, State
from postpurchase.ui import words

UNSENT = (State.SKIPPED, State.EXPIRED, State.CANCELLED, State.FAILED)


def title(message: Message) -> str:
    """What the trace answers."""
    if message.state == State.SENT:
        return _("Why it was sent")
    if message.state in UNSENT:
        return _("Why it was not sent")
    return _("Why it is in doubt") if message.state == State.UNKNOWN else _("Why it is planned")


def trace(checks: Iterable[dict[str, Any]]) -> list[dict[str, Any]]:
    """The checks of a decision in the order they were made, for ui/_trace.html."""
    return [_step(check) for check in checks]


def _step(check: dict[str, Any]) -> dict[str, Any]:
    name, passed = check["check"], check["passed"]
    said = wording.CHECKS.get(name)
    return {
        "tone": "ok" if passed else "warn",
        "icon": "check" if passed else "x",
        "title": str(said[0 if passed else 1]) if said else wording.plain({}, name),
        "text": "" if passed or not check.get("detail") else wording.reason(check["detail"]),
        "at": datetime.fromisoformat(check["at"]) if check.get("at") else None,
    }


def way(told: Why) -> list[dict[str, Any]]:
    """How the message came about, for ui/_trace.html: what let its order in, each step on the way, and what put it off."""
    passed = [_entered(told)] if told.trigger else []
    passed += [_passed(one.decision) for one in told.steps]
    return [*passed, *(_put_off(one) for one in told.put_off)]


def _entered(told: Why) -> dict[str, Any]:
    event = told.trigger
    title = _("Began: %s") % words.inside(wording.plain(wording.EVENTS, event.kind if event else ""))
    return {"tone": "ok", "icon": "play", "title": title, "text": "", "at": event.occurred_at if event else None}


def _passed(row: Decision) -> dict[str, Any]:
    title = verdicts.said(row.verdict, row.reason)
    return {"tone": verdicts.tone(row.verdict), "icon": verdicts.icon(row.verdict), "title": title, "text": "", "at": row.decided_at}


def _put_off(one: dict[str, Any]) -> dict[str, Any]:
    until = words.moment(words.localised(datetime.fromisoformat(one["until"])), words.now())
    text = wording.reason(one.get("why", ""))
    return {"tone": "warn", "icon": "clock", "title": _("Put off until %s") % until, "text": text, "at": datetime.fromisoformat(one["at"])}


def box(message: Message, decision: Decision | None, url: str) -> dict[str, Any]:
    """The floating box of a Why? button, with a link to the whole story."""
    return {
        "id": str(message.pk),
        "title": title(message),
        "text": "" if decision and decision.checks else _by_itself(message),
        "trace": trace(decision.checks) if decision else [],
        "link": {"url": url, "label": _("The whole decision")},
    }


def _by_itself(message: Message) -> str:
    if message.state == State.DUE and message.enrolment_id:
        return _("Its flow planned it. Whether it still fits is asked when it is due.")
    return wording.reason(message.reason) or _("Somebody asked for it, outside any flow.")
