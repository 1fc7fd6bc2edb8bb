"""Rows of a file as orders: one row each item, an order's own columns on any of its rows."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from integrations.types import AddressData, ConsentData, CustomerData, LineData, OrderData, RefundData
from postpurchase.lib import money
from transfers.reading.sheet import Numbered
from transfers.turning.cells import Table

LINE = ("title", "sku", "quantity", "unit_price")
NAMES = {  # from the order's own fields to those of a file
    "lines/title": "title", "lines/sku": "sku", "lines/quantity": "quantity", "lines/unit_price": "unit_price", "lines/variant": "variant",
    "lines/discount": "line_discount", "lines/external_id": "line_id", "order_discount": "discount_total",
    "shipping_address/name": "ship_name",
    "shipping_address/line1": "ship_line1", "shipping_address/line2": "ship_line2", "shipping_address/city": "ship_city",
    "shipping_address/region": "ship_region", "shipping_address/postcode": "ship_postcode", "shipping_address/company": "ship_company",
    "customer/first_name": "first_name", "customer/last_name": "last_name", "customer/email": "email", "customer/phone": "phone",
}  # fmt: skip
TOLD = ("email", "phone", "locale", "financial_status", "fulfilment_status", "channel")
AMOUNTS = ("total", "shipping_total", "tax_total", "discount_total", "refunded")
CODES = 50


def key(table: Table, row: Numbered) -> str:
    """What rows of one order have in common."""
    return table.text(row, "number")


def turn(table: Table, rows: Sequence[Numbered]) -> tuple[OrderData, list[Numbered]]:
    """The order, and its rows in the order of its lines. Raises Refused."""
    currency = _currency(table, rows)
    table.end()
    items = [row for row in rows if any(table.text(row, name) for name in LINE)]
    lines = _lines(table, items, currency)
    times = _times(table, rows)
    amounts = {name: table.amount(table.first(rows, name)[0], name, currency) for name in AMOUNTS}
    address = _address(table, rows)
    table.end()
    number, said = table.text(rows[0], "number"), {name: table.first(rows, name)[1] for name in (*TOLD, "total", "external_id")}
    order = OrderData(
        external_id=said.pop("external_id") or number,
        number=number,
        currency=currency,
        lines=lines,
        customer=_customer(table, rows, said["email"]),
        shipping_address=address,
        discount_codes=_words(table.first(rows, "discount_codes")[1])[:CODES],
        tags=_words(table.first(rows, "tags")[1]),
        consent=_consent(table, rows, times["placed_at"]),
        refunds=[RefundData("file", amounts["refunded"], times["updated_at"])] if amounts["refunded"] else [],
        **_money(lines, amounts, told=bool(said.pop("total"))),
        **times,
        **said,  # type: ignore[arg-type]
    )
    return order, items


def _times(table: Table, rows: Sequence[Numbered]) -> dict[str, Any]:
    """When it was placed, changed and cancelled. A date of placing that is missing is noted."""
    found = {name: table.moment(table.first(rows, name)[0], name) for name in ("placed_at", "updated_at", "cancelled_at")}
    where, written = table.first(rows, "placed_at")
    if not written:
        table.fault(where, "placed_at", "The date of the order is missing. Fill it in.")
    placed_at, changed = found["placed_at"], [at for at in found.values() if at]
    return {"placed_at": placed_at, "updated_at": max(changed) if changed else None, "cancelled_at": found["cancelled_at"]}


def _money(lines: Sequence[LineData], amounts: dict[str, int], *, told: bool) -> dict[str, Any]:
    """The order's amounts. Tax is in the prices unless the total says otherwise; a total that is not `told` follows from the rest."""
    net = sum(line.unit_price * line.quantity - line.discount for line in lines)
    discount = max(0, amounts["discount_total"] - sum(line.discount for line in lines))
    rest = net - min(discount, max(0, net)) + amounts["shipping_total"]
    return {
        "total": amounts["total"] if told else max(0, rest),
        "order_discount": discount,
        "shipping_total": amounts["shipping_total"],
        "tax_total": amounts["tax_total"],
        "taxes_included": not told or amounts["total"] != rest + amounts["tax_total"],
    }


def _currency(table: Table, rows: Sequence[Numbered]) -> str:
    row, text = table.first(rows, "currency")
    code = text.upper() or table.how.currency
    try:
        money.exponent(code)
    except money.BadAmount:
        table.fault(row, "currency", f"“{text[:40]}” is not a currency. Write its code, for example EUR.")
    return code


def _lines(table: Table, rows: Sequence[Numbered], currency: str) -> list[LineData]:
    seen: dict[str, int] = {}
    return [_line(table, row, currency, seen) for row in rows]


def _line(table: Table, row: Numbered, currency: str, seen: dict[str, int]) -> LineData:
    title, sku = table.text(row, "title"), table.text(row, "sku")
    name = (table.text(row, "line_id") or sku or f"{title} {table.text(row, 'variant')}".strip() or "item")[:100]
    seen[name] = seen.get(name, 0) + 1
    return LineData(
        external_id=name if seen[name] == 1 else f"{name}/{seen[name]}",  # the same article twice is two lines
        title=title or sku or "–",
        quantity=table.quantity(row, "quantity"),
        unit_price=table.amount(row, "unit_price", currency),
        sku=sku,
        variant=table.text(row, "variant"),
        discount=table.amount(row, "line_discount", currency),
    )


def _address(table: Table, rows: Sequence[Numbered]) -> AddressData | None:
    where, _ = table.first(rows, "ship_country")
    values = {
        name: table.first(rows, f"ship_{name}")[1] for name in ("name", "company", "line1", "line2", "city", "region", "postcode")
    } | {"country": table.country(where, "ship_country")}
    return AddressData(**values | {"postcode": values["postcode"].removeprefix("'")}) if any(values.values()) else None


def _customer(table: Table, rows: Sequence[Numbered], email: str) -> CustomerData | None:
    if not email:
        return None
    first, last = table.first(rows, "first_name")[1], table.first(rows, "last_name")[1]
    if not first and not last:
        first, _, last = table.first(rows, "ship_name")[1].rpartition(" ")
    return CustomerData(email=email, first_name=first, last_name=last)


def _consent(table: Table, rows: Sequence[Numbered], at: datetime) -> ConsentData | None:
    return ConsentData(True, at, source="import") if table.yes(table.first(rows, "consent")[0], "consent") else None


def _words(text: str) -> list[str]:
    return [word for part in text.split(",") if (word := part.strip())]
