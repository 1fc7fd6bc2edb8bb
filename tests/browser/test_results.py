"""Results in a real browser: of all flows and of one with a test that holds people out."""

from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from notifications.models import Act, Decision, Engagement, Enrolment, Flow, FlowVersion, Message, State
from orders.models import Order
from postpurchase.lib import clock
from postpurchase.tenancy.models import Merchant, Role
from postpurchase.tenancy.scope import in_merchant
from tests.browser.conftest import Opener
from tests.browser.walk import look_at_all
from tests.dashboard.shop import fill
from tests.dashboard.test_results import trial
from tests.people import hire

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def shop(ann: Merchant, live_server: Any) -> Merchant:
    now = clock.business_now()
    fill(ann, now)
    hire(ann, "olga@ann.example", Role.OWNER)
    with in_merchant(ann):
        flow = Flow.objects.get(key="shipped")
        flow.live = FlowVersion.objects.create(flow=flow, number=2, definition=trial(100))
        flow.save()
        for message in Message.objects.filter(state=State.SENT, flow__isnull=False):
            Engagement.objects.create(message=message, kind=Act.OPEN, at=message.sent_at)
            Engagement.objects.create(message=message, kind=Act.CLICK, at=message.sent_at)
        Message.objects.filter(flow=flow).update(node="mail")
        for number, order in enumerate(Order.objects.filter(test=False)):
            row = Enrolment.objects.filter(flow=flow, order=order).first() or Enrolment(
                flow=flow, order=order, subject=order.pk, trigger_at=now
            )
            row.version = flow.live
            row.save()
            arm = ("A", "B", "none")[number % 3]
            Decision.objects.create(enrolment=row, node="test", verdict="arm", reason=arm, decided_at=now - timedelta(hours=1))
    return ann


def test_results_pass_axe_on_a_phone_and_a_desk(shop: Merchant, window: Opener, tmp_path: Path) -> None:
    at = "/m/ann"
    pages = {
        "results": f"{at}/results/",
        "flow-results": f"{at}/flows/shipped/results/?since=2026-12-12&until=2026-01-01",
        "flow": f"{at}/flows/shipped/",
    }
    pages["flow-results-30"] = f"{at}/flows/shipped/results/"
    pages["none"] = f"{at}/results/?since=2024-01-01&until=2024-01-31"

    look_at_all(window, pages, tmp_path)
