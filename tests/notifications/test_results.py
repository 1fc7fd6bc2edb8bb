"""What flows are credited with: each order once, its last touch, its refunds; and who went into which arm."""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from django.db import connection
from django.db.models import F
from django.test.utils import CaptureQueriesContext
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from integrations.models import Connection
from integrations.types import OrderRefundData
from notifications import best_time, consent
from notifications.definition import Arm, Definition, End, Send, Trial, Trigger, stored
from notifications.models import (
    Act,
    Channel,
    Decision,
    Engagement,
    Enrolment,
    Flow,
    FlowVersion,
    Message,
    ProviderEvent,
    ResultDay,
    State,
    Stream,
)
from notifications.results import keep
from notifications.results.arms import Judged, trials_of
from notifications.results.counts import Period, Result, by_flow, by_step
from notifications.results.interval import Sums
from orders.intake import record_orders
from orders.models import Order
from orders.refunds import record_refunds
from postpurchase.lib import clock
from postpurchase.tenancy.models import Brand, Merchant
from tests.factories import customer_data, order_data, refund_data
from tests.notifications.conftest import NOW

pytestmark = pytest.mark.django_db
DAY, HOUR = timedelta(days=1), timedelta(hours=1)
WEEK = Period(NOW, NOW + 7 * DAY)
Sent = Callable[..., Message]


@pytest.fixture
def place(in_ann: Merchant, ann_api: Connection) -> Callable[..., Order]:
    """Somebody orders; Anna where nobody is named."""

    def make(at: Any = NOW, who: str = "anna@example.de", **changes: Any) -> Order:
        person = customer_data(external_id=who, email=who)
        data = order_data(placed_at=at, updated_at=at, email=who, customer=person, **changes)
        record_orders([data], connection_id=ann_api.pk)
        return Order.objects.get(external_id=data.external_id)

    return make


@pytest.fixture
def sent(place: Callable[..., Order]) -> Sent:
    """A message about Anna's first order that went at NOW."""
    first = place(NOW - DAY)
    flows = {key: Flow.objects.create(key=key, name=key) for key in ("a", "b")}

    def make(flow: str = "a", node: str = "email", at: Any = NOW, **changes: Any) -> Message:
        order = changes.pop("order", first)
        given = {
            "template": "shipped", "order": order, "customer": order.customer, "stream": Stream.TRANSACTIONAL, "to_address": order.email,
            "dedupe_key": f"test:{Message.objects.count()}", "due_at": at, "sent_at": at, "state": State.SENT, "node": node,
            "flow": flows[flow],
        }  # fmt: skip
        return Message.objects.create(**(given | changes))

    return make


def touch(message: Message, at: Any, kind: str = Act.CLICK, **changes: Any) -> None:
    Engagement.objects.create(message=message, at=at, kind=kind, **changes)


def credited() -> dict[str, tuple[int, dict[str, int]]]:
    names = dict(Flow.objects.values_list("pk", "key"))
    return {names[pk]: (one.orders, one.revenue) for pk, one in by_flow(WEEK).items() if one.orders}


def test_messages_are_counted_once_by_step_and_by_what_people_did(sent: Sent) -> None:
    read, text, late = sent(), sent(node="sms", channel=Channel.SMS, to_address="+49151"), sent(at=NOW + 7 * DAY)
    sent(test=True), sent(state=State.FAILED)
    for kind in (Act.OPEN, Act.OPEN, Act.CLICK, Act.CLICK):
        touch(read, NOW + HOUR, kind)
    touch(sent(), NOW + HOUR, Act.OPEN, machine=True)
    for number, (message, kind) in enumerate([(read, "delivered"), (text, "delivered"), (text, "read"), (late, "delivered")]):
        ProviderEvent.objects.create(event_id=str(number), kind=kind, message=message)

    found = by_step(Flow.objects.get(key="a").pk, WEEK)

    assert found == {"email": Result(sent=2, delivered=1, opened=1, clicked=1), "sms": Result(sent=1, delivered=1, texts=1)}
    assert by_flow(WEEK) == {Flow.objects.get(key="a").pk: Result(sent=3, delivered=2, opened=1, clicked=1, texts=1)}


