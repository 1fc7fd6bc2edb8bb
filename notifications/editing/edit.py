"""A flow edited: every act takes a definition and returns another, and what it returns has no way into nothing and no circle.

A place is a connection between two steps, by its name in notifications/editing/shape.py: ".start", "wait.0", "split.below".
"""

from collections.abc import Callable, Iterable
from typing import Literal, TypeVar

from django.utils.translation import gettext as _
from msgspec.structs import replace as having

from notifications.definition import Arm, Branch, Definition, End, Missing, Split, Step, Trial, Until, Wait, linked, ways
from notifications.definition.conditions import All
from notifications.editing import shape
from notifications.editing.shape import Item, Spot

MOST = 50  # steps, as notifications/definition/steps.py says
Direction = Literal["up", "down", "left", "right"]
End_ = tuple[str, int]  # the end of a way at its step: (step, slot); ("", 0) is the trigger's
S = TypeVar("S", bound=Step)


class Unfit(ValueError):
    """The act makes no sense there; nothing has changed. The text is for people."""


def empty(flow: Definition) -> bool:
    """Whether nothing happens in the flow yet."""
    return [type(step) for step in flow.steps] == [End]


def branched(flow: Definition, node: str) -> bool:
    """Whether the step stands in one of the ways of a fork, so that it can be moved into the next one."""
    return any(spot.item.step.id == node and spot.inside for spot in shape.walk(shape.draw(flow).chain))


def insert(flow: Definition, place: str, step: Step) -> Definition:
    """Put a step into a connection; all its ways lead on to what followed. Raises Unfit."""
    if empty(flow):
        return flow if isinstance(step, End) else having(flow, steps=[_aimed(step, "")])
    if len(flow.steps) >= MOST:
        raise Unfit(_("A flow has at most %s steps.") % MOST)
    ends, target = _place(flow, place)
    return _whole(flow, _wired(having(flow, steps=[*flow.steps, _aimed(step, target)]), ends, step.id))


def remove(flow: Definition, node: str, keep: int | None = None) -> Definition:
    """Take a step out. Of a fork's ways one may stay in its place (`keep`); what only the others led to goes with it. Raises Unfit."""
    item = _spot(flow, node).item
    on = ways(item.step)
    if keep is not None and not 0 <= keep < len(on):
        raise Unfit(_("This way is not there any more."))
    return _pruned(_bypassed(flow, node, on[keep] if keep is not None else _after(item)))


def move(flow: Definition, node: str, place: str) -> Definition:
    """Take a step, with all that hangs in its ways, to another connection. Raises Unfit."""
    item = _spot(flow, node).item
    block = _block(item)
    if place == shape.below(item) or set(_place(flow, place)[0]) == _towards(flow, node):
        return flow
    if place.rpartition(".")[0] in block:
        raise Unfit(_("A step cannot be moved into itself."))
    left = _bypassed(flow, node, _after(item))
    rest = having(left, steps=[step for step in left.steps if step.id not in block])
    if not rest.steps:
        return flow
    ends, target = _place(rest, place)
    moved = having(rest, steps=[*rest.steps, *block.values()])
    moved = _wired(moved, shape.exits(item), target) if item.ways else _replaced(moved, _aimed(item.step, target))
    return _whole(flow, _wired(moved, ends, node))


def shift(flow: Definition, node: str, direction: Direction) -> Definition:
    """Move a step up or down, into a fork's way or out of it; or left or right, into the way beside its own. Raises Unfit."""
    return move(flow, node, _beside(_spot(flow, node), direction))


def duplicate(flow: Definition, node: str) -> tuple[Definition, str]:
    """The same step once more, right after it, with copies of all that hangs in its ways; and the copy's id. Raises Unfit."""
    item = _spot(flow, node).item
    out = shape.exits(item)
    if not out:
        raise Unfit(_("Nothing can follow this step."))
    block = _block(item)
    if len(flow.steps) + len(block) > MOST:
        raise Unfit(_("A flow has at most %s steps.") % MOST)
    named: dict[str, str] = {}
    for one in block:
        named[one] = fresh_id({step.id for step in flow.steps} | set(named.values()), one)
    copies = [_renamed(step, named) for step in block.values()]
    longer = having(flow, steps=[*flow.steps, *copies])
    return _whole(flow, _wired(longer, out, named[node])), named[node]


