"""What a step says, beside its flow: a text as the phone has it, a webhook's body, a word to the team; no email where none is sent."""

import json
from typing import Any

import pytest
from django.test import Client

from api.handlers import told_of
from notifications import text_accounts as accounts
from notifications.models import Flow, FlowVersion
from orders.models import Order
from postpurchase.events import bus
from postpurchase.events.catalogue import FlowTold
from postpurchase.events.models import DomainEvent
from postpurchase.jobs import eager
from postpurchase.lib import clock
from postpurchase.lib.ids import to_public, uuid7
from postpurchase.tenancy.models import Merchant
from postpurchase.tenancy.scope import in_merchant
from tests.dashboard.pages import text

pytestmark = pytest.mark.django_db
AT = "/m/ann/flows/shipped/"


@pytest.fixture
def order(shop: Merchant, now: clock.Hands) -> Order:
    """The flow "Shipped" sends a text, tells the team and tells webhooks."""
    with in_merchant(shop):
        flow = Flow.objects.get(key="shipped")
        plan: Any = FlowVersion.objects.get(pk=flow.live_id).definition
        plan["steps"] = [plan["steps"][0] | {"channel": "sms", "next": "team"}]
        for to in ("team", "webhook"):
            plan["steps"].append({"do": "tell", "id": to, "to": to, "text": f"Look, {to}"})
        flow.live = FlowVersion.objects.create(flow=flow, number=9, definition=plan)
        flow.save()
        accounts.keep(provider="sink", sid="", token="", sender="Ann Shop")
        return Order.objects.filter(shipments__isnull=False, cancelled_at=None)[0]


def test_a_text_is_shown_as_the_phone_has_it_with_its_length_and_no_email(order: Order, admin: Client) -> None:
    page = admin.get(AT, {"order": to_public("ord", order.pk)})
    drawn = admin.get(f"{AT}preview/", {"order": to_public("ord", order.pk), "step": "email"})

    assert "characters in GSM-7: 1 message is paid for." in text(page)
    assert "Send the test" not in text(page)
    assert "Text message on a phone" in page.content.decode()
    said = text(drawn)
    assert "Ann Shop" in said
    assert "/t/" in said
    assert "<table" not in drawn.content.decode()
    assert "sandbox" in drawn["Content-Security-Policy"]


def test_a_text_is_not_sent_as_a_test_by_email(order: Order, admin: Client) -> None:
    given = {"order": to_public("ord", order.pk), "step": "email", "to": "ann@example.com", "once": "once-0123456789-0123456789"}

    assert admin.post(f"{AT}test/", given).status_code in (404, 422)


def test_a_webhooks_body_is_that_of_a_real_event_and_the_team_reads_its_words(order: Order, shop: Merchant, viewer: Client) -> None:
    asked = {"order": to_public("ord", order.pk), "draft": "0"}
    shown = json.loads(viewer.get(f"{AT}preview/", asked | {"step": "webhook"}).content)
    team = viewer.get(f"{AT}preview/", asked | {"step": "team"}).content.decode()

    with in_merchant(shop), eager.collected():
        flow = Flow.objects.get(key="shipped").pk
        ids = {"order_id": order.pk, "enrolment_id": uuid7(), "flow_id": flow, "shipment_id": None}
        bus.publish(FlowTold(step="webhook", text="Look, webhook", **ids))
        real = told_of(DomainEvent.objects.get(kind="flow.told"), test=False)
    assert team == f"Order {order.number}: Look, team"
    assert (shown["type"], shown["data"].keys()) == (real.type, real.data.keys())
    same = ("test", "order_id", "flow_id", "step", "text")
    assert {name: shown["data"][name] for name in same} == {name: real.data[name] for name in same}
    assert shown["data"]["subject"].partition("_")[0] == real.data["subject"].partition("_")[0] == "enr"
    assert "Look, webhook" in text(viewer.get(AT, {"step": "webhook"}))
    assert "Your team gets it as each person chose under Alerts." in text(viewer.get(AT, {"step": "team"}))
