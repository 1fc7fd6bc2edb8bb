"""Between flows: what leaves now, what waits and until when, and what goes as one."""

from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from notifications import consent, flows, quiet
from notifications.arbiter import next_slot
from notifications.models import Decision, Flow, Message, MessagingRules, State
from orders.models import Order
from postpurchase.embedded.mailbox import Mailbox
from postpurchase.events.bus import publish
from postpurchase.events.catalogue import OrderCancelled, OrderPlaced, ShipmentCreated
from postpurchase.jobs import eager
from postpurchase.lib import clock
from postpurchase.lib.ids import uuid7
from tests.notifications.conftest import NOW, send
from tests.notifications.test_definition import SEND
from tests.notifications.test_graph import live
from tracking.models import Shipment

pytestmark = pytest.mark.django_db

OFFER = {"do": "send", "id": "offer", "template": "review_request", "next": ""}
BERLIN = ZoneInfo("Europe/Berlin")
NIGHT = NOW.replace(hour=22)  # 23:00 in Berlin


@pytest.fixture(autouse=True)
def collected() -> Any:
    with eager.collected():
        yield


def offers(order: Order, *priorities: int, **step: Any) -> None:
    """Marketing to the order's shopper, due now, one for each priority."""
    consent.record(order.email, given=True, source="test")
    for priority in priorities:
        live(OFFER | {"priority": priority} | step, stream="marketing")
        flows.route([OrderPlaced(order_id=order.pk)])
    Flow.objects.filter(key__startswith="mine").update(enabled=True)


def states() -> list[tuple[int, str, list[str]]]:
    rows = Message.objects.order_by("id").values_list("priority", "state", "put_off")
    return [(priority, state, [one["why"] for one in put_off]) for priority, state, put_off in rows]


def another(order: Order) -> Order:
    made = Order.objects.get(pk=order.pk)
    made.pk, made.external_id, made._state.adding = uuid7(), str(uuid7()), True
    made.save()
    return made


def test_a_full_bucket_puts_the_less_urgent_off_with_its_reason(box: Mailbox, order: Order) -> None:
    MessagingRules.objects.create(cap=2, cap_days=4)
    offers(order, 1, 9, 5)

    send(box)

    assert states() == [(1, State.DUE, ["cap"]), (9, State.SENT, []), (5, State.SENT, [])]
    assert Message.objects.get(priority=1).due_at == NOW + timedelta(days=2)


def test_a_message_that_is_tried_again_does_not_stand_in_its_own_way(box: Mailbox, order: Order) -> None:
    MessagingRules.objects.create(cap=1, cap_days=7)
    offers(order, 5)
    Message.objects.update(slot_at=NOW - timedelta(minutes=5))  # the server said later

    send(box)

    assert states() == [(5, State.SENT, [])]


def test_a_free_slot_is_left_to_what_is_more_urgent_and_due(box: Mailbox, order: Order) -> None:
    MessagingRules.objects.create(cap=1, cap_days=1)
    offers(order, 1, 9)

    send(box, batch=1)

    assert {state for priority, state, _ in states() if priority == 9} == {State.SENT}
    assert {state for priority, state, _ in states() if priority == 1} == {State.DUE}


def test_what_was_put_off_goes_when_its_slot_is_free(box: Mailbox, order: Order, now: clock.Hands) -> None:
    MessagingRules.objects.create(cap=1, cap_days=2)
    offers(order, 5, 4)
    send(box)

    now.advance(timedelta(days=2))
    send(box)

    assert [state for _, state, _ in states()] == [State.SENT, State.SENT]
    assert Decision.objects.filter(verdict="send").count() == 2


def test_order_messages_take_no_slot_and_need_none(box: Mailbox, order: Order) -> None:
    MessagingRules.objects.create(cap=1, cap_days=7)
    offers(order, 5)
    live(SEND | {"template": "confirmation"})
    flows.route([OrderPlaced(order_id=order.pk)])
    Flow.objects.filter(key__startswith="mine").update(enabled=True)

    send(box)

    assert [state for _, state, _ in states()] == [State.SENT, State.SENT]
    assert Message.objects.filter(slot_at=None).get().template == "confirmation"


def test_marketing_waits_out_the_night_and_order_messages_do_not(box: Mailbox, order: Order, now: clock.Hands) -> None:
    now.move_to(NIGHT)
    offers(order, 5)
    live(SEND | {"template": "confirmation"})
    flows.route([OrderPlaced(order_id=order.pk)])
    Flow.objects.filter(key__startswith="mine").update(enabled=True)

    send(box)

    assert [one[1:] for one in states()] == [(State.DUE, ["quiet_hours"]), (State.SENT, [])]
    due = Message.objects.get(state=State.DUE).due_at
    assert due == quiet.next_allowed(NIGHT, channel="email", stream="marketing", zones=[BERLIN], country="DE")
    assert due.astimezone(BERLIN).hour < 12


