"""Endpoints, their secrets and their log over the API; the calls go to a real server on this machine."""

from datetime import timedelta
from typing import Any

import pytest
from django.db import connection

from api.v1.docs import contract
from integrations.models import IdempotencyRecord, Outbound, WebhookDelivery, WebhookEndpoint
from integrations.webhooks import deliver, endpoints
from postpurchase.lib import clock, ids
from postpurchase.lib.ids import uuid7
from postpurchase.tenancy.models import Merchant
from postpurchase.tenancy.scope import in_merchant
from tests.api.conftest import Caller, hire_key, order
from tests.webhooks.conftest import relay
from tests.webhooks.receiver import Receiver

pytestmark = pytest.mark.django_db
URL = "https://example.com/hooks"


def fields(shape: str) -> set[str]:
    return set(contract()["components"]["schemas"][shape]["properties"])


def change(caller: Caller, path: str, body: str) -> Any:
    return caller.client.patch(f"/api/v1/{path}", body, content_type="application/json")


def test_an_endpoint_is_added_read_changed_and_removed(ann: Merchant, caller: Caller) -> None:
    made = caller.post("webhooks", {"url": "https://EXAMPLE.com/hooks", "events": ["shipment.moved", "order.placed"], "label": "Stock"})
    assert made.status_code == 201
    told = made.json()
    assert (told["url"], told["events"], told["label"], told["state"], told["live"]) == (
        URL,
        ["order.placed", "shipment.moved"],
        "Stock",
        "on",
        True,
    )
    assert told["secret"].startswith("whsec_")
    assert set(told) == fields("WebhookMade")
    path = f"webhooks/{told['id']}"

    assert caller.get(path).json() == {name: value for name, value in told.items() if name != "secret"}
    assert caller.get("webhooks").json()["data"] == [caller.get(path).json()]
    changed = change(caller, path, '{"events": [], "enabled": false}').json()
    assert (changed["events"], changed["label"], changed["state"]) == ([], "Stock", "off")
    assert change(caller, path, '{"enabled": true}').json()["state"] == "on"
    assert caller.client.delete(f"/api/v1/{path}").status_code == 204

    assert caller.get(path).status_code == 404
    assert caller.get("webhooks").json()["data"] == []


@pytest.mark.parametrize(
    ("body", "pointer", "said"),
    [
        ({"url": "http://example.com/"}, "/url", "must start with https://"),
        ({"url": "https://169.254.169.254/"}, "/url", "not on the public internet"),
        ({"url": "https://localhost/"}, "/url", "not on the public internet"),
        ({"url": "https://user:word@example.com/"}, "/url", "Leave out what stands before the @"),
        ({"url": URL, "events": ["order.eaten"]}, "/events", "order.eaten is not an event that is sent"),
        ({"url": URL, "events": ["merchant.opened"]}, "/events", "merchant.opened is not an event that is sent"),
        ({"url": URL, "label": "x" * 81}, "/label", "at most 80 characters"),
        ({"url": URL, "secret": "whsec_mine"}, "/secret", "is not a field here"),
        ({}, "/url", "is required"),
    ],
)
def test_what_does_not_fit_is_refused_by_field(ann: Merchant, caller: Caller, body: Any, pointer: str, said: str) -> None:
    refused = caller.post("webhooks", body)

    assert refused.status_code == 422
    (error,) = refused.json()["errors"]
    assert error["pointer"] == pointer
    assert said in error["message"]
    with in_merchant(ann):
        assert not WebhookEndpoint.objects.exists()


def test_the_same_address_twice_and_too_many_are_refused(ann: Merchant, caller: Caller) -> None:
    for n in range(endpoints.MOST):
        assert caller.post("webhooks", {"url": f"{URL}/{n}"}).status_code == 201

    assert "already" in caller.post("webhooks", {"url": f"{URL}/0"}).json()["errors"][0]["message"]
    assert "There are 20 endpoints already" in caller.post("webhooks", {"url": f"{URL}/new"}).json()["errors"][0]["message"]


def test_a_bad_change_changes_nothing(ann: Merchant, caller: Caller) -> None:
    path = f"webhooks/{caller.post('webhooks', {'url': URL}).json()['id']}"
    before = caller.get(path).json()

    for body in ('{"url": "https://10.0.0.1/"}', '{"enabled": "no"}', '{"events": ["x"], "enabled": false}', "{", '{"live": false}'):
        assert change(caller, path, body).status_code in (400, 422)

    assert caller.get(path).json() == before


