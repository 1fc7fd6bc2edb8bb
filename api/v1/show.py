"""Rows as the API shows them."""

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

import msgspec

from api.v1 import shapes, webhook_shapes
from integrations.models import WebhookDelivery
from integrations.types import AddressData, Recorded
from notifications.models import Message
from orders.models import Line, Order, Refund
from postpurchase.lib.ids import to_public
from tracking.models import Scan, Shipment

PREFIX = {"order": "ord", "shipment": "shp", "message": "msg", "merchant": "mer", "portal": "ord", "webhook": "whe"}
PREFIX |= {"import": "imp", "export": "exp", "member": "mbr", "key": "key", "flow": "enr", "sending": "mer"}
Row = Mapping[str, Any]  # of a .values() query, or the vars() of a model
IDS = {"order_id": "ord", "shipment_id": "shp", "message_id": "msg", "merchant_id": "mer", "endpoint_id": "whe"}
IDS |= {"import_id": "imp", "export_id": "exp", "member_id": "mbr", "key_id": "key", "enrolment_id": "enr", "flow_id": "flw"}


def columns(shape: type[msgspec.Struct], **elsewhere: str) -> list[str]:
    """What a list must select for a shape; `elsewhere` names the columns of fields that are called otherwise, "" for none."""
    names = (elsewhere.get(name, name) for name in shape.__struct_fields__)
    return [name for name in names if name]


def maybe(prefix: str, row_id: Any) -> str | None:
    """The public id, or None."""
    return to_public(prefix, row_id) if row_id else None


def same(row: Row, shape: type[msgspec.Struct], **given: Any) -> dict[str, Any]:
    """The fields of a shape: those given, and those that the row has under the same name."""
    return {name: given[name] if name in given else row[name] for name in shape.__struct_fields__}


ORDER = columns(shapes.Order, status="", updated_at="source_updated_at")
SHIPMENT, CUSTOMER = columns(shapes.Shipment), columns(shapes.Customer)
MESSAGE = columns(shapes.Message, to="to_address")
DELIVERY = columns(webhook_shapes.WebhookDelivery, webhook_id="endpoint_id", type="kind")
EVENT = columns(shapes.Event, order_id="thread", data="payload")


def result(recorded: Recorded, prefix: str) -> shapes.Result:
    """What became of an item."""
    return shapes.Result(recorded.outcome, recorded.external_id, maybe(prefix, recorded.id), recorded.errors)


def orders(rows: Iterable[Row]) -> list[shapes.Order]:
    """For a list."""
    return [shapes.Order(**_order(row, shapes.Order)) for row in rows]


def _order(row: Row, shape: type[msgspec.Struct], **given: Any) -> dict[str, Any]:
    given |= {
        "id": to_public("ord", row["id"]),
        "customer_id": maybe("cus", row["customer_id"]),
        "updated_at": row["source_updated_at"],
        "status": "cancelled" if row["cancelled_at"] else "delivered" if row["delivered_at"] else "open",
    }
    return same(row, shape, **given)


def order_detail(row: Order, lines: Iterable[Line], refunds: Iterable[Refund], parcels: Iterable[Shipment]) -> shapes.OrderDetail:
    """An order with what belongs to it."""
    fields = _order(
        vars(row),
        shapes.OrderDetail,
        shipping_address=_address(row.shipping_address),
        billing_address=_address(row.billing_address),
        lines=[shapes.Line(**same(vars(line), shapes.Line, id=to_public("lin", line.pk))) for line in lines],
        refunds=[shapes.Refund(**same(vars(refund), shapes.Refund)) for refund in refunds],
        shipments=shipments(vars(parcel) for parcel in parcels),
    )
    return shapes.OrderDetail(**fields)


def _address(stored: dict[str, Any] | None) -> AddressData | None:
    return AddressData(**{name: stored.get(name) or "" for name in AddressData.__struct_fields__}) if stored else None


def shipments(rows: Iterable[Row]) -> list[shapes.Shipment]:
    """For a list."""
    return [shapes.Shipment(**_shipment(row, shapes.Shipment)) for row in rows]