def test_a_merchant_may_want_quiet_hours_for_order_messages_too(box: Mailbox, order: Order, now: clock.Hands) -> None:
    MessagingRules.objects.create(quiet_transactional=True)
    now.move_to(NIGHT)
    live(SEND | {"template": "confirmation"})
    flows.route([OrderPlaced(order_id=order.pk)])

    send(box)

    assert [one[1:] for one in states()] == [(State.DUE, ["quiet_hours"])]


def test_a_parcel_in_trouble_holds_back_what_else_we_would_ask_of_its_person(
    box: Mailbox, order: Order, ann_api: Any, now: clock.Hands
) -> None:
    other = another(order)
    late = Shipment.objects.create(order=other, connection=ann_api, carrier="dhl", number="1", status="in_transit", health=["stalled"])
    offers(order, 5)

    send(box)
    assert [one[1:] for one in states()] == [(State.DUE, ["problem_elsewhere"])]
    late.health = []
    late.save()
    now.advance(timedelta(hours=6))
    send(box)

    assert [one[1:] for one in states()] == [(State.SENT, ["problem_elsewhere"])]


def test_a_problem_that_a_step_minds_holds_it_until_it_is_over(box: Mailbox, order: Order, parcel: Shipment, now: clock.Hands) -> None:
    Shipment.objects.update(status="exception")
    offers(order, 5, hold_while=["problem_open"])

    send(box)
    held = states()
    Shipment.objects.update(status="in_transit")
    now.advance(timedelta(hours=6))
    send(box)

    assert [one[1:] for one in held] == [(State.DUE, ["problem_open"])]
    assert states()[0][1] == State.SENT


def test_parcels_of_one_order_within_the_span_are_one_mail(box: Mailbox, order: Order, ann_api: Any, now: clock.Hands) -> None:
    live(SEND | {"template": "shipped", "digest_minutes": 30}, key="shipment", triggers=[{"event": "shipment.created"}])
    parcels = [Shipment.objects.create(order=order, connection=ann_api, carrier="dhl", number=f"1Z{n}") for n in range(3)]
    for parcel in parcels:
        flows.route([ShipmentCreated(order_id=order.pk, shipment_id=parcel.pk)])
        now.advance(timedelta(minutes=10))

    send(box)

    first, *rest = Message.objects.order_by("id")
    assert (first.state, first.context["also"]) == (State.SENT, [str(one.pk) for one in parcels[1:]])
    assert [(one.state, one.reason) for one in rest] == [(State.SKIPPED, "in_digest")] * 2
    assert len(box.messages) == 1
    assert Decision.objects.filter(verdict="skip", reason="in_digest").count() == 2


def test_what_ends_a_flow_stops_its_message_before_the_fact_is_relayed(box: Mailbox, order: Order) -> None:
    live(SEND | {"template": "confirmation"}, cancel_on=["order.cancelled"])
    flows.route([OrderPlaced(order_id=order.pk)])
    publish(OrderCancelled(order_id=order.pk))

    send(box)

    assert Message.objects.values_list("state", "reason").get() == (State.SKIPPED, "order.cancelled")
    assert not box.messages


T0 = datetime(2026, 1, 1, tzinfo=UTC)


@given(st.integers(1, 5), st.integers(1, 30), st.lists(st.integers(0, 60 * 24 * 40), max_size=60))
def test_a_bucket_never_lets_more_through_than_it_holds_and_fills(capacity: int, days: int, wishes: list[int]) -> None:
    span, taken = timedelta(days=days), list[datetime]()
    for minute in sorted(wishes):
        at = T0 + timedelta(minutes=minute)
        free = next_slot(taken, capacity, span, at)
        assert free >= at
        if free == at:
            taken.append(at)

    for start in taken:  # in any span: what the bucket held, and what came back meanwhile
        assert sum(start <= one < start + span for one in taken) <= 2 * capacity
    for one, later in zip(taken, taken[capacity:], strict=False):
        assert later - one >= span / capacity * 0.999


@given(st.integers(1, 5), st.integers(1, 30))
def test_a_full_bucket_gives_all_it_holds_at_once(capacity: int, days: int) -> None:
    taken: list[datetime] = []
    while next_slot(taken, capacity, timedelta(days=days), T0) == T0:
        taken.append(T0)

    assert len(taken) == capacity
    assert next_slot(taken, capacity, timedelta(days=days), T0) <= T0 + timedelta(days=days) / capacity + timedelta(seconds=1)


def test_no_cap_is_no_limit() -> None:
    assert next_slot([T0] * 50, 0, timedelta(days=1), T0) == T0
