"""What steps say, and a simulated life, in a real browser: light on a desk, dark on a phone."""

from pathlib import Path
from typing import Any

import pytest

from notifications import text_accounts as accounts
from notifications.models import Flow, FlowVersion
from postpurchase.lib import clock
from postpurchase.tenancy.models import Merchant, Role
from postpurchase.tenancy.scope import in_merchant
from tests.browser.conftest import Opener
from tests.browser.walk import let_in, look_turned, press
from tests.dashboard.shop import fill
from tests.people import hire

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def shop(ann: Merchant, live_server: Any) -> Merchant:
    fill(ann, clock.business_now())
    hire(ann, "olga@ann.example", Role.OWNER)
    with in_merchant(ann):
        flow = Flow.objects.get(key="shipped")
        plan: Any = FlowVersion.objects.get(pk=flow.live_id).definition
        plan["steps"] = [
            plan["steps"][0] | {"channel": "sms", "next": "webhook"},
            {"do": "tell", "id": "webhook", "to": "webhook", "text": "Left"},
        ]
        flow.live = FlowVersion.objects.create(flow=flow, number=2, definition=plan)
        flow.save()
        accounts.keep(provider="sink", sid="", token="", sender="Ann Shop")
    return ann


def test_a_text_a_webhook_and_a_supposed_life_are_seen(shop: Merchant, window: Opener, tmp_path: Path) -> None:
    one = window()
    page = let_in(one)
    for name, path in {"text": "", "webhook": "?step=webhook", "life": "simulate/?how=returned"}.items():
        one.open(f"/m/ann/flows/shipped/{path}")
        if name == "life":
            press(page, "To the end")
        look_turned(page, tmp_path, name)
    assert (one.wrong, one.strangers) == ([], [])
