"""The official clients of AfterShip and TrackingMore, unchanged but for the address, against our server."""

from datetime import timedelta
from typing import Any

import pytest

from integrations.models import Connection
from integrations.types import PlaceData
from orders.intake import record_orders
from postpurchase.lib import clock
from postpurchase.lib.ids import to_public
from postpurchase.tenancy import keys
from postpurchase.tenancy.models import Merchant
from postpurchase.tenancy.scope import in_merchant
from tests.compat import sdks
from tests.factories import order_data, scan_data, shipment_data
from tracking.scans import record_scans
from tracking.shipments import record_shipments

Answers = dict[str, Any]
HALF_DAY = timedelta(hours=12)


def key_of(merchant: Merchant, *scopes: str) -> str:
    with in_merchant(merchant):
        return keys.make(f"client {len(scopes)}", live=True, scopes=scopes or keys.SCOPES)[1]


def parcels_of_a_shop(merchant: Merchant) -> dict[str, str]:
    """A parcel on its way and one that came, both told by the shop itself."""
    now = clock.business_now()
    with in_merchant(merchant):
        shop = Connection.objects.create(kind="shopify", label="Shop").pk
        record_orders([order_data(external_id="own", number="#1")], connection_id=shop)
        told = [shipment_data(carrier="dhl", number=number, order_external_id="own", external_id=number) for number in ("SEEN1", "OVER1")]
        seen, over = record_shipments(told, connection_id=shop)
        scans = [
            scan_data(carrier="dhl", number="SEEN1", occurred_at=now - 3 * HALF_DAY, status="in_transit", substatus="departed", text="Left"),
            scan_data(
                carrier="dhl", number="SEEN1", local_time=(now - 2 * HALF_DAY).replace(tzinfo=None, microsecond=0), occurred_at=None,
                status="in_transit", substatus="arrived_hub", text="Arrived", place=PlaceData(city="Leipzig", country="DE"), code="AA7",
            ),
            scan_data(carrier="dhl", number="OVER1", occurred_at=now - HALF_DAY, status="delivered", text="Delivered"),
        ]  # fmt: skip
        record_scans(scans, connection_id=shop)
    return {"seen": to_public("shp", seen.id), "over": to_public("shp", over.id), "seen_number": "SEEN1"}


@pytest.fixture
def answers(ann: Merchant, bob: Merchant, live_server: Any) -> Answers:
    given = {"url": live_server.url, "key": key_of(ann), "stranger": key_of(bob), "reader": key_of(ann, "shipments:read")}
    return sdks.call(**given, **parcels_of_a_shop(ann))


def test_it(answers: Answers) -> None:
    import json

    open("/tmp/compat-answers.json", "w").write(json.dumps(answers, indent=1))
