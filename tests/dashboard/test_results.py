"""The pages of results: what is told of a shop that sent, of one that did not, and of days that make no sense."""

import csv
import io
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from console.store import tried
from dashboard import flow_results
from notifications.definition import Arm, Definition, End, Send, Trial, Trigger, Wait, stored
from notifications.models import Act, Decision, Engagement, Enrolment, Flow, FlowVersion, Message, State
from orders.models import Order
from postpurchase.lib import clock
from postpurchase.tenancy.models import Merchant
from postpurchase.tenancy.scope import in_merchant
from tests.dashboard.pages import rows, text
from tests.dashboard.shop import NOW

pytestmark = pytest.mark.django_db
AT, FLOW = "/m/ann/results/", "/m/ann/flows/confirmation/results/"
DAY, HOUR = timedelta(days=1), timedelta(hours=1)


@pytest.fixture
def bought(shop: Merchant, now: clock.Hands) -> Order:
    """Anna followed a link of a confirmation yesterday, and ordered again an hour later."""
    with in_merchant(shop):
        message = Message.objects.filter(flow__key="confirmation", state=State.SENT).order_by("sent_at")[0]
        Engagement.objects.create(message=message, kind=Act.CLICK, at=NOW - DAY)
        again = Order.objects.exclude(pk=message.order_id).filter(test=False, cancelled_at=None, currency="EUR")[0]
        again.customer, again.placed_at, again.total, again.refunded_total = message.customer, NOW - DAY + HOUR, 10_000, 1_000
        again.save()
    return again


def test_a_shop_that_sent_nothing_is_told_what_will_stand_here(ann: Merchant, viewer: Client) -> None:
    assert "There is no flow yet" in text(viewer.get(AT))


def test_flows_stand_beside_each_other_by_what_they_earned(bought: Order, viewer: Client) -> None:
    said = text(viewer.get(AT))

    assert "Orders by last touch 1 €90.00" in said
    assert rows(viewer.get(AT))[0] == "Order confirmation"
    assert "Order confirmation 8 – 0 1 12.5% 1 12.5% €90.00 0" in said
    assert "An order belongs to the message that its shopper last touched" in said
    assert "No flow sent anything in these days" in text(viewer.get(f"{AT}?since=2026-01-01&until=2026-01-31"))
    assert viewer.get(f"{AT}?sort=sent").status_code == 200


def test_a_flow_tells_its_steps_and_that_nobody_is_held_out(bought: Order, viewer: Client) -> None:
    said = text(viewer.get(FLOW))

    assert "Email “Order confirmation” 8 – 0 1 12.5% 1 12.5% €90.00 0" in said
    assert "12.5%, from 2.2% to 47.1% of messages" in said
    assert "Nobody is held out." in said
    assert "It sent nothing in these days" in text(viewer.get("/m/ann/flows/review-request/results/"))


def test_the_same_stands_in_a_file(bought: Order, viewer: Client) -> None:
    answer = viewer.get(f"{FLOW}?as=csv")

    head, line = csv.reader(io.StringIO(answer.content.decode("utf-8-sig")))
    assert head == ["name", "key", "sent", "delivered", "opened", "clicked", "orders", "unsubscribed", "currency", "revenue"]
    assert line == ["Email “Order confirmation”", "email", "8", "0", "0", "1", "1", "0", "EUR", "90.00"]
    assert answer["Content-Disposition"] == 'attachment; filename="results-confirmation-2026-10-25.csv"'
    assert "Order confirmation,confirmation,8" in viewer.get(f"{AT}?as=csv").content.decode()


@pytest.mark.parametrize(
    ("asked", "told"),
    [
        ("since=2026-11-20&until=2026-11-19", "This is before the first day."),
        ("since=2026-12-20&until=2026-12-21", "This day is still to come."),
        ("since=2024-01-01&until=2026-01-01", "That is more than a year."),
        ("since=soon&until=2026-01-01", "Enter a valid date."),
        ("since=2026-01-01", "This field is required."),
    ],
)
def test_days_that_make_no_sense_are_said_at_their_field(bought: Order, viewer: Client, asked: str, told: str) -> None:
    answer = viewer.get(f"{FLOW}?{asked}")

    assert answer.status_code == 200
    assert told in text(answer)
    assert "30 days" in text(answer)


def test_it_asks_no_more_for_more_messages(bought: Order, shop: Merchant, viewer: Client) -> None:
    with CaptureQueriesContext(connection) as few:
        viewer.get(FLOW)
    with in_merchant(shop):
        like = Message.objects.filter(flow__key="confirmation", state=State.SENT)[0]
        for number in range(20):
            like.pk, like.dedupe_key, like.node = None, f"x{number}", f"older-{number % 3}"
            like._state.adding = True
            like.save()

    with CaptureQueriesContext(connection) as many:
        page = viewer.get(FLOW)

    assert "older-2, no longer in the flow 6" in text(page)
    assert len(many) == len(few)


def trial(people: int) -> dict[str, Any]:
    arms = [Arm(name="A", share=45, next="hour"), Arm(name="B", share=45, next="mail"), Arm(name="none", share=10, next="", holdout=True)]
    steps = [
        Trial(id="test", arms=arms, people=people),
        Wait(id="hour", days=1, at="09:00", best_time=True, next="mail"),
        Send(id="mail", template="shipped", next="end"),
        End(id="end"),
    ]
    return stored(Definition(triggers=[Trigger(event="order.placed")], key="order", stream="marketing", steps=steps))


def test_a_test_is_not_told_of_before_its_time(shop: Merchant, now: clock.Hands, viewer: Client) -> None:
    with in_merchant(shop):
        flow = Flow.objects.create(key="trial", name="Trial")
        flow.live = FlowVersion.objects.create(flow=flow, number=1, definition=trial(100))
        flow.save()
        for order in Order.objects.filter(test=False)[:4]:
            row = Enrolment.objects.create(flow=flow, version=flow.live, subject=order.pk, order=order, trigger_at=NOW)
            Decision.objects.create(enrolment=row, node="test", verdict="arm", reason="A", decided_at=NOW - HOUR)

    said = text(viewer.get("/m/ann/flows/trial/results/"))

    assert "Runs until each arm has 100 people who have had their time. The smallest has 0." in said
    assert "A 4 – – B 0 – – none, held out 0 – –" in said
    assert "Too few: 0 people on the smaller side, 100 are wanted." in said
    assert "Email “Shipped” Clicked: 0 of 0 at the person’s hour, 0 of 0 of those left out to compare. too few yet" in said
    assert "A, 45 % · 4" in text(viewer.get("/m/ann/flows/trial/"))


def test_two_steps_that_send_the_same_are_told_apart() -> None:
    assert [name for name, _node, _result in flow_results._steps(tried.plan(), {})] == [
        "Email “Follow-up” (email)",
        "Email “Follow-up” (email-later)",
    ]
