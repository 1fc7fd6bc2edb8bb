"""What goes where: the verb for each type of item that an adapter reads."""

from collections.abc import Callable, Iterable, Sequence
from itertools import groupby
from typing import Any
from uuid import UUID

import msgspec

from api.inbound import privacy
from api.inbound.rounded import rounded, true_ids
from integrations.inbox import Reading
from integrations.types import (
    ConsentTold,
    CustomerData,
    EstimateData,
    Item,
    OrderData,
    OrderDeleted,
    OrderRefundData,
    Outcome,
    PrivacyRequest,
    Recorded,
    ScanData,
    ShipmentData,
    ShopClosed,
)
from notifications.said import record_consents
from orders.customers import record_customers
from orders.intake import mark_deleted, record_orders
from orders.refunds import record_refunds
from tracking.estimates import record_estimates
from tracking.scans import record_scans
from tracking.shipments import record_shipments

Verb = Callable[..., list[Recorded]]
Mine = list[tuple[Reading, Any]]

ROUTES: tuple[tuple[type, str, Verb], ...] = (  # in this order: what others belong to comes first
    (CustomerData, "customer", record_customers),
    (OrderData, "order", record_orders),
    (OrderRefundData, "refund", record_refunds),
    (ShipmentData, "shipment", record_shipments),
    (ScanData, "scan", record_scans),
    (EstimateData, "estimate", record_estimates),
    (ConsentTold, "consent", record_consents),
    (OrderDeleted, "deletion", mark_deleted),
    (PrivacyRequest, "privacy request", privacy.answer_requests),
    (ShopClosed, "closure", privacy.close_shops),
)
GOOD = (Outcome.CREATED, Outcome.UPDATED, Outcome.UNCHANGED, Outcome.STALE)


def record(readings: Sequence[Reading]) -> None:
    """Record every item of the readings, a verb call per type and connection, and note on each reading what became of it."""
    for reading in readings:
        reading.forget()
    for connection_id, group in groupby(readings, key=lambda reading: reading.delivery.connection_id):
        _record_from(connection_id, list(group))


def _record_from(connection_id: UUID, readings: list[Reading]) -> None:
    for kind, name, verb in ROUTES:
        mine: Mine = [(reading, item) for reading in readings for item in reading.items or () if isinstance(item, kind)]
        if mine:
            items = [item for _, item in mine]
            _name_truly(connection_id, items)
            _note(name, mine, verb(items, connection_id=connection_id))


def _name_truly(connection_id: UUID, items: Iterable[Item]) -> None:
    """Orders named by a rounded id are named by their true one."""
    named = [item for item in items if isinstance(item, ShipmentData | OrderRefundData)]
    true = true_ids(connection_id, [item.order_external_id for item in named])
    for item in named:
        item.order_external_id = true.get(item.order_external_id, item.order_external_id)


def _note(name: str, mine: Mine, recorded: list[Recorded]) -> None:
    for (reading, _), result in zip(mine, recorded, strict=True):
        reading.results.append({"item": name, **msgspec.to_builtins(result)})
        if result.outcome == Outcome.PARKED and not reading.parked_for:
            reading.parked_for = result.parked_for
        if result.outcome == Outcome.REFUSED and not reading.refused:
            reading.refused = "; ".join(f"{error.pointer}: {error.message}" for error in result.errors) or "refused"


def wakes(readings: Iterable[Reading]) -> list[str]:
    """What parked deliveries may now find: "order:<id>" and "shipment:<id>" of everything recorded, rounded ids beside true ones."""
    found: set[str] = set()
    for reading in readings:
        for result in reading.results:
            if result["item"] in ("order", "shipment") and result["outcome"] in GOOD and result["external_id"]:
                found |= {f"{result['item']}:{name}" for name in (result["external_id"], rounded(result["external_id"]))}
    return sorted(found)
