"""Orders come in once, completely, and cheaply, whoever sends them and however often."""

import uuid
from datetime import date, timedelta

import pytest
from pytest_django import DjangoAssertNumQueries

from integrations.models import Connection
from integrations.types import CustomerData, OrderData, Outcome, ShopTotals
from orders.intake import record_new, record_orders
from orders.models import Customer, Line, Order, OrderChange, Refund
from postpurchase.events.models import DomainEvent
from postpurchase.tenancy.models import Merchant
from postpurchase.tenancy.scope import NoMerchant, every_tenant
from tests.factories import PLACED, address_data, consent_data, customer_data, later, line_data, order_data, refund_data

pytestmark = pytest.mark.django_db


@pytest.fixture
def shop(ann_api: Connection) -> uuid.UUID:
    return ann_api.pk


def facts() -> list[tuple[str, dict[str, object]]]:
    return [(event.kind, event.payload) for event in DomainEvent.objects.order_by("id")]


def kinds() -> list[str]:
    return sorted(kind for kind, _ in facts())


def record(shop: uuid.UUID, *orders: OrderData) -> list[Outcome]:
    return [result.outcome for result in record_orders(orders, connection_id=shop)]


def test_a_new_order_is_recorded_whole(shop: uuid.UUID) -> None:
    order = order_data(
        external_id="820982911946154508",
        number="#1043",
        email="Mia.Berg@Example.com",
        phone="+49 30 1",
        order_discount=1000,
        tax_total=2000,
        shop_currency="USD",
        shop=ShopTotals(items=15000, discount=1100, shipping=500, tax=2200, total=14400),
        discount_codes=["SPRING"],
        tags=["vip", "gift"],
        test=True,
        consent=consent_data(),
        fulfilment_status="unfulfilled",
        promised_from=date(2026, 3, 5),
        promised_to=date(2026, 3, 6),
        extra={"note": "Leave it with the neighbour", "attributes": [{"name": "gift", "value": 1.5}]},
    )

    [result] = record_orders([order], connection_id=shop)

    row = Order.objects.get()
    assert result.outcome == Outcome.CREATED
    assert (result.id, result.external_id) == (row.pk, "820982911946154508")
    assert (row.number, row.email, row.phone, row.connection_id) == ("#1043", "mia.berg@example.com", "+49 30 1", shop)
    assert (row.placed_at, row.source_updated_at) == (PLACED, PLACED)
    assert (row.items_total, row.discount_total, row.shipping_total, row.tax_total) == (13670, 1000, 490, 2000)
    assert (row.total, row.refunded_total, row.currency, row.taxes_included) == (order.total, 0, "EUR", True)
    assert row.shop_currency == "USD"
    assert row.shop_totals == {"items": 15000, "discount": 1100, "shipping": 500, "tax": 2200, "total": 14400}
    assert (row.discount_codes, row.tags, row.test) == (["SPRING"], ["vip", "gift"], True)
    assert row.shipping_address == {
        "name": "Mia Berg",
        "line1": "Torstraße 12",
        "city": "Berlin",
        "postcode": "10119",
        "country": "DE",
        "phone": "+49 30 1234567",
    }
    assert (row.ship_country, row.ship_postcode) == ("DE", "10119")
    assert (row.promised_from, row.promised_to) == (date(2026, 3, 5), date(2026, 3, 6))
    assert row.marketing_consent["text"] == "Send me news and offers by email"
    assert (row.channel, row.locale, row.financial_status, row.fulfilment_status) == ("web", "de", "paid", "unfulfilled")
    assert row.extra == {"note": "Leave it with the neighbour", "attributes": [{"name": "gift", "value": 1.5}]}
    assert (row.cancelled_at, row.delivered_at, row.erased_at) == (None, None, None)
    assert facts() == [("order.placed", {"order_id": str(row.pk)})]


def test_its_lines_carry_their_shares_in_the_order_given(shop: uuid.UUID) -> None:
    record(shop, order_data(order_discount=1000, tax_total=2000))

    lines = list(Line.objects.order_by("position"))
    assert [(line.external_id, line.sku, line.quantity, line.unit_price) for line in lines] == [
        ("shirt", "SHIRT-WH-M", 2, 4900),
        ("socks", "SOCKS", 3, 1290),
    ]
    assert [(line.discount, line.tax, line.shipping) for line in lines] == [(717, 1434, 351), (283, 566, 139)]
    assert [(line.title, line.variant, line.use_days, line.weight_grams, line.requires_shipping) for line in lines] == [
        ("Linen shirt", "White / M", 7, 320, True),
        ("Wool socks", "", 7, 320, True),
    ]


