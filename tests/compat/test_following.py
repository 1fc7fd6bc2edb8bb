"""What following a parcel by another service's API does to our orders, parcels and messages."""

import json
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from integrations.models import Connection
from notifications import privacy
from orders.intake import record_orders
from orders.models import Order
from postpurchase.events.models import DomainEvent
from postpurchase.tenancy import keys
from postpurchase.tenancy.models import Merchant
from postpurchase.tenancy.scope import in_merchant
from tests.factories import order_data, scan_data, shipment_data
from tracking.models import Following, Scan, Shipment
from tracking.scans import record_scans
from tracking.shipments import record_shipments

NUMBER = "1Z5R89390357567127"
Ask = Callable[..., tuple[int, dict[str, Any]]]


def client_of(merchant: Merchant, *, live: bool = True, scopes: tuple[str, ...] = keys.SCOPES) -> Ask:
    """`ask("post", "trackings", {...})`: the status, and meta and data together."""
    with in_merchant(merchant):
        key = keys.make(f"client {live} {len(scopes)}", live=live, scopes=scopes)[1]
    client = Client(headers={"as-api-key": key}, raise_request_exception=False)

    def ask(method: str, path: str, body: Any = None) -> tuple[int, dict[str, Any]]:
        raw = {"data": json.dumps(body), "content_type": "application/json"} if body is not None else {}
        found = getattr(client, method)(f"/tracking/2026-07/{path}", **raw)
        told = found.json()
        return found.status_code, told["data"] | {"meta": told["meta"]}

    return ask


@pytest.fixture
def ask(ann: Merchant) -> Ask:
    return client_of(ann)


def wanted(**more: Any) -> dict[str, Any]:
    return {"tracking_number": NUMBER, "slug": "ups"} | more


def kinds() -> list[str]:
    return list(DomainEvent.objects.order_by("id").values_list("kind", flat=True))


def test_an_order_that_only_a_parcel_tells_of_is_no_news(ann: Merchant, ask: Ask) -> None:
    status, made = ask("post", "trackings", wanted(order_number="#5", customers=[{"email": "Mia@example.com"}]))

    assert (status, made["order_number"]) == (201, "#5")
    with in_merchant(ann):
        order = Order.objects.get()
        assert (order.external_id, order.email, order.total, order.test) == ("#5", "mia@example.com", 0, False)
        assert kinds() == ["shipment.created"]  # flows about parcels begin; a confirmation would come too late


def test_a_second_parcel_joins_the_order_and_takes_nothing_from_it(ann: Merchant, ask: Ask) -> None:
    ask("post", "trackings", wanted(order_number="#5", customers=[{"email": "mia@example.com"}]))
    ask("post", "trackings", {"tracking_number": "N2", "slug": "dhl", "order_number": "5", "destination_city": "Bonn"})

    with in_merchant(ann):
        order = Order.objects.get()
        assert (order.email, order.number, order.shipping_address) == ("mia@example.com", "5", {"city": "Bonn"})
        assert Shipment.objects.filter(order=order).count() == 2


def test_a_shops_own_order_is_joined_and_stays_as_the_shop_told_it(ann: Merchant, ask: Ask) -> None:
    with in_merchant(ann):
        shop = Connection.objects.create(kind="shopify", label="Shop").pk
        record_orders([order_data(external_id="own", number="#1")], connection_id=shop)

    _, made = ask("post", "trackings", wanted(order_id="own", customers=[{"email": "other@example.com"}]))
    ask("put", f"trackings/{made['id']}", {"order_number": "#2", "title": "Lamp"})

    with in_merchant(ann):
        order = Order.objects.get()
        assert (order.number, order.email) == ("#1", "mia.berg@example.com")
        assert (Shipment.objects.get().order_id, Following.objects.get().details) == (order.pk, {"title": "Lamp"})


def test_a_parcel_that_was_only_scanned_is_taken_up_with_its_scans(ann: Merchant, ask: Ask) -> None:
    with in_merchant(ann):
        shop = Connection.objects.create(kind="easypost", label="Scans").pk
        record_scans([scan_data(carrier="ups", number=NUMBER)], connection_id=shop)

    status, made = ask("post", "trackings", wanted(order_number="#5"))

    assert (status, made["tag"], len(made["checkpoints"])) == (201, "InTransit", 1)


