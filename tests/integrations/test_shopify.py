"""What Shopify's bodies come to."""

from datetime import UTC, date, datetime
from typing import Any

import msgspec
import pytest

from integrations import registry
from integrations.registry import Unreadable
from integrations.shops.shopify import values
from integrations.types import (
    ConsentData,
    ConsentTold,
    CustomerData,
    EstimateData,
    Item,
    OrderData,
    OrderDeleted,
    OrderRefundData,
    PrivacyRequest,
    RefundData,
    RefundLineData,
    ScanData,
    ShipmentData,
    ShippedLineData,
    ShopClosed,
    ShopTotals,
)
from tests.integrations.shopify import payload


def read(topic: str, body: Any, **headers: str) -> list[Item]:
    found = registry.adapter("shopify").read(topic, body, headers)
    assert found is not None
    for item in found:
        assert msgspec.convert(msgspec.to_builtins(item), type(item)) == item
    return found


def order_of(body: dict[str, Any], **headers: str) -> OrderData:
    found = read("orders/create", body, **headers)[0]
    assert isinstance(found, OrderData)
    return found


def test_an_order_with_its_money_people_and_lines() -> None:
    order = order_of(payload("order"))

    assert (order.external_id, order.number, order.currency, order.total) == ("5501234567890", "#2001", "EUR", 10560)
    assert [(line.external_id, line.quantity, line.unit_price, line.discount, line.tax) for line in order.lines] == [
        ("9901234567890", 2, 4900, 980, 1408),
        ("9901234567891", 1, 1250, 0, 200),
    ]
    assert (order.order_discount, order.shipping_total, order.tax_total, order.taxes_included) == (0, 490, 1608, True)
    assert order.shop == ShopTotals(items=11050, discount=980, shipping=490, tax=1608, total=10560)
    assert sum(line.unit_price * line.quantity - line.discount for line in order.lines) + order.shipping_total == order.total
    assert (order.email, order.locale, order.tags, order.discount_codes) == (
        "jo.reed@example.com",
        "de-DE",
        ["vip", "spring"],
        ["SPRING10"],
    )
    assert order.customer == CustomerData("6601234567890", "jo.reed@example.com", "", "Jo", "Reed", "de-DE")
    assert order.shipping_address is not None
    assert (order.shipping_address.name, order.shipping_address.postcode, order.shipping_address.country) == ("Jo Reed", "10119", "DE")
    assert order.placed_at == datetime(2026, 3, 2, 9, 30, tzinfo=UTC)
    assert order.consent is not None
    assert (order.consent.marketing_email, order.consent.at) == (True, order.placed_at)


def test_what_is_not_read_is_kept_but_for_keys_and_traces() -> None:
    extra = order_of(payload("order")).extra

    assert (extra["note"], extra["note_attributes"]) == ("Ring twice", [{"name": "gift", "value": "yes"}])
    assert not {"token", "cart_token", "order_status_url", "browser_ip", "client_details", "customer", "email"} & set(extra)


def test_two_currencies_are_kept_apart() -> None:
    body = payload("order") | {"presentment_currency": "JPY"}
    body["total_price_set"] = {
        "shop_money": {"amount": "105.60", "currency_code": "EUR"},
        "presentment_money": {"amount": "17213", "currency_code": "JPY"},
    }
    order = order_of(body)

    assert (order.currency, order.total, order.shop_currency) == ("JPY", 17213, "EUR")
    assert order.shop is not None and order.shop.total == 10560


@pytest.mark.parametrize(
    ("amount", "currency", "minor"),
    [
        ("12.30", "EUR", 1230), ("12.3000", "EUR", 1230), ("12.305", "EUR", 1231), (12.3, "EUR", 1230), (199, "USD", 19900),
        ("1230", "JPY", 1230), ("1230.00", "JPY", 1230), ("1.234", "KWD", 1234), (None, "EUR", 0), ("", "EUR", 0),
    ],
)  # fmt: skip
def test_money_is_read_however_it_is_written(amount: Any, currency: str, minor: int) -> None:
    assert values.money(amount, currency) == minor


@pytest.mark.parametrize("amount", ["x", "1,50", "NaN", [], "1e400"])
def test_what_is_no_amount_is_unreadable(amount: Any) -> None:
    with pytest.raises(Unreadable):
        values.money(amount, "EUR")


def test_an_old_body_without_sets_and_people_is_read() -> None:
    body = {
        "id": 450789469,
        "order_number": 1001,
        "created_at": "2008-01-10T11:00:00-05:00",
        "currency": "USD",
        "total_price": "409.94",
        "total_tax": "11.94",
        "total_discounts": "10.00",
        "customer": None,
        "shipping_address": None,
        "line_items": [{"id": 1, "title": "Player", "quantity": 2, "price": "199.00", "total_discount": "0.00"}],
    }
    order = order_of(body)

    assert (order.number, order.email, order.customer, order.shipping_address, order.consent) == ("#1001", "", None, None, None)
    assert (order.order_discount, order.total, order.updated_at) == (1000, 40994, order.placed_at)


