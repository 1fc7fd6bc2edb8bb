"""Webhooks in: accepted once, read later, in any order, and never a 500."""

import json
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from api import tasks
from integrations import inbox
from integrations.models import Connection, Delivery, InboundDelivery
from orders.models import Customer, Order
from postpurchase.jobs import eager
from postpurchase.lib import clock
from postpurchase.tenancy.models import Merchant
from postpurchase.tenancy.scope import in_merchant
from tests.api.conftest import SECRET, Shop, inbox_of
from tests.integrations.shopify import payload

pytestmark = pytest.mark.django_db


def test_a_signed_delivery_is_kept_and_read_into_an_order(ann: Merchant, shop: Shop) -> None:
    answer = shop.send("orders/create", payload("order"))

    assert (answer.status_code, answer.content) == (200, b"received")
    assert inbox_of(ann) == [("orders/create", "due", "")]
    shop.read()
    assert inbox_of(ann) == [("orders/create", "done", "")]
    with in_merchant(ann):
        found = Order.objects.get()
        assert (found.external_id, found.number, found.connection_id) == ("5501234567890", "#2001", shop.connection.pk)


def test_a_repeat_is_200_and_one_delivery(ann: Merchant, shop: Shop) -> None:
    answers = [shop.send("orders/create", payload("order"), delivery="same") for _ in range(5)]

    assert [answer.content for answer in answers] == [b"received"] + [b"received before"] * 4
    assert len(inbox_of(ann)) == 1


@pytest.mark.parametrize(
    "forged",
    [
        {"secret": "wrong"},
        {"secret": ""},
        {"signed": b""},
        {"X-Shopify-Hmac-Sha256": ""},
        {"X-Shopify-Hmac-Sha256": "ä"},
        {"X-Shopify-Hmac-Sha256": "AAAA"},
    ],
)
def test_a_forged_delivery_is_401_and_leaves_nothing(ann: Merchant, shop: Shop, forged: dict[str, Any]) -> None:
    assert shop.send("orders/create", payload("order"), **forged).status_code == 401
    assert inbox_of(ann) == []


def test_any_flipped_byte_is_401(ann: Merchant, shop: Shop) -> None:
    raw = json.dumps(payload("fulfilment_event")).encode()
    for place in range(0, len(raw), 7):
        flipped = bytearray(raw)
        flipped[place] ^= 1
        assert shop.send("fulfillment_events/create", bytes(flipped), signed=raw).status_code == 401
    assert inbox_of(ann) == []


def test_both_secrets_hold_while_one_is_rotated_out(ann: Merchant, shop: Shop) -> None:
    source = shop.connection
    source.old_secret_sealed, source.old_secret_until = source.secret_sealed, clock.machine_now() + inbox.LEASE
    source.set_secret("new")
    with in_merchant(ann):
        source.save()

    both = [shop.send("orders/create", payload("order"), secret=secret).status_code for secret in (SECRET, "new", "older")]
    source.old_secret_until = clock.machine_now()
    with in_merchant(ann):
        source.save()

    assert both == [200, 200, 401]
    assert shop.send("orders/create", payload("order"), secret=SECRET).status_code == 401


def test_an_unknown_connection_is_404_like_any_other(ann: Merchant, shop: Shop) -> None:
    with in_merchant(ann):
        api = Connection.objects.get(kind=Connection.API)
    known = shop.url.removeprefix("/in/")
    paths = ["con_" + "0" * 26, "con_x", "x", "ord_" + known[4:], known.upper(), f"con_{api.pk.hex[:26]}"]

    answers = [Client().post(f"/in/{path}", b"{}", content_type="application/json") for path in paths]
    nowhere = Client().post("/nowhere", b"{}", content_type="application/json")

    assert {answer.status_code for answer in answers} == {404}
    assert {answer.content for answer in answers} == {nowhere.content}


def test_a_body_past_1_mib_is_413_and_a_get_is_405(shop: Shop) -> None:
    assert shop.send("orders/create", b" " * (1024 * 1024 + 1)).status_code == 413
    assert shop.client.get(shop.url).status_code == 405


