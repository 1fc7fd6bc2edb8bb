"""AfterShip's bodies as parcels that are wanted."""

from pathlib import Path
from zoneinfo import ZoneInfo

import msgspec

from api.aftership.shapes import Create, Promised, Update
from api.compat import values
from api.compat.codes import Codes
from integrations.types import AddressData, CustomerData, LegData, ShipmentData
from tracking.wanted import Wanted

KEPT = (
    "title", "note", "language", "custom_fields", "order_id_path", "origin_state", "origin_city", "origin_postal_code",
    "origin_raw_location", "shipment_type", "shipment_direction", "delivery_type", "pickup_location", "pickup_note", "location_id",
    "tracking_account_number", "tracking_key", "shipment_tags", "courier_connection_id",
)  # fmt: skip


SLUGS = Codes(Path(__file__).with_name("slugs.json"))


def wanted(told: Update, zone: ZoneInfo) -> Wanted:
    """What a body says; times without an offset are by the clock of `zone`. Raises Problem naming the field that does not fit."""
    promised, field = told.order_promised_delivery_date or Promised(), "/order_promised_delivery_date"
    last = values.day(promised.promised_delivery_date_max or promised.promised_delivery_date, field)
    first = values.day(promised.promised_delivery_date_min, field)
    return Wanted(
        parcel=_parcel(told, zone),
        order_id=(told.order_id or "").strip(),
        order_number=(told.order_number or "").strip(),
        placed_at=values.moment(told.order_date, "/order_date", zone),
        customer=_customer(told),
        address=_address(told),
        promised_from=first if last else None,
        promised_to=last or first,
        details=values.details(msgspec.structs.asdict(told), KEPT),
    )


def _parcel(told: Update, zone: ZoneInfo) -> ShipmentData:
    mile = told.last_mile if isinstance(told, Create) else None
    legs = [LegData(carrier=SLUGS.ours(mile.slug or ""), number=mile.tracking_number)] if mile and mile.tracking_number else []
    return ShipmentData(
        carrier=SLUGS.ours(told.slug or ""),
        number=told.tracking_number if isinstance(told, Create) else "",
        service=told.shipping_method or "",
        legs=legs,
        shipped_at=values.moment(told.tracking_ship_date, "/tracking_ship_date", zone),
        origin_country=values.country(told.origin_country_region, "/origin_country_region"),
    )


def _customer(told: Update) -> CustomerData:
    """The first of them that can be written to, else the first: an order of ours has one."""
    people = told.customers or []
    index = next((at for at, one in enumerate(people) if one.email or one.phone_number), 0)
    if not people:
        return CustomerData()
    one = people[index]
    return values.person(
        name=one.name or "", email=one.email or "", phone=one.phone_number or "", language=one.language or told.language or "",
        external_id=one.id or "", pointer=f"/customers/{index}/email",
    )  # fmt: skip


def _address(told: Update) -> AddressData:
    return AddressData(
        line1=told.destination_raw_location or "",
        city=told.destination_city or "",
        region=told.destination_state or "",
        postcode=told.destination_postal_code or "",
        country=values.country(told.destination_country_region, "/destination_country_region"),
    )