def replace(flow: Definition, step: Step) -> Definition:
    """Another version of a step, in its place. Where its ways lead is the step's to say. Raises Unfit."""
    _spot(flow, step.id)
    return _pruned(_replaced(flow, step))


def add_way(flow: Definition, node: str) -> Definition:
    """One more branch of a split, one more arm of a test. It leads to where the others meet. Raises Unfit."""
    item = _spot(flow, node).item
    step, on = item.step, _after(item)
    if isinstance(step, Split) and len(step.branches) < 10:
        fresh = Branch(name=_("Branch %s") % (len(step.branches) + 1), when=All(of=[]), next=on)
        return _whole(flow, _replaced(flow, having(step, branches=[*step.branches, fresh])))
    if isinstance(step, Trial) and len(step.arms) < 5:
        arms = [*step.arms, Arm(name=_("Arm %s") % "ABCDE"[len(step.arms)], share=1, next=on)]
        return _whole(flow, _replaced(flow, having(step, arms=_evenly(arms))))
    raise Unfit(_("This step takes no more ways."))


def remove_way(flow: Definition, node: str, slot: int) -> Definition:
    """One branch or arm less; what only it led to goes with it. Raises Unfit for the last ones."""
    step = _spot(flow, node).item.step
    if isinstance(step, Split) and len(step.branches) > 1 and 0 <= slot < len(step.branches):
        less: Step = having(step, branches=[one for at, one in enumerate(step.branches) if at != slot])
    elif isinstance(step, Trial) and len(step.arms) > 2 and 0 <= slot < len(step.arms):
        less = having(step, arms=_evenly([one for at, one in enumerate(step.arms) if at != slot]))
    else:
        raise Unfit(_("This way has to stay: without it nothing would be left to choose."))
    return _pruned(_replaced(flow, less))


def raise_way(flow: Definition, node: str, slot: int) -> Definition:
    """A split asks its branches in their order: let it ask this one before the one above it. Raises Unfit."""
    step = _spot(flow, node).item.step
    if not isinstance(step, Split) or not 0 < slot < len(step.branches):
        raise Unfit(_("It is asked first already."))
    order = [*step.branches]
    order[slot - 1 : slot + 1] = [order[slot], order[slot - 1]]
    return _whole(flow, _replaced(flow, having(step, branches=order)))


def fresh_id(taken: Iterable[str], wish: str) -> str:
    """An id that no step has: the wish itself, or with a number."""
    known, stem = set(taken), wish.rstrip("0123456789").rstrip("-")[:36] or "step"
    return next(name for number in range(1, len(known) + 3) if (name := wish if number == 1 else f"{stem}-{number}") not in known)


def _spot(flow: Definition, node: str) -> Spot:
    for spot in shape.walk(shape.draw(flow).chain):
        if spot.item.step.id == node:
            return spot
    loose = next((step for step in flow.steps if step.id == node), None)
    if loose is None:
        raise Unfit(_("This step is not there any more."))
    return Spot(shape.Chain("", [Item(loose)]), 0, ())


def _after(item: Item) -> str:
    """What follows a step once it is gone."""
    return (item.join or "") if item.ways else (ways(item.step) or [""])[0]


def _block(item: Item) -> dict[str, Step]:
    """A step and all that hangs in its ways."""
    inner = [spot.item.step for way in item.ways for spot in shape.walk(way.chain)]
    return {step.id: step for step in [item.step, *inner]}


def _place(flow: Definition, place: str) -> tuple[list[End_], str]:
    """The ways that make up a connection, and where it leads."""
    if place == shape.TOP:
        return [("", 0)], flow.start
    node, _dot, slot = place.rpartition(".")
    item = _spot(flow, node).item
    if slot == "below" and item.ways and item.join is not None:
        return shape.exits(item), item.join
    if slot.isdecimal() and int(slot) < len(ways(item.step)):
        return [(node, int(slot))], ways(item.step)[int(slot)]
    raise Unfit(_("This connection is not there any more."))


def _towards(flow: Definition, node: str) -> set[End_]:
    """Every drawn way that leads to a step."""
    found = {(step.id, slot) for step in flow.steps for slot, way in enumerate(shape.drawn_ways(step)) if way == node}
    return found | ({("", 0)} if flow.start == node else set())


