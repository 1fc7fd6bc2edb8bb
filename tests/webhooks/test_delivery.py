"""A fact becomes a signed call: what is sent, to whom, and what is written down."""

import json
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection

from integrations.models import Connection, EndpointState, Outbound, WebhookAttempt, WebhookDelivery
from integrations.webhooks import deliver, endpoints, outbox
from orders.intake import record_orders
from orders.models import Order
from postpurchase.events.models import DomainEvent
from postpurchase.lib import clock, ids
from postpurchase.tenancy.models import Merchant
from postpurchase.tenancy.scope import in_merchant
from tests.api.conftest import hire_key
from tests.factories import order_data
from tests.webhooks.conftest import Settled, Told, place, relay, send
from tests.webhooks.receiver import Receiver

pytestmark = pytest.mark.django_db


def test_a_fact_is_told_under_a_signature_that_the_schemes_own_library_accepts(ann: Merchant, endpoint: Told, receiver: Receiver) -> None:
    place(ann)

    assert send() == 1

    (heard,) = receiver.heard
    with in_merchant(ann):
        event, order = DomainEvent.objects.get(kind="order.placed"), Order.objects.get()
    public = ids.to_public("ord", order.pk)
    said = heard.verified(endpoint.secret)
    assert said == {
        "type": "order.placed",
        "timestamp": "2026-11-23T13:20:00Z",
        "data": {"event_id": ids.to_public("evt", event.pk), "test": False, "subject": public, "order_id": public},
    }
    assert heard.id == said["data"]["event_id"]
    assert heard.headers["content-type"] == "application/json"
    assert heard.headers["user-agent"].startswith("Postpurchase-Webhooks/")


def test_the_data_is_what_the_event_feed_gives(ann: Merchant, endpoint: Told, receiver: Receiver) -> None:
    first = order_data()
    place(ann, first)
    place(
        ann,
        order_data(external_id=first.external_id, number=first.number, total=first.total + 1, updated_at=first.updated_at + timedelta(1)),
    )
    send()

    feed = {one["id"]: one for one in hire_key(ann).get("events").json()["data"]}

    assert len(receiver.heard) == 2 == len(feed)
    for heard in receiver.heard:
        said, shown = heard.verified(endpoint.secret), feed[heard.id]
        assert (said["type"], said["timestamp"]) == (shown["kind"], shown["occurred_at"])
        assert said["data"] == {"event_id": heard.id, "test": False, "subject": shown["subject"]} | shown["data"]


@pytest.mark.parametrize("part", ["webhook-id", "webhook-timestamp", "webhook-signature", "body"])
def test_a_changed_bit_does_not_verify(ann: Merchant, endpoint: Told, receiver: Receiver, part: str) -> None:
    place(ann)
    send()
    (heard,) = receiver.heard
    assert heard.holds(endpoint.secret)

    changed = dict(heard.headers)
    body = heard.body
    if part == "body":
        body = body.replace(b"order.placed", b"order.changed")
    else:
        was = changed[part]  # not at its very end: of a signature's last letter base64 reads four bits only
        changed[part] = was[:-4] + ("1" if was[-4] != "1" else "2") + was[-3:]

    assert not type(heard)(heard.path, changed, body).holds(endpoint.secret)


def test_the_signature_is_of_the_moment_of_sending_and_not_of_the_fact(ann: Merchant, endpoint: Told, receiver: Receiver) -> None:
    place(ann)
    send()

    sent_at = int(receiver.heard[0].headers["webhook-timestamp"])
    assert abs(clock.machine_now().timestamp() - sent_at) < 10


def test_each_endpoint_hears_what_it_asked_for(ann: Merchant, receiver: Receiver, now: clock.Hands) -> None:
    every, some, none = (
        Told(ann, receiver.url + path, kinds=kinds)
        for path, kinds in (("/all", ()), ("/orders", ("order.placed", "order.cancelled")), ("/parcels", ("shipment.moved",)))
    )
    first = order_data()
    place(ann, first)
    place(ann, order_data(external_id=first.external_id, number=first.number, tags=["VIP"], updated_at=first.updated_at + timedelta(1)))

    send()

    heard = sorted((one.path, json.loads(one.body)["type"]) for one in receiver.heard)
    assert heard == [("/hooks/all", "order.changed"), ("/hooks/all", "order.placed"), ("/hooks/orders", "order.placed")]
    assert every.secret != some.secret != none.secret


def test_live_endpoints_hear_of_live_orders_and_test_endpoints_of_test_orders(ann: Merchant, receiver: Receiver, now: clock.Hands) -> None:
    live, test = Told(ann, receiver.url + "/live"), Told(ann, receiver.url + "/test", live=False)
    place(ann)
    place(ann, test=True)

    send()

    assert sorted(one.path for one in receiver.heard) == ["/hooks/live", "/hooks/test"]
    by_path = {one.path: one for one in receiver.heard}
    assert by_path["/hooks/live"].verified(live.secret)["data"]["test"] is False
    assert by_path["/hooks/test"].verified(test.secret)["data"]["test"] is True


def test_what_is_our_own_business_is_told_to_nobody(ann: Merchant, endpoint: Told) -> None:
    assert {"merchant.opened", "portal.link_asked", "webhook.stopped"}.isdisjoint(endpoints.PUBLIC)
    with in_merchant(ann):
        endpoints.stop(endpoint.row, "gone")
    relay(ann)

    with in_merchant(ann):
        assert not WebhookDelivery.objects.exists()


