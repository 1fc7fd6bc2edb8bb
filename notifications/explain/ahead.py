"""What may follow from a step on: pure, over the same waits as the walk. Each step at most once, so never more than a flow has."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Literal

from notifications import timing
from notifications.definition import Definition, Send, Split, Step, Trial, Until, Wait
from notifications.walk import Parked, Sight, arm_of, wait_ends


@dataclass(frozen=True)
class Hinge:
    """What has to be so for the flow to come this way."""

    kind: Literal["anchor", "missing", "event", "holds", "timeout", "branch", "otherwise"]
    what: str = ""  # the anchor, the events, or the branch's name


@dataclass(frozen=True)
class Coming:
    """A message that may follow: not before `earliest`; None where that hangs on something that has not come."""

    step: Send
    earliest: datetime | None
    under: tuple[Hinge, ...] = ()


@dataclass(frozen=True)
class _Place:
    node: str
    at: datetime | None
    under: tuple[Hinge, ...] = ()
    parked: Parked | None = None


def ahead(plan: Definition, node: str, sight: Sight, *, flow: str, parked: Parked | None = None) -> list[Coming]:
    """The messages that the step `node` and those behind it may lead to, in the order of the ways. `parked`: it waits at `node` now."""
    todo, seen, found = [_Place(node, sight.now, (), parked)], set[str](), []
    while todo:
        place = todo.pop(0)
        if not place.node or place.node in seen:
            continue
        seen.add(place.node)
        step = plan.step(place.node)
        at = place.at
        if isinstance(step, Send):
            at = at + timedelta(minutes=step.digest_minutes) if at else None
            found.append(Coming(step, at, place.under))
        todo = [*_on(step, replace(place, at=at), sight, flow), *todo]
    return found


def _on(step: Step, place: _Place, sight: Sight, flow: str) -> Iterator[_Place]:
    """The ways on from a step, the likely one first."""
    if isinstance(step, Wait):
        yield from _after_wait(step, place, sight)
    elif isinstance(step, Until):
        yield from _after_until(step, place, sight)
    elif isinstance(step, Split):
        for branch in step.branches:
            yield _Place(branch.next, place.at, (*place.under, Hinge("branch", branch.name)))
        yield _Place(step.otherwise, place.at, (*place.under, Hinge("otherwise", step.id)))
    elif isinstance(step, Trial):
        yield _Place(step.arms[arm_of(step, sight.person, flow)].next, place.at, place.under)
    else:
        yield _Place(getattr(step, "next", None) or "", place.at, place.under)


def _after_wait(step: Wait, place: _Place, sight: Sight) -> Iterator[_Place]:
    if place.at is None and step.anchor == "here" and not step.on:
        yield _Place(step.next or "", None, place.under)
        return
    ends = wait_ends(step, sight, place.at or sight.now, place.parked)
    if ends is not None:
        at = max(ends, place.at) if place.at else None
        yield _Place(step.next or "", at, place.under)
        return
    yield _Place(step.next or "", None, (*place.under, Hinge("anchor", step.anchor)))
    if step.missing:
        gives_up = (sight.anchors["trigger"] or sight.now) + timedelta(days=step.missing.days)
        at = max(gives_up, place.at) if place.at else None
        yield _Place(step.missing.next, at, (*place.under, Hinge("missing", step.anchor)))


def _after_until(step: Until, place: _Place, sight: Sight) -> Iterator[_Place]:
    what = Hinge("event", ", ".join(dict.fromkeys(one.event for one in step.events))) if step.events else Hinge("holds", step.id)
    yield _Place(step.next or "", None, (*place.under, what))
    longest = place.parked.wake if place.parked and place.parked.wake else None
    if longest is None and place.at:
        longest = timing.after(place.at, sight.zone, days=step.days, minutes=step.minutes)
    yield _Place(step.timeout, longest, (*place.under, Hinge("timeout", step.id)))