def test_live_and_test_keys_see_endpoints_of_their_own_world(caller: Caller, tester: Caller) -> None:
    live, test = (one.post("webhooks", {"url": URL}).json()["id"] for one in (caller, tester))

    assert [one["id"] for one in caller.get("webhooks").json()["data"]] == [live]
    assert [one["id"] for one in tester.get("webhooks").json()["data"]] == [test]
    assert caller.get(f"webhooks/{test}").status_code == 404
    assert tester.client.delete(f"/api/v1/webhooks/{live}").status_code == 404


def test_a_key_needs_the_scopes(ann: Merchant) -> None:
    reader, other = hire_key(ann, scopes=("webhooks:read",)), hire_key(ann, scopes=("orders:read",))
    made = hire_key(ann).post("webhooks", {"url": URL}).json()["id"]

    assert reader.get("webhooks").status_code == 200
    assert other.get("webhooks").status_code == 403
    for act in ("secret", "test", "replay"):
        assert reader.post(f"webhooks/{made}/{act}", {}).status_code == 403
    assert reader.post("webhooks", {"url": URL}).status_code == 403
    assert change(reader, f"webhooks/{made}", "{}").status_code == 403
    assert reader.client.delete(f"/api/v1/webhooks/{made}").status_code == 403
    with in_merchant(ann):
        assert WebhookEndpoint.objects.get().removed_at is None


def test_while_a_secret_is_rotated_both_sign(ann: Merchant, caller: Caller, receiver: Receiver) -> None:
    made = caller.post("webhooks", {"url": receiver.url}).json()
    told = caller.post(f"webhooks/{made['id']}/secret", {}).json()
    assert told["secret"] != made["secret"]
    assert told["old_secret_until"] is not None
    caller.post(f"webhooks/{made['id']}/test", {})
    deliver.drain()

    assert receiver.heard[-1].holds(made["secret"])
    assert receiver.heard[-1].holds(told["secret"])
    with in_merchant(ann):
        WebhookEndpoint.objects.update(old_secret_until=clock.machine_now() - timedelta(seconds=1))
    assert caller.get(f"webhooks/{made['id']}").json()["old_secret_until"] is None
    caller.post(f"webhooks/{made['id']}/test", {})
    deliver.drain()

    assert not receiver.heard[-1].holds(made["secret"])
    assert receiver.heard[-1].holds(told["secret"])
    newest = caller.post(f"webhooks/{made['id']}/secret", {"end_old": True}).json()
    caller.post(f"webhooks/{made['id']}/test", {})
    deliver.drain()
    assert [receiver.heard[-1].holds(secret) for secret in (told["secret"], newest["secret"])] == [False, True]


def test_a_secret_is_shown_once_and_stands_nowhere_in_clear(ann: Merchant, caller: Caller) -> None:
    made = caller.post("webhooks", {"url": URL}, Idempotency_Key="one")
    secret = made.json()["secret"]
    again = caller.post("webhooks", {"url": URL}, Idempotency_Key="one")
    assert (again.content, again["Idempotency-Replayed"]) == (made.content, "true")
    rotated = caller.post(f"webhooks/{made.json()['id']}/secret", {}, Idempotency_Key="two").json()["secret"]

    with in_merchant(ann), connection.cursor() as cursor:
        assert IdempotencyRecord.objects.filter(sealed=True).count() == 2
        for table in (
            "integrations_idempotencyrecord",
            "integrations_webhookendpoint",
            "integrations_webhookdelivery",
            "events_domainevent",
        ):
            cursor.execute(f"SELECT coalesce(string_agg(t::text, ' '), '') FROM {table} t")
            text = cursor.fetchone()[0]
            for one in (secret, rotated):
                assert one not in text
                assert one.encode().hex() not in text


def test_an_order_is_told_and_its_delivery_can_be_read_and_replayed(ann: Merchant, caller: Caller, receiver: Receiver) -> None:
    receiver.answers = [(503, {"X-Sorry": "yes"}, b"later"), 200]
    made = caller.post("webhooks", {"url": receiver.url}).json()
    caller.post("orders", order())
    relay(ann)
    deliver.drain()

    (listed,) = caller.get(f"webhooks/{made['id']}/deliveries").json()["data"]
    assert set(listed) == fields("WebhookDelivery")
    assert (listed["state"], listed["status"], listed["attempts"], listed["type"]) == ("due", 503, 1, "order.placed")
    assert listed["event_id"] == receiver.heard[0].id == caller.get("events").json()["data"][0]["id"]
    detail = caller.get(f"webhook-deliveries/{listed['id']}").json()
    assert set(detail) == fields("WebhookDeliveryDetail")
    assert detail["body"].encode() == receiver.heard[0].body
    (tried,) = detail["tried"]
    assert (tried["outcome"], tried["status"], tried["response_body"]) == ("answered", 503, "later")
    assert ["X-Sorry", "yes"] in tried["response_headers"]
    assert caller.post(f"webhook-deliveries/{listed['id']}/replay", {}).status_code == 409  # it is waiting anyway

    with in_merchant(ann):
        WebhookDelivery.objects.update(state=Outbound.FAILED)
    assert caller.post(f"webhook-deliveries/{listed['id']}/replay", {}).json()["state"] == "due"
    deliver.drain()

    assert caller.get(f"webhook-deliveries/{listed['id']}").json()["state"] == "done"
    assert receiver.heard[0].id == receiver.heard[1].id