def test_a_new_order_takes_one_statement_and_so_do_five_hundred(shop: uuid.UUID, django_assert_num_queries: DjangoAssertNumQueries) -> None:
    with django_assert_num_queries(1):
        record(shop, order_data())
    with django_assert_num_queries(1):
        outcomes = record(shop, *[order_data(email=f"p{n}@example.com", refunds=[refund_data()]) for n in range(500)])

    assert outcomes == [Outcome.CREATED] * 500
    assert (Order.objects.count(), Line.objects.count(), Customer.objects.count(), Refund.objects.count()) == (501, 1002, 501, 500)


def test_a_repeat_changes_nothing_and_tells_nothing(shop: uuid.UUID, django_assert_num_queries: DjangoAssertNumQueries) -> None:
    order = order_data(
        refunds=[refund_data()], consent=consent_data(), extra={"n": 1.0, "big": 2**70, "nan": float("nan"), "t": [None, ""]}
    )
    [first] = record_orders([order], connection_id=shop)
    before, told = Order.objects.values().get(), facts()

    with django_assert_num_queries(4):
        [second] = record_orders([order], connection_id=shop)

    assert (second.outcome, second.id) == (Outcome.UNCHANGED, first.id)
    assert Order.objects.values().get() == before
    assert facts() == told
    assert not OrderChange.objects.exists()


def test_a_newer_copy_without_a_difference_only_moves_the_time(shop: uuid.UUID) -> None:
    order = order_data()
    record(shop, order)

    assert record(shop, later(order)) == [Outcome.UNCHANGED]

    assert Order.objects.get().source_updated_at == order.updated_at + timedelta(hours=1)
    assert kinds() == ["order.placed"]
    assert not OrderChange.objects.exists()


def test_a_newer_copy_is_an_update_with_history(shop: uuid.UUID) -> None:
    order = order_data(extra={"note": "old", "same": 1})
    record(shop, order)

    newer = later(order, financial_status="refunded", promised_to=date(2026, 3, 9), tags=["late"], extra={"note": "new", "same": 1})
    [result] = record_orders([newer], connection_id=shop)

    row, change = Order.objects.get(), OrderChange.objects.get()
    assert result.outcome == Outcome.UPDATED
    assert (row.financial_status, row.promised_to, row.tags) == ("refunded", date(2026, 3, 9), ["late"])
    assert change.changed == {
        "financial_status": ["paid", "refunded"],
        "promised_to": [None, "2026-03-09"],
        "tags": [[], ["late"]],
        "extra": [{"note": "old"}, {"note": "new"}],
    }
    assert change.source_updated_at == newer.updated_at
    assert facts()[1] == ("order.changed", {"order_id": str(row.pk), "fields": ["promised_to", "tags", "financial_status", "extra"]})


def test_an_update_takes_few_statements_for_any_number(shop: uuid.UUID, django_assert_num_queries: DjangoAssertNumQueries) -> None:
    orders = [order_data(email=f"p{n}@example.com") for n in range(50)]
    record(shop, *orders)

    def newer(order: OrderData) -> OrderData:
        lines = [line_data(external_id="shirt", quantity=1), line_data(external_id="hat")]
        return later(order, email="x" + order.email, lines=lines, refunds=[refund_data()], cancelled_at=order.updated_at)

    with django_assert_num_queries(11):
        outcomes = record(shop, *[newer(order) for order in orders])

    assert outcomes == [Outcome.UPDATED] * 50


def test_a_stale_copy_is_dropped(shop: uuid.UUID) -> None:
    order = order_data()
    record(shop, later(order, financial_status="refunded"))

    assert record(shop, order) == [Outcome.STALE]

    assert Order.objects.get().financial_status == "refunded"
    assert kinds() == ["order.placed"]


