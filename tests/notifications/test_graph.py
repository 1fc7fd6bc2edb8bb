"""Flows with forks, waits for events, tags and tests, on real rows: every visit to a step has one decision."""

from datetime import timedelta
from typing import Any

import pytest

from notifications import awake, definition, flows, settle
from notifications.definition import BadFlow
from notifications.editing import publish
from notifications.models import Decision, Enrolment, Flow, FlowVersion, InFlight, Message, State
from orders.models import Customer, Order
from postpurchase.events.catalogue import (
    EstimateChanged,
    HealthOpened,
    OrderCancelled,
    OrderDelivered,
    OrderPlaced,
    OrderRefunded,
    ShipmentCreated,
)
from postpurchase.events.models import DomainEvent
from postpurchase.jobs import eager
from postpurchase.lib import clock
from postpurchase.lib.ids import uuid7
from tests.notifications.conftest import NOW
from tests.notifications.test_definition import ASKS, SEND
from tests.notifications.test_definition import flow as raw
from tracking.models import Shipment

pytestmark = pytest.mark.django_db

UNTIL = {"do": "until", "id": "u", "events": [{"event": "order.delivered"}], "days": 2, "next": "thanks", "timeout": "sorry"}
THANKS = {"do": "send", "id": "thanks", "template": "delivered", "next": ""}
SORRY = {"do": "send", "id": "sorry", "template": "delayed", "next": ""}


@pytest.fixture(autouse=True)
def quiet() -> Any:
    with eager.collected():
        yield


def live(*steps: dict[str, Any], **others: Any) -> Flow:
    Flow.objects.all().update(enabled=False)
    made = publish.create("Mine", "", raw(*steps, **others))
    publish.publish(made, revision=1)
    made.enabled = True
    made.save()
    return made


def decided() -> list[tuple[str, str, str]]:
    return list(Decision.objects.order_by("id").values_list("node", "verdict", "reason"))


def standing() -> tuple[str, str]:
    return Enrolment.objects.values_list("state", "node").get()


def test_what_is_waited_for_takes_the_one_way_and_time_the_other(order: Order, now: clock.Hands, ann_api: Any) -> None:
    live(UNTIL, THANKS, SORRY)

    flows.route([OrderPlaced(order_id=order.pk)])
    assert standing() == ("active", "u")
    assert not Message.objects.exists()
    flows.route([OrderDelivered(order_id=order.pk, at=NOW)])

    assert Message.objects.get().template == "delivered"
    assert decided() == [("u", "happened", "order.delivered")]


def test_the_time_out_is_taken_by_the_sweep_once(order: Order, now: clock.Hands) -> None:
    live(UNTIL, THANKS, SORRY)
    flows.route([OrderPlaced(order_id=order.pk)])

    assert awake.wake_portion(order.merchant_id) == 0
    now.advance(timedelta(days=2))
    assert [awake.wake_portion(order.merchant_id) for _ in range(2)] == [1, 0]

    assert Message.objects.get().template == "delayed"
    assert decided() == [("u", "timeout", "")]


def test_an_event_before_the_one_that_let_in_was_not_waited_for(order: Order) -> None:
    live(UNTIL, THANKS, SORRY)

    flows.route([OrderDelivered(order_id=order.pk, at=NOW), OrderPlaced(order_id=order.pk)])

    assert standing() == ("active", "u")


def test_a_cancelled_order_leaves_a_step_that_waits_and_says_why(order: Order) -> None:
    live(UNTIL, THANKS, SORRY, cancel_on=["order.cancelled"])
    flows.route([OrderPlaced(order_id=order.pk)])

    flows.route([OrderCancelled(order_id=order.pk)])

    assert standing()[0] == "left"
    assert decided() == [("u", "cancel", "order.cancelled")]


