"""The pages of connections and domains in a real browser, and both ways by hand without a script."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page

from api.tasks import process_batch
from domains import claim
from domains.check import check
from domains.models import Domain, Kind
from integrations.connections import keep, replay
from integrations.models import Connection, Delivery, InboundDelivery, Replay
from postpurchase.lib import clock, ids, signing
from postpurchase.lib.ids import to_public
from postpurchase.tenancy.models import Merchant, Role
from postpurchase.tenancy.scope import in_merchant
from tests.api.conftest import SECRET, Shop
from tests.axe import wrong_with
from tests.browser.conftest import Opener
from tests.browser.walk import let_in, look_at_all, look_at_empty, press
from tests.dashboard.test_connections import delivery_page, log, page_of
from tests.domains.conftest import publish, running
from tests.domains.name_server import NameServer
from tests.integrations.shopify import payload
from tests.people import hire

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
AT = "/m/ann/connections/"


@pytest.fixture
def server(settings: Any) -> Iterator[NameServer]:
    yield from running(settings)


@pytest.fixture
def shop(ann: Merchant, live_server: Any) -> Merchant:
    hire(ann, "olga@ann.example", Role.OWNER)
    return ann


def fill(shop: Merchant, server: NameServer) -> dict[str, str]:
    """Connections in every state with an inbox, and both domains; the addresses of their pages."""
    source = Shop(shop)
    for name in ("order", "refund"):
        source.send("orders/create" if name == "order" else "refunds/create", payload(name))
    source.read()
    log(source, 30)
    log(source, 4, Delivery.FAILED, topic="fulfillment_events/create", error="/events/0/happened_at: Expected `datetime`, got `null` " * 3)
    log(source, 3, Delivery.PARKED, topic="refunds/create", parked_for="order:5501234567891")
    with in_merchant(shop):
        first = InboundDelivery.objects.order_by("id")[0]
        keep.change_secret(source.connection, "newer")
        fresh, _ = keep.add("shopify", label="A very long name of a shop that sells mountaineering boots and ropes", account="x" * 60)
        carriers, _ = keep.add("easypost", label="Carriers")
        keep.switch(carriers, on=False)
        now = clock.machine_now()
        Replay.objects.create(connection=source.connection, states=["failed"], since=now, until=now, total=5000, done=1800, by="Olga")
    (failed,) = log(source, 1, Delivery.FAILED, body=b"not json", error="JSON is malformed: invalid character (byte 0)")
    pages = {
        "list": AT,
        "kinds": f"{AT}new/",
        "new": f"{AT}new/?kind=shopify",
        "one": page_of(source),
        "remove": f"{page_of(source)}remove/",
    }
    pages |= {name: f"{AT}{to_public('con', row.pk)}/" for name, row in (("fresh", fresh), ("paused", carriers))}
    return pages | {"delivery": delivery_page(first), "failed": delivery_page(failed)} | domains(shop, server)


def domains(shop: Merchant, server: NameServer) -> dict[str, str]:
    with in_merchant(shop):
        host, sending = claim.add(Kind.PORTAL, "sendung.münchen-mode.test"), claim.add(Kind.SENDING, "münchen-mode.test")
    publish(server, host, "owner")
    publish(server, sending, "dkim")
    server.zone[host.name, "CNAME"] = ["shops.elsewhere.test."]
    server.zone[sending.name, "TXT"] = ['"v=spf1 mx -all"']
    for row in (host, sending):
        check(shop.pk, row.pk)
    return {"domains": "/m/ann/domains/", "domain-remove": f"/m/ann/domains/{to_public('dom', host.pk)}/remove/"}


def test_every_page_passes_axe_on_a_phone_and_a_desk(shop: Merchant, server: NameServer, window: Opener, tmp_path: Path) -> None:
    look_at_empty(window, {"no-connections": AT, "no-domains": "/m/ann/domains/"}, tmp_path)
    pages = fill(shop, server)

    look_at_all(window, pages, tmp_path)


def test_a_shop_is_connected_looked_at_and_removed_without_script(shop: Merchant, window: Opener) -> None:
    one = window(width=1440, scripts=False)
    page = let_in(one)
    one.open("/m/ann/")
    page.get_by_role("link", name="Connections").first.click()
    page.get_by_role("link", name="Add a connection").click()
    page.get_by_role("link", name="Shopify").click()
    page.get_by_label("Name").fill("German shop")
    press(page, "Go on")
    door = page.locator("code.mono").first.inner_text().partition("/in/")[2]
    page.get_by_role("textbox", name="Signing secret").fill(SECRET)
    press(page, "Keep the secret")

    send(one, page, f"/in/{door}")
    process_batch(shop.pk)
    page.reload()
    page.get_by_role("link", name="orders/create").click()
    page.get_by_text("Recorded").wait_for()
    page.locator("td.fill a").first.click()
    page.get_by_role("heading", name="#2001").wait_for()
    page.go_back()
    press(page, "Read again")
    process_batch(shop.pk)
    page.reload()
    page.get_by_text("Known already").first.wait_for()

    page.get_by_role("link", name="German shop").click()
    press(page, "Pause")
    page.get_by_text("Paused since").wait_for()
    press(page, "Resume")
    page.get_by_role("link", name="Remove this connection").click()
    press(page, "Remove the connection")
    page.get_by_text("“German shop” is removed.").wait_for()
    with in_merchant(shop):
        assert not keep.kept().exists()
    assert one.strangers == []


def send(one: Any, page: Page, path: str) -> None:
    """A call as the shop makes it, by the browser's own client."""
    body = json.dumps(payload("order"))
    signed = {"X-Shopify-Hmac-Sha256": signing.hmac_base64(SECRET.encode(), body.encode()), "X-Shopify-Topic": "orders/create"}
    answer = page.request.post(f"{one.base}{path}", data=body, headers={"Content-Type": "application/json", **signed})
    assert answer.status == 200


