"""In a real browser: a pick-up point is chosen, a star is reached and sent by keyboard, and the shop keeps its list of points."""

from pathlib import Path
from typing import Any

import pytest
from django.test import Client
from playwright.sync_api import expect as see

from brands.page import arranging, keeping
from brands.page.content import fresh
from orders.models import Order
from portal.quick import UNLOCKED
from postpurchase.lib import clock
from postpurchase.lib.ids import to_public
from postpurchase.tenancy.models import Merchant, Role
from postpurchase.tenancy.scope import in_merchant
from tests.browser.conftest import Opener
from tests.browser.walk import look, look_at_all, press
from tests.people import hire
from tests.portal.acts import link, place, scan, ship, unlock
from tests.tracking.test_points import said
from tracking import points

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def orders(ann: Merchant, live_server: Any, settings: Any) -> list[Order]:
    """One on its way and one that has come, of a shop with points and a box for reviews."""
    settings.BASE_URL = live_server.url
    hire(ann, "olga@ann.example", Role.OWNER)
    with in_merchant(ann):
        row, content = keeping.locked(), fresh("en")
        content, name = arranging.added(content, content.variants[0], "review")
        content = arranging.rewritten(content, content.variants[0], name, {"url": "https://reviews.example/"})
        content.asks = ["pickup", "day"]
        keeping.keep(row, content)
        keeping.publish(row)
        for n, hours in enumerate(("Mon to Sat 8 to 20", "", "Day and night")):
            points.add(said(f"Kiosk {n} am Rosenthaler Platz", "10119", hours=hours))
        made = [place(), place(external_id="o-2", number="#1188")]
        for n, order in enumerate(made):
            ship(order, f"p-{n}")
            scan(f"p-{n}", "delivered" if n else "in_transit", clock.business_now())
    return made


def test_a_point_is_chosen_and_stars_are_reached_by_keyboard(orders: list[Order], window: Opener, tmp_path: Path) -> None:
    own, one, client = orders[0], window(theme="dark"), Client()
    unlock(client, own)
    one.page.context.add_cookies([{"name": UNLOCKED, "value": client.cookies[UNLOCKED].value, "url": one.base}])
    page = one.open(f"{link(own)}/pickup")
    look(page, tmp_path / "pickup-390.png")
    page.emulate_media(color_scheme="light")
    look(page, tmp_path / "pickup-light-390.png")
    page.emulate_media(color_scheme="dark")
    page.get_by_label("Kiosk 1 am Rosenthaler Platz").check()
    press(page, "Ask the shop")
    see(page.get_by_text("Bring it to a pick-up point: the shop has been asked")).to_be_visible()
    look(page, tmp_path / "asked-390.png", axe=False)
    page = one.open(f"{link(orders[1])}?lang=ar")
    look(page, tmp_path / "stars-ar-390.png")
    stars = page.get_by_role("group", name="كيف كانت التجربة؟").get_by_role("link")
    stars.nth(3).focus()
    page.keyboard.press("Shift+Tab")
    see(stars.nth(2)).to_be_focused()

    first, last = stars.nth(0).bounding_box(), stars.nth(4).bounding_box()
    assert first and last and first["x"] > last["x"]
    page.keyboard.press("Enter")
    see(page.get_by_role("radio", name="3 من 5 نجوم")).to_be_checked()
    look(page, tmp_path / "star-390.png")
    page.emulate_media(color_scheme="light")
    look(page, tmp_path / "star-light-390.png")
    page.get_by_role("radio").nth(2).press("ArrowLeft")
    page.route("https://**", lambda route: route.fulfill(body="Reviews"))
    with page.expect_request("**/stars/3") as sent:
        press(page, "إرسال")
    page.wait_for_url("https://reviews.example/")
    assert (sent.value.post_data or "").endswith("&stars=4")
    assert (one.wrong, {*one.strangers}) == ([], {"https://reviews.example/"})


def test_the_list_of_points_passes_axe(orders: list[Order], window: Opener, tmp_path: Path) -> None:
    with in_merchant(orders[0].merchant_id):
        name = to_public("pup", points.PickupPoint.objects.all()[0].pk)
    pages = {
        "points": "/m/ann/points/",
        "point": f"/m/ann/points/{name}/",
        "designer": "/m/ann/page/?section=review",
        "came": link(orders[1]),
    }
    look_at_all(window, pages, tmp_path)