def test_a_rounded_id_gives_way_to_the_exact_one() -> None:
    order = order_of(payload("order") | {"id": 820982911946154500, "admin_graphql_api_id": "gid://shopify/Order/820982911946154508"})

    assert order.external_id == "820982911946154508"
    assert order_of(payload("order") | {"id": 7, "admin_graphql_api_id": "gid://shopify/Order/8"}).external_id == "7"


@pytest.mark.parametrize(
    ("triggered", "updated"),
    [
        ("2026-03-02T09:30:05.250000000Z", datetime(2026, 3, 2, 9, 30, 5, 250_000, tzinfo=UTC)),
        ("2026-03-02T09:31:00Z", datetime(2026, 3, 2, 9, 30, 5, tzinfo=UTC)),
        ("2026-03-02T09:30:04.9Z", datetime(2026, 3, 2, 9, 30, 5, tzinfo=UTC)),
        ("soon", datetime(2026, 3, 2, 9, 30, 5, tzinfo=UTC)),
    ],
)
def test_two_copies_of_one_second_are_told_apart_by_when_they_were_made(triggered: str, updated: datetime) -> None:
    assert order_of(payload("order"), **{"x-shopify-triggered-at": triggered}).updated_at == updated


def test_without_updated_at_the_time_of_the_copy_counts() -> None:
    order = order_of(payload("order") | {"updated_at": None}, **{"x-shopify-triggered-at": "2026-03-02T10:00:00Z"})

    assert order.updated_at == datetime(2026, 3, 2, 10, tzinfo=UTC)


@pytest.mark.parametrize(
    ("consent", "ticked", "given"),
    [
        ({"state": "subscribed", "consent_updated_at": "2026-01-01T00:00:00Z"}, False, True),
        ({"state": "unsubscribed", "consent_updated_at": "2026-01-01T00:00:00Z"}, True, False),
        ({"state": "not_subscribed", "consent_updated_at": None}, True, True),
        (None, False, None),
        (None, None, None),
    ],
)
def test_an_unticked_box_says_nothing_about_consent(consent: Any, ticked: Any, given: Any) -> None:
    body = payload("order") | {"buyer_accepts_marketing": ticked}
    body["customer"]["email_marketing_consent"] = consent
    found = order_of(body).consent

    assert (found.marketing_email if found else None) == given


def test_a_shipping_discount_is_taken_off_shipping_and_not_off_the_goods() -> None:
    body = payload("order") | {"total_discounts": "14.70", "total_discounts_set": None}
    body["shipping_lines"][0]["discount_allocations"] = [{"amount": "4.90"}]
    order = order_of(body)

    assert (order.shipping_total, order.order_discount) == (0, 0)


def test_fulfilments_inside_an_order_are_parcels_too() -> None:
    body = payload("order") | {"fulfillments": [payload("fulfilment")]}
    (order, parcel) = read("orders/updated", body)

    assert isinstance(order, OrderData)
    assert isinstance(parcel, ShipmentData)
    assert parcel == read("fulfillments/create", payload("fulfilment"))[0]


def test_a_fulfilment_is_a_parcel() -> None:
    assert read("fulfillments/update", payload("fulfilment")) == [
        ShipmentData(
            external_id="4401234567890",
            order_external_id="5501234567890",
            carrier="DHL",
            number="00340434161094042557",
            tracking_url="https://www.dhl.de/track?id=00340434161094042557",
            lines=[ShippedLineData("9901234567890", 2)],
            shipped_at=datetime.fromisoformat("2026-03-03T09:00:00+01:00"),
        )
    ]


def test_each_tracking_number_is_a_parcel_and_none_is_one_as_well() -> None:
    many = read("fulfillments/create", payload("fulfilment") | {"tracking_numbers": ["00340434161094042557", "B", "B"]})
    none = read("fulfillments/create", payload("fulfilment") | {"tracking_number": None, "tracking_numbers": [], "tracking_company": None})

    assert [(p.external_id, p.number, len(p.lines)) for p in many if isinstance(p, ShipmentData)] == [
        ("4401234567890", "00340434161094042557", 1),
        ("4401234567890-2", "B", 0),
    ]
    assert [(p.number, p.carrier) for p in none if isinstance(p, ShipmentData)] == [("", "")]


def test_a_cancelled_fulfilment_is_cancelled_and_a_bad_link_is_left_out() -> None:
    (parcel,) = read(
        "fulfillments/update", payload("fulfilment") | {"status": "cancelled", "tracking_url": "javascript:x", "tracking_urls": None}
    )

    assert isinstance(parcel, ShipmentData)
    assert (parcel.cancelled, parcel.tracking_url) == (True, "")


def test_a_fulfilment_event_is_a_scan_and_an_estimate() -> None:
    scan, estimate = read("fulfillment_events/create", payload("fulfilment_event"))

    assert isinstance(scan, ScanData)
    assert (scan.shipment_external_id, scan.code, scan.text, scan.source) == (
        "4401234567890", "out_for_delivery", "In the delivery vehicle", "shopify",
    )  # fmt: skip
    assert scan.occurred_at == datetime(2026, 3, 4, 7, 12, tzinfo=UTC)
    assert (scan.place.city, scan.place.postcode, scan.place.country) == ("Berlin", "10119", "DE")
    assert isinstance(estimate, EstimateData)
    assert (estimate.expected_on, estimate.shipment_external_id, estimate.source) == (date(2026, 3, 4), "4401234567890", "shop")