def test_what_a_shop_told_of_is_only_hidden_and_what_came_in_here_is_taken_back(ann: Merchant, ask: Ask) -> None:
    with in_merchant(ann):
        shop = Connection.objects.create(kind="shopify", label="Shop").pk
        record_orders([order_data(external_id="own")], connection_id=shop)
        record_shipments([shipment_data(number="OWN1", order_external_id="own")], connection_id=shop)
    ask("post", "trackings", wanted())

    listed = {one["tracking_number"]: one["id"] for one in ask("get", "trackings")[1]["trackings"]}
    statuses = [ask("delete", f"trackings/{listed[number]}")[0] for number in ("OWN1", NUMBER, NUMBER)]

    assert statuses == [200, 200, 404]
    assert ask("get", "trackings")[1]["trackings"] == []
    with in_merchant(ann):
        assert dict(Shipment.objects.values_list("number", "status")) == {"OWN1": "pending", NUMBER: "cancelled"}
    assert ask("post", "trackings", wanted(title="Again"))[1]["tag"] == "Pending"


def test_live_and_test_keys_live_in_two_worlds(ann: Merchant, ask: Ask) -> None:
    tester = client_of(ann, live=False)
    ask("post", "trackings", wanted(order_number="#5"))
    tester("post", "trackings", {"tracking_number": "T1", "slug": "dhl", "order_number": "#5"})

    shown = [[one["tracking_number"] for one in asker("get", "trackings")[1]["trackings"]] for asker in (ask, tester)]
    status, refused = tester("post", "trackings", wanted())

    assert shown == [[NUMBER], ["T1"]]
    assert (status, refused["meta"]["code"], refused.get("id")) == (400, 4003, None)


def test_a_key_for_parcels_alone_tells_no_orders(ann: Merchant) -> None:
    ask = client_of(ann, scopes=("shipments:read", "shipments:write"))

    status, refused = ask("post", "trackings", wanted(customers=[{"email": "mia@example.com"}]))

    assert (status, refused["meta"]["type"]) == (403, "Forbidden")
    with in_merchant(ann):
        assert (Order.objects.count(), Shipment.objects.count()) == (0, 0)
    assert ask("post", "trackings", wanted())[0] == 201


def test_the_merchants_own_end_is_said_once_and_can_be_taken_back_three_times(ann: Merchant, ask: Ask) -> None:
    name = ask("post", "trackings", wanted())[1]["id"]

    for _ in range(3):
        for _ in range(2):
            assert ask("post", f"trackings/{name}/mark-as-completed", {"reason": "DELIVERED"})[1]["tag"] == "Delivered"
        with in_merchant(ann):
            assert Scan.objects.count() == 1
        assert ask("post", f"trackings/{name}/retrack")[1]["tag"] == "Pending"
    ask("post", f"trackings/{name}/mark-as-completed", {"reason": "RETURNED_TO_SENDER"})
    status, refused = ask("post", f"trackings/{name}/retrack")

    assert (status, refused["meta"]["code"]) == (400, 4016)


def test_another_carrier_for_the_number_and_no_other_order(ann: Merchant, ask: Ask) -> None:
    name = ask("post", "trackings", wanted(order_id="a"))[1]["id"]

    changed = ask("put", f"trackings/{name}", {"slug": "fedex"})[1]
    status, refused = ask("put", f"trackings/{name}", {"order_id": "b"})

    assert changed["slug"] == "fedex"
    assert (status, refused["meta"]["code"]) == (400, 4008)
    assert "order_id" in refused["meta"]["message"]
    with in_merchant(ann):
        assert list(Order.objects.values_list("external_id", flat=True)) == ["a"]


def test_a_list_costs_the_same_for_one_and_for_many(ann: Merchant, ask: Ask) -> None:
    def cost() -> int:
        with CaptureQueriesContext(connection) as asked:
            ask("get", "trackings?limit=50")
        return len(asked)

    ask("post", "trackings", wanted(order_number="#1", customers=[{"email": "a@example.com"}]))
    cost()
    before = cost()
    for index in range(8):
        ask(
            "post",
            "trackings",
            wanted(tracking_number=f"N{index}", order_number=f"#{index}", customers=[{"email": f"{index}@example.com"}]),
        )

    assert cost() == before


def test_who_is_erased_leaves_nothing_in_what_was_told_beside(ann: Merchant, ask: Ask) -> None:
    ask("post", "trackings", wanted(note="Mia is at the neighbour's", customers=[{"email": "mia@example.com"}]))

    with in_merchant(ann):
        privacy.erase("mia@example.com")
        assert Following.objects.get().details == {}


def test_what_changed_since_is_found_by_when_we_heard_of_it(ann: Merchant, ask: Ask) -> None:
    ask("post", "trackings", wanted())
    ask("post", "trackings", {"tracking_number": "OLD", "slug": "dhl"})
    with in_merchant(ann):
        Shipment.objects.filter(number="OLD").update(changed_at=datetime(2026, 1, 1, tzinfo=UTC))

    found = ask("get", "trackings?updated_at_min=2026-02-01T00:00:00Z")[1]["trackings"]

    assert [one["tracking_number"] for one in found] == [NUMBER]
