"""Facts start flows and end them, once each."""

from datetime import timedelta
from typing import Any

import pytest

from notifications import definition, flows
from notifications.definition import BadFlow
from notifications.library.purchase import CONFIRMATION
from notifications.models import Decision, Enrolment, Flow, Message, State
from orders.models import Order
from postpurchase.events.catalogue import (
    EstimateChanged,
    HealthOpened,
    OrderCancelled,
    OrderDelivered,
    OrderPlaced,
    OrderRefunded,
    OrderRefundedWhole,
    ShipmentCreated,
    ShipmentMoved,
)  # fmt: skip
from postpurchase.jobs import eager
from postpurchase.lib.ids import uuid7
from tests.notifications.conftest import NOW
from tracking.models import Shipment

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def quiet() -> Any:
    with eager.collected():
        yield


def planned() -> list[str]:
    return list(Message.objects.filter(state=State.DUE).order_by("id").values_list("template", flat=True))


def inside() -> set[str]:
    return set(Enrolment.objects.filter(state=Enrolment.ACTIVE).values_list("flow__key", flat=True))


def moved(parcel: Shipment, new: str, *, at: Any = NOW) -> ShipmentMoved:
    return ShipmentMoved(order_id=parcel.order_id, shipment_id=parcel.pk, old="in_transit", new=new, substatus="", at=at)


def test_a_fact_told_twice_plans_one_message(order: Order) -> None:
    flows.route([OrderPlaced(order_id=order.pk), OrderPlaced(order_id=order.pk)])
    flows.route([OrderPlaced(order_id=order.pk)])

    assert planned() == ["confirmation"]
    assert Message.objects.get().due_at == NOW


def test_each_parcel_of_an_order_has_messages_of_its_own(order: Order, parcel: Shipment, ann_api: Any) -> None:
    other = Shipment.objects.create(order=order, connection=ann_api, carrier="dhl", number="2")

    flows.route([ShipmentCreated(order_id=order.pk, shipment_id=one.pk) for one in (parcel, other)])

    assert planned() == ["shipped", "shipped"]


def test_only_the_named_states_start_a_flow(order: Order, parcel: Shipment) -> None:
    flows.route([moved(parcel, "exception"), moved(parcel, "out_for_delivery"), moved(parcel, "delivered")])

    assert planned() == ["out_for_delivery", "delivered"]


def test_a_switched_off_flow_starts_nothing(order: Order) -> None:
    Flow.objects.filter(key="confirmation").update(enabled=False)

    flows.route([OrderPlaced(order_id=order.pk)])

    assert planned() == []


def test_a_slip_or_a_stall_starts_one_delay_notice_held_for_half_an_hour(order: Order, parcel: Shipment) -> None:
    slip = EstimateChanged(order_id=order.pk, shipment_id=parcel.pk, was=None, now=NOW.date(), slipped=True)
    early = EstimateChanged(order_id=order.pk, shipment_id=parcel.pk, was=None, now=NOW.date(), slipped=False)

    flows.route([early])
    assert planned() == []
    flows.route([slip, HealthOpened(order_id=order.pk, shipment_id=parcel.pk, flag="stalled")])

    assert planned() == ["delayed"]
    assert Message.objects.get().due_at == NOW + timedelta(minutes=30)


def test_follow_up_waits_three_days_and_the_review_the_days_of_use_until_ten_oclock(order: Order) -> None:
    Order.objects.filter(pk=order.pk).update(delivered_at=NOW)
    order.lines.update(use_days=None)
    order.lines.filter(position=order.lines.order_by("position")[0].position).update(use_days=21)

    flows.route([OrderDelivered(order_id=order.pk, at=NOW)])

    due = dict(Message.objects.values_list("template", "due_at"))
    assert due["follow_up"] == (NOW + timedelta(days=3)).replace(hour=9)  # 10:00 in Berlin
    assert due["review_request"] == (NOW + timedelta(days=21)).replace(hour=9)


def test_an_order_imported_long_after_is_too_late_to_confirm(order: Order) -> None:
    Order.objects.filter(pk=order.pk).update(placed_at=NOW - timedelta(days=30))

    flows.route([OrderPlaced(order_id=order.pk)])

    assert Message.objects.get().expires_at < NOW


def test_a_cancellation_ends_what_is_planned_with_its_reason(order: Order) -> None:
    flows.route([OrderPlaced(order_id=order.pk), OrderDelivered(order_id=order.pk, at=NOW)])

    flows.route([OrderCancelled(order_id=order.pk)])

    assert planned() == []
    assert set(Message.objects.values_list("state", "reason")) == {(State.CANCELLED, "order.cancelled")}
    assert set(Enrolment.objects.values_list("state", flat=True)) == {Enrolment.LEFT}
    assert set(Decision.objects.values_list("verdict", "reason")) == {("cancel", "order.cancelled")}


def test_a_whole_refund_ends_the_questions_and_leaves_the_news(order: Order) -> None:
    flows.route([OrderPlaced(order_id=order.pk), OrderDelivered(order_id=order.pk, at=NOW)])

    flows.route([OrderRefunded(order_id=order.pk, refund_id=uuid7(), full=False)])
    after_a_part = inside()
    flows.route([OrderRefunded(order_id=order.pk, refund_id=uuid7(), full=True), OrderRefundedWhole(order_id=order.pk)])

    assert {"follow-up", "review-request"} <= after_a_part
    assert not {"follow-up", "review-request"} & inside()
    assert planned() == ["confirmation", "refunded"]


def test_a_fact_about_no_order_starts_nothing(order: Order, parcel: Shipment) -> None:
    flows.route([ShipmentMoved(order_id=None, shipment_id=parcel.pk, old="", new="delivered", substatus="", at=NOW)])

    assert planned() == []


def test_routing_costs_the_same_for_one_fact_and_for_twenty(order: Order, ann_api: Any, django_assert_max_num_queries: Any) -> None:
    parcels = [Shipment.objects.create(order=order, connection=ann_api, carrier="dhl", number=str(n)) for n in range(20)]
    flows.route([OrderPlaced(order_id=order.pk)])

    with django_assert_max_num_queries(14):  # four of them for the order, which has waited to be shipped
        flows.route([ShipmentCreated(order_id=order.pk, shipment_id=one.pk) for one in parcels])

    assert planned().count("shipped") == 20


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"triggers": [{"event": "order.teleported"}]}, "order.teleported"),
        ({"cancel_on": ["never"]}, "never"),
        ({"steps": [{"do": "send", "id": "a", "template": "x"}, {"do": "send", "id": "a", "template": "y"}]}, "a"),
        ({"steps": [{"do": "wait", "id": "w", "at": "25:00"}]}, r"steps\[0\]\.at"),
        ({"steps": [{"do": "dance", "id": "w"}]}, "dance"),
        ({"steps": []}, "steps"),
    ],
)
def test_a_flow_that_cannot_run_is_refused_and_the_fault_named(change: dict[str, Any], said: str) -> None:
    good = definition.stored(CONFIRMATION)

    with pytest.raises(BadFlow, match=said):
        definition.read(good | change)
