"""Shipments, scans, customers, messages and events by the API."""

from datetime import UTC, datetime
from typing import Any

import pytest

from api.v1 import show
from notifications.models import Decision, Enrolment, Flow, FlowVersion, Message
from orders.models import Order
from postpurchase.events import bus
from postpurchase.events.catalogue import FACTS, LinkAsked
from postpurchase.lib.ids import to_public
from postpurchase.tenancy.models import Merchant
from postpurchase.tenancy.scope import in_merchant
from tests.api.conftest import Caller, order

pytestmark = pytest.mark.django_db
NUMBER = "00340434161094042557"
LINES = [{"line_external_id": "1", "quantity": 1}]
PARCEL = {"external_id": "p1", "order_external_id": "1043", "carrier": "dhl", "number": NUMBER, "lines": LINES}
SCAN = {"shipment_external_id": "p1", "occurred_at": "2026-03-04T08:00:00+01:00", "status": "out_for_delivery", "text": "In the van"}


@pytest.fixture
def parcel(caller: Caller) -> str:
    caller.post("orders", order())
    made = caller.post("shipments", PARCEL)
    assert (made.status_code, made.json()["outcome"]) == (201, "created")
    found: str = made.json()["id"]
    return found


def test_a_parcel_is_read_with_its_lines_carriers_and_scans(caller: Caller, parcel: str) -> None:
    told = caller.post("scans", SCAN)
    repeat = caller.post("scans", SCAN)

    assert (told.status_code, told.json()["outcome"], told.json()["id"]) == (201, "created", parcel)
    assert (repeat.status_code, repeat.json()["outcome"]) == (200, "unchanged")
    read = caller.get(f"shipments/{parcel}").json()
    assert (read["status"], read["number"], read["carrier"], read["external_id"]) == ("out_for_delivery", NUMBER, "dhl", "p1")
    assert [line["quantity"] for line in read["lines"]] == [1]
    assert read["legs"] == [{"carrier": "dhl", "number": NUMBER}]
    assert [(scan["occurred_at"], scan["text"]) for scan in read["scans"]] == [("2026-03-04T07:00:00Z", "In the van")]
    assert caller.get(f"orders/{read['order_id']}").json()["shipments"][0]["id"] == parcel


def test_a_scan_without_a_zone_is_never_shown_as_an_instant(caller: Caller, parcel: str) -> None:
    caller.post("scans", {"shipment_external_id": "p1", "local_time": "2026-03-04T08:00:00", "status": "in_transit"})

    (scan,) = caller.get(f"shipments/{parcel}").json()["scans"]

    assert (scan["occurred_at"], scan["local_time"]) == (None, "2026-03-04T08:00:00")


def test_many_scans_answer_each_in_its_place(caller: Caller, parcel: str) -> None:
    lost = SCAN | {"shipment_external_id": "nobody's"}

    results = caller.post("scans", {"scans": [SCAN, lost, SCAN | {"occurred_at": "soon"}, SCAN]}).json()["results"]

    assert [result["outcome"] for result in results] == ["created", "refused", "refused", "unchanged"]
    assert results[1]["errors"] == [{"pointer": "/shipment_external_id", "message": "there is no shipment nobody's: record it first"}]
    assert results[2]["errors"][0]["pointer"] == "/occurred_at"


def test_a_parcel_of_an_unknown_order_is_refused_by_name(caller: Caller) -> None:
    answer = caller.post("shipments", PARCEL | {"order_external_id": "nobody's"})

    assert answer.status_code == 422
    assert answer.json()["errors"] == [{"pointer": "/order_external_id", "message": "there is no order nobody's: record it first"}]


def test_a_test_key_does_not_reach_the_parcels_of_live_orders(caller: Caller, tester: Caller, parcel: str) -> None:
    assert tester.post("shipments", PARCEL).status_code == 422
    assert tester.post("scans", SCAN).status_code == 422
    assert tester.get(f"shipments/{parcel}").status_code == 404
    assert tester.get("shipments").json()["data"] == []
    assert [row["id"] for row in caller.get("shipments").json()["data"]] == [parcel]


def test_parcels_are_found_by_order_number_and_status(caller: Caller, parcel: str) -> None:
    order_id = caller.get(f"shipments/{parcel}").json()["order_id"]

    def found(**query: str) -> int:
        return len(caller.get("shipments", query).json()["data"])

    assert (found(order=order_id), found(order="ord_" + "0" * 26)) == (1, 0)
    assert (found(number=f" {NUMBER[:4]} {NUMBER[4:]}"), found(number="x")) == (1, 0)
    assert (found(status="pending"), found(status="delivered")) == (1, 0)


