"""From a step to the next place where a flow rests: pure, so that a backtest walks as the real thing does.

Every step that is passed is a Visit with its verdict, which becomes the one Decision of that step:
wait (how long is its reason), fallback (the anchor never came), happened and timeout (of `until`), branch (its name),
arm (its name), told, tagged, end. A message's step has the verdict of its message.
"""

import hashlib
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from notifications import timing
from notifications.definition import Condition, Definition, Send, Split, Step, Tag, Tell, Trial, Until, Wait
from notifications.definition.conditions import holds

USE_DAYS = 14
LONG_AGO = datetime.min.replace(tzinfo=UTC)
FIXED = ("here", "trigger", "placed", "shipped", "delivered")  # anchors that do not move once they have come


@dataclass(frozen=True)
class Sight:
    """What can be seen of one enrolment at a moment. `facts` answers conditions and is called only where one is asked."""

    now: datetime
    zone: ZoneInfo
    anchors: dict[str, datetime | None]
    person: str  # A/B arms stick to it
    facts: Callable[[], dict[str, Any]] = dict
    use_days: int | None = None
    best_hour: Callable[[], time | None] = lambda: None


@dataclass(frozen=True)
class Visit:
    """A step that was passed, and how."""

    node: str
    verdict: str
    reason: str = ""


@dataclass
class Rest:
    """Where the walk came to rest: at a message to be sent, at a step that waits, or at the end."""

    visits: list[Visit] = field(default_factory=list)
    acts: list[Tell | Tag] = field(default_factory=list)
    node: str = ""
    send: Send | None = None
    due: datetime = LONG_AGO  # of the message, where there is one
    expires: datetime | None = None
    wake: datetime | None = None  # of the step that waits; None: only an event wakes it

    @property
    def over(self) -> bool:
        """Nothing follows."""
        return not self.node


@dataclass(frozen=True)
class Parked:
    """How an enrolment waited at a step without a message, when something makes it look again."""

    wake: datetime | None
    happened: str = ""  # the event, if it is one that the step waits for


def walk(plan: Definition, node: str, sight: Sight, *, flow: str, parked: Parked | None = None) -> Rest:
    """Go from the step `node` on ('' is the end). `flow` names the flow for its tests; `parked`: it waited at `node` until now."""
    rest, here = Rest(), sight.now
    while node:
        step = plan.step(node)
        if isinstance(step, Send):
            _plan(step, rest, sight, here)
            return rest
        if isinstance(step, Wait | Until):
            on, here = _wait(step, plan, sight, here, parked, rest)
            if on is None:
                return rest
        else:
            on = _pass(step, sight, flow, rest)
        node, parked = on, None
    return rest


def walk_past(plan: Definition, node: str, sight: Sight, done: frozenset[str], *, flow: str, parked: Parked | None = None) -> Rest:
    """The same, past what an enrolment has behind it: an edited flow may lead there again, and nothing is sent, told or decided twice."""
    rest = walk(plan, node, sight, flow=flow, parked=parked)
    visits, acts = rest.visits, rest.acts
    while rest.send and rest.send.id in done:
        rest = walk(plan, rest.send.next or "", sight, flow=flow)
        visits, acts = [*visits, *rest.visits], [*acts, *rest.acts]
    rest.visits, rest.acts = [one for one in visits if one.node not in done], [one for one in acts if one.id not in done]
    return rest


def _plan(step: Send, rest: Rest, sight: Sight, due: datetime) -> None:
    start = sight.anchors.get(step.anchor) or sight.anchors["trigger"] or sight.now
    waited = any(visit.verdict in ("wait", "timeout", "happened", "fallback") for visit in rest.visits)
    rest.node, rest.send, rest.due = step.id, step, due + timedelta(minutes=step.digest_minutes)
    if step.useless_after_hours:
        rest.expires = (max(due, start) if waited else start) + timedelta(hours=step.useless_after_hours)


