"""Bodies of TrackingMore's API, version 4. What we do not know of them is left alone, as there."""

from typing import Annotated

from msgspec import Meta, Struct

Text = Annotated[str, Meta(max_length=500)] | None
Short = Annotated[str, Meta(max_length=120)] | None
Code = Annotated[str, Meta(max_length=40)] | None
Postcode = Annotated[str, Meta(max_length=20)] | None


class Update(Struct, kw_only=True):
    """What is told is changed."""

    title: Text = None
    note: Annotated[str, Meta(max_length=4000)] | None = None
    label: Short = None
    language: Annotated[str, Meta(max_length=20)] | None = None
    order_id: Short = None
    order_number: Annotated[str, Meta(max_length=60)] | None = None
    order_date: Code = None
    customer_name: Short = None
    customer_email: Annotated[str, Meta(max_length=254)] | None = None
    customer_sms: Code = None
    logistics_channel: Short = None
    tracking_origin_country: Code = None
    tracking_destination_country: Code = None
    tracking_postal_code: Postcode = None
    recipient_postcode: Postcode = None
    destination_state: Short = None
    destination_city: Short = None
    tracking_ship_date: Code = None
    tracking_key: Short = None
    tracking_courier_account: Short = None


class Create(Update, kw_only=True):
    """One parcel."""

    tracking_number: Annotated[str, Meta(min_length=1, max_length=60)]
    courier_code: Annotated[str, Meta(min_length=1, max_length=40)]


class Detect(Struct):
    """A number as people write it."""

    tracking_number: Annotated[str, Meta(min_length=1, max_length=100)]