def test_a_choice_is_read_again_and_a_replay_moves_by_itself(shop: Merchant, window: Opener) -> None:
    source = Shop(shop)
    log(source, 3, Delivery.FAILED)
    one = window(width=1440)
    page = let_in(one)
    one.open(page_of(source))
    boxes = page.locator("tbody .pick input")
    boxes.nth(0).check()
    boxes.nth(1).check()
    page.locator(".bulk").get_by_role("button", name="Read again").click()
    page.get_by_text("2 deliveries are read again.").wait_for()
    with in_merchant(shop):
        assert InboundDelivery.objects.filter(state=Delivery.DUE).count() == 2
        now = clock.machine_now()
        replay.begin(Connection.objects.get(kind="shopify"), ids.datetime.fromtimestamp(0, now.tzinfo), now, what="failed", by="Olga")

    one.open(page_of(source))
    page.get_by_text("0 of 1 deliveries").wait_for()
    with in_merchant(shop):
        replay.work()
    page.get_by_text("1 of 1 deliveries").wait_for(timeout=8000)
    page.get_by_role("heading", name="The latest replay").wait_for()
    assert one.wrong == []


def test_a_host_is_proved_and_its_page_opens(shop: Merchant, server: NameServer, window: Opener) -> None:
    one = window(width=390)
    page = let_in(one)
    one.open("/m/ann/domains/")
    page.get_by_label("Host name").fill("https://track.shop.test/")
    press(page, "Use this host")
    page.get_by_text("Enter the name alone").wait_for()
    page.get_by_label("Host name").fill("track.shop.test")
    press(page, "Use this host")
    page.get_by_text("Now make these records").wait_for()
    with in_merchant(shop):
        row = Domain.objects.get()
    publish(server, row)
    check(shop.pk, row.pk)

    page.get_by_text("Your tracking pages are at").wait_for(timeout=8000)
    assert wrong_with(page) == []
    answer = page.request.get(f"{one.base}/", headers={"Host": "track.shop.test"})
    assert (answer.status, "Order number" in answer.text()) == (200, True)