def _pass(step: Step, sight: Sight, flow: str, rest: Rest) -> str:
    """A step that takes no time: how it is passed, and where to."""
    if isinstance(step, Split):
        chosen = next((branch for branch in step.branches if _true(branch.when, sight)), None)
        rest.visits.append(Visit(step.id, "branch", chosen.name if chosen else ""))
        return chosen.next if chosen else step.otherwise
    if isinstance(step, Trial):
        arm = arm_of(step, sight.person, flow)
        rest.visits.append(Visit(step.id, "arm", step.arms[arm].name))
        return step.arms[arm].next
    if isinstance(step, Tell | Tag):
        rest.acts.append(step)
        rest.visits.append(Visit(step.id, "told" if isinstance(step, Tell) else "tagged"))
        return step.next or ""
    rest.visits.append(Visit(step.id, "end"))
    return ""


def arm_of(step: Trial, person: str, flow: str) -> int:
    """The place of the arm that a person is in: the same in every run of the test, whoever asks."""
    drawn = int.from_bytes(hashlib.sha256(f"{flow}:{step.id}:{person}".encode()).digest()[:8], "big") % 100
    for place, arm in enumerate(step.arms):
        drawn -= arm.share
        if drawn < 0:
            return place
    return len(step.arms) - 1


def _true(asked: Condition, sight: Sight) -> bool:
    return holds(asked, sight.facts())


def _wait(
    step: Wait | Until, plan: Definition, sight: Sight, here: datetime, parked: Parked | None, rest: Rest
) -> tuple[str | None, datetime]:
    """Where to, and the moment until which the way there takes; None: it rests here."""
    if isinstance(step, Until):
        return _until(step, sight, here, parked, rest), here
    ends = wait_ends(step, sight, here, parked)
    if ends is None:
        return _missing(step, sight, rest), here
    if ends > sight.now and not _straight(step, plan, sight):
        rest.node, rest.wake = step.id, ends
        return None, here
    rest.visits.append(Visit(step.id, "wait", max(ends, here).isoformat()))
    return step.next or "", max(ends, here)


def _until(step: Until, sight: Sight, here: datetime, parked: Parked | None, rest: Rest) -> str | None:
    longest = parked.wake if parked and parked.wake else timing.after(here, sight.zone, days=step.days, minutes=step.minutes)
    if (parked and parked.happened) or (step.when is not None and _true(step.when, sight)):
        rest.visits.append(Visit(step.id, "happened", parked.happened if parked else ""))
        return step.next or ""
    if longest <= sight.now:
        rest.visits.append(Visit(step.id, "timeout"))
        return step.timeout
    rest.node, rest.wake = step.id, longest
    return None


def _missing(step: Wait, sight: Sight, rest: Rest) -> str | None:
    """The anchor has not come: rest until it does, or until patience ends."""
    trigger = sight.anchors["trigger"] or sight.now
    patience = trigger + timedelta(days=step.missing.days) if step.missing else None
    if step.missing and patience and patience <= sight.now:
        rest.visits.append(Visit(step.id, "fallback", step.anchor))
        return step.missing.next
    rest.node, rest.wake = step.id, patience
    return None


def wait_ends(step: Wait, sight: Sight, here: datetime, parked: Parked | None = None) -> datetime | None:
    """When a wait is over, in UTC; None while its anchor has not come."""
    if step.on:
        return timing.after(timing.real(datetime.combine(step.on, time.min, sight.zone)), sight.zone, at=_at(step, sight))
    if step.anchor == "here" and parked and parked.wake:
        return parked.wake
    start = here if step.anchor == "here" else sight.anchors.get(step.anchor)
    if start is None and step.missing is None:
        start = sight.anchors["trigger"]  # what starts such a flow is the anchor's coming
    if start is None:
        return None
    days = (sight.use_days or step.days or USE_DAYS) if step.use_days else step.days
    sign = -1 if step.before else 1
    return timing.after(start, sight.zone, days=sign * days, minutes=sign * step.minutes, at=_at(step, sight), weekdays=step.weekdays)


def _at(step: Wait, sight: Sight) -> str | None:
    best = sight.best_hour() if step.best_time else None
    return best.isoformat("minutes") if best else step.at


def _straight(step: Wait, plan: Definition, sight: Sight) -> bool:
    """Whether only waits that cannot move lie between here and a message: it can be planned now, and stand in the schedule."""
    while True:
        if step.anchor not in FIXED or (step.anchor != "here" and sight.anchors.get(step.anchor) is None and not step.on):
            return False
        if not step.next:
            return False
        after = plan.step(step.next)
        if not isinstance(after, Wait):
            return isinstance(after, Send)
        step = after