def test_another_shop_is_told_nothing(ann: Merchant, bob: Merchant, endpoint: Told, receiver: Receiver) -> None:
    place(bob)

    assert send() == 0
    assert receiver.heard == []


def test_a_fact_relayed_twice_is_told_once(ann: Merchant, endpoint: Told, receiver: Receiver) -> None:
    place(ann)
    with in_merchant(ann):
        DomainEvent.objects.update(relayed_at=None)
    relay(ann)

    send()

    assert len(receiver.heard) == 1


def test_the_commit_of_a_fact_is_enough_to_have_it_sent(ann: Merchant, endpoint: Told, receiver: Receiver, settled: Settled) -> None:
    with settled():
        place_only(ann)

    assert [one.holds(endpoint.secret) for one in receiver.heard] == [True]


def place_only(merchant: Merchant) -> None:
    with in_merchant(merchant):
        record_orders([order_data()], connection_id=Connection.objects.get(kind=Connection.API).pk)


def test_the_log_holds_request_answer_and_time(ann: Merchant, endpoint: Told, receiver: Receiver) -> None:
    receiver.answers = [(202, {"X-Trace": "abc"}, b"taken " + b"x" * 5000)]
    place(ann)
    send()

    with in_merchant(ann):
        delivery, attempt = WebhookDelivery.objects.get(), WebhookAttempt.objects.get()
    assert (delivery.state, delivery.status, delivery.attempts, delivery.error) == ("done", 202, 1, "")
    assert delivery.body.encode() == receiver.heard[0].body
    assert (attempt.outcome, attempt.status, attempt.number, attempt.url) == ("delivered", 202, 1, receiver.url)
    sent = dict(attempt.request_headers)
    assert {name: sent[name] for name in ("webhook-id", "webhook-timestamp", "webhook-signature")} == {
        name: value for name, value in receiver.heard[0].headers.items() if name.startswith("webhook-")
    }
    assert ["X-Trace", "abc"] in attempt.response_headers
    assert (attempt.response_body[:8], len(attempt.response_body)) == ("taken xx", 2048)
    assert 0 <= attempt.took_ms < 5000


def test_an_answer_of_any_bytes_is_kept_as_text(ann: Merchant, endpoint: Told, receiver: Receiver) -> None:
    receiver.answers = [(200, {}, b"\xff\x00\xfe ok \xc3")]
    place(ann)
    send()

    with in_merchant(ann):
        assert WebhookAttempt.objects.get().response_body == "\ufffd\ufffd\ufffd ok \ufffd"


def test_a_test_event_is_sent_once_and_says_nothing_about_health(ann: Merchant, endpoint: Told, receiver: Receiver) -> None:
    receiver.answers = [500]
    with in_merchant(ann):
        row = outbox.try_out(endpoint.row)

    assert send() == 1

    said = receiver.heard[0].verified(endpoint.secret)
    assert (said["type"], said["data"]["test"]) == ("webhook.test", True)
    with in_merchant(ann):
        row.refresh_from_db()
    assert (row.state, row.status) == (Outbound.FAILED, 500)
    assert endpoint.again().failing_since is None


def test_a_merchants_address_that_leads_inside_is_not_called(ann: Merchant, endpoint: Told, receiver: Receiver, settings: Any) -> None:
    place(ann)
    settings.OUTBOUND_HOSTS = []

    send()

    assert receiver.heard == []
    with in_merchant(ann):
        delivery, attempt = WebhookDelivery.objects.get(), WebhookAttempt.objects.get()
    assert (delivery.state, attempt.outcome, attempt.status) == (Outbound.DUE, "blocked", None)
    assert "127.0.0.1" not in attempt.error
    assert attempt.response_body == ""


def test_a_secret_that_cannot_be_opened_is_listed_and_holds_up_nobody(ann: Merchant, endpoint: Told, receiver: Receiver) -> None:
    other = Told(ann, receiver.url + "/other")
    with in_merchant(ann):
        endpoint.row.secret_sealed = b"not ours"
        endpoint.row.save()
    place(ann)

    send()

    assert [one.path for one in receiver.heard] == ["/hooks/other"]
    assert receiver.heard[0].holds(other.secret)
    with in_merchant(ann):
        assert WebhookAttempt.objects.get(outcome="blocked").error == "Its secret cannot be read: rotate it."


def test_no_transaction_is_open_while_an_endpoint_is_called(ann: Merchant, endpoint: Told, receiver: Receiver) -> None:
    """The call is made in a thread that has no connection at all: asking the database there would open one."""
    place(ann)
    asked: list[str] = []

    def post(url: str, body: bytes, headers: Any) -> Any:
        asked.append(str(connection.connection))
        return deliver.http.Answer(200, [], b"")

    deliver.drain(post=post)

    assert asked == ["None"]


def test_a_removed_endpoint_is_told_nothing_and_has_no_secret_left(ann: Merchant, endpoint: Told, receiver: Receiver) -> None:
    place(ann)
    with in_merchant(ann):
        endpoints.remove(endpoint.again())
    place(ann)

    assert send() == 0
    assert receiver.heard == []
    row = endpoint.again()
    assert (row.state, row.secret_sealed, row.old_secret_sealed) == (EndpointState.OFF, None, None)
    with in_merchant(ann):
        assert list(WebhookDelivery.objects.values_list("state", flat=True)) == [Outbound.HELD]
