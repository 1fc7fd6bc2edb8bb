"""From what a source tells to the rows that are stored."""

import uuid
from dataclasses import dataclass
from typing import Any

import msgspec

from integrations.types import AddressData, ConsentData, CustomerData, OrderData, RefundData
from orders.allocation import shares
from postpurchase.lib import networks
from postpurchase.lib.ids import uuid7, uuid7s
from postpurchase.tenancy.statement import Row

# The columns that a source tells, with their types in SQL. What a newer copy changes is found by comparing these.
ORDER = {
    "number": "text", "email": "text", "phone": "text", "placed_at": "timestamptz", "source_updated_at": "timestamptz", "currency": "text",
    "items_total": "bigint", "discount_total": "bigint", "shipping_total": "bigint", "tax_total": "bigint", "total": "bigint",
    "taxes_included": "boolean", "shop_currency": "text", "shop_totals": "jsonb", "discount_codes": "text[]", "shipping_address": "jsonb",
    "billing_address": "jsonb", "ship_country": "text", "ship_postcode": "text", "promised_from": "date", "promised_to": "date",
    "tags": "text[]", "channel": "text", "locale": "text", "test": "boolean", "marketing_consent": "jsonb", "financial_status": "text",
    "fulfilment_status": "text", "cancelled_at": "timestamptz", "cancel_reason": "text", "extra": "jsonb",
}  # fmt: skip
LINE = {
    "external_id": "text", "position": "int", "sku": "text", "product_id": "text", "title": "text", "variant": "text", "image_url": "text",
    "quantity": "int", "unit_price": "bigint", "discount": "bigint", "tax": "bigint", "shipping": "bigint", "requires_shipping": "boolean",
    "weight_grams": "int", "use_days": "int",
}  # fmt: skip
REFUND = {"external_id": "text", "amount": "bigint", "reason": "text", "lines": "jsonb", "processed_at": "timestamptz"}
PERSON = {"email": "text", "phone": "text", "first_name": "text", "last_name": "text", "locale": "text", "external_id": "text"}
# What is left of the personal columns of an order once it has been erased.
ERASED: Row = {
    "email": "",
    "phone": "",
    "shipping_address": None,
    "billing_address": None,
    "ship_postcode": "",
    "marketing_consent": None,
    "extra": {},
}


@dataclass(slots=True)
class Composed:
    """An order ready to be written: its row under a new id (used if the order is new), its lines and refunds."""

    data: OrderData
    id: uuid.UUID
    row: Row
    lines: list[Row]

    @property
    def external_id(self) -> str:
        """The source's own id."""
        return self.data.external_id


def order(data: OrderData) -> Composed:
    """Rows of a checked order. Email in lower case, the customer's where the order has none; amounts shared out over the lines."""
    new, *line_ids = uuid7s(1 + len(data.lines))
    return Composed(data, new, _order_row(data), _line_rows(data, new, line_ids))


def email(data: OrderData) -> str:
    """Where to write about the order, in lower case, or ''."""
    return (data.email or (data.customer.email if data.customer else "")).lower()


def _order_row(data: OrderData) -> Row:
    ship = data.shipping_address
    row = {name: getattr(data, name) for name in _AS_TOLD}
    return row | {
        "email": email(data),
        "source_updated_at": data.updated_at,
        "items_total": sum(line.unit_price * line.quantity for line in data.lines),
        "discount_total": sum(line.discount for line in data.lines) + data.order_discount,
        "tax_total": data.tax_total or sum(line.tax for line in data.lines),
        "shop_currency": data.shop_currency or data.currency,
        "shop_totals": _plain(data.shop),
        "shipping_address": _plain(ship),
        "billing_address": _plain(data.billing_address),
        "ship_country": ship.country if ship else "",
        "ship_postcode": ship.postcode if ship else "",
        "marketing_consent": _consent(data.consent),
    }


_AS_TOLD = tuple(name for name in ORDER if name in OrderData.__struct_fields__)


def _consent(told: ConsentData | None) -> Any:
    """As it is kept: of an IP address only the network."""
    kept = _plain(told)
    if kept and kept.get("ip"):
        kept["ip"] = networks.shortened(kept["ip"])
    return kept


def _plain(struct: AddressData | msgspec.Struct | None) -> Any:
    return msgspec.to_builtins(struct) or None if struct is not None else None


def _line_rows(data: OrderData, order_id: uuid.UUID, line_ids: list[uuid.UUID]) -> list[Row]:
    rows: list[Row] = []
    for position, (line, share, line_id) in enumerate(zip(data.lines, shares(data), line_ids, strict=True)):
        row: Row = msgspec.structs.asdict(line)
        row.update(id=line_id, order_id=order_id, position=position, discount=share.discount, tax=share.tax, shipping=share.shipping)
        rows.append(row)
    return rows


def refund(data: RefundData, order_id: uuid.UUID) -> Row:
    """The row of a refund, under a new id."""
    row: Row = msgspec.structs.asdict(data)
    return row | {"id": uuid7(), "order_id": order_id}


def person(data: OrderData) -> Row | None:
    """The customer that an order tells, under a new id; None without an email."""
    address = email(data)
    if not address:
        return None
    told = data.customer or CustomerData()
    return customer(told, email=address, phone=told.phone or data.phone, locale=told.locale or data.locale)


def customer(data: CustomerData, **changes: str) -> Row:
    """The row of a customer, under a new id, with a lower-case email."""
    row = {name: getattr(data, name) for name in PERSON} | {"email": data.email.lower()} | changes
    return row | {"id": uuid7()}
