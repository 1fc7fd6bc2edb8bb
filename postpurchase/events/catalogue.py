"""Every fact that apps tell one another. A fact carries ids and what is needed to match a flow; handlers load the row.

docs/events.md is generated from this file.
"""

from dataclasses import dataclass
from datetime import date, datetime
from typing import ClassVar
from uuid import UUID


@dataclass(frozen=True, kw_only=True)
class Fact:
    """Something that has become true. `subject` is the row it is about; `order_id` joins it to an order's story."""

    kind: ClassVar[str] = ""
    about: ClassVar[str] = ""  # the field that holds the id of the row it is about
    order_id: UUID | None

    @property
    def subject(self) -> UUID:
        """The id of the row that the fact is about."""
        found: UUID = getattr(self, self.about)
        return found


@dataclass(frozen=True, kw_only=True)
class MerchantOpened(Fact):
    """A merchant joined the platform."""

    kind = "merchant.opened"
    merchant_id: UUID
    order_id: None = None
    about = "merchant_id"


@dataclass(frozen=True, kw_only=True)
class OrderFact(Fact):
    """A fact about an order."""

    order_id: UUID
    about = "order_id"


@dataclass(frozen=True, kw_only=True)
class OrderPlaced(OrderFact):
    """An order was recorded for the first time."""

    kind = "order.placed"


@dataclass(frozen=True, kw_only=True)
class OrderChanged(OrderFact):
    """A newer copy of an order differed; `fields` names what did."""

    kind = "order.changed"
    fields: tuple[str, ...]


@dataclass(frozen=True, kw_only=True)
class OrderCancelled(OrderFact):
    """The shop cancelled the order."""

    kind = "order.cancelled"


@dataclass(frozen=True, kw_only=True)
class OrderRefunded(OrderFact):
    """Money went back. `full`: nothing of the order's total is left unrefunded."""

    kind = "order.refunded"
    refund_id: UUID
    full: bool


@dataclass(frozen=True, kw_only=True)
class OrderRefundedWhole(OrderFact):
    """Nothing of the order's total is left unrefunded. Told after the refund that did it."""

    kind = "order.refunded_whole"


@dataclass(frozen=True, kw_only=True)
class LinkAsked(Fact):
    """Somebody looked an order up on the portal. order_id is None where what they told does not belong together."""

    kind = "portal.link_asked"
    merchant_id: UUID

    @property
    def subject(self) -> UUID:
        """The order, or the merchant where there is none."""
        return self.order_id or self.merchant_id


@dataclass(frozen=True, kw_only=True)
class ShopperAsked(OrderFact):
    """The shopper asks for something: `what` is instructions, day, safe_place, neighbour, pickup, address, or missing (not arrived)."""

    kind = "order.asked"
    wish_id: UUID
    what: str


@dataclass(frozen=True, kw_only=True)
class ShipmentFact(Fact):
    """A fact about a parcel; order_id is None while the parcel belongs to no known order."""

    shipment_id: UUID
    about = "shipment_id"


@dataclass(frozen=True, kw_only=True)
class ShipmentCreated(ShipmentFact):
    """A parcel with a carrier and a number became known for an order."""

    kind = "shipment.created"


@dataclass(frozen=True, kw_only=True)
class ShipmentMoved(ShipmentFact):
    """The parcel's derived status changed."""

    kind = "shipment.moved"
    old: str
    new: str
    substatus: str
    at: datetime


@dataclass(frozen=True, kw_only=True)
class EstimateChanged(ShipmentFact):
    """The day by which the parcel should arrive changed. `slipped`: it is later than the first one told."""

    kind = "shipment.estimate_changed"
    was: date | None
    now: date
    slipped: bool


@dataclass(frozen=True, kw_only=True)
class HealthOpened(ShipmentFact):
    """A problem was seen on the parcel: no_scan_after_label, stalled, late_vs_promise, late_vs_edd, repeated_attempts ..."""

    kind = "shipment.health_opened"
    flag: str


@dataclass(frozen=True, kw_only=True)
class HealthResolved(ShipmentFact):
    """The problem is over."""

    kind = "shipment.health_resolved"
    flag: str


@dataclass(frozen=True, kw_only=True)
class OrderDelivered(OrderFact):
    """The last open parcel of an order was delivered, and no line still waits for one."""

    kind = "order.delivered"
    at: datetime


@dataclass(frozen=True, kw_only=True)
class MessageFact(Fact):
    """A fact about a message to a shopper."""

    message_id: UUID
    about = "message_id"


@dataclass(frozen=True, kw_only=True)
class MessageSent(MessageFact):
    """The mail server took the message."""

    kind = "message.sent"


@dataclass(frozen=True, kw_only=True)
class MessageInDoubt(MessageFact):
    """The connection died after the message was handed over: it may or may not have left. It is not sent again by itself."""

    kind = "message.in_doubt"


@dataclass(frozen=True, kw_only=True)
class MessageFailed(MessageFact):
    """The message was refused for good."""

    kind = "message.failed"


@dataclass(frozen=True, kw_only=True)
class FlowTold(Fact):
    """A step of a flow tells webhooks, in the merchant's own words."""

    kind = "flow.told"
    order_id: UUID
    enrolment_id: UUID
    flow_id: UUID
    shipment_id: UUID | None
    step: str
    text: str
    about = "enrolment_id"


@dataclass(frozen=True, kw_only=True)
class FlowToldTeam(FlowTold):
    """A step of a flow tells the team."""

    kind = "flow.told_team"


@dataclass(frozen=True, kw_only=True)
class WebhookStopped(Fact):
    """An endpoint for webhooks is told nothing any more: it said 410 (`gone`), or took nothing for days (`failing`)."""

    kind = "webhook.stopped"
    endpoint_id: UUID
    reason: str
    order_id: None = None
    about = "endpoint_id"


@dataclass(frozen=True, kw_only=True)
class ImportEnded(Fact):
    """An import ran to its end, or failed: its row says which."""

    kind = "import.ended"
    import_id: UUID
    order_id: None = None
    about = "import_id"


@dataclass(frozen=True, kw_only=True)
class ExportEnded(Fact):
    """An export is ready, or failed: its row says which."""

    kind = "export.ended"
    export_id: UUID
    order_id: None = None
    about = "export_id"


@dataclass(frozen=True, kw_only=True)
class MemberJoined(Fact):
    """Somebody took an invitation and is on the team."""

    kind = "member.joined"
    member_id: UUID
    order_id: None = None
    about = "member_id"


@dataclass(frozen=True, kw_only=True)
class ApiKeyMade(Fact):
    """A key to the API was made."""

    kind = "key.made"
    key_id: UUID
    order_id: None = None
    about = "key_id"


@dataclass(frozen=True, kw_only=True)
class SendingPaused(Fact):
    """A merchant's marketing rests: of the mails of a week too many bounced (`bounces`) or were called spam (`complaints`)."""

    kind = "sending.paused"
    merchant_id: UUID
    reason: str
    order_id: None = None
    about = "merchant_id"


FACTS: dict[str, type[Fact]] = {
    fact.kind: fact
    for fact in (
        MerchantOpened, OrderPlaced, OrderChanged, OrderCancelled, OrderRefunded, OrderRefundedWhole, OrderDelivered, ShipmentCreated,
        ShipmentMoved, EstimateChanged, LinkAsked, ShopperAsked,
        HealthOpened, HealthResolved, MessageSent, MessageInDoubt, MessageFailed, FlowTold, FlowToldTeam, WebhookStopped,
        ImportEnded, ExportEnded, MemberJoined, ApiKeyMade, SendingPaused,
    )
}  # fmt: skip