def test_an_estimate_that_moves_moves_what_waits_for_it(order: Order, parcel: Shipment, now: clock.Hands) -> None:
    wait = {"do": "wait", "id": "w", "days": 1, "anchor": "estimate", "before": True, "missing": {"days": 9, "next": ""}}
    live(wait, SEND)
    flows.route([OrderPlaced(order_id=order.pk)])
    unknown = Enrolment.objects.get().wake_at
    parcel.estimate_on = NOW.date() + timedelta(days=4)
    parcel.save()

    flows.route([EstimateChanged(order_id=order.pk, shipment_id=parcel.pk, was=None, now=parcel.estimate_on, slipped=False)])

    assert unknown == NOW + timedelta(days=9)
    assert Enrolment.objects.get().wake_at == NOW.replace(hour=23) + timedelta(days=2)  # midnight in Berlin, the day before


def test_tags_are_put_on_and_taken_off_and_the_team_is_told(order: Order) -> None:
    Customer.objects.update(tags=["new", "vip"])
    live({"do": "tag", "id": "t", "add": ["buyer"], "remove": ["new"]}, {"do": "tell", "id": "say", "to": "team", "text": "Look at it"})

    flows.route([OrderPlaced(order_id=order.pk)])

    assert Customer.objects.get().tags == ["buyer", "vip"]
    assert DomainEvent.objects.get(kind="flow.told_team").payload["text"] == "Look at it"
    assert standing()[0] == "finished"
    assert [one[:2] for one in decided()] == [("t", "tagged"), ("say", "told")]


def test_a_trigger_with_a_condition_lets_in_only_whom_it_holds_of(order: Order) -> None:
    live(SEND, triggers=[{"event": "order.placed", "when": ASKS | {"value": "JP"}}])

    flows.route([OrderPlaced(order_id=order.pk)])

    assert not Enrolment.objects.exists()


def test_the_same_person_waits_out_the_gap(order: Order, now: clock.Hands) -> None:
    live(SEND, person_gap_days=30)
    second = Order.objects.get(pk=order.pk)
    second.pk, second.external_id, second._state.adding = uuid7(), "second", True
    second.save()

    flows.route([OrderPlaced(order_id=order.pk), OrderPlaced(order_id=second.pk)])
    assert Enrolment.objects.count() == 1
    now.advance(timedelta(days=31))
    flows.route([OrderPlaced(order_id=second.pk)])

    assert Enrolment.objects.count() == 2


def test_after_a_message_the_flow_goes_on_and_the_last_one_ends_it(order: Order, now: clock.Hands) -> None:
    live(SEND, {"do": "wait", "id": "w", "days": 1, "anchor": "here"}, {"do": "send", "id": "second", "template": "out_for_delivery"})
    flows.route([OrderPlaced(order_id=order.pk)])
    first = Message.objects.get()
    Message.objects.update(state=State.SENT)

    now.advance(timedelta(hours=1))
    flows.move_on([first.pk])
    second = Message.objects.get(node="second")
    assert second.due_at == NOW + timedelta(days=1, hours=1)
    flows.move_on([second.pk])

    assert standing()[0] == "finished"


def test_drafts_are_kept_with_their_faults_and_published_without(order: Order) -> None:
    made = publish.create("Ask", "", raw(SEND))

    faults = publish.save_draft(made, raw(SEND | {"next": "gone"}), revision=1)
    with pytest.raises(publish.Stale):
        publish.save_draft(made, raw(SEND), revision=1)
    with pytest.raises(BadFlow, match="gone"):
        publish.publish(made, revision=2)

    assert [one.step for one in faults] == ["mail"]
    assert not FlowVersion.objects.filter(flow=made).exists()
    assert publish.save_draft(made, raw(SEND), revision=2) == []
    assert publish.publish(made, revision=3).number == 1
    assert publish.roll_back(made, 1).number == 2


@pytest.mark.parametrize(
    ("in_flight", "state", "due", "version"),
    [(InFlight.FINISH, "active", 3, 1), (InFlight.MIGRATE, "active", 5, 2), (InFlight.CANCEL, "left", None, 1)],
)
def test_those_in_flight_finish_go_on_in_the_new_version_or_leave(
    order: Order, in_flight: InFlight, state: str, due: int | None, version: int
) -> None:
    made = live({"do": "wait", "id": "w", "days": 3}, SEND)
    flows.route([OrderPlaced(order_id=order.pk)])
    longer = raw({"do": "wait", "id": "w", "days": 5}, SEND)
    publish.save_draft(made, longer, revision=made.draft_revision)
    assert publish.change(made, definition.read(longer)).at == {"mail": 1}

    publish.publish(made, revision=made.draft_revision, in_flight=in_flight)
    settle.settle(order.merchant_id)

    row = Enrolment.objects.select_related("version").get()
    waiting = list(Message.objects.filter(state=State.DUE).values_list("due_at", flat=True))
    assert (row.state, row.version.number) == (state, version)
    assert waiting == ([NOW + timedelta(days=due)] if due else [])
    assert settle.unsettled() == []


