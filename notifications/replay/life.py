"""What one order or parcel goes through in a flow, in memory: an enrolment, its message, and what became of each step."""

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, NamedTuple
from uuid import UUID

from notifications.models import Channel, Enrolment
from notifications.replay.world import World


class _On:
    """The flow, as guards ask about it: a replay has it switched on."""

    enabled = True


@dataclass(slots=True)
class Letter:
    """A message as guards read it."""

    node: str
    template: str
    stream: str
    to_address: str
    test: bool
    order_id: UUID
    shipment_id: UUID | None
    due_at: datetime
    expires_at: datetime | None
    enrolment: "Life"
    enrolment_id: UUID
    channel: str = Channel.EMAIL
    priority: int = 5
    place: int = 0  # in the order in which letters were planned
    slot_at: datetime | None = None
    locale: str = ""
    waits: bool = True
    put_off: list[dict[str, str]] = field(default_factory=list)


@dataclass(slots=True)
class Life:
    """An enrolment as the walk reads it."""

    world: World
    flow_id: UUID
    subject: UUID
    order_id: UUID
    shipment_id: UUID | None
    trigger_at: datetime
    entered_at: datetime
    trigger: str
    node: str = ""
    state: str = Enrolment.ACTIVE
    wake_at: datetime | None = None
    letter: Letter | None = None
    done: set[str] = field(default_factory=set)
    flow: Any = _On

    @property
    def order(self) -> Any:
        """The order that it is about."""
        return self.world.order


class Moment(NamedTuple):
    """Something that became of a life: entered, passed (a step, with the walk's verdict), planned, decided (a message), rests, left,
    over.
    """

    at: datetime
    kind: str
    life: Life
    node: str = ""
    verdict: str = ""
    reason: str = ""
    checks: list[dict[str, Any]] = []  # never changed
    letter: Letter | None = None
    due: datetime | None = None  # of what is planned, or until when it rests
