"""What every adapter produces and every intake takes: typed, validated at decode, the same from a webhook and from the API.

Amounts are integer minor units of the order's presentment currency (EUR 12.30 is 1230, JPY 1230 is 1230).
Times are aware (ISO 8601 with an offset). Ids of other systems are text, because they outgrow a double.
"""

from datetime import date, datetime
from enum import StrEnum
from typing import Annotated, Any
from uuid import UUID

import msgspec
from msgspec import Meta, Struct

ExternalId = Annotated[str, Meta(min_length=1, max_length=120, description="The sender's own id, as text")]
Short = Annotated[str, Meta(max_length=120)]
Long = Annotated[str, Meta(max_length=500)]
Url = Annotated[str, Meta(max_length=1000, pattern=r"^(https?://.*)?$")]
Email = Annotated[str, Meta(max_length=254, pattern=r"^([^@\s]+@[^@\s]+\.[^@\s]+)?$")]
Country = Annotated[str, Meta(pattern=r"^([A-Z]{2})?$", description="ISO 3166-1 alpha-2")]
Currency = Annotated[str, Meta(pattern=r"^[A-Z]{3}$", description="ISO 4217")]
Minor = Annotated[int, Meta(ge=0, le=10**15, description="Minor units: EUR 12.30 is 1230, JPY 1230 is 1230")]
Quantity = Annotated[int, Meta(ge=1, le=100_000)]
Aware = Annotated[datetime, Meta(tz=True, description="ISO 8601 with an offset")]


class AddressData(Struct, forbid_unknown_fields=True, omit_defaults=True):
    """A postal address."""

    name: Short = ""
    company: Short = ""
    line1: Long = ""
    line2: Long = ""
    city: Short = ""
    region: Short = ""
    postcode: Annotated[str, Meta(max_length=20)] = ""
    country: Country = ""
    phone: Annotated[str, Meta(max_length=40)] = ""


class CustomerData(Struct, forbid_unknown_fields=True):
    """A person who buys. Found again by email."""

    external_id: Annotated[str, Meta(max_length=120)] = ""
    email: Email = ""
    phone: Annotated[str, Meta(max_length=40)] = ""
    first_name: Short = ""
    last_name: Short = ""
    locale: Annotated[str, Meta(max_length=20)] = ""


class LineData(Struct, forbid_unknown_fields=True):
    """One product in an order. `discount` and `tax` are for the whole line; tax is inside the price if `taxes_included`."""

    external_id: ExternalId
    title: Long
    quantity: Quantity
    unit_price: Minor
    sku: Short = ""
    variant: Long = ""
    product_id: Short = ""
    discount: Minor = 0
    tax: Minor = 0
    requires_shipping: bool = True
    image_url: Url = ""
    weight_grams: Annotated[int, Meta(ge=0, le=10**8)] = 0
    use_days: Annotated[int, Meta(ge=0, le=365, description="Days of use before a review makes sense")] | None = None


class RefundLineData(Struct, forbid_unknown_fields=True):
    """Units of a line that a refund covers."""

    line_external_id: ExternalId
    quantity: Annotated[int, Meta(ge=0, le=100_000)] = 0
    amount: Minor = 0


class RefundData(Struct, forbid_unknown_fields=True):
    """Money that went back. `amount` is the whole of it, tax and shipping included."""

    external_id: ExternalId
    amount: Minor
    processed_at: Aware
    reason: Long = ""
    lines: list[RefundLineData] = []


class OrderRefundData(Struct):
    """A refund told on its own (a webhook), for an order known by its external id."""

    order_external_id: str
    refund: RefundData


class ConsentData(Struct, forbid_unknown_fields=True):
    """What the shopper agreed to at checkout, with its proof. None: nothing was said about it."""

    marketing_email: bool | None
    at: Aware
    text: Long = ""
    source: Short = "checkout"
    marketing_sms: bool | None = None
    order_sms: Annotated[bool | None, Meta(description="Text messages about the order itself")] = None
    confirmed: Annotated[bool, Meta(description="The shopper has confirmed by mail already: we do not ask again")] = False
    text_version: Annotated[str, Meta(max_length=40)] = ""
    ip: Annotated[str, Meta(max_length=45, description="Where it was ticked; kept without its last part")] = ""
    user_agent: Long = ""
    page: Url = ""


class ShopTotals(Struct, forbid_unknown_fields=True):
    """The order's totals in the shop's own currency, for its books."""

    items: Minor
    discount: Minor
    shipping: Minor
    tax: Minor
    total: Minor


