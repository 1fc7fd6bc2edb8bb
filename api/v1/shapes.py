"""What the API answers. Every field is always there; null and empty text mean "not known". Amounts are minor units of `currency`."""

from datetime import date, datetime
from typing import Annotated, Any

from msgspec import Meta, Struct

from integrations.types import AddressData, FieldError, OrderData, Outcome, ScanData

OrderId = Annotated[str, Meta(pattern="^ord_[0-9a-z]{26}$", examples=["ord_01h455vb4pex5vsknk084sn02q"])]
LineId = Annotated[str, Meta(pattern="^lin_[0-9a-z]{26}$")]
CustomerId = Annotated[str, Meta(pattern="^cus_[0-9a-z]{26}$")]
ShipmentId = Annotated[str, Meta(pattern="^shp_[0-9a-z]{26}$")]
MessageId = Annotated[str, Meta(pattern="^msg_[0-9a-z]{26}$")]
EventId = Annotated[str, Meta(pattern="^evt_[0-9a-z]{26}$")]


class Result(Struct):
    """What became of one item. `id` is null where nothing was written; `errors` say why."""

    outcome: Outcome
    external_id: str
    id: str | None
    errors: list[FieldError] = []


class Results(Struct):
    """What became of each item, in the order sent."""

    results: list[Result]


class OrderBatch(Struct, forbid_unknown_fields=True):
    """Up to 500 orders. One that does not fit is refused alone."""

    orders: Annotated[list[OrderData], Meta(min_length=1, max_length=500)]


class ScanBatch(Struct, forbid_unknown_fields=True):
    """Up to 500 scans. One that does not fit is refused alone."""

    scans: Annotated[list[ScanData], Meta(min_length=1, max_length=500)]


class Order(Struct):
    """An order as its source last told it. `status` is open, delivered or cancelled."""

    id: OrderId
    external_id: str
    number: str
    status: str
    placed_at: datetime
    updated_at: datetime
    customer_id: CustomerId | None
    email: str
    phone: str
    currency: str
    items_total: int
    discount_total: int
    shipping_total: int
    tax_total: int
    total: int
    refunded_total: int
    taxes_included: bool
    financial_status: str
    fulfilment_status: str
    cancelled_at: datetime | None
    delivered_at: datetime | None
    promised_from: date | None
    promised_to: date | None
    channel: str
    locale: str
    tags: list[str]
    discount_codes: list[str]
    test: bool


class Line(Struct):
    """A product in an order. `discount`, `tax` and `shipping` are its whole share of the order's."""

    id: LineId
    external_id: str
    sku: str
    product_id: str
    title: str
    variant: str
    image_url: str
    quantity: int
    unit_price: int
    discount: int
    tax: int
    shipping: int
    requires_shipping: bool
    removed_at: datetime | None


class Refund(Struct):
    """Money that went back."""

    external_id: str
    amount: int
    reason: str
    processed_at: datetime
    lines: list[dict[str, Any]]


class Shipment(Struct):
    """A parcel: where it is, what is wrong with it, when it should arrive."""

    id: ShipmentId
    order_id: OrderId | None
    external_id: str
    carrier: str
    number: str
    service: str
    tracking_url: str
    status: str
    substatus: str
    party: str
    action_required: str
    status_at: datetime | None
    health: list[str]
    shipped_at: datetime | None
    delivered_at: datetime | None
    cancelled_at: datetime | None
    promised_on: date | None
    estimate_on: date | None
    estimate_earliest_on: date | None
    estimate_source: str
    attempts: int
    created_at: datetime
    version: int


class ShippedLine(Struct):
    """Units of a line in a parcel."""

    line_id: LineId
    quantity: int


class Leg(Struct):
    """A carrier, and the number it knows the parcel by."""

    carrier: str
    number: str


class Scan(Struct):
    """What a carrier saw. Where the zone is not known, `occurred_at` is null and `local_time` is the clock on the wall there."""

    occurred_at: datetime | None
    local_time: str | None
    code: str
    text: str
    status: str
    substatus: str
    carrier: str
    city: str
    region: str
    postcode: str
    country: str
    source: str


class ShipmentDetail(Shipment):
    """A parcel with its lines, carriers and scans (the latest 500, oldest first)."""

    lines: list[ShippedLine] = []
    legs: list[Leg] = []
    scans: list[Scan] = []


class OrderDetail(Order):
    """An order with its addresses, lines, refunds and parcels."""

    shipping_address: AddressData | None = None
    billing_address: AddressData | None = None
    lines: list[Line] = []
    refunds: list[Refund] = []
    shipments: list[Shipment] = []


class Customer(Struct):
    """A person who buys."""

    id: CustomerId
    external_id: str
    email: str
    phone: str
    first_name: str
    last_name: str
    locale: str
    created_at: datetime


class Message(Struct):
    """A message to a shopper. `state` is due, claimed, handing, sent, unknown, failed, skipped, cancelled or expired; `reason` says why"""

    id: MessageId
    order_id: OrderId | None
    shipment_id: ShipmentId | None
    customer_id: CustomerId | None
    template: str
    stream: str
    to: str
    locale: str
    state: str
    reason: str
    subject: str
    created_at: datetime
    due_at: datetime
    sent_at: datetime | None
    attempts: int


class Decision(Struct):
    """Why a step ended as it did."""

    verdict: str
    reason: str
    checks: list[Any]
    decided_at: datetime


class MessageDetail(Message):
    """A message with the decisions behind it."""

    decisions: list[Decision] = []


class Event(Struct):
    """A fact. `subject` is the id of what it is about; `data` differs by kind."""

    id: EventId
    kind: str
    subject: str
    order_id: OrderId | None
    occurred_at: datetime
    data: dict[str, Any]


class Page(Struct):
    """One page of a list. Ask again with cursor=next_cursor while has_more."""

    data: list[Any]
    next_cursor: str | None
    has_more: bool


class OrderPage(Page):
    """Orders, newest first."""

    data: list[Order]


class CustomerPage(Page):
    """Customers, newest first."""

    data: list[Customer]


class ShipmentPage(Page):
    """Parcels, newest first."""

    data: list[Shipment]


class MessagePage(Page):
    """Messages, newest first."""

    data: list[Message]


class EventPage(Page):
    """Facts, oldest first."""

    data: list[Event]


class ProblemError(Struct, omit_defaults=True):
    """One thing that is wrong: a JSON pointer into the body, or a query parameter."""

    message: str
    pointer: str = ""
    parameter: str = ""


class ProblemDetails(Struct, omit_defaults=True):
    """An answer that is no success (RFC 9457)."""

    type: str
    title: str
    status: int
    detail: str
    errors: list[ProblemError] = []
