"""Orders and refunds in Shopify's words."""

from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta
from typing import Any

from integrations.registry import Unreadable
from integrations.shops.shopify.parcels import shipments
from integrations.shops.shopify.people import address, consent, customer, email
from integrations.shops.shopify.values import Raw, id_of, money, need, presentment, shop_money, summed, text, when
from integrations.types import Item, LineData, OrderData, OrderDeleted, OrderRefundData, RefundData, RefundLineData, ShopTotals

SECRET = frozenset(
    ("token", "cart_token", "checkout_token", "order_status_url", "browser_ip", "client_details", "payment_details", "user_id")
)
READ = frozenset(
    (
        "id", "admin_graphql_api_id", "name", "processed_at", "created_at", "updated_at", "currency", "presentment_currency", "line_items",
        "email", "contact_email", "phone", "customer", "shipping_address", "billing_address", "shipping_lines", "fulfillments", "refunds",
        "total_discounts", "total_tax", "taxes_included", "tax_lines", "discount_codes", "tags", "source_name", "customer_locale", "test",
        "buyer_accepts_marketing", "financial_status", "fulfillment_status", "cancelled_at", "cancel_reason",
    )
)  # fmt: skip
FULLER = frozenset(("line_items", "order_id", "email", "created_at"))
SECOND = timedelta(seconds=1)


def order(raw: Raw, told_at: datetime | None) -> list[Item]:
    """An order, and its fulfilments as parcels. `told_at`: when Shopify made this copy, if it says. Raises Unreadable."""
    found = order_data(raw, told_at)
    parcels = [parcel for fulfilment in raw.get("fulfillments") or [] for parcel in shipments({"order_id": raw.get("id"), **fulfilment})]
    for parcel in parcels:
        parcel.order_external_id = found.external_id
    return [found, *parcels]


def order_data(raw: Raw, told_at: datetime | None) -> OrderData:
    """The order alone. Amounts in the presentment currency, totals also in the shop's."""
    placed_at = when(raw, "processed_at", "created_at") or told_at
    if placed_at is None:
        raise Unreadable("processed_at and created_at are missing")
    paid_in, books = _currencies(raw)
    lines = list(_lines(raw, paid_in))
    shipping, off_shipping = _shipping(raw, paid_in)
    off_lines = sum(line.discount for line in lines)
    person = raw.get("customer") or {}
    locale = text(raw, "customer_locale", most=20)
    return OrderData(
        external_id=need(id_of(raw), "id of the order"),
        number=_number(raw),
        placed_at=placed_at,
        updated_at=_updated(raw, told_at) or placed_at,
        currency=paid_in,
        total=presentment(raw, "total_price", paid_in),
        lines=lines,
        shop_currency=books,
        shop=_shop_totals(raw, books),
        email=email(raw, "email", "contact_email") or email(person, "email"),
        phone=text(raw, "phone", most=40) or text(person, "phone", most=40),
        customer=customer(person, locale),
        shipping_address=address(raw.get("shipping_address")),
        billing_address=address(raw.get("billing_address")),
        order_discount=_order_discount(presentment(raw, "total_discounts", paid_in) - off_lines - off_shipping, lines),
        shipping_total=shipping,
        tax_total=presentment(raw, "total_tax", paid_in),
        taxes_included=raw.get("taxes_included") is True,
        discount_codes=[text(code, "code") for code in raw.get("discount_codes") or [] if text(code, "code")][:50],
        tags=_tags(raw),
        channel=text(raw, "source_name"),
        locale=locale,
        test=raw.get("test") is True,
        consent=consent(raw, placed_at),
        financial_status=text(raw, "financial_status"),
        fulfilment_status=text(raw, "fulfillment_status"),
        cancelled_at=_cancelled(raw, placed_at),
        cancel_reason=text(raw, "cancel_reason"),
        refunds=[refund_data(refund, paid_in) for refund in raw.get("refunds") or []],
        extra=_extra(raw),
    )


def _extra(raw: Raw) -> dict[str, Any]:
    """What nothing above reads, as Shopify says it, without keys to the shop's own pages and traces of the browser."""
    return {key: value for key, value in raw.items() if value not in (None, "", [], {}) and _unread(key)}


def _unread(key: str) -> bool:
    return key not in READ and key not in SECRET and not key.endswith(("_set", "_price"))


def _currencies(raw: Raw) -> tuple[str, str]:
    books = need(text(raw, "currency", most=3).upper(), "currency")
    return text(raw, "presentment_currency", most=3).upper() or books, books


def _order_discount(rest: int, lines: list[LineData]) -> int:
    """What the order's discount leaves after lines and shipping, at most what the lines still cost."""
    cost = sum(line.unit_price * line.quantity - line.discount for line in lines)
    return max(0, min(rest, cost) if lines else rest)


def _cancelled(raw: Raw, placed_at: datetime) -> datetime | None:
    """An order imported late may have been cancelled before Shopify processed it."""
    at = when(raw, "cancelled_at")
    return max(at, placed_at) if at else None


def _number(raw: Raw) -> str:
    number = text(raw, "name", most=60)
    return number or (f"#{raw['order_number']}" if raw.get("order_number") else id_of(raw))