def test_who_goes_on_in_the_new_version_gets_what_it_sends(order: Order) -> None:
    made = live({"do": "wait", "id": "w", "days": 3}, SEND)
    flows.route([OrderPlaced(order_id=order.pk)])
    publish.save_draft(
        made, raw({"do": "wait", "id": "w", "days": 3}, SEND | {"template": "delayed", "priority": 8}), revision=made.draft_revision
    )

    publish.publish(made, revision=made.draft_revision, in_flight=InFlight.MIGRATE)
    settle.settle(order.merchant_id)

    assert list(Message.objects.values_list("template", "priority", "due_at")) == [("delayed", 8, NOW + timedelta(days=3))]


def test_what_happens_to_another_parcel_ends_only_that_parcels_flow(order: Order, ann_api: Any) -> None:
    wait = {"do": "wait", "id": "w", "days": 3}
    live(wait, SEND, key="shipment", triggers=[{"event": "shipment.created"}], cancel_on=["shipment.health_opened"])
    parcels = [Shipment.objects.create(order=order, connection=ann_api, carrier="dhl", number=str(n)) for n in range(2)]
    flows.route([ShipmentCreated(order_id=order.pk, shipment_id=one.pk) for one in parcels])

    flows.route([HealthOpened(order_id=order.pk, shipment_id=parcels[0].pk, flag="stalled")])

    assert dict(Enrolment.objects.values_list("shipment", "state")) == {parcels[0].pk: "left", parcels[1].pk: "active"}


def test_a_message_that_went_is_not_sent_again_where_an_edited_flow_leads_to_it_once_more(order: Order) -> None:
    made = live(SEND, {"do": "wait", "id": "w", "days": 1}, {"do": "send", "id": "second", "template": "out_for_delivery"})
    flows.route([OrderPlaced(order_id=order.pk)])
    message = Message.objects.get()
    Decision.objects.create(enrolment=message.enrolment, node="mail", message=message, verdict="send")
    flows.move_on([message.pk])
    swapped = raw({"do": "send", "id": "second", "template": "out_for_delivery"}, {"do": "wait", "id": "w", "days": 1}, SEND)
    publish.save_draft(made, swapped, revision=made.draft_revision)
    publish.publish(made, revision=made.draft_revision, in_flight=InFlight.MIGRATE)
    settle.settle(order.merchant_id)

    flows.move_on([Message.objects.get(node="second").pk])

    assert Message.objects.count() == 2
    assert standing()[0] == "finished"


def test_a_refund_ends_a_flow_that_it_ends(order: Order) -> None:
    live({"do": "wait", "id": "w", "days": 3}, SEND, cancel_on=["order.refunded"])
    flows.route([OrderPlaced(order_id=order.pk)])

    flows.route([OrderRefunded(order_id=order.pk, refund_id=uuid7(), full=True)])

    assert decided()[-1] == ("mail", "cancel", "order.refunded")


def test_moving_on_costs_the_same_for_one_and_for_twenty(order: Order, django_assert_max_num_queries: Any, ann_api: Any) -> None:
    live(UNTIL, THANKS, SORRY, key="shipment", triggers=[{"event": "shipment.created"}])
    parcels = [Shipment.objects.create(order=order, connection=ann_api, carrier="dhl", number=str(n)) for n in range(20)]
    flows.route([ShipmentCreated(order_id=order.pk, shipment_id=one.pk) for one in parcels])

    with django_assert_max_num_queries(14):
        flows.route([OrderDelivered(order_id=order.pk, at=NOW)])

    assert Message.objects.filter(template="delivered").count() == 20
