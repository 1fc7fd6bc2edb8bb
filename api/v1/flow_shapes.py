"""What the API takes and answers about flows."""

from typing import Annotated, Any, Literal

from msgspec import Meta, Struct

from api.v1.shapes import Page

Key = Annotated[str, Meta(pattern="^[-a-zA-Z0-9_]{1,40}$", examples=["review-request"])]
Words = Annotated[str, Meta(min_length=1, max_length=80)]
Purpose = Annotated[str, Meta(max_length=200)]
Revision = Annotated[int, Meta(ge=0, le=2**31 - 1, description="Of the draft that was read; another has been saved since where it differs")]
Definition = Annotated[dict[str, Any], Meta(description="Triggers, a key, steps joined by `next`, what ends it early: see docs/flows.md")]


class FlowNew(Struct, forbid_unknown_fields=True):
    """A flow with a draft. It is off, and nothing enters it before it was published and switched on."""

    name: Words
    definition: Definition
    purpose: Purpose = ""


class FlowChange(Struct, forbid_unknown_fields=True):
    """A draft in place of the one of that revision."""

    definition: Definition
    revision: Revision


class FlowPublish(Struct, forbid_unknown_fields=True):
    """Make the draft of that revision live. Those in flight finish the version that they are in, go on in the new one, or leave."""

    revision: Revision
    in_flight: Literal["finish", "migrate", "cancel"] = "finish"


class FlowSummary(Struct):
    """A flow. `version` is the number of its live version, null before the first; `draft`: there is one beside it."""

    key: Key
    name: str
    purpose: str
    enabled: bool
    version: int | None
    draft: bool
    revision: Revision


class Flow(FlowSummary):
    """A flow with its draft's definition; with the live one where there is no draft."""

    definition: Definition


class FlowPage(Page):
    """Flows, in the order of the dashboard."""

    data: list[FlowSummary]
