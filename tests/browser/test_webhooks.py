"""The pages of webhooks in a real browser, and the whole way by hand without a script: add, test, look, rotate, replay, remove."""

from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from integrations.models import Outbound, WebhookEndpoint
from integrations.webhooks import deliver, endpoints, outbox
from postpurchase.lib import clock
from postpurchase.lib.ids import to_public
from postpurchase.tenancy.models import Merchant, Role
from postpurchase.tenancy.scope import in_merchant
from tests.browser.conftest import Opener
from tests.browser.walk import let_in, look_at_all, look_at_empty, press
from tests.dashboard.test_webhooks import log
from tests.people import hire
from tests.webhooks.conftest import place
from tests.webhooks.receiver import Receiver

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def shop(ann: Merchant, live_server: Any) -> Merchant:
    hire(ann, "olga@ann.example", Role.OWNER)
    return ann


def fill(shop: Merchant, receiver: Receiver) -> dict[str, str]:
    """Endpoints in every state, with a log; returns the addresses of their pages."""
    receiver.answers = [(500, {"X-Trace": "7f3a", "Content-Type": "text/html"}, b"<h1>Sorry</h1> " + b"long" * 400), 200]
    with in_merchant(shop):
        busy, _ = endpoints.add(receiver.url, label="Stock system")
        long, _ = endpoints.add(
            f"https://hooks.{'a-long-name.' * 6}example.com/v1/incoming/events?token=0123456789", kinds=["order.placed"]
        )
        gone, _ = endpoints.add("https://example.com/gone", label="Old shop floor screen", live=False)
        endpoints.stop(gone, WebhookEndpoint.GONE)
        endpoints.rotate(busy)
    place(shop)
    deliver.drain()
    for state, status, count in ((Outbound.DONE, 200, 40), (Outbound.FAILED, 503, 12), (Outbound.HELD, None, 3)):
        log(shop, busy, count, state, status=status, attempts=1, created_at=clock.business_now() - timedelta(hours=count))
    with in_merchant(shop):
        told = busy.deliveries.get(state=Outbound.DUE)
        fresh = outbox.try_out(busy)
    pages = {name: f"/m/ann/webhooks/{to_public('whe', row.pk)}/" for name, row in (("busy", busy), ("long", long), ("gone", gone))}
    pages |= {"list": "/m/ann/webhooks/", "new": "/m/ann/webhooks/new/"}
    pages |= {"edit": f"{pages['busy']}edit/", "remove": f"{pages['busy']}remove/", "failed": f"{pages['busy']}?view=failed"}
    deliveries = {"told": told, "fresh": fresh}
    return pages | {name: f"/m/ann/webhooks/deliveries/{to_public('whd', row.pk)}/" for name, row in deliveries.items()}


def test_every_page_passes_axe_on_a_phone_and_a_desk(shop: Merchant, receiver: Receiver, window: Opener, tmp_path: Path) -> None:
    look_at_empty(window, {"empty": "/m/ann/webhooks/"}, tmp_path)
    pages = fill(shop, receiver)

    look_at_all(window, pages, tmp_path)


def test_the_whole_way_without_script(shop: Merchant, receiver: Receiver, window: Opener) -> None:
    one = window(width=1440, scripts=False)
    page = let_in(one)
    one.open("/m/ann/")
    page.get_by_role("link", name="Developers", exact=True).click()
    page.get_by_role("link", name="Add an endpoint").click()
    page.get_by_label("Address").fill("http://10.0.0.1/")
    press(page, "Add the endpoint")
    page.get_by_text("must start with https://").wait_for()
    page.get_by_label("Address").fill(receiver.url)
    page.get_by_label("Name").fill("Stock system")
    page.get_by_label("Order placed").check()
    press(page, "Add the endpoint")
    secret = page.locator("code.mono").inner_text()

    press(page, "Send a test event")
    page.get_by_text("Not sent yet").wait_for()
    deliver.drain()
    page.reload()
    page.get_by_text("Attempt 1: Answered 200").wait_for()
    assert receiver.heard[0].holds(secret)

    page.get_by_role("link", name="Stock system").click()
    press(page, "Make a new secret")
    newer = page.locator("code.mono").inner_text()
    place(shop)
    deliver.drain()
    assert receiver.heard[1].holds(secret)
    assert receiver.heard[1].holds(newer)
    page.get_by_role("link", name="Developers", exact=True).click()
    page.get_by_role("link", name="Stock system").click()
    press(page, "End the old one now")

    page.get_by_label("What").select_option("Everything, also what arrived")
    press(page, "Replay")
    page.get_by_text("1 delivery is on its way again.").wait_for()
    deliver.drain()
    assert (receiver.heard[2].id, receiver.heard[2].holds(secret), receiver.heard[2].holds(newer)) == (receiver.heard[1].id, False, True)

    page.get_by_role("link", name="Remove this endpoint").click()
    press(page, "Remove the endpoint")
    page.get_by_text("“Stock system” is removed.").wait_for()
    with in_merchant(shop):
        assert not endpoints.kept().exists()
    assert one.strangers == []
