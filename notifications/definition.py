"""The form of a flow: triggers, a key, steps, and what ends it early. Stored as JSON in FlowVersion.definition; read only through here."""

from typing import Annotated, Any, Literal

import msgspec
from msgspec import Meta, Struct

from postpurchase.events.catalogue import FACTS

Anchor = Literal["trigger", "placed", "delivered"]
NodeId = Annotated[str, Meta(pattern=r"^[a-z0-9-]{1,40}$")]
Clock = Annotated[str, Meta(pattern=r"^([01]\d|2[0-3]):[0-5]\d$", description="Time of day, local to the shopper")]


class BadFlow(ValueError):
    """The definition cannot run. The message names the step."""


class Trigger(Struct, forbid_unknown_fields=True):
    """A fact that starts the flow, if each field in `where` has one of the listed values."""

    event: str
    where: dict[str, list[str | bool]] = {}


class Wait(Struct, tag_field="do", tag="wait", forbid_unknown_fields=True, kw_only=True):
    """Wait from an anchor: days on the calendar (or the products' own days of use), minutes, then until a time of day."""

    id: NodeId
    days: Annotated[int, Meta(ge=0, le=365)] = 0
    minutes: Annotated[int, Meta(ge=0, le=1440)] = 0
    use_days: bool = False  # the longest use_days of the order's lines; `days` where no line has any
    anchor: Anchor = "trigger"
    at: Clock | None = None


class Send(Struct, tag_field="do", tag="send", forbid_unknown_fields=True, kw_only=True):
    """Write to the shopper, unless one of the named guards has a reason not to."""

    id: NodeId
    template: str
    unless: list[str] = []
    guarantee: Literal["amo", "alo", "key"] = "amo"
    useless_after_hours: Annotated[int, Meta(ge=1, le=8760)] | None = None  # from the anchor
    anchor: Anchor = "trigger"


class Definition(Struct, forbid_unknown_fields=True, kw_only=True):
    """A whole flow."""

    triggers: Annotated[list[Trigger], Meta(min_length=1)]
    key: Literal["order", "shipment"]
    stream: Literal["transactional", "marketing"]
    steps: Annotated[list[Wait | Send], Meta(min_length=1, max_length=50)]
    cancel_on: list[str] = []

    def after(self, node: str) -> list[Wait | Send]:
        """The steps that follow a node; all of them for ''."""
        ids = [step.id for step in self.steps]
        return self.steps[ids.index(node) + 1 :] if node else self.steps

    def step(self, node: str) -> Wait | Send:
        """The step of that id. Raises BadFlow."""
        for step in self.steps:
            if step.id == node:
                return step
        raise BadFlow(f"there is no step {node!r}")


def read(stored: dict[str, Any]) -> Definition:
    """A stored definition, checked. Raises BadFlow naming what is wrong."""
    try:
        flow = msgspec.convert(stored, Definition)
    except msgspec.ValidationError as error:
        raise BadFlow(str(error)) from error
    ids = [step.id for step in flow.steps]
    if twice := {node for node in ids if ids.count(node) > 1}:
        raise BadFlow(f"two steps are called {', '.join(sorted(twice))}")
    named = [trigger.event for trigger in flow.triggers] + flow.cancel_on
    if unknown := [event for event in named if event not in FACTS]:
        raise BadFlow(f"no such event: {', '.join(unknown)}")
    return flow


def stored(flow: Definition) -> dict[str, Any]:
    """The JSON form."""
    plain: dict[str, Any] = msgspec.to_builtins(flow)
    return plain
