"""Bodies of AfterShip's API (2026-07). What we do not know of them is left alone, as there."""

from typing import Annotated, Any

from msgspec import Meta, Struct

Text = Annotated[str, Meta(max_length=500)] | None
Short = Annotated[str, Meta(max_length=120)] | None
Code = Annotated[str, Meta(max_length=40)] | None


class Customer(Struct):
    """Who the parcel is for."""

    role: Short = None
    name: Short = None
    phone_number: Code = None
    email: Annotated[str, Meta(max_length=254)] | None = None
    language: Annotated[str, Meta(max_length=20)] | None = None
    id: Short = None


class Promised(Struct):
    """The days that the shop promised."""

    promised_delivery_date: Code = None
    promised_delivery_date_min: Code = None
    promised_delivery_date_max: Code = None


class LastMile(Struct):
    """The carrier that takes the parcel over."""

    tracking_number: Annotated[str, Meta(max_length=60)] | None = None
    slug: Code = None


class Update(Struct, kw_only=True):
    """PUT /trackings/{id}: what is told is changed."""

    slug: Code = None
    title: Text = None
    note: Annotated[str, Meta(max_length=4000)] | None = None
    language: Annotated[str, Meta(max_length=20)] | None = None
    custom_fields: dict[str, Any] | None = None
    order_id: Short = None
    order_id_path: Text = None
    order_number: Annotated[str, Meta(max_length=60)] | None = None
    order_date: Code = None
    order_promised_delivery_date: Promised | None = None
    customers: Annotated[list[Customer], Meta(max_length=20)] | None = None
    origin_country_region: Code = None
    origin_state: Short = None
    origin_city: Short = None
    origin_postal_code: Annotated[str, Meta(max_length=20)] | None = None
    origin_raw_location: Text = None
    destination_country_region: Code = None
    destination_state: Short = None
    destination_city: Short = None
    destination_postal_code: Annotated[str, Meta(max_length=20)] | None = None
    destination_raw_location: Text = None
    shipping_method: Short = None
    shipment_type: Short = None
    shipment_direction: Code = None
    delivery_type: Code = None
    pickup_location: Text = None
    pickup_note: Text = None
    location_id: Short = None
    tracking_ship_date: Code = None
    tracking_account_number: Short = None
    tracking_key: Short = None


class Create(Update, kw_only=True):
    """POST /trackings."""

    tracking_number: Annotated[str, Meta(min_length=1, max_length=60)]
    slug_group: Code = None
    shipment_tags: Annotated[list[str], Meta(max_length=50)] | None = None
    courier_connection_id: Short = None
    last_mile: LastMile | None = None


class Completed(Struct):
    """POST /trackings/{id}/mark-as-completed."""

    reason: str
    event_datetime: Code = None


class Detect(Struct):
    """POST /couriers/detect. What else may be told there helps to ask a carrier, which we do not do here."""

    tracking_number: Annotated[str, Meta(min_length=1, max_length=100)]
    slug: list[str] | None = None


class Place(Struct):
    """One end of a way."""

    country_region: Code = None
    state: Short = None
    city: Short = None
    postal_code: Annotated[str, Meta(max_length=20)] | None = None
    raw_location: Text = None


class Processing(Struct):
    """How long an order is worked on: unit day or hour."""

    unit: str = "day"
    value: Annotated[float, Meta(ge=0, le=60)] = 0


class Pickup(Struct):
    """How an order becomes a parcel; days count from 1, Monday."""

    order_time: Code = None
    order_cutoff_time: Code = None
    business_days: Annotated[list[Annotated[int, Meta(ge=1, le=7)]], Meta(max_length=7)] | None = None
    order_processing_time: Processing | None = None


class Prediction(Struct):
    """A parcel that may be sent."""

    slug: Annotated[str, Meta(min_length=1, max_length=40)]
    destination_address: Place
    origin_address: Place | None = None
    service_type_name: Short = None
    weight: dict[str, Any] | None = None
    package_count: int | None = None
    pickup_time: Code = None
    estimated_pickup: Pickup | None = None


class Predictions(Struct):
    """Up to five."""

    estimated_delivery_dates: Annotated[list[Prediction], Meta(min_length=1, max_length=5)]