def test_customers_are_read_and_found_by_email(caller: Caller, tester: Caller) -> None:
    caller.post("orders", order())
    (row,) = caller.get("customers", {"email": "MIA.berg@example.com"}).json()["data"]

    assert (row["email"], row["first_name"]) == ("mia.berg@example.com", "Mia")
    assert caller.get(f"customers/{row['id']}").json() == row
    assert caller.get("customers", {"email": "x@example.com"}).json()["data"] == []
    assert tester.get("customers").json()["data"] == []
    assert tester.get(f"customers/{row['id']}").status_code == 404


def test_events_tell_the_story_in_order_with_public_ids(caller: Caller, tester: Caller, parcel: str) -> None:
    caller.post("scans", SCAN)

    events = [event for event in caller.get("events").json()["data"] if event["order_id"] and "health" not in event["kind"]]

    order_id = caller.get(f"shipments/{parcel}").json()["order_id"]
    assert [event["kind"] for event in events] == ["order.placed", "shipment.created", "shipment.moved"]
    assert {event["order_id"] for event in events} == {order_id}
    assert [event["subject"] for event in events] == [order_id, parcel, parcel]
    assert events[2]["data"]["new"] == "out_for_delivery"
    assert events[2]["data"]["shipment_id"] == parcel
    later = [event["id"] for event in caller.get("events", {"after": events[0]["id"]}).json()["data"]]
    assert events[0]["id"] not in later
    assert {event["id"] for event in events[1:]} <= set(later)
    created = caller.get("events", {"kind": "shipment.created", "order": order_id}).json()["data"]
    assert [event["id"] for event in created] == [events[1]["id"]]
    assert tester.get("events").json()["data"] == []


def test_a_look_up_is_told_of_the_order_it_found_or_else_of_the_shop(ann: Merchant, caller: Caller) -> None:
    order_id = caller.post("orders", order()).json()["id"]
    with in_merchant(ann):
        found = Order.objects.get().pk
        bus.publish_all([LinkAsked(merchant_id=ann.pk, order_id=found), LinkAsked(merchant_id=ann.pk, order_id=None)])

    events = caller.get("events", {"kind": "portal.link_asked"}).json()["data"]

    shop = to_public("mer", ann.pk)
    assert [(event["subject"], event["order_id"]) for event in events] == [(order_id, order_id), (shop, None)]
    assert [event["data"] for event in events] == [{"merchant_id": shop, "order_id": order_id}, {"merchant_id": shop, "order_id": None}]


def test_every_kind_of_event_has_a_subject_that_can_be_shown() -> None:
    assert {kind.partition(".")[0] for kind in FACTS} <= set(show.PREFIX)


def message(merchant: Merchant, **changes: Any) -> Message:
    with in_merchant(merchant):
        flow = Flow.objects.create(key="confirm", name="Confirmation")
        version = FlowVersion.objects.create(flow=flow, number=1, definition={})
        order = Order.objects.get()
        at = datetime(2026, 3, 2, 9, 30, tzinfo=UTC)
        enrolment = Enrolment.objects.create(flow=flow, version=version, subject=order.pk, order=order, trigger_at=at)
        values: dict[str, Any] = {
            "template": "confirmation",
            "stream": "transactional",
            "to_address": "mia.berg@example.com",
            "dedupe_key": "k",
        }
        found = Message.objects.create(enrolment=enrolment, flow=flow, order=order, due_at=at, **values | changes)
        checks = [{"check": "a"}]
        Decision.objects.create(enrolment=enrolment, node="send", message=found, verdict="skip", reason="suppressed", checks=checks)
    return found


def test_messages_are_listed_and_one_says_why(ann: Merchant, caller: Caller, tester: Caller) -> None:
    caller.post("orders", order())
    message(ann, state="skipped", reason="suppressed")

    (row,) = caller.get("messages", {"state": "skipped"}).json()["data"]

    assert (row["to"], row["template"], row["reason"]) == ("mia.berg@example.com", "confirmation", "suppressed")
    read = caller.get(f"messages/{row['id']}").json()
    assert [(made["verdict"], made["reason"], made["checks"]) for made in read["decisions"]] == [("skip", "suppressed", [{"check": "a"}])]
    assert caller.get("messages", {"state": "sent"}).json()["data"] == []
    assert len(caller.get("messages", {"order": row["order_id"]}).json()["data"]) == 1
    assert tester.get(f"messages/{row['id']}").status_code == 404