def _shipment(row: Row, shape: type[msgspec.Struct], **given: Any) -> dict[str, Any]:
    return same(row, shape, id=to_public("shp", row["id"]), order_id=maybe("ord", row["order_id"]), **given)


def shipment_detail(row: Shipment, scans: Iterable[Scan]) -> shapes.ShipmentDetail:
    """A parcel with its lines, carriers and scans."""
    fields = _shipment(
        vars(row),
        shapes.ShipmentDetail,
        lines=[shapes.ShippedLine(to_public("lin", item.line_id), item.quantity) for item in row.items.all()],
        legs=[shapes.Leg(leg.carrier, leg.number) for leg in row.legs.order_by("position", "id")],
        scans=[_scan(scan) for scan in scans],
    )
    return shapes.ShipmentDetail(**fields)


def _scan(row: Scan) -> shapes.Scan:
    wall: datetime | None = row.local_time
    local = wall.replace(tzinfo=None).isoformat() if wall else None
    return shapes.Scan(**same(vars(row), shapes.Scan, occurred_at=row.occurred_at if row.zone_known else None, local_time=local))


def customers(rows: Iterable[Row]) -> list[shapes.Customer]:
    """For a list."""
    return [shapes.Customer(**same(row, shapes.Customer, id=to_public("cus", row["id"]))) for row in rows]


def messages(rows: Iterable[Row]) -> list[shapes.Message]:
    """For a list."""
    return [shapes.Message(**_message(row, shapes.Message)) for row in rows]


def _message(row: Row, shape: type[msgspec.Struct], **given: Any) -> dict[str, Any]:
    given |= {"id": to_public("msg", row["id"]), "to": row["to_address"], "order_id": maybe("ord", row["order_id"])}
    given |= {"shipment_id": maybe("shp", row["shipment_id"]), "customer_id": maybe("cus", row["customer_id"])}
    return same(row, shape, **given)


def message_detail(row: Message) -> shapes.MessageDetail:
    """A message with the decisions behind it."""
    decisions = [shapes.Decision(**same(vars(found), shapes.Decision)) for found in row.decisions.order_by("id")]
    return shapes.MessageDetail(**_message(vars(row), shapes.MessageDetail, decisions=decisions))


def delivery(row: Row) -> webhook_shapes.WebhookDelivery:
    """A delivery of a webhook."""
    return webhook_shapes.WebhookDelivery(**_delivery(row, webhook_shapes.WebhookDelivery))


def _delivery(row: Row, shape: type[msgspec.Struct], **given: Any) -> dict[str, Any]:
    given |= {"id": to_public("whd", row["id"]), "webhook_id": to_public("whe", row["endpoint_id"])}
    given |= {
        "event_id": to_public("evt", row["event_id"]),
        "type": row["kind"],
        "due_at": row["due_at"] if row["state"] == "due" else None,
    }
    return same(row, shape, **given)


def delivery_detail(row: WebhookDelivery) -> webhook_shapes.WebhookDeliveryDetail:
    """A delivery with its body and its latest 50 attempts."""
    shape, latest = webhook_shapes.WebhookAttempt, list(row.tried.order_by("-number")[:50])
    tried = [shape(**same(vars(one), shape)) for one in reversed(latest)]
    return webhook_shapes.WebhookDeliveryDetail(**_delivery(vars(row), webhook_shapes.WebhookDeliveryDetail, tried=tried))


def events(rows: Iterable[Row]) -> list[shapes.Event]:
    """For a list. Ids in the data are public ones."""
    return [_event(row) for row in rows]


def _event(row: Row) -> shapes.Event:
    data = {name: _public(name, value) for name, value in row["payload"].items() if name != "refund_id"}
    prefix = PREFIX[row["kind"].partition(".")[0]]
    if prefix == "ord" and row["thread"] is None:
        prefix = "mer"  # a look-up that found no order is about the shop
    subject = to_public(prefix, row["subject"])
    return shapes.Event(to_public("evt", row["id"]), row["kind"], subject, maybe("ord", row["thread"]), row["occurred_at"], data)


def _public(name: str, value: Any) -> Any:
    return to_public(IDS[name], UUID(value)) if name in IDS and value else value