def test_a_different_copy_of_the_same_time_counts_as_newer(shop: uuid.UUID) -> None:
    order = order_data()
    record(shop, order)

    assert record(shop, later(order, hours=0, financial_status="voided")) == [Outcome.UPDATED]

    assert Order.objects.get().financial_status == "voided"


def test_of_several_copies_in_a_batch_the_newest_counts(shop: uuid.UUID) -> None:
    order = order_data()
    newest = later(order, financial_status="refunded")

    results = record_orders([order, newest, later(order, hours=0.5), newest, order_data()], connection_id=shop)

    assert [result.outcome for result in results] == [Outcome.STALE, Outcome.UNCHANGED, Outcome.STALE, Outcome.CREATED, Outcome.CREATED]
    assert len({result.id for result in results}) == 2
    assert Order.objects.get(external_id=order.external_id).financial_status == "refunded"
    assert kinds() == ["order.placed", "order.placed"]


def test_a_cancellation_is_told_once(shop: uuid.UUID) -> None:
    order = order_data()
    record(shop, order)
    cancelled = later(order, cancelled_at=PLACED + timedelta(hours=1), cancel_reason="customer")

    record(shop, cancelled)
    record(shop, cancelled)
    record(shop, later(cancelled, tags=["void"]))

    assert kinds() == ["order.cancelled", "order.changed", "order.changed", "order.placed"]
    assert OrderChange.objects.earliest("id").changed["cancel_reason"] == ["", "customer"]


def test_an_order_that_arrives_cancelled_is_both_placed_and_cancelled(shop: uuid.UUID) -> None:
    record(shop, order_data(cancelled_at=PLACED))

    assert kinds() == ["order.cancelled", "order.placed"]


def test_refunds_inside_an_order_are_recorded_once_and_added_up(shop: uuid.UUID) -> None:
    order = order_data(lines=[line_data(external_id="shirt")], shipping_total=0)
    first = refund_data(amount=900)
    record(shop, later(order, refunds=[first]))

    second = refund_data(amount=4000, processed_at=first.processed_at + timedelta(days=1))
    record(shop, later(order, hours=2, refunds=[first, second]))
    record(shop, later(order, hours=2, refunds=[first, second]))

    rows = {refund.external_id: refund for refund in Refund.objects.all()}
    assert Order.objects.get().refunded_total == 4900
    assert rows[first.external_id].lines == [{"line_external_id": "shirt", "quantity": 1, "amount": 4900}]
    assert [(kind, payload["refund_id"], payload["full"]) for kind, payload in facts() if kind == "order.refunded"] == [
        ("order.refunded", str(rows[first.external_id].pk), False),
        ("order.refunded", str(rows[second.external_id].pk), True),
    ]


def test_a_refund_that_a_later_copy_leaves_out_stays(shop: uuid.UUID) -> None:
    order = order_data()
    record(shop, later(order, refunds=[refund_data(amount=900)]))

    assert record(shop, later(order, hours=2)) == [Outcome.UNCHANGED]

    assert Order.objects.get().refunded_total == 900


def test_lines_are_followed_by_their_ids(shop: uuid.UUID) -> None:
    order = order_data(shipping_total=0)
    record(shop, order)
    shirt, socks = Line.objects.order_by("position")

    newer = later(order, lines=[line_data(external_id="hat", title="Hat"), line_data(external_id="shirt", quantity=1)])
    record(shop, newer)

    shirt.refresh_from_db()
    socks.refresh_from_db()
    assert (shirt.position, shirt.quantity, shirt.removed_at) == (1, 1, None)
    assert socks.removed_at == newer.updated_at
    assert Line.objects.get(external_id="hat").position == 0
    changed = OrderChange.objects.get().changed
    assert changed["lines/shirt/quantity"] == [2, 1]
    assert changed["lines/socks"] == [{"title": "Wool socks", "quantity": 3}, None]
    assert changed["lines/hat"] == [None, {"title": "Hat", "quantity": 1}]
    assert facts()[1][1]["fields"] == ["items_total", "lines"]


def test_a_line_that_comes_back_is_the_same_line(shop: uuid.UUID) -> None:
    order = order_data()
    record(shop, order)
    before = Line.objects.get(external_id="socks").pk

    record(shop, later(order, lines=order.lines[:1]))
    record(shop, later(order, hours=2))

    line = Line.objects.get(external_id="socks")
    assert (line.pk, line.removed_at) == (before, None)


