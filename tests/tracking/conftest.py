"""Parcels and scans in a few words."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from integrations.models import Connection
from integrations.types import PlaceData, Recorded, ScanData, ShipmentData
from orders.models import Line, Order
from postpurchase.events import bus
from postpurchase.events.catalogue import Fact
from postpurchase.events.models import DomainEvent
from postpurchase.tenancy.models import Merchant
from tracking.models import Shipment
from tracking.scans import record_scans
from tracking.shipments import record_shipments

MONDAY = datetime(2026, 3, 2, 8, 0, tzinfo=UTC)


def at(hours: float) -> datetime:
    return MONDAY + timedelta(hours=hours)


def scan(hours: float, status: str = "in_transit", **changes: Any) -> ScanData:
    base: dict[str, Any] = {"carrier": "dhl", "number": "N1", "occurred_at": at(hours), "status": status, "text": f"{status} {hours}"}
    return ScanData(**base | changes)


def place(city: str = "", country: str = "") -> PlaceData:
    return PlaceData(city=city, country=country)


def parcel(**changes: Any) -> ShipmentData:
    base: dict[str, Any] = {"carrier": "DHL", "number": "N1", "external_id": "f1", "order_external_id": "o1"}
    return ShipmentData(**base | changes)


def facts(kind: type[Fact] | None = None) -> list[Fact]:
    events = DomainEvent.objects.order_by("id")
    return [bus.read(event.kind, event.payload) for event in events if kind is None or event.kind == kind.kind]


@pytest.fixture
def shop(in_ann: Merchant) -> Connection:
    return Connection.objects.create(kind="shopify", label="Shop")


@pytest.fixture
def make_order(shop: Connection) -> Callable[..., Order]:
    def make(external_id: str = "o1", *, lines: dict[str, int] | None = None, **changes: Any) -> Order:
        base = {
            "connection": shop, "external_id": external_id, "number": external_id, "placed_at": MONDAY, "source_updated_at": MONDAY,
            "currency": "EUR", "shop_currency": "EUR", "items_total": 1000, "total": 1000, "ship_country": "DE",
        }  # fmt: skip
        order = Order.objects.create(**base | changes)
        for position, (line, quantity) in enumerate((lines or {}).items()):
            Line.objects.create(order=order, external_id=line, position=position, title=line, quantity=quantity, unit_price=500)
        return order

    return make


@pytest.fixture
def record(shop: Connection) -> Callable[..., list[Recorded]]:
    def do(*items: Any, connection: Connection = shop) -> list[Recorded]:
        if isinstance(items[0], ShipmentData):
            return record_shipments(items, connection_id=connection.pk)
        return record_scans(items, connection_id=connection.pk)

    return do


@pytest.fixture
def shipped(make_order: Callable[..., Order], record: Callable[..., list[Recorded]]) -> Shipment:
    make_order()
    (result,) = record(parcel())
    return Shipment.objects.get(pk=result.id)