class OrderData(Struct, forbid_unknown_fields=True, kw_only=True):
    """An order as its source tells it. Sent again with a later `updated_at` it is an update; with an earlier one it is dropped."""

    external_id: ExternalId
    number: Annotated[str, Meta(min_length=1, max_length=60, description="What the shopper knows the order by, for example #1043")]
    placed_at: Aware
    updated_at: Aware
    currency: Currency
    total: Minor
    lines: Annotated[list[LineData], Meta(max_length=500)]
    shop_currency: Annotated[str, Meta(pattern=r"^([A-Z]{3})?$")] = ""
    shop: ShopTotals | None = None
    email: Email = ""
    phone: Annotated[str, Meta(max_length=40)] = ""
    customer: CustomerData | None = None
    shipping_address: AddressData | None = None
    billing_address: AddressData | None = None
    order_discount: Minor = 0  # beyond what the lines carry already; shared out over them by value
    shipping_total: Minor = 0
    tax_total: Minor = 0
    taxes_included: bool = False
    discount_codes: Annotated[list[Short], Meta(max_length=50)] = []
    tags: Annotated[list[Short], Meta(max_length=250)] = []
    channel: Short = ""
    locale: Annotated[str, Meta(max_length=20)] = ""
    test: bool = False
    consent: ConsentData | None = None
    financial_status: Short = ""
    fulfilment_status: Short = ""
    cancelled_at: Aware | None = None
    cancel_reason: Short = ""
    promised_from: date | None = None
    promised_to: date | None = None
    refunds: Annotated[list[RefundData], Meta(max_length=500)] = []
    extra: dict[str, Any] = {}  # whatever else the source says, kept as it is


class OrderDeleted(Struct):
    """The shop deleted an order: all that is told is its id."""

    external_id: str
    at: datetime


class ShippedLineData(Struct, forbid_unknown_fields=True):
    """Units of an order line that a parcel carries."""

    line_external_id: ExternalId
    quantity: Quantity


class LegData(Struct, forbid_unknown_fields=True):
    """A further carrier that takes the parcel over, under its own number."""

    carrier: Short
    number: Annotated[str, Meta(min_length=1, max_length=60)]


class ShipmentData(Struct, forbid_unknown_fields=True, kw_only=True):
    """A parcel. Sent again (same `external_id`, or same carrier and number) it is an update."""

    carrier: Short
    number: Annotated[str, Meta(max_length=60)]
    external_id: Annotated[str, Meta(max_length=120)] = ""
    order_external_id: Annotated[str, Meta(max_length=120)] = ""
    order_number: Annotated[
        str, Meta(max_length=60, description="Where the order's external id is not known; an unknown one is passed over")
    ] = ""
    service: Short = ""
    tracking_url: Url = ""
    lines: Annotated[list[ShippedLineData], Meta(max_length=500)] = []
    legs: Annotated[list[LegData], Meta(max_length=10)] = []
    shipped_at: Aware | None = None
    promised_on: date | None = None
    cancelled: bool = False
    origin_country: Country = ""


class PlaceData(Struct, forbid_unknown_fields=True, omit_defaults=True):
    """Where a scan happened, as far as the carrier says."""

    city: Short = ""
    region: Short = ""
    postcode: Annotated[str, Meta(max_length=20)] = ""
    country: Annotated[str, Meta(max_length=60)] = ""


class ScanData(Struct, forbid_unknown_fields=True, kw_only=True):
    """One thing a carrier saw. `local_time` alone (no offset) is kept as the clock on the wall there; it is never taken for UTC."""

    carrier: Short = ""
    number: Annotated[str, Meta(max_length=60)] = ""
    shipment_external_id: Annotated[str, Meta(max_length=120)] = ""
    occurred_at: Aware | None = None
    local_time: datetime | None = None
    code: Annotated[str, Meta(max_length=80, description="The carrier's own code")] = ""
    text: Long = ""
    status: Annotated[str, Meta(max_length=40, description="One of our statuses, if the sender knows it")] = ""
    substatus: Annotated[str, Meta(max_length=40)] = ""
    place: PlaceData = msgspec.field(default_factory=PlaceData)
    source: Short = ""
    signed_by: Short = ""
    extra: dict[str, Any] = {}


class EstimateData(Struct, forbid_unknown_fields=True, kw_only=True):
    """A day by which somebody expects the parcel."""

    expected_on: date
    earliest_on: date | None = None
    carrier: str = ""
    number: str = ""
    shipment_external_id: str = ""
    source: str = "carrier"
    told_at: datetime | None = None


class ConsentTold(Struct):
    """A shop passes on what a person said about marketing, beside any order. `country`: where they live, if the shop says."""

    said: ConsentData
    external_id: str = ""  # of the customer
    email: str = ""
    phone: str = ""
    country: str = ""


class PrivacyRequest(Struct):
    """A shop passes on a person's request: to see or to erase what we hold."""

    kind: str  # data_request | redact
    email: str = ""
    phone: str = ""
    order_external_ids: list[str] = []


class ShopClosed(Struct):
    """The shop removed our app (`uninstalled`) or wants all its data erased (`redact`)."""

    kind: str


class FieldError(Struct):
    """What is wrong with one field: `pointer` is a JSON pointer into the item (RFC 6901)."""

    pointer: str
    message: str


class Outcome(StrEnum):
    """What became of one item of an intake."""

    CREATED = "created"
    UPDATED = "updated"
    UNCHANGED = "unchanged"  # a repeat
    STALE = "stale"  # an older copy than the one we hold
    PARKED = "parked"  # what it belongs to is not known yet; `parked_for` names it
    REFUSED = "refused"  # `errors` say why; nothing was written


class Recorded(Struct):
    """The result of one item, in the order the items were given."""

    outcome: Outcome
    external_id: str = ""
    id: UUID | None = None
    errors: list[FieldError] = []
    parked_for: str = ""  # "order:<external id>" or "shipment:<external id>"


Item = (
    OrderData | OrderDeleted | OrderRefundData | CustomerData | ConsentTold | ShipmentData | ScanData | EstimateData | PrivacyRequest
    | ShopClosed
)  # fmt: skip
