"""Rows of a file as parcels."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

import msgspec

from integrations.types import ShipmentData
from transfers.reading.sheet import Numbered
from transfers.turning.cells import Table

NAMES = {"order_external_id": "order"}


class Parcel(msgspec.Struct):
    """A parcel as a file tells it: the order by what the shopper knows it by."""

    order: str
    data: ShipmentData
    delivered_at: datetime | None


def key(table: Table, row: Numbered) -> str:
    """A parcel is found again by its id, else by its number."""
    return table.text(row, "external_id") or table.text(row, "number").upper().replace(" ", "")


def turn(table: Table, rows: Sequence[Numbered]) -> tuple[Parcel, list[Numbered]]:
    """The parcel; of several rows the last that says something counts. Raises Refused."""
    latest = list(reversed(rows))
    told: dict[str, Any] = {name: table.first(latest, name)[1] for name in ("number", "carrier", "external_id", "service", "tracking_url")}
    where, order = table.first(latest, "order")
    if not order:
        table.fault(where, "order", "The order number is missing. Fill it in, so that the parcel finds its order.")
    if not told["number"]:
        table.fault(rows[0], "number", "The parcel number is missing. Fill it in.")
    shipped_at = table.moment(table.first(latest, "shipped_at")[0], "shipped_at")
    delivered_at = table.moment(table.first(latest, "delivered_at")[0], "delivered_at")
    promised_on = table.day(table.first(latest, "promised_on")[0], "promised_on")
    if shipped_at and delivered_at and delivered_at < shipped_at:
        table.fault(
            table.first(latest, "delivered_at")[0], "delivered_at", "This is before the parcel was shipped. Mend one of both dates."
        )
    table.end()
    return Parcel(order, ShipmentData(**told, shipped_at=shipped_at, promised_on=promised_on), delivered_at), list(rows)
