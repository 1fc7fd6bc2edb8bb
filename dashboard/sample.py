"""A made-up order, told by the product's own intakes. It is a test order: only the team ever gets mail about it."""

from datetime import timedelta
from uuid import UUID

from django.utils.translation import gettext as _

from integrations.models import Connection
from integrations.types import AddressData, CustomerData, LineData, OrderData, PlaceData, ScanData, ShipmentData, ShippedLineData
from orders.intake import record_orders
from postpurchase.lib import clock
from postpurchase.lib.ids import random_token
from postpurchase.tenancy.models import Brand, User
from tracking.scans import record_scans
from tracking.shipments import record_shipments

PRICE, SHIPPING = 4900, 490  # minor units


def place(user: User, brand: Brand) -> UUID:
    """Order, parcel and first scan, for that person. Returns the order's id."""
    api = Connection.objects.filter(kind=Connection.API).order_by("id")[0].pk
    mark = f"test-{random_token(64)}"
    (order,) = record_orders([_order(mark, user, brand)], connection_id=api)
    if order.id is None:
        raise RuntimeError(f"the test order was refused: {order.errors}")
    now = clock.business_now()
    parcel = ShipmentData(
        carrier="dhl", number=mark.upper()[:20], external_id=mark, order_external_id=mark, shipped_at=now - timedelta(minutes=2),
        lines=[ShippedLineData(line_external_id="shirt", quantity=1)],
    )  # fmt: skip
    record_shipments([parcel], connection_id=api)
    seen = ScanData(
        shipment_external_id=mark, occurred_at=now - timedelta(minutes=1), status="in_transit", code="in_transit",
        text=_("Sorted at the hub"), place=PlaceData(city="Leipzig", country="DE"),
    )  # fmt: skip
    record_scans([seen], connection_id=api)
    return order.id


def _order(mark: str, user: User, brand: Brand) -> OrderData:
    at = clock.business_now() - timedelta(minutes=3)
    first, _space, last = (user.name or user.email).partition(" ")
    return OrderData(
        external_id=mark, number=f"#{mark[-6:].upper()}", placed_at=at, updated_at=at, currency="EUR", total=PRICE + SHIPPING,
        lines=[LineData(external_id="shirt", title=_("Linen shirt"), quantity=1, unit_price=PRICE)],
        email=user.email, locale=brand.locale, shipping_total=SHIPPING, taxes_included=True, test=True, financial_status="paid",
        customer=CustomerData(external_id=user.email, email=user.email, first_name=first, last_name=last, locale=brand.locale),
        shipping_address=AddressData(name=str(user), line1=_("1 Sample Street"), city="Berlin", postcode="10119", country="DE"),
    )  # fmt: skip