def test_a_refund_is_what_its_transactions_moved() -> None:
    (refund,) = read("refunds/create", payload("refund"))

    at = datetime.fromisoformat("2026-03-06T09:00:00+01:00")
    line = RefundLineData("9901234567890", 1, 5114)
    assert refund == OrderRefundData("5501234567890", RefundData("2201234567890", 4410, at, "One shirt was torn", [line]))


def test_goods_taken_off_an_order_are_no_money_and_failed_transactions_move_none() -> None:
    failed = [{"amount": "44.10", "kind": "refund", "status": "failure"}, {"amount": "5.00", "kind": "void", "status": "success"}]
    for transactions, amount in (([], 0), (failed, 0), (None, 5114)):
        (refund,) = read("refunds/create", payload("refund") | {"transactions": transactions})
        assert isinstance(refund, OrderRefundData)
        assert refund.refund.amount == amount


def test_people_privacy_and_closing() -> None:
    assert read("customers/update", payload("customer")) == [CustomerData("6601234567890", "jo.reed@example.com", "", "Jo", "Reed")]
    assert read("customers/create", payload("customer") | {"email": None}) == []
    assert read("customers/redact", payload("redact")) == [
        PrivacyRequest("redact", "jo.reed@example.com", "+49 30 1234567", ["5501234567890"])
    ]
    assert read("customers/data_request", payload("data_request"))[0] == PrivacyRequest(
        "data_request", "jo.reed@example.com", "+49 30 1234567", ["5501234567890"]
    )
    assert read("shop/redact", payload("redact")) == [ShopClosed("redact")]
    assert read("app/uninstalled", payload("shop")) == [ShopClosed("uninstalled")]


def test_what_a_customer_says_about_marketing_is_told_beside_any_order() -> None:
    no = {"state": "unsubscribed", "opt_in_level": "single_opt_in", "consent_updated_at": "2026-02-01T08:00:00Z"}
    yes = {"state": "subscribed", "opt_in_level": "confirmed_opt_in", "consent_updated_at": "2026-01-01T08:00:00Z"}
    person = {"customer_id": 706405506930370000, "email_address": "jo.reed@example.com", "email_marketing_consent": no}
    said = ConsentData(False, datetime(2026, 2, 1, 8, tzinfo=UTC), source="shopify")

    assert read("customers_email_marketing_consent/update", person) == [ConsentTold(said, "706405506930370000", "jo.reed@example.com")]
    assert read("customers_email_marketing_consent/update", person | {"email_address": None}) == []
    assert read("customers_email_marketing_consent/update", person | {"email_marketing_consent": {"state": None}}) == []
    assert read("customers_marketing_consent/update", {"id": 7, "phone": "+4930123", "sms_marketing_consent": yes}) == [
        ConsentTold(ConsentData(None, datetime(2026, 1, 1, 8, tzinfo=UTC), source="shopify", marketing_sms=True), "7", phone="+4930123")
    ]
    both = payload("customer") | {"phone": "+4930123", "email_marketing_consent": yes, "sms_marketing_consent": no}
    told = [item for item in read("customers/update", both) if isinstance(item, ConsentTold)]
    assert [(one.said.marketing_email, one.said.marketing_sms, one.said.at.month, one.said.confirmed) for one in told] == [
        (True, None, 1, True), (None, False, 2, False)
    ]  # fmt: skip


def test_a_deletion_is_dated_by_its_header() -> None:
    (deleted,) = read("orders/delete", {"id": 7}, **{"x-shopify-triggered-at": "2026-03-02T10:00:00Z"})

    assert deleted == OrderDeleted("7", datetime(2026, 3, 2, 10, tzinfo=UTC))


@pytest.mark.parametrize(
    "topic", ["orders/delete", "customers/redact", "shop/redact", "app/uninstalled", "fulfillments/create", "refunds/create"]
)
def test_a_body_under_another_topic_does_no_harm(topic: str) -> None:
    """The topic header is not signed: a captured order must not count as a deletion or an uninstall."""
    body = payload("order") | {"customer": None}

    with pytest.raises(Unreadable):
        read(topic, body)


def test_unknown_topics_are_none() -> None:
    assert registry.adapter("shopify").read("products/create", {"id": 1}, {}) is None


def test_a_delivery_without_an_id_is_named_by_what_it_says() -> None:
    shopify = registry.adapter("shopify")
    named = [shopify.delivery_id({"x-shopify-topic": topic}, body) for topic, body in (("a", b"1"), ("a", b"1"), ("b", b"1"), ("a", b"2"))]

    assert named[0] == named[1]
    assert len(set(named)) == 3
    assert shopify.delivery_id({"x-shopify-webhook-id": " w1 "}, b"") == "w1"
