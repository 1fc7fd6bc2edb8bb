"""What a flow is: read from JSON, checked, and written back."""

from typing import Any

import msgspec
from django.utils.translation import gettext_lazy as _
from msgspec.structs import replace

from notifications.definition.check import problems
from notifications.definition.conditions import Condition
from notifications.definition.said import Said
from notifications.definition.steps import (
    Anchor,
    Arm,
    BadFlow,
    Branch,
    Definition,
    End,
    Missing,
    Problem,
    Send,
    Split,
    Step,
    Tag,
    Tell,
    Trial,
    Trigger,
    Until,
    Wait,
    ways,
)

__all__ = [
    "Anchor", "Arm", "BadFlow", "Branch", "Condition", "Definition", "End", "Missing", "Problem", "Said", "Send", "Split", "Step", "Tag",
    "Tell", "Trial", "Trigger", "Until", "Wait", "linked", "loose", "read", "stored", "ways",
]  # fmt: skip

MOST_BYTES = 256_000  # a hundred times the largest of the library
DEEPEST = 40  # objects and lists in one another; conditions in groups of groups need two a level


def read(raw: dict[str, Any]) -> Definition:
    """A definition that can run, linked. Raises BadFlow with every fault and its step."""
    flow = loose(raw)
    if found := list(problems(flow)):
        raise BadFlow(found)
    return flow


def loose(raw: dict[str, Any]) -> Definition:
    """A definition that has the form of one, linked; it may have faults, as drafts do. Raises BadFlow where even the form is wrong."""
    if _depth(raw) > DEEPEST:
        raise BadFlow([Problem("", Said(_("is nested too deeply: put conditions side by side in one group")))])
    if (size := len(msgspec.json.encode(raw))) > MOST_BYTES:
        text = _("has %(size)s bytes; a flow may have %(most)s: put long texts in templates")
        raise BadFlow([Problem(_longest(raw), Said(text, {"size": f"{size:,}", "most": f"{MOST_BYTES:,}"}))])
    try:
        return linked(msgspec.convert(raw, Definition))
    except msgspec.ValidationError as error:
        raise BadFlow([Problem(_step_of(str(error), raw), Said(str(error)))]) from error


def linked(flow: Definition) -> Definition:
    """The same with every `next` written out."""
    below = [*(step.id for step in flow.steps[1:]), ""]
    steps = [
        replace(step, next=on) if isinstance(step, Wait | Until | Send | Tell | Tag) and step.next is None else step
        for step, on in zip(flow.steps, below, strict=True)
    ]
    return replace(flow, steps=steps)


def stored(flow: Definition) -> dict[str, Any]:
    """The JSON form, linked."""
    plain: dict[str, Any] = msgspec.to_builtins(linked(flow))
    return plain


def _depth(raw: object) -> int:
    """How many objects and lists stand in one another; counted no further than it matters."""
    depth, level = 0, [raw]
    while level and depth <= DEEPEST:
        inner = [one for one in level if isinstance(one, dict | list)]
        level = [part for one in inner for part in (one.values() if isinstance(one, dict) else one)]
        depth += bool(inner)
    return depth


def _longest(raw: dict[str, Any]) -> str:
    """The id of the step that takes more than all the rest; '' where none does."""
    steps = raw.get("steps")
    found = [step for step in steps if isinstance(step, dict)] if isinstance(steps, list) else []
    sizes = {str(step.get("id", ""))[:40]: len(msgspec.json.encode(step)) for step in found}
    longest = max(sizes, key=lambda one: sizes[one], default="")
    return longest if sizes.get(longest, 0) > MOST_BYTES // 2 else ""


def _step_of(text: str, raw: dict[str, Any]) -> str:
    """The id of the step that msgspec complains about: its path reads $.steps[2]..."""
    _, _, rest = text.partition("$.steps[")
    place = rest.partition("]")[0]
    steps = raw.get("steps") if isinstance(raw, dict) else None
    if place.isdigit() and isinstance(steps, list) and isinstance(steps[int(place)], dict):
        return str(steps[int(place)].get("id", ""))
    return ""