def test_an_order_goes_to_its_last_touch_alone_whichever_flow_that_was(sent: Sent, place: Callable[..., Order]) -> None:
    first, second = sent("a"), sent("b")
    touch(first, NOW + HOUR)
    touch(second, NOW + 2 * HOUR, Act.OPEN)
    touch(first, NOW + 3 * HOUR, machine=True)
    bought = place(NOW + 4 * HOUR)

    assert credited() == {"b": (1, {"EUR": bought.total})}
    assert by_step(first.flow_id, WEEK)["email"].orders == 0  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("kind", "after", "counts"),
    [
        (Act.CLICK, 5 * DAY - HOUR, True),
        (Act.CLICK, 5 * DAY, False),
        (Act.OPEN, DAY - HOUR, True),
        (Act.OPEN, DAY, False),
        (Act.LEAVE, HOUR, False),
        (Act.CLICK, -HOUR, False),
    ],
)
def test_a_touch_counts_for_its_days_and_not_backwards(
    sent: Sent, place: Callable[..., Order], kind: str, after: timedelta, counts: bool
) -> None:
    touch(sent(), NOW + 2 * HOUR, kind)
    place(NOW + 2 * HOUR + after)

    assert bool(credited()) is counts


def test_refunds_come_off_and_what_was_no_real_order_counts_for_nothing(
    sent: Sent, place: Callable[..., Order], ann_api: Connection
) -> None:
    touch(sent(), NOW + HOUR)
    bought = place(NOW + 2 * HOUR)
    place(NOW + 2 * HOUR, test=True)
    place(NOW + 2 * HOUR, cancelled_at=NOW + 3 * HOUR, cancel_reason="customer")
    place(NOW + 2 * HOUR, "bruno@example.de")
    refund = refund_data(amount=1500, lines=[], processed_at=NOW + 60 * DAY)
    record_refunds([OrderRefundData(order_external_id=bought.external_id, refund=refund)], connection_id=ann_api.pk)

    assert credited() == {"a": (1, {"EUR": bought.total - 1500})}


def test_the_order_that_a_message_is_about_is_none_that_it_brought(sent: Sent, place: Callable[..., Order]) -> None:
    own = place(NOW + 2 * HOUR)  # the shop's clock is ahead of ours
    touch(sent(order=own), NOW + HOUR)

    assert credited() == {}


def test_each_currency_is_summed_for_itself_and_the_period_is_the_messages(sent: Sent, place: Callable[..., Order]) -> None:
    touch(sent(), NOW + 6 * DAY + 20 * HOUR)
    touch(sent(at=NOW + 8 * DAY), NOW + 9 * DAY)
    euros, yen = place(NOW + 7 * DAY), place(NOW + 7 * DAY, currency="JPY")
    place(NOW + 9 * DAY + HOUR)

    assert credited() == {"a": (2, {"EUR": euros.total, "JPY": yen.total})}