def _updated(raw: Raw, told_at: datetime | None) -> datetime | None:
    """`updated_at` counts whole seconds: where this copy was made within that second, its finer time tells two copies apart."""
    updated = when(raw, "updated_at") or told_at
    if updated and told_at and timedelta(0) <= told_at - updated < SECOND:
        return told_at
    return updated


def _tags(raw: Raw) -> list[str]:
    tags = raw.get("tags") or ""
    words = tags.split(",") if isinstance(tags, str) else [str(tag) for tag in tags]
    return [word.strip()[:120] for word in words if word.strip()][:250]


def _lines(raw: Raw, currency: str) -> Iterator[LineData]:
    for line in raw.get("line_items") or []:
        quantity = int(line.get("quantity") or 0)
        if quantity > 0:
            yield _line(line, quantity, currency)


def _line(line: Raw, quantity: int, currency: str) -> LineData:
    """Discounts of the order stand in `discount_allocations` as well, shared out by Shopify; older payloads have `total_discount` only."""
    shared = line.get("discount_allocations")
    price = presentment(line, "price", currency)
    discount = summed(shared, "amount", currency) if shared else presentment(line, "total_discount", currency)
    return LineData(
        external_id=need(id_of(line), "id of a line"),
        title=text(line, "title", "name", most=500),
        quantity=quantity,
        unit_price=price,
        sku=text(line, "sku"),
        variant=text(line, "variant_title", most=500),
        product_id=id_of(line, "product_id"),
        discount=min(discount, price * quantity),
        tax=summed(line.get("tax_lines"), "price", currency),
        requires_shipping=line.get("requires_shipping") is not False,
        weight_grams=max(0, int(line.get("grams") or 0)),
    )


def _shipping(raw: Raw, currency: str) -> tuple[int, int]:
    """(shipping as paid, what was taken off it)."""
    rows: Sequence[Raw] = [row for row in raw.get("shipping_lines") or [] if not row.get("is_removed")]
    if not rows:
        return presentment(raw, "total_shipping_price", currency), 0
    off = sum(summed(row.get("discount_allocations"), "amount", currency) for row in rows)
    return max(0, summed(rows, "price", currency) - off), off


def _shop_totals(raw: Raw, books: str) -> ShopTotals:
    return ShopTotals(
        items=shop_money(raw, "total_line_items_price", books),
        discount=shop_money(raw, "total_discounts", books),
        shipping=shop_money(raw, "total_shipping_price", books),
        tax=shop_money(raw, "total_tax", books),
        total=shop_money(raw, "total_price", books),
    )


def deleted(raw: Raw, told_at: datetime) -> OrderDeleted:
    """The body of orders/delete is only an id: a fuller one belongs to another topic. Raises Unreadable."""
    if not FULLER.isdisjoint(raw):
        raise Unreadable("a deletion carries only an id")
    return OrderDeleted(external_id=need(id_of(raw), "id of the order"), at=told_at)


def refund(raw: Raw) -> OrderRefundData:
    """A refund told on its own. Raises Unreadable."""
    return OrderRefundData(order_external_id=need(id_of(raw, "order_id"), "order_id"), refund=refund_data(raw, _refunded_in(raw)))


def _refunded_in(raw: Raw) -> str:
    for row in raw.get("refund_line_items") or []:
        side = (row.get("subtotal_set") or {}).get("presentment_money") or {}
        if side.get("currency_code"):
            return str(side["currency_code"])
    paid = [text(row, "currency", most=3) for row in raw.get("transactions") or []]
    fees = (raw.get("total_duties_set") or {}).get("presentment_money") or {}
    return next((code for code in [*paid, str(fees.get("currency_code") or "")] if code), "USD")


def refund_data(raw: Raw, currency: str) -> RefundData:
    """What went back is what its transactions say: goods can be taken off an order without any money moving."""
    processed_at = when(raw, "processed_at", "created_at")
    if processed_at is None:
        raise Unreadable("processed_at and created_at of the refund are missing")
    lines = [_refund_line(row, currency) for row in raw.get("refund_line_items") or []]
    moved = raw.get("transactions")
    amount = _moved(moved, currency) if moved is not None else sum(line.amount for line in lines)
    return RefundData(
        external_id=need(id_of(raw), "id of the refund"),
        amount=amount,
        processed_at=processed_at,
        reason=text(raw, "note", most=500),
        lines=lines,
    )


def _moved(rows: list[dict[str, Any]], currency: str) -> int:
    done = [row for row in rows if row.get("kind") == "refund" and row.get("status") in (None, "success")]
    return sum(presentment(row, "amount", currency) if row.get("amount_set") else money(row.get("amount"), currency) for row in done)


def _refund_line(row: Raw, currency: str) -> RefundLineData:
    line = row.get("line_item") or {}
    amount = presentment(row, "subtotal", currency) + presentment(row, "total_tax", currency)
    known = id_of(line) if line else ""
    return RefundLineData(
        line_external_id=need(known or id_of(row, "line_item_id"), "line_item_id"),
        quantity=max(0, int(row.get("quantity") or 0)),
        amount=max(0, amount),
    )
