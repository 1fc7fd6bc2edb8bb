"""TrackingMore's bodies as parcels that are wanted."""

from pathlib import Path
from zoneinfo import ZoneInfo

import msgspec

from api.compat import values
from api.compat.codes import Codes
from api.trackingmore.shapes import Create, Update
from integrations.types import AddressData, CustomerData, ShipmentData
from tracking.wanted import Wanted

KEPT = ("title", "note", "label", "language", "logistics_channel", "tracking_key", "tracking_courier_account")


CODES = Codes(Path(__file__).with_name("codes.json"))


def wanted(told: Update, zone: ZoneInfo) -> Wanted:
    """What a body says; times without an offset are by the clock of `zone`. Raises Problem naming the field that does not fit."""
    new = told if isinstance(told, Create) else None
    return Wanted(
        parcel=ShipmentData(
            carrier=CODES.ours(new.courier_code) if new else "",
            number=new.tracking_number if new else "",
            shipped_at=values.moment(told.tracking_ship_date, "/tracking_ship_date", zone),
            origin_country=values.country(told.tracking_origin_country, "/tracking_origin_country"),
        ),
        order_id=(told.order_id or "").strip(),
        order_number=(told.order_number or "").strip(),
        placed_at=values.moment(told.order_date, "/order_date", zone),
        customer=_customer(told),
        address=AddressData(
            name=told.customer_name or "",
            city=told.destination_city or "",
            region=told.destination_state or "",
            postcode=told.recipient_postcode or told.tracking_postal_code or "",
            country=values.country(told.tracking_destination_country, "/tracking_destination_country"),
        ),
        details=values.details(msgspec.structs.asdict(told), KEPT),
    )


def _customer(told: Update) -> CustomerData:
    if not (told.customer_name or told.customer_email or told.customer_sms):
        return CustomerData()
    return values.person(
        name=told.customer_name or "", email=told.customer_email or "", phone=told.customer_sms or "", language=told.language or "",
        external_id="", pointer="/customer_email",
    )  # fmt: skip
