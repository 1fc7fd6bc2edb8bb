"""A person can see what we hold and have it erased: money and dates stay, the person goes, and later copies do not bring them back."""

import json
import uuid

import msgspec
import pytest
from django.core.serializers.json import DjangoJSONEncoder
from django.db import connection

from integrations.models import Connection
from orders import lookup
from orders.erase import erase, export
from orders.intake import record_orders
from orders.models import Customer, Order, OrderChange, Refund
from postpurchase.tenancy.models import Merchant
from postpurchase.tenancy.scope import in_merchant
from tests.factories import address_data, consent_data, customer_data, later, order_data, refund_data

pytestmark = pytest.mark.django_db
MIA = "mia.berg@example.com"
TRACES = ("mia", "Mia", "Berg", "Torstra", "10119", "1234567", "Hauptstr", "neighbour", "cust-1", "Send me news")


@pytest.fixture
def shop(ann_api: Connection) -> uuid.UUID:
    return ann_api.pk


def mias_order(**changes: object) -> msgspec.Struct:
    return order_data(
        phone="+49 1234567",
        consent=consent_data(),
        extra={"note": "for the neighbour"},
        refunds=[refund_data(reason="Mia called")],
        **changes,
    )


def traces() -> list[tuple[str, str]]:
    """(table, trace) of all that still tells of Mia, in all columns of all of Ann's rows."""
    found = []
    with connection.cursor() as cursor:
        for table in ("orders_customer", "orders_order", "orders_line", "orders_refund", "orders_orderchange", "events_domainevent"):
            cursor.execute(f"SELECT coalesce(string_agg(t::text, chr(10)), '') FROM {table} t")
            [[text]] = cursor.fetchall()
            found += [(table, trace) for trace in TRACES if trace in text]
    return found


def test_nothing_of_the_person_is_left_but_money_and_dates_stay(shop: uuid.UUID) -> None:
    order = mias_order(external_id="1")
    record_orders([order], connection_id=shop)
    record_orders(
        [later(order, shipping_address=address_data(line1="Hauptstr. 1"), extra={"note": "none"}, tags=["x"])], connection_id=shop
    )

    erased = erase(email="Mia.Berg@Example.com")

    row, customer = Order.objects.get(), Customer.objects.get()
    assert traces() == []
    assert (erased.customers, erased.orders) == ([customer.pk], [row.pk])
    assert (row.total, row.refunded_total, row.placed_at, row.ship_country) == (order.total, 4900, order.placed_at, "DE")
    assert row.erased_at is not None
    assert customer.erased_at is not None
    assert OrderChange.objects.get().changed == {"tags": [[], ["x"]]}
    assert Refund.objects.get().amount == 4900


def test_a_later_copy_does_not_bring_the_person_back(shop: uuid.UUID) -> None:
    order = mias_order(external_id="1")
    record_orders([order], connection_id=shop)
    erase(email=MIA)

    record_orders([order], connection_id=shop)
    record_orders([later(order, financial_status="voided")], connection_id=shop)

    row = Order.objects.get()
    assert traces() == []
    assert (row.financial_status, row.email) == ("voided", "")
    assert Customer.objects.count() == 1


def test_a_new_order_of_an_erased_person_makes_a_new_customer(shop: uuid.UUID) -> None:
    record_orders([order_data(external_id="1")], connection_id=shop)
    erase(email=MIA)

    record_orders([order_data(external_id="2")], connection_id=shop)

    assert Customer.objects.filter(erased_at=None).get().orders.get().external_id == "2"


def test_other_people_are_left_alone(shop: uuid.UUID) -> None:
    record_orders([order_data(external_id="1"), order_data(external_id="2", email="noor@example.com")], connection_id=shop)

    erase(email=MIA)

    assert Order.objects.get(external_id="2").email == "noor@example.com"
    assert Order.objects.get(external_id="1").email == ""


def test_bobs_rows_survive_anns_request(ann: Merchant, bob: Merchant) -> None:
    for merchant in ann, bob:
        with in_merchant(merchant):
            record_orders([order_data(external_id="1")], connection_id=Connection.objects.get().pk)

    with in_merchant(ann):
        erase(email=MIA, order_external_ids=["1"], connection_id=Connection.objects.get().pk)

    with in_merchant(bob):
        assert Order.objects.get().email == MIA


def test_orders_named_by_the_shop_are_erased_without_an_email(shop: uuid.UUID) -> None:
    record_orders([order_data(external_id="1"), order_data(external_id="2")], connection_id=shop)

    erased = erase(order_external_ids=["2", "404"], connection_id=shop)

    assert erased.customers == []
    assert list(Order.objects.order_by("external_id").values_list("email", flat=True)) == [MIA, ""]


def test_asking_twice_or_for_nobody_is_harmless(shop: uuid.UUID) -> None:
    record_orders([order_data(email="", customer=None)], connection_id=shop)

    assert erase().orders == []
    assert erase(email=" ").orders == []
    assert erase(email="nobody@example.com").orders == []
    assert Order.objects.get().erased_at is None


def test_ids_need_their_connection(shop: uuid.UUID) -> None:
    with pytest.raises(ValueError, match="need the connection"):
        erase(order_external_ids=["1"])


def test_an_erased_order_is_not_found_by_the_shopper(shop: uuid.UUID) -> None:
    record_orders([order_data(number="7")], connection_id=shop)
    assert lookup.find("7", email=MIA) is not None

    erase(email=MIA)

    assert lookup.find("7", email=MIA) is None
    assert lookup.find("7", postcode="10119") is None


def test_a_person_gets_all_we_hold_as_plain_data(shop: uuid.UUID) -> None:
    order = mias_order(external_id="1", customer=customer_data(email=""))
    record_orders([order, order_data(email="noor@example.com")], connection_id=shop)
    record_orders([later(order, tags=["x"])], connection_id=shop)

    told = export(" Mia.Berg@example.com")

    [customer], [found] = told["customers"], told["orders"]
    assert (customer["email"], customer["first_name"]) == (MIA, "Mia")
    assert (found["external_id"], found["shipping_address"]["city"]) == ("1", "Berlin")
    assert [line["external_id"] for line in found["lines"]] == ["shirt", "socks"]
    assert [refund["reason"] for refund in found["refunds"]] == ["Mia called"]
    assert found["changes"][0]["changed"] == {"tags": [[], ["x"]]}
    assert "noor" not in json.dumps(told, cls=DjangoJSONEncoder)
