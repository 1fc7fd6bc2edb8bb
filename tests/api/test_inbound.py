"""Webhooks in: accepted once, read later, in any order, and never a 500."""

import json
from itertools import permutations
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from api import tasks
from api.inbound import routes
from integrations import inbox
from integrations.models import Connection, Delivery, InboundDelivery
from orders.models import Customer, Order, Refund
from postpurchase.jobs.retry import Permanent, Transient
from postpurchase.lib import clock
from postpurchase.tenancy.models import Merchant
from postpurchase.tenancy.scope import in_merchant
from tests.api.conftest import SECRET, Shop
from tests.integrations.shopify import payload
from tracking.models import Scan, Shipment

pytestmark = pytest.mark.django_db


def inbox_of(merchant: Merchant) -> list[tuple[str, str, str]]:
    with in_merchant(merchant):
        return list(InboundDelivery.objects.order_by("id").values_list("topic", "state", "parked_for"))


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


STORY = [
    ("orders/create", "order"),
    ("fulfillments/create", "fulfilment"),
    ("fulfillment_events/create", "fulfilment_event"),
    ("refunds/create", "refund"),
    ("orders/cancelled", "order_cancelled"),
]


def state_of(merchant: Merchant) -> Any:
    with in_merchant(merchant):
        order = Order.objects.get()
        return (
            order.external_id, order.cancelled_at, order.total, order.refunded_total, order.source_updated_at,
            list(Shipment.objects.order_by("external_id").values_list("external_id", "carrier", "number", "order_id", "status")),
            list(Scan.objects.order_by("fingerprint").values_list("code", "occurred_at")),
            list(Refund.objects.values_list("external_id", "amount")),
            sorted(InboundDelivery.objects.values_list("state", flat=True)),
        )  # fmt: skip


@pytest.mark.parametrize("arrival", [*permutations(range(5))][::7])
@pytest.mark.parametrize("one_by_one", [True, False])
def test_in_any_order_of_arrival_the_end_is_the_same(ann: Merchant, bob: Merchant, arrival: tuple[int, ...], one_by_one: bool) -> None:
    there, here = Shop(bob), Shop(ann)
    for topic, name in STORY:
        there.send(topic, payload(name))
        there.read()

    for index in arrival:
        for _ in range(2):
            here.send(STORY[index][0], payload(STORY[index][1]), delivery=f"d{index}")
        if one_by_one:
            here.read()
    here.read()

    (ours, theirs) = (state_of(ann), state_of(bob))
    assert ours[-1] == ["done"] * 5
    assert _without_ids(ours) == _without_ids(theirs)


def _without_ids(state: Any) -> Any:
    return (*state[:5], [(*row[:3], row[4]) for row in state[5]], *state[6:])


def test_a_fulfilment_waits_for_its_order_by_name(ann: Merchant, shop: Shop) -> None:
    shop.send("fulfillments/create", payload("fulfilment"))
    shop.read()
    assert inbox_of(ann) == [("fulfillments/create", "parked", "order:5501234567890")]

    shop.send("orders/create", payload("order"))
    shop.read()

    assert [row[1] for row in inbox_of(ann)] == ["done", "done"]


def test_an_order_named_by_a_rounded_id_is_found(ann: Merchant, shop: Shop) -> None:
    big, rounded = 820982911946154508, 820982911946154500
    shop.send("fulfillments/create", payload("fulfilment") | {"order_id": rounded, "line_items": []})
    shop.read()
    assert inbox_of(ann)[0][1:] == ("parked", f"order:{rounded}")

    shop.send("orders/create", payload("order") | {"id": rounded, "admin_graphql_api_id": f"gid://shopify/Order/{big}"})
    shop.read()

    assert [row[1] for row in inbox_of(ann)] == ["done", "done"]
    with in_merchant(ann):
        assert Shipment.objects.get(external_id="4401234567890").order.external_id == str(big)


def test_a_batch_of_webhooks_costs_a_few_statements(ann: Merchant, shop: Shop) -> None:
    def statements(count: int, start: int) -> int:
        for n in range(start, start + count):
            shop.send("orders/create", payload("order") | {"id": n, "email": f"{n}@example.com", "customer": None, "line_items": []})
        with CaptureQueriesContext(connection) as asked:
            assert tasks.process_batch(ann.pk) == count
        return len(asked)

    assert statements(50, start=1000) == statements(1, start=2000)


