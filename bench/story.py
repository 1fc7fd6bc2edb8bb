"""The data of the workloads: one order of three lines, one parcel's webhook, and the merchants they belong to."""

import hashlib
import hmac
import itertools
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

import msgspec

from integrations.models import Connection
from integrations.opening import open_merchant
from integrations.types import AddressData, CustomerData, LineData, OrderData
from postpurchase.lib import ids
from postpurchase.lib.ids import random_token
from postpurchase.tenancy import keys
from postpurchase.tenancy.scope import in_merchant

PLACED = datetime(2026, 3, 2, 9, 30, tzinfo=UTC)
MARK = "~"  # stands for a tag (xxxxxxxx-xxxx) wherever what differs between orders or deliveries belongs
HOLE = b"?" * 13  # a tag's place in a request that is ready but for it
SECRET = "whsec_of_the_bench"
_tags = itertools.count(int(PLACED.timestamp()))


def tag() -> str:
    """Twelve hexadecimal digits, in two groups, that no other call gives."""
    digits = f"{next(_tags):012x}"
    return f"{digits[:8]}-{digits[8:]}"


@dataclass(frozen=True)
class Shop:
    """A merchant that orders come in for."""

    merchant_id: UUID
    api_id: UUID
    key: str


def shop(slug: str) -> Shop:
    """A new merchant with a live key."""
    merchant = open_merchant(slug.title(), f"{slug}-{random_token(40).lower().replace('_', '-')}", time_zone="Europe/Berlin")
    with in_merchant(merchant):
        api = Connection.objects.get(kind=Connection.API)
        return Shop(merchant.pk, api.pk, keys.make("bench", live=True)[1])


def carrier(of: Shop) -> UUID:
    """A connection to EasyPost with a secret."""
    with in_merchant(of.merchant_id):
        made = Connection(kind="easypost", label="EasyPost")
        made.set_secret(SECRET)
        made.save()
        return made.pk


def order(number: int = 0) -> OrderData:
    """An order of three lines and about 1.9 KB; its ids hold MARK."""
    address = AddressData(
        name="Mia Berg", company="Atelier Berg", line1="Torstraße 12", line2="Hinterhaus, 3. Stock", city="Berlin", region="Berlin",
        postcode="10119", country="DE", phone="+49 30 1234567",
    )  # fmt: skip
    email = f"mia{number}.{MARK}@example.com"
    lines = [_line(position) for position in range(3)]
    return OrderData(
        external_id=f"{number}-{MARK}", number=f"#{number}-{MARK}", placed_at=PLACED, updated_at=PLACED, currency="EUR",
        total=sum(line.unit_price * line.quantity for line in lines) + 490, lines=lines, email=email, phone="+49 30 1234567",
        customer=CustomerData(
            external_id=f"c{number}-{MARK}", email=email, phone="+49 30 1234567", first_name="Mia", last_name="Berg", locale="de",
        ),
        shipping_address=address, billing_address=address, shipping_total=490, tax_total=3112, taxes_included=True,
        discount_codes=["SPRING"], tags=["newsletter", "web"], channel="web", locale="de", financial_status="paid",
    )  # fmt: skip


def _line(position: int) -> LineData:
    return LineData(
        external_id=f"line-{position}", title=("Linen shirt", "Wool socks", "Canvas bag")[position], quantity=position + 1,
        unit_price=(4900, 1290, 5900)[position], sku=f"SKU-{position}-WH-M", variant="White / M", product_id=f"prod-{position}",
        weight_grams=320, image_url=f"https://cdn.example.com/products/{position}/front-1024x1024.jpg", use_days=7,
    )  # fmt: skip


def as_json(value: Any) -> bytes:
    """The body that a client would send: without what is empty."""
    return msgspec.json.encode(_given(msgspec.to_builtins(value)))


def _given(value: Any) -> Any:
    if isinstance(value, dict):
        return {name: _given(found) for name, found in value.items() if found not in (None, "", [], {})}
    return [_given(found) for found in value] if isinstance(value, list) else value


def webhook(number: str, day: int = 3) -> bytes:
    """EasyPost's tracker.updated for a parcel: label made and on its way."""
    details = [
        {"status": "pre_transit", "status_detail": "label_created", "datetime": "2026-03-02T18:00:00Z", "message": "Label created",
         "tracking_location": {"city": "Berlin", "state": None, "country": "DE", "zip": "10119"}},
        {"status": "in_transit", "status_detail": "departed_facility", "datetime": f"2026-03-{day:02d}T06:50:00Z", "message": "Departed",
         "carrier_code": "DP", "tracking_location": {"city": "Leipzig", "state": None, "country": "DE", "zip": "04435"}},
    ]  # fmt: skip
    tracker = {"object": "Tracker", "id": f"trk_{MARK}", "mode": "production", "tracking_code": number, "status": "in_transit",
               "carrier": "DHLPaket", "updated_at": "2026-03-03T07:00:00Z", "tracking_details": details}  # fmt: skip
    event = {"object": "Event", "id": f"evt_{MARK}", "mode": "production", "description": "tracker.updated", "status": "completed"}
    return msgspec.json.encode({**event, "previous_attributes": {"status": "pre_transit"}, "result": tracker})


def signature(body: bytes) -> str:
    """The value of X-Hmac-Signature."""
    return "hmac-sha256-hex=" + hmac.digest(SECRET.encode(), body, hashlib.sha256).hex()


def inbound_path(connection_id: UUID) -> str:
    """Where the carrier posts."""
    return f"/in/{ids.to_public('con', connection_id)}"
