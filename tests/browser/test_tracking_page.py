"""The page designer and the requests in a real browser; and the designed page: small, from us alone, also from right to left."""

from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import expect as see

from brands.page import arranging, keeping
from brands.page.content import fresh
from orders.models import Order
from postpurchase.lib import clock
from postpurchase.tenancy.models import Merchant, Role
from postpurchase.tenancy.scope import in_merchant
from tests.browser.conftest import Opener
from tests.browser.walk import let_in, look_at_all, press
from tests.people import hire
from tests.portal.acts import link, place, scan, ship
from tracking import wishes
from tracking.wishes import Asked

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def shop(ann: Merchant, live_server: Any, settings: Any) -> Merchant:
    settings.BASE_URL = live_server.url
    hire(ann, "olga@ann.example", Role.OWNER)
    return ann


@pytest.fixture
def order(shop: Merchant) -> Order:
    """With a parcel seen in two towns, a page of every kind of section, and a request."""
    with in_merchant(shop):
        row, content = keeping.locked(), fresh("en")
        for kind in ("banner", "map", "faq", "howto", "products", "social"):
            content, name = arranging.added(content, content.variants[0], kind)
            said = {"title": f"A {kind}", "rows": [{"title": "Wool", "text": "By hand.", "url": "https://x.example/"}]}
            content = arranging.rewritten(content, content.variants[0], name, said)
        content.asks = ["missing", "neighbour", "day"]
        keeping.keep(row, content)
        keeping.publish(row)
        made = place()
        ship(made)
        scan(city="Hamburg")
        scan(city="Leipzig", status="out_for_delivery")
        wishes.ask(made.pk, Asked("neighbour", "With Meyer"))
    return made


def test_the_designer_and_the_requests_pass_axe(order: Order, window: Opener, tmp_path: Path) -> None:
    pages = {
        "designer": "/m/ann/page/?section=faq",
        "requests": "/m/ann/shipments/requests/",
        "own": link(order),
        "own-ar": f"{link(order)}?lang=ar",
    }
    look_at_all(window, pages, tmp_path)


def test_what_is_written_shows_in_the_frame_and_sections_move_by_hand(order: Order, window: Opener) -> None:
    one = window(width=1440)
    page = let_in(one)
    one.open("/m/ann/page/?section=faq")
    page.get_by_label("Heading").fill("Ask us anything")
    see(page.frame_locator("iframe:visible").get_by_text("Ask us anything").first).to_be_visible()
    press(page, "Move up")
    see(page.locator("#list [data-block]").nth(2)).to_contain_text("Ask us anything")
    one.open("/m/ann/page/")
    page.locator("[data-block=social]").drag_to(page.locator("[data-block=parcels]"), target_position={"x": 20, "y": 4})
    see(page.locator("#list [data-block]").first).to_contain_text("Links to profiles")
    assert one.wrong == []


def test_the_page_is_small_asks_nobody_else_and_reads_from_right_to_left(order: Order, window: Opener) -> None:
    one = window(width=390)
    size = [0]
    one.page.on("response", lambda got: size.__setitem__(0, size[0] + len(got.body())) if "/logo/" not in got.url else None)
    page = one.open(f"{link(order)}?lang=ar")
    see(page.locator("html")).to_have_attribute("dir", "rtl")
    first, last = (page.locator(".track li").nth(n).bounding_box() for n in (0, 4))

    assert first and last and first["x"] > last["x"]
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    assert one.strangers == []
    assert 0 < size[0] < 100_000  # as it stands; it travels compressed, at about half of that


def test_who_comes_back_to_the_page_hears_what_is_new(order: Order, window: Opener) -> None:
    one = window(width=390)
    page = one.open(link(order))
    before = page.locator("#answer").inner_text()
    with in_merchant(order.merchant_id):
        scan(status="delivered", at=clock.business_now())
    # Again and again: within a second of its drawing a page is the same for everybody.
    page.evaluate("() => void setInterval(() => document.dispatchEvent(new Event('visibilitychange')), 500)")

    see(page.locator("#answer")).not_to_have_text(before)
    see(page.locator("#live")).to_have_text(page.locator("#answer").inner_text())