@given(st.lists(st.tuples(st.sampled_from(["a", "b"]), st.integers(0, 200), st.booleans()), max_size=6), st.integers(1, 200))
@settings(max_examples=20, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_credit_is_what_looking_at_all_touches_one_by_one_says(
    sent: Sent, place: Callable[..., Order], touches: list[tuple[str, int, bool]], ordered: int
) -> None:
    Engagement.objects.all().delete()
    Message.objects.all().delete()
    Order.objects.filter(placed_at__gte=NOW).delete()
    for flow, hour, click in touches:
        touch(sent(flow), NOW + hour * HOUR, Act.CLICK if click else Act.OPEN)
    place(NOW + ordered * HOUR)
    counting = [(hour, at, flow) for at, (flow, hour, click) in enumerate(touches) if hour <= ordered < hour + (120 if click else 24)]

    found = credited()

    assert {flow: orders for flow, (orders, _revenue) in found.items()} == ({max(counting)[2]: 1} if counting else {})


def test_who_leaves_is_counted_for_the_message_that_they_left_by(sent: Sent) -> None:
    first, second = sent(), sent()

    consent.unsubscribe(first)
    consent.unsubscribe(first)
    consent.unsubscribe(second)  # they had left before

    assert by_step(first.flow_id, WEEK)["email"].left == 1  # type: ignore[arg-type]


def test_the_questions_are_four_however_much_was_sent(sent: Sent, place: Callable[..., Order]) -> None:
    for number in range(30):
        touch(sent("ab"[number % 2], node=f"s{number}"), NOW + HOUR)
    place(NOW + 2 * HOUR)

    with CaptureQueriesContext(connection) as asked:
        by_flow(WEEK)

    assert len(asked) == 4


STEP = Trial(
    id="test",
    arms=[Arm(name="letter", share=50, next="mail"), Arm(name="nothing", share=50, next="", holdout=True)],
    people=100,
)
PLAN = Definition(
    triggers=[Trigger(event="order.placed")], key="order", stream="marketing",
    steps=[STEP, Send(id="mail", template="shipped", next="end"), End(id="end")],
)  # fmt: skip


def enter(flow: Flow, count: int, arm: str, at: Any, again: int, who: str = "", **changes: Any) -> None:
    """So many people enter an arm; the first of them order again a day later."""
    like = Order.objects.all()[0]
    plain = {
        field.attname: getattr(like, field.attname)
        for field in Order._meta.concrete_fields
        if not field.generated and field.attname not in ("id", "email", "external_id")
    }
    people = [
        Order(**plain | {"email": f"{who or at.date()}-{arm}{n}@x.de", "external_id": f"{arm}{n}-{at}", "placed_at": at} | changes)
        for n in range(count)
    ]
    customers = Order.customer.field.related_model.objects.bulk_create(  # type: ignore[attr-defined]
        [Order.customer.field.related_model(email=f"{arm}{n}-{at}@x.de") for n in range(count)]  # type: ignore[attr-defined]
    )
    for order, customer in zip(people, customers, strict=True):
        order.customer_id = customer.pk
    more = [
        Order(**plain | {"email": one.email, "external_id": f"{one.external_id}+", "placed_at": at + DAY, "customer_id": one.customer_id})
        for one in people[:again]
    ]
    Order.objects.bulk_create([*people, *more])
    rows = Enrolment.objects.bulk_create(
        [Enrolment(flow=flow, version=flow.live, subject=one.pk, order=one, trigger_at=at, entered_at=at) for one in people]
    )
    Decision.objects.bulk_create([Decision(enrolment=row, node="test", verdict="arm", reason=arm, decided_at=at) for row in rows])


@pytest.fixture
def trial(place: Callable[..., Order], now: clock.Hands) -> Flow:
    place(NOW - 200 * DAY)
    flow = Flow.objects.create(key="t", name="T")
    flow.live = FlowVersion.objects.create(flow=flow, number=1, definition=stored(PLAN))
    flow.save()
    return flow


def judged(flow: Flow, days: int = 90) -> Judged:
    (found,) = trials_of(flow, PLAN, Period(NOW - days * DAY, NOW + DAY))
    return found


def test_a_test_runs_until_its_people_have_had_their_time_and_is_judged_by_the_first(trial: Flow) -> None:
    enter(trial, 60, "letter", NOW - 60 * DAY, 30)
    enter(trial, 110, "nothing", NOW - 60 * DAY, 10)
    enter(trial, 80, "letter", NOW - 20 * DAY, 80)
    running = judged(trial)
    enter(trial, 40, "letter", NOW - 40 * DAY, 20)
    enter(trial, 50, "letter", NOW - 35 * DAY, 0)
    over = judged(trial)

    assert (running.verdict.over, running.verdict.smallest) == (False, 60)
    assert [(arm.name, arm.people, arm.ripe) for arm in over.arms] == [("letter", 230, 100), ("nothing", 110, 100)]
    assert (over.verdict.won, over.verdict.best, over.arms[0].hits) == (True, 0, 50)


def test_a_holdout_tells_what_messages_add_and_says_nothing_of_few(trial: Flow) -> None:
    enter(trial, 100, "letter", NOW - 10 * DAY, 30)
    enter(trial, 99, "nothing", NOW - 10 * DAY, 10)
    few = judged(trial).lift
    Order.objects.filter(external_id__startswith="letter", external_id__endswith="+").update(refunded_total=F("total") / 2)
    enter(trial, 1, "nothing", NOW - 9 * DAY, 0)
    enter(trial, 50, "letter", NOW - 9 * DAY, 50, test=True)
    lift = judged(trial).lift

    assert few and few.interval is None and few.revenue is None
    assert lift and lift.interval
    assert (lift.written, lift.held) == ((30, 100), (10, 100))
    assert lift.interval.value == pytest.approx(0.2)
    total = Order.objects.filter(external_id__startswith="nothing")[0].total
    assert lift.currency == "EUR"
    assert lift.revenue
    assert (lift.written_spent.amount, lift.held_spent.amount) == (30 * (total - total // 2), 10 * total)
    assert lift.revenue.value == pytest.approx((30 * (total - total // 2) - 10 * total) / 100)
    assert not lift.revenue.clear
    assert judged(trial, days=5).lift.written == (0, 0)  # type: ignore[union-attr]


def test_revenue_is_told_in_the_shops_currency_and_not_of_a_few_orderers(trial: Flow) -> None:
    enter(trial, 100, "letter", NOW - 10 * DAY, 30)
    enter(trial, 100, "nothing", NOW - 10 * DAY, 9)
    again = Order.objects.filter(external_id__startswith="letter", external_id__endswith="+")
    again.update(currency="USD", total=3000, refunded_total=1500, shop_totals={"total": 2500})
    few = judged(trial).lift
    enter(trial, 1, "nothing", NOW - 11 * DAY, 1)

    assert few and few.interval and few.revenue is None
    lift = judged(trial).lift
    assert lift and lift.revenue
    assert lift.written_spent == Sums(100, 30 * 1250, 30 * 1250**2)


def test_a_changed_test_begins_anew_and_who_is_in_it_twice_is_one_person(trial: Flow) -> None:
    enter(trial, 5, "letter", NOW - 60 * DAY, 0, "same")
    enter(trial, 5, "letter", NOW - 50 * DAY, 0, "same")
    assert judged(trial).arms[0].people == 5

    other = stored(PLAN)
    other["steps"][0]["people"] = 200
    trial.live = FlowVersion.objects.create(flow=trial, number=2, definition=other)
    trial.save()

    assert judged(trial).arms[0].people == 0


def test_the_database_knows_whom_the_best_hour_leaves_out(sent: Sent) -> None:
    people = [f"person{number}@example.com" for number in range(40)]
    for number, address in enumerate(people):
        message = sent(to_address=address)
        if number % 4 == 0:
            touch(message, NOW + HOUR)
    left_out = [best_time.in_control(address) for address in people]

    (found,) = best_time.measured(message.flow_id, ["email"], WEEK).values()  # type: ignore[arg-type]

    assert found.control == (sum(left_out), sum(left_out[::4]))
    assert found.chosen == (40 - sum(left_out), 10 - sum(left_out[::4]))
    assert best_time.measured(message.flow_id, ["email"], Period(NOW + DAY, NOW + 2 * DAY)) == {}  # type: ignore[arg-type]


def test_what_is_kept_says_the_same_as_what_is_counted_now(
    sent: Sent, place: Callable[..., Order], now: clock.Hands, ann_brand: Brand, ann_api: Connection
) -> None:
    ann_brand.time_zone = "Asia/Tokyo"
    ann_brand.save()
    midnight = datetime(2026, 11, 23, tzinfo=ZoneInfo("Asia/Tokyo"))
    for hour in (0, 14, 16, 40, 100):
        touch(sent("ab"[hour % 3 % 2], at=midnight + hour * HOUR), midnight + (hour + 1) * HOUR)
    bought = place(midnight + 20 * HOUR)
    now.move_to(midnight + 4 * DAY + 12 * HOUR)
    week = Period(midnight - 2 * DAY, midnight + 5 * DAY)
    live = by_flow(week)

    keep.keep()
    keep.keep()
    with CaptureQueriesContext(connection) as asked:
        kept = by_flow(week)

    assert kept == live
    assert sum(one.sent for one in kept.values()) == 5
    assert ResultDay.objects.count() == 3  # of the four days before today three have messages
    assert len(asked) == 5  # the zone, which days are kept, those days, and two for today
    refund = refund_data(amount=900, lines=[], processed_at=clock.business_now())
    record_refunds([OrderRefundData(order_external_id=bought.external_id, refund=refund)], connection_id=ann_api.pk)
    assert by_flow(week) == live
    keep.keep()
    assert sum(one.revenue.get("EUR", 0) for one in by_flow(week).values()) == bought.total - 900
    now.advance(2 * DAY)
    assert by_flow(Period(week.since, midnight + 2 * DAY))  # days that are not counted yet are counted now
    assert by_flow(Period(midnight, midnight + 7 * DAY)) == by_flow(Period(midnight, midnight + 7 * DAY - HOUR))