def test_an_order_may_have_no_lines(shop: uuid.UUID) -> None:
    assert record(shop, order_data(lines=[], order_discount=100, tax_total=5)) == [Outcome.CREATED]

    assert Order.objects.get().items_total == 0


def test_customers_are_found_by_email_in_any_case(shop: uuid.UUID) -> None:
    record(shop, order_data(email="Mia@Example.com"), order_data(email="mia@example.COM"), order_data(email="", customer=None))
    record(shop, order_data(email="MIA@example.com"))

    customer = Customer.objects.get()
    assert (customer.email, customer.name, customer.external_id) == ("mia@example.com", "Mia Berg", "cust-1")
    assert customer.orders.count() == 3
    assert Order.objects.get(email="").customer is None


def test_an_order_without_an_email_takes_that_of_its_customer(shop: uuid.UUID) -> None:
    record(shop, order_data(email="", customer=customer_data(email="Mia@Example.com")))

    order = Order.objects.get()
    assert order.email == "mia@example.com"
    assert order.customer.email == "mia@example.com"


def test_an_order_fills_in_a_customer_but_overwrites_nothing(shop: uuid.UUID) -> None:
    record(shop, order_data(customer=CustomerData(first_name="Mia")))
    record(shop, order_data(customer=CustomerData(first_name="Maria", last_name="Berg"), phone="+49 1"))

    customer = Customer.objects.get()
    assert (customer.first_name, customer.last_name, customer.phone) == ("Mia", "Berg", "+49 1")


def test_an_order_whose_email_is_corrected_moves_to_the_other_customer(shop: uuid.UUID) -> None:
    order = order_data(email="mia@exmaple.com")
    record(shop, order)

    record(shop, later(order, email="mia@example.com"))

    assert Order.objects.get().customer.email == "mia@example.com"
    assert OrderChange.objects.get().changed == {"email": ["mia@exmaple.com", "mia@example.com"]}


def test_a_test_order_tells_its_facts_too(shop: uuid.UUID) -> None:
    record(shop, order_data(test=True))

    assert kinds() == ["order.placed"]


def test_two_connections_may_use_one_external_id(shop: uuid.UUID) -> None:
    other = Connection.objects.create(kind="shopify", label="Second shop").pk

    assert record(shop, order_data(external_id="1")) == [Outcome.CREATED]
    assert record(other, order_data(external_id="1")) == [Outcome.CREATED]

    assert Order.objects.count() == 2


def test_an_address_without_anything_in_it_is_none(shop: uuid.UUID) -> None:
    record(shop, order_data(shipping_address=address_data(name="", line1="", city="", postcode="", country="", phone="")))

    row = Order.objects.get()
    assert (row.shipping_address, row.ship_country, row.ship_postcode) == (None, "", "")


def test_nothing_to_record_asks_nothing(shop: uuid.UUID, django_assert_num_queries: DjangoAssertNumQueries) -> None:
    with django_assert_num_queries(0):
        assert record_orders([], connection_id=shop) == []


def test_orders_are_written_for_one_merchant(shop: uuid.UUID, in_ann: Merchant) -> None:
    with every_tenant("test"), pytest.raises(NoMerchant, match="one merchant"):
        record_orders([order_data()], connection_id=shop)


def test_outside_a_scope_nothing_is_recorded() -> None:
    with pytest.raises(NoMerchant):
        record_orders([order_data()], connection_id=uuid.uuid4())


def test_new_orders_of_one_moment_are_written_at_once_and_the_rest_is_left_alone(
    shop: uuid.UUID, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    known, wrong = order_data(), order_data(currency="QQQ")
    record_orders([known], connection_id=shop)
    fresh, other = order_data(), order_data()
    again = order_data(external_id=fresh.external_id)

    with django_assert_num_queries(1):
        results = record_new([fresh, known, wrong, again, other], connection_id=shop)

    assert [result and result.outcome for result in results] == [Outcome.CREATED, None, None, None, Outcome.CREATED]
    assert set(Order.objects.values_list("external_id", flat=True)) == {known.external_id, fresh.external_id, other.external_id}
    assert Order.objects.get(external_id=fresh.external_id).number == fresh.number
