"""What the API tells of a flow's results."""

from datetime import timedelta
from typing import Any

import pytest

from notifications.models import Act, Engagement, Flow, FlowVersion, Message
from orders.models import Order
from postpurchase.lib import clock
from postpurchase.tenancy.scope import in_merchant
from tests.api.conftest import hire_key
from tests.dashboard.shop import Shop as Hands
from tests.dashboard.test_results import trial
from tests.notifications.conftest import NOW

pytestmark = pytest.mark.django_db


def test_a_flow_tells_its_steps_its_revenue_and_its_tests(ann: Any) -> None:
    caller = hire_key(ann)
    with clock.frozen(NOW - timedelta(days=2)) as hands:
        shop = Hands(ann, hands)
        shop.order("#1", "Mia Berg")
        shop.settle()
        with in_merchant(ann):
            Engagement.objects.create(message=Message.objects.get(template="confirmation"), kind=Act.CLICK, at=clock.business_now())
        hands.advance(timedelta(hours=1))
        shop.order("#2", "Mia Berg")
    with in_merchant(ann):
        again = Order.objects.get(number="#2")
        flow = Flow.objects.create(key="trial", name="Trial")
        flow.live = FlowVersion.objects.create(flow=flow, number=1, definition=trial(100))
        flow.save()

    with clock.frozen(NOW):
        told = caller.get("flows/confirmation/results").json()
        other = caller.get("flows/trial/results?since=2026-11-01&until=2026-11-02").json()
        wrong = [caller.get(f"flows/{path}").status_code for path in ("none/results", "%00/results", "trial/results?since=soon")]
        turned = caller.get("flows/trial/results?since=2026-11-02&until=2026-11-01").json()

    assert (told["since"], told["until"]) == ("2026-10-25", "2026-11-23")
    (step,) = told["steps"]
    assert step == {
        "step": "email", "sent": 1, "delivered": 0, "opened": 0, "clicked": 1, "unsubscribed": 0, "orders": 1,
        "revenue": [{"currency": "EUR", "amount": again.total}],
    }  # fmt: skip
    assert told["tests"] == []
    (test,) = other["tests"]
    assert (test["state"], test["winner"], test["lead"]) == ("runs", "", None)
    assert test["arms"][2] == {"name": "none", "holdout": True, "people": 0, "judged": None, "reached": None}
    assert test["lift"]["difference"] is test["lift"]["revenue"] is None
    assert wrong == [404, 404, 400]
    assert turned["errors"][0]["parameter"] == "since"