def test_receiving_costs_four_statements(ann: Merchant, shop: Shop) -> None:
    with CaptureQueriesContext(connection) as asked:
        shop.send("orders/create", payload("order"))

    told = [query["sql"] for query in asked.captured_queries if "SAVEPOINT" not in query["sql"]]
    assert len(told) == 5  # gate, scope, connection, insert; in a test the scope is handed back by a statement of its own


def test_one_poisonous_delivery_fails_alone(ann: Merchant, shop: Shop, monkeypatch: pytest.MonkeyPatch) -> None:
    kept = {kind: verb for kind, _, verb in routes.ROUTES}

    def record(orders: Any, *, connection_id: Any) -> Any:
        if any(order.number == "poison" for order in orders):
            raise Transient("the database coughed")
        return kept[type(orders[0])](orders, connection_id=connection_id)

    swapped = tuple((kind, name, record if name == "order" else verb) for kind, name, verb in routes.ROUTES)
    monkeypatch.setattr(routes, "ROUTES", swapped)
    for n, name in enumerate(["#1", "poison", "#3"]):
        shop.send("orders/create", payload("order") | {"id": n + 1, "name": name, "fulfillments": []})

    tasks.process_batch(ann.pk)

    assert [row[1] for row in inbox_of(ann)] == ["done", "due", "done"]
    with in_merchant(ann):
        poison = InboundDelivery.objects.get(state=Delivery.DUE)
        assert poison.due_at > clock.machine_now()
        assert (poison.attempts, poison.error, poison.lease_token) == (1, "Transient: the database coughed", None)
        poison.attempts = inbox.GIVE_UP
        inbox.postpone(_claimed(poison), Transient("again"))
        poison.refresh_from_db()
        assert poison.state == Delivery.FAILED


def _claimed(delivery: InboundDelivery) -> InboundDelivery:
    InboundDelivery.objects.filter(pk=delivery.pk).update(state=Delivery.CLAIMED)
    return delivery


def test_an_error_that_time_does_not_mend_is_listed_at_once(ann: Merchant, shop: Shop) -> None:
    shop.send("orders/create", payload("order"))
    with in_merchant(ann):
        (delivery,) = inbox.claim(ann.pk)
        inbox.postpone(delivery, Permanent("no"))

    assert inbox_of(ann)[0][1] == "failed"


def test_a_worker_that_overslept_its_lease_records_nothing(ann: Merchant, shop: Shop) -> None:
    shop.send("orders/create", payload("order"))
    with in_merchant(ann):
        readings = [inbox.read(delivery) for delivery in inbox.claim(ann.pk)]
        InboundDelivery.objects.update(lease_until=clock.machine_now())

        assert inbox.hold(readings) == []


def test_the_sweep_revives_what_a_dead_worker_left_and_gives_up_after_eight(ann: Merchant, shop: Shop) -> None:
    shop.send("orders/create", payload("order"))
    shop.send("orders/create", payload("order"))
    with in_merchant(ann):
        _, second = inbox.claim(ann.pk)
        InboundDelivery.objects.update(lease_until=clock.machine_now())
        InboundDelivery.objects.filter(pk=second.pk).update(attempts=inbox.GIVE_UP)

    tasks.sweep()

    assert [row[1] for row in inbox_of(ann)] == ["due", "failed"]


def test_a_parked_delivery_is_looked_at_again_though_nobody_woke_it(ann: Merchant, shop: Shop) -> None:
    shop.send("fulfillments/create", payload("fulfilment"))
    shop.read()
    with in_merchant(ann):
        InboundDelivery.objects.update(due_at=clock.machine_now())

    tasks.sweep()

    assert inbox_of(ann)[0][1] == "due"


def test_app_uninstalled_closes_the_connection(ann: Merchant, shop: Shop) -> None:
    shop.send("app/uninstalled", payload("shop"))
    shop.read()

    with in_merchant(ann):
        assert Connection.objects.get(pk=shop.connection.pk).removed_at is not None
    assert inbox_of(ann)[0][1] == "done"


def test_a_customer_told_by_the_shop_is_known(ann: Merchant, shop: Shop) -> None:
    shop.send("customers/create", payload("customer"))
    shop.read()

    with in_merchant(ann):
        assert Customer.objects.get().email == "jo.reed@example.com"


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
