"""What the API says of why a message went or did not, and of what an order is to expect."""

from datetime import datetime
from typing import Annotated, Any, Literal

from msgspec import Meta, Struct

from api.v1.shapes import EventId, MessageId, ShipmentId

Hinged = Literal["anchor", "missing", "event", "holds", "timeout", "branch", "otherwise"]


class WhyTrigger(Struct):
    """The fact that let the order or the parcel into the flow."""

    event_id: EventId
    kind: str
    occurred_at: datetime


class WhyStep(Struct):
    """A step of the flow that was passed, and the one decision on it. `does` is wait, until, split, ab, tag, tell, send or end."""

    step: str
    does: str
    verdict: str
    reason: str
    decided_at: datetime


class PutOff(Struct):
    """The message was deferred: at this moment, until that one, and for this reason."""

    at: datetime
    until: datetime
    why: str


class Why(Struct):
    """Why a message went or did not. `checks` are those of its own step, in the order made, each with its outcome."""

    id: MessageId
    state: str
    reason: str
    verdict: str
    flow: str
    version: int | None
    step: str
    entered_at: datetime | None
    trigger: WhyTrigger | None
    steps: list[WhyStep]
    checks: list[Any]
    put_off: list[PutOff]
    due_at: datetime
    expires_at: datetime | None
    sent_at: datetime | None


class Under(Struct):
    """What has to be so for the flow to come this way: an anchor or event that comes (or does not: missing, timeout), or a branch taken."""

    kind: Hinged
    what: str


class ExpectedMessage(Struct):
    """A message to come. One with a `message_id` is planned for `earliest`; any other may follow, not before `earliest` and only under
    all of `under`. `earliest` is null where it hangs on something that has not come.
    """

    flow: str
    version: int | None
    step: str
    template: str
    channel: str
    stream: str
    shipment_id: ShipmentId | None
    message_id: MessageId | None
    state: str
    earliest: datetime | None
    under: list[Under]


class ExpectedMessages(Struct):
    """By time; what hangs on something comes last. Never more than the steps of the flows that the order is in."""

    data: Annotated[list[ExpectedMessage], Meta(description="What is to come")]
