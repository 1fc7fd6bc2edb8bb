"""What a shop passes on: a person wants to see or have erased what we hold, or the shop leaves."""

import pytest

from integrations.models import Connection, InboundDelivery
from orders.models import Customer, Order
from postpurchase.tenancy.models import Merchant
from postpurchase.tenancy.scope import in_merchant
from tests.api.conftest import Shop, inbox_of
from tests.integrations.shopify import STORY, payload

pytestmark = pytest.mark.django_db


def test_app_uninstalled_closes_the_connection(ann: Merchant, shop: Shop) -> None:
    shop.send("app/uninstalled", payload("shop"))
    shop.read()

    with in_merchant(ann):
        assert Connection.objects.get(pk=shop.connection.pk).removed_at is not None
    assert inbox_of(ann)[0][1] == "done"


def test_a_redaction_erases_the_person_everywhere_the_shop_told_of_them(ann: Merchant, shop: Shop) -> None:
    for topic, name in STORY[:4]:
        shop.send(topic, payload(name))
    shop.read()

    shop.send("customers/redact", payload("redact"))
    shop.read()

    with in_merchant(ann):
        assert (Order.objects.get().email, Order.objects.get().total, Customer.objects.get().email) == ("", 10560, "")
        assert not [row for row in InboundDelivery.objects.all() if b"jo.reed" in bytes(row.body) or b"Torstra" in bytes(row.body)]
    assert inbox_of(ann)[-1][1] == "done"


def test_what_was_parked_for_an_erased_person_is_not_read_again(ann: Merchant, shop: Shop) -> None:
    shop.send("refunds/create", payload("refund"))
    shop.read()
    assert inbox_of(ann)[0][1] == "parked"

    shop.send("customers/redact", payload("redact"))
    shop.read()

    assert inbox_of(ann)[0] == ("refunds/create", "ignored", "")


def test_a_data_request_leaves_an_export_with_its_delivery(ann: Merchant, shop: Shop) -> None:
    shop.send("orders/create", payload("order"))
    shop.send("customers/data_request", payload("data_request"))
    shop.read()

    with in_merchant(ann):
        (result,) = InboundDelivery.objects.get(topic="customers/data_request").result
    assert result["export"]["orders"][0]["number"] == "#2001"
    assert result["export"]["customers"][0]["email"] == "jo.reed@example.com"


def test_a_shops_redaction_erases_everybody_it_told_of_and_nobody_else(ann: Merchant, shop: Shop) -> None:
    shop.send("orders/create", payload("order"))
    shop.read()
    with in_merchant(ann):
        Customer.objects.create(email="kept@example.com")

    shop.send("shop/redact", payload("redact"))
    shop.read()

    with in_merchant(ann):
        assert sorted(Customer.objects.values_list("email", flat=True)) == ["", "kept@example.com"]
        assert Order.objects.get().erased_at is not None
        assert {bytes(row.body) for row in InboundDelivery.objects.all()} == {b""}
