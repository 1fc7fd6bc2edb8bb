"""Believable data, as an adapter or the API would hand it to the intake. Every builder takes the fields that matter to the test."""

import itertools
from datetime import UTC, datetime, timedelta
from typing import Any

from integrations.types import (
    AddressData,
    ConsentData,
    CustomerData,
    LineData,
    OrderData,
    RefundData,
    RefundLineData,
    ScanData,
    ShipmentData,
    ShippedLineData,
)

PLACED = datetime(2026, 3, 2, 9, 30, tzinfo=UTC)  # a Monday
_count = itertools.count(1)


def line_data(**changes: Any) -> LineData:
    """One linen shirt for 49.00."""
    n = next(_count)
    values: dict[str, Any] = {
        "external_id": f"line-{n}",
        "title": "Linen shirt",
        "variant": "White / M",
        "sku": "SHIRT-WH-M",
        "product_id": "prod-shirt",
        "quantity": 1,
        "unit_price": 4900,
        "weight_grams": 320,
        "use_days": 7,
    }
    return LineData(**values | changes)


def address_data(**changes: Any) -> AddressData:
    """Mia Berg, Berlin."""
    values: dict[str, Any] = {
        "name": "Mia Berg",
        "line1": "Torstraße 12",
        "city": "Berlin",
        "postcode": "10119",
        "country": "DE",
        "phone": "+49 30 1234567",
    }
    return AddressData(**values | changes)


def customer_data(**changes: Any) -> CustomerData:
    """Mia Berg."""
    values: dict[str, Any] = {
        "external_id": "cust-1",
        "email": "mia.berg@example.com",
        "first_name": "Mia",
        "last_name": "Berg",
        "locale": "de",
    }
    return CustomerData(**values | changes)


def order_data(**changes: Any) -> OrderData:
    """A new paid order by Mia Berg: two shirts and three pairs of socks, 4.90 shipping, taxes in the prices; `total` follows from the rest.

    External id and number are new each time.
    """
    n = next(_count)
    placed_at: datetime = changes.get("placed_at", PLACED)
    values: dict[str, Any] = {
        "external_id": f"order-{n}",
        "number": f"#{1000 + n}",
        "placed_at": placed_at,
        "updated_at": placed_at,
        "currency": "EUR",
        "lines": [
            line_data(external_id="shirt", quantity=2),
            line_data(
                external_id="socks", title="Wool socks", variant="", sku="SOCKS", product_id="prod-socks", quantity=3, unit_price=1290
            ),
        ],
        "email": "mia.berg@example.com",
        "customer": customer_data(email=changes.get("email", "mia.berg@example.com")),
        "shipping_address": address_data(),
        "billing_address": address_data(),
        "shipping_total": 490,
        "taxes_included": True,
        "channel": "web",
        "locale": "de",
        "financial_status": "paid",
    } | changes
    values.setdefault("total", _total(values))
    return OrderData(**values)


def _total(values: dict[str, Any]) -> int:
    lines = values["lines"]
    net = sum(line.unit_price * line.quantity - line.discount for line in lines) - values.get("order_discount", 0)
    tax = 0 if values["taxes_included"] else values.get("tax_total", 0) or sum(line.tax for line in lines)
    return max(0, net) + values["shipping_total"] + tax


def later(order: OrderData, *, hours: float = 1, **changes: Any) -> OrderData:
    """A newer copy of the same order, `hours` after the one given, with these changes."""
    values = {name: getattr(order, name) for name in order.__struct_fields__}
    return OrderData(**values | {"updated_at": order.updated_at + timedelta(hours=hours)} | changes)


def consent_data(**changes: Any) -> ConsentData:
    """A ticked box at checkout."""
    values: dict[str, Any] = {"marketing_email": True, "confirmed": True, "at": PLACED, "text": "Send me news and offers by email"}
    return ConsentData(**values | changes)


def refund_data(**changes: Any) -> RefundData:
    """One shirt's 49.00, a week after the order."""
    values: dict[str, Any] = {
        "external_id": f"refund-{next(_count)}",
        "amount": 4900,
        "processed_at": PLACED + timedelta(days=7),
        "reason": "Did not fit",
        "lines": [RefundLineData(line_external_id="shirt", quantity=1, amount=4900)],
    }
    return RefundData(**values | changes)


def shipment_data(**changes: Any) -> ShipmentData:
    """A DHL parcel with everything of order_data() in it, handed over the day after. Name the order: order_external_id=..."""
    n = next(_count)
    values: dict[str, Any] = {
        "external_id": f"shipment-{n}",
        "carrier": "dhl",
        "number": f"0034043{n:013d}",
        "order_external_id": "",
        "lines": [ShippedLineData(line_external_id="shirt", quantity=2), ShippedLineData(line_external_id="socks", quantity=3)],
        "shipped_at": PLACED + timedelta(days=1),
        "origin_country": "DE",
    }
    return ShipmentData(**values | changes)


def scan_data(**changes: Any) -> ScanData:
    """The parcel is on its way. Name the parcel: shipment_external_id=..., or carrier and number."""
    values: dict[str, Any] = {
        "occurred_at": PLACED + timedelta(days=1, hours=8),
        "code": "in_transit",
        "text": "Departed from facility",
        "status": "in_transit",
    }
    return ScanData(**values | changes)