@pytest.mark.parametrize(
    "body", [b"", b"{", b"\xff\xfe\x00", b"null", b"[]", b'"x"', b"{}", b'{"id": {}}', b'{"id": 1, "line_items": "x"}', b"[" * 10_000]
)
@pytest.mark.parametrize(
    "topic", ["orders/create", "fulfillments/create", "refunds/create", "orders/delete", "customers/redact", "app/uninstalled"]
)
def test_a_signed_body_that_makes_no_sense_is_kept_and_listed_as_failed(ann: Merchant, shop: Shop, topic: str, body: bytes) -> None:
    assert shop.send(topic, body).status_code == 200

    shop.read()

    with in_merchant(ann):
        kept = InboundDelivery.objects.get()
        assert (kept.state, bytes(kept.body)) == (Delivery.FAILED, body)
        assert kept.error
        assert (Order.objects.count(), Connection.objects.get(pk=shop.connection.pk).removed_at) == (0, None)


json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.text(max_size=10),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3),
    max_leaves=6,
)


TWISTED = [
    ("orders/create", "order"),
    ("fulfillments/create", "fulfilment"),
    ("refunds/create", "refund"),
    ("fulfillment_events/create", "fulfilment_event"),
    ("customers/update", "customer"),
]


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data())
def test_no_twisted_payload_is_a_500_or_stops_the_inbox(ann: Merchant, shop: Shop, data: st.DataObject) -> None:
    topic, name = data.draw(st.sampled_from(TWISTED))
    body = payload(name)
    for key in data.draw(st.lists(st.sampled_from(sorted(body)), max_size=3)):
        body[key] = data.draw(json_values)

    assert shop.send(topic, body).status_code == 200
    shop.read()

    assert not [row for row in inbox_of(ann) if row[1] in ("due", "claimed")]


def test_unknown_topics_are_acknowledged_and_listed(ann: Merchant, shop: Shop) -> None:
    for topic in ("products/create", "", "orders/eaten"):
        assert shop.send(topic, {"id": 1}).status_code == 200
    shop.read()

    assert inbox_of(ann) == [("products/create", "ignored", ""), ("", "ignored", ""), ("orders/eaten", "ignored", "")]


def test_secrets_of_the_headers_are_not_kept(ann: Merchant, shop: Shop) -> None:
    shop.send("orders/create", payload("order"), **{"Authorization": "Bearer x", "Cookie": "a=b", "X-Api-Key": "x"})

    with in_merchant(ann):
        headers = InboundDelivery.objects.get().headers
    assert headers["x-shopify-topic"] == "orders/create"
    assert not {"authorization", "cookie", "x-shopify-hmac-sha256", "x-api-key"} & set(headers)


def test_a_batch_of_webhooks_costs_a_few_statements(ann: Merchant, shop: Shop) -> None:
    def statements(count: int, start: int) -> int:
        for n in range(start, start + count):
            shop.send("orders/create", payload("order") | {"id": n, "email": f"{n}@example.com", "customer": None, "line_items": []})
        with CaptureQueriesContext(connection) as asked:
            assert tasks.process_batch(ann.pk) == count
        return len(asked)

    assert statements(50, start=1000) == statements(1, start=2000)


def test_receiving_costs_three_statements(ann: Merchant, shop: Shop) -> None:
    with CaptureQueriesContext(connection) as asked:
        shop.send("orders/create", payload("order"))

    told = [query["sql"] for query in asked.captured_queries if "SAVEPOINT" not in query["sql"]]
    assert len(told) == 4  # gate, scope, insert; in a test the scope is handed back by a statement of its own


@pytest.mark.django_db(transaction=True)
def test_receiving_costs_two_messages(ann: Merchant, shop: Shop) -> None:
    with eager.collected(), CaptureQueriesContext(connection) as asked:
        shop.send("orders/create", payload("order"))

    gate, insert = [
        query["sql"] for query in asked.captured_queries if query["sql"] not in ("BEGIN", "COMMIT")
    ]  # Django notes both, sent or not
    assert "gate_inbound" in gate
    assert insert.startswith("SELECT set_config('role', 'none', true)")
    assert "INSERT INTO integrations_inbounddelivery" in insert


def test_a_customer_told_by_the_shop_is_known(ann: Merchant, shop: Shop) -> None:
    shop.send("customers/create", payload("customer"))
    shop.read()

    with in_merchant(ann):
        assert Customer.objects.get().email == "jo.reed@example.com"