def test_a_range_is_replayed_and_says_how_many(ann: Merchant, caller: Caller) -> None:
    made = caller.post("webhooks", {"url": URL}).json()["id"]
    with in_merchant(ann):
        row = WebhookEndpoint.objects.get()
        for state in (Outbound.DONE, Outbound.FAILED, Outbound.HELD):
            WebhookDelivery.objects.create(endpoint=row, event_id=uuid7(), kind="order.placed", body="{}", state=state)
    now = clock.business_now()
    span = {"since": (now - timedelta(hours=1)).isoformat(), "until": (now + timedelta(hours=1)).isoformat()}

    assert (
        caller.post(f"webhooks/{made}/replay", {"since": span["until"], "until": span["since"]}).json()["errors"][0]["pointer"] == "/until"
    )
    assert caller.post(f"webhooks/{made}/replay", {"since": span["since"]}).status_code == 422
    assert caller.post(f"webhooks/{made}/replay", span).json() == {"deliveries": 2}
    assert caller.post(f"webhooks/{made}/replay", span | {"what": "all"}).json() == {"deliveries": 1}
    assert caller.post(f"webhooks/{made}/replay", span | {"what": "all"}).json() == {"deliveries": 0}
    change(caller, f"webhooks/{made}", '{"enabled": false}')
    assert caller.post(f"webhooks/{made}/replay", span).status_code == 409
    assert caller.post(f"webhooks/{made}/test", {}).status_code == 409


def test_the_log_is_paged_and_filtered_in_a_fixed_number_of_queries(ann: Merchant, caller: Caller, django_assert_num_queries: Any) -> None:
    made = caller.post("webhooks", {"url": URL}).json()["id"]
    path = f"webhooks/{made}/deliveries"
    caller.get(path)  # notes that the key is in use
    counts = []
    for wanted in (3, 60):
        with in_merchant(ann):
            row = WebhookEndpoint.objects.get()
            missing = wanted - WebhookDelivery.objects.count()
            WebhookDelivery.objects.bulk_create(
                WebhookDelivery(endpoint=row, event_id=uuid7(), kind="order.placed", body="{}", state="failed" if n % 3 else "done")
                for n in range(missing)
            )
        with django_assert_num_queries(7) as queries:
            caller.get(path, {"limit": "100"})
        counts.append(len(queries))
    assert counts[0] == counts[1]

    seen, cursor = [], ""
    while True:
        page = caller.get(path, {"limit": "25"} | ({"cursor": cursor} if cursor else {})).json()
        seen += [one["id"] for one in page["data"]]
        cursor = page["next_cursor"]
        if not cursor:
            break
    assert len(seen) == len(set(seen)) == 60
    assert len(caller.get(path, {"state": "done", "limit": "100"}).json()["data"]) == 20
    assert caller.get(path, {"state": "lost"}).status_code == 400
    assert caller.get(path, {"type": "order.changed"}).json()["data"] == []


def test_ids_of_another_shop_are_404(ann: Merchant, bob: Merchant, caller: Caller) -> None:
    with in_merchant(bob):
        row, _ = endpoints.add(URL)
        delivery = WebhookDelivery.objects.create(endpoint=row, event_id=uuid7(), kind="order.placed", body="{}", state="failed")
    hook, one = ids.to_public("whe", row.pk), ids.to_public("whd", delivery.pk)

    for path in (f"webhooks/{hook}", f"webhooks/{hook}/deliveries", f"webhook-deliveries/{one}"):
        assert caller.get(path).status_code == 404
    for path in (f"webhooks/{hook}/secret", f"webhooks/{hook}/test", f"webhook-deliveries/{one}/replay"):
        assert caller.post(path, {}).status_code == 404
    with in_merchant(bob):
        delivery.refresh_from_db()
        assert delivery.state == Outbound.FAILED
