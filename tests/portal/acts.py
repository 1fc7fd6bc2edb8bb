"""What happens to Mia's order, through the product's own intake. Now is Thursday 5 March 2026, 11:00 in Berlin."""

from collections.abc import Sequence
from datetime import UTC, date, datetime, timedelta
from typing import Any
from uuid import UUID

from django.test import Client

from integrations.models import Connection
from integrations.types import EstimateData, OrderData, PlaceData, Recorded, ShippedLineData
from orders.intake import record_orders
from orders.models import Order
from portal import pages, reading, step_up
from portal.quick import UNLOCKED
from portal.shown import Page
from portal.tongue import speaking
from postpurchase.lib import crypto
from tests.factories import PLACED, order_data, scan_data, shipment_data
from tracking.estimates import record_estimates
from tracking.models import Shipment, Wish
from tracking.scans import record_scans
from tracking.shipments import record_shipments

NOW = datetime(2026, 3, 5, 10, 0, tzinfo=UTC)
SHIRT, SOCKS = ShippedLineData("shirt", 2), ShippedLineData("socks", 3)


def api() -> UUID:
    return Connection.objects.get(kind=Connection.API).pk


def _one(results: Sequence[Recorded]) -> Recorded:
    assert [result.errors for result in results] == [[] for _ in results]
    return results[0]


def place(**changes: Any) -> Order:
    data: OrderData = order_data(**{"external_id": "o-1", "number": "#1187", "locale": "en"} | changes)
    return Order.objects.get(pk=_one(record_orders([data], connection_id=api())).id)


def ship(order: Order, name: str = "p-1", **changes: Any) -> Shipment:
    values = {"external_id": name, "order_external_id": order.external_id, "number": f"0034{name}".upper().replace("-", "0")} | changes
    return Shipment.objects.get(pk=_one(record_shipments([shipment_data(**values)], connection_id=api())).id)


def scan(name: str = "p-1", status: str = "in_transit", at: datetime = NOW - timedelta(hours=3), **changes: Any) -> None:
    city, country = changes.pop("city", "Leipzig"), changes.pop("country", "DE")
    values = {"shipment_external_id": name, "status": status, "code": status, "occurred_at": at, "text": ""} | changes
    record_scans([scan_data(place=PlaceData(city=city, country=country), **values)], connection_id=api())


def expect(name: str, day: date, earliest: date | None = None, told_at: datetime = PLACED + timedelta(days=1)) -> None:
    record_estimates([EstimateData(shipment_external_id=name, expected_on=day, earliest_on=earliest, told_at=told_at)], connection_id=api())


def link(order: Order) -> str:
    return f"/t/{crypto.link_token(order.pk)}"


def page_of(order: Order) -> Page:
    facts = reading.read(order.pk)
    assert facts
    with speaking("en", facts.brand.time_zone):
        return pages.build(facts, crypto.link_token(order.pk))


def told(page: Page) -> dict[str, Any]:
    """The first phone screen of a page, in short."""
    return {
        "flag": page.flag and page.flag.text,
        "answer": page.answer,
        "promised": page.promised,
        "expected": page.expected,
        "reasons": page.reasons,
        "act": page.act and page.act.label,
        "step": next((step.label for step in page.track.steps if step.state == "current"), None) if page.track else None,
    }


def unlock(client: Client, order: Order) -> None:
    """As after the right code."""
    end = step_up._end(step_up.OPEN)
    client.cookies[UNLOCKED] = f"{end}.{step_up._digest('open', order.pk, end)}"


def wished() -> list[tuple[Any, ...]]:
    return list(Wish.objects.order_by("kind").values_list("kind", "text", "day", "state"))