def _beside(spot: Spot, direction: Direction) -> str:
    outer, number = spot.inside[-1] if spot.inside else (None, 0)
    if direction in ("left", "right"):
        other = number + (-1 if direction == "left" else 1)
        if outer is None or not 0 <= other < len(outer.item.ways):
            raise Unfit(_("There is no branch on that side."))
        return outer.item.ways[other].chain.entry
    near = spot.at + (-1 if direction == "up" else 1)
    if 0 <= near < len(spot.chain.items):
        item = spot.chain.items[near]
        return (_foot(item) or shape.into(spot.chain, near)) if direction == "up" else _head(item)
    if outer is None or (direction == "down" and spot.chain.exit != outer.item.join):
        raise Unfit(_("It is the first step already.") if direction == "up" else _("It is the last step already."))
    return shape.into(outer.chain, outer.at) if direction == "up" else shape.below(outer.item)


def _head(item: Item) -> str:
    return item.ways[0].chain.entry if item.ways else shape.below(item)


def _foot(item: Item) -> str:
    """The end of the first way that leads on; '' for a step without ways."""
    open_ = next((way.chain for way in item.ways if way.chain.exit is not None and way.chain.exit == item.join), None)
    return shape.into(open_, len(open_.items)) if open_ else ""


def each_way(step: S, to: Callable[[int, str], str]) -> S:
    """The step with each of its ways, by slot and target, led elsewhere."""
    on = [to(slot, target) for slot, target in enumerate(ways(step))]
    if isinstance(step, Split):
        return having(step, branches=[having(one, next=way) for one, way in zip(step.branches, on, strict=False)], otherwise=on[-1])
    if isinstance(step, Trial):
        return having(step, arms=[having(one, next=way) for one, way in zip(step.arms, on, strict=True)])
    if isinstance(step, Until):
        return having(step, next=on[0], timeout=on[1])
    if isinstance(step, Wait) and step.missing:
        return having(step, next=on[0], missing=Missing(days=step.missing.days, next=on[1]))
    return step if isinstance(step, End) else having(step, next=on[0])


def _aimed(step: Step, target: str) -> Step:
    """The step with all its drawn ways led to one other. A wait's way without its anchor follows its own where they were one."""
    if isinstance(step, Wait) and not shape.forks(step):
        return _led(step, 0, target)
    return each_way(step, lambda _slot, _target: target)


def _led(step: Step, slot: int, target: str) -> Step:
    """The step with one of its ways led elsewhere."""
    together = isinstance(step, Wait) and not shape.forks(step) and bool(step.missing and step.missing.next)
    return each_way(step, lambda at, was: target if at == slot or together else was)


def _wired(flow: Definition, ends: list[End_], target: str) -> Definition:
    """With these ways led to a step; the trigger's way makes it the first."""
    steps = list(flow.steps)
    for node, slot in ends:
        steps = [_led(step, slot, target) if step.id == node else step for step in steps]
        if not node:
            steps.sort(key=lambda step: step.id != target)
    return having(flow, steps=steps)


def _bypassed(flow: Definition, node: str, target: str) -> Definition:
    """With every way to a step led to another one instead, and without the step."""
    steps = [each_way(step, lambda _slot, was: target if was == node else was) for step in flow.steps if step.id != node]
    if flow.start == node:
        steps.sort(key=lambda step: step.id != target)
        steps = steps if target else []
    return having(flow, steps=steps)


def _replaced(flow: Definition, step: Step) -> Definition:
    return having(flow, steps=[step if one.id == step.id else one for one in flow.steps])


def _renamed(step: Step, named: dict[str, str]) -> Step:
    return having(each_way(step, lambda _slot, was: named.get(was, was)), id=named[step.id])


def _evenly(arms: list[Arm]) -> list[Arm]:
    share, rest = divmod(100, len(arms))
    return [having(arm, share=share + (at < rest)) for at, arm in enumerate(arms)]


def _pruned(flow: Definition) -> Definition:
    """In the order in which it is drawn, without what no way leads to; what is left of nothing is an end."""
    if not flow.steps:
        return having(flow, steps=[End(id="end")])
    return linked(having(flow, steps=[spot.item.step for spot in shape.walk(shape.draw(flow).chain)]))


def _whole(before: Definition, flow: Definition) -> Definition:
    """In the order in which it is drawn. Raises Unfit if a step that was reached is not any more."""
    drawing = shape.draw(flow)
    lost = {step.id for step in drawing.loose} - {step.id for step in shape.draw(before).loose}
    if lost:
        raise Unfit(_("What follows would be cut off. Move it elsewhere or remove it first."))
    return linked(having(flow, steps=[*(spot.item.step for spot in shape.walk(drawing.chain)), *drawing.loose]))
