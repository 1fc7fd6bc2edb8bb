"""The shopper's pages in Chromium, on the live server: accessible, quiet on the network, whole without scripts."""

from datetime import timedelta

import pytest
from playwright.sync_api import expect as see

from notifications import direct
from notifications.cases import load
from notifications.models import Message
from notifications.render import render
from orders.models import Order
from postpurchase.lib import clock, crypto
from postpurchase.tenancy.models import Brand, Merchant
from postpurchase.tenancy.scope import in_merchant
from tests.axe import wrong_with
from tests.browser.conftest import Opener
from tests.browser.walk import seen_by
from tests.people import open_shop
from tests.portal.acts import SHIRT, ShippedLineData, expect, link, place, scan, ship

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
LONG = "Überlebensausrüstungsaufbewahrungsbehälter mit Reißverschluss"
VIEWS = [(390, "light"), (390, "dark"), (1440, "light"), (1440, "dark")]


@pytest.fixture
def northlight(transactional_db: None) -> Merchant:
    merchant = open_shop("northlight")
    with in_merchant(merchant):
        Brand.objects.update(name="Northlight", website="https://northlight.example/", accent="#d7ff1e", support_phone="+46 31 123 45")
    return merchant


@pytest.fixture
def pages(northlight: Merchant) -> dict[str, str]:
    """Every page of the portal, by name."""
    with in_merchant(northlight):
        late, split, there = _late(), _split(), _delivered()
        waiting = place(external_id="packing", number="#1190")
        message = direct.write("tracking_link", waiting)
    return {
        "late": link(late),
        "split": link(split),
        "delivered": link(there),
        "packing": link(waiting),
        "code": f"{link(late)}/code",
        "verify": f"{link(late)}/verify",
        "find": "/s/northlight/",
        "unsubscribe": f"/u/{crypto.link_token(message.pk)}",
    }


def _late() -> Order:
    now = clock.business_now()
    order = place(external_id="late", number="#1187", placed_at=now - timedelta(days=5))
    ship(order, "late", shipped_at=now - timedelta(days=4))
    for hours, city, text in [(70, "Gothenburg", "Picked up"), (40, "Malmö", "Left the terminal"), (3, "Leipzig", "Sorted at the hub")]:
        scan("late", at=now - timedelta(hours=hours), city=city, text=text)
    expect("late", (now - timedelta(days=1)).date(), told_at=now - timedelta(days=4))
    expect("late", (now + timedelta(days=2)).date(), (now + timedelta(days=1)).date(), told_at=now - timedelta(hours=1))
    return order


def _split() -> Order:
    now = clock.business_now()
    order = place(external_id="split", number="#1188", placed_at=now - timedelta(days=5))
    ship(order, "one", lines=[SHIRT], shipped_at=now - timedelta(days=2))
    ship(order, "two", lines=[ShippedLineData("socks", 1)], carrier="postnord", number="00370714904812349017")
    scan("one", "delivered", now - timedelta(hours=9), substatus="neighbour")
    scan("two", "in_transit", now - timedelta(hours=7), text=LONG, city="Llanfairpwllgwyngyllgogerychwyrndrobwll")
    return order


def _delivered() -> Order:
    now = clock.business_now()
    order = place(external_id="there", number="#1189", placed_at=now - timedelta(days=5))
    ship(order, "there", shipped_at=now - timedelta(days=4))
    scan("there", "delivered", now - timedelta(hours=2), city="Munich")
    return order


def test_axe_finds_nothing_and_nothing_asks_a_stranger(pages: dict[str, str], window: Opener) -> None:
    found = []

    opened = window()
    for name, path in pages.items():
        page = opened.open(path)
        for more in page.locator("details").all():
            more.evaluate("details => details.open = true")
        for width, theme in VIEWS:
            seen_by(page, width, theme)
            found += [(name, width, theme, *fault) for fault in wrong_with(page)]

    assert (found, opened.strangers, opened.wrong) == ([], [], [])


def test_no_page_scrolls_sideways_at_320_pixels(pages: dict[str, str], window: Opener) -> None:
    opened = window(width=320)

    widths = {name: opened.open(path).evaluate("document.documentElement.scrollWidth") for name, path in pages.items()}

    assert widths == dict.fromkeys(pages, 320)


def test_everything_is_there_without_scripts(pages: dict[str, str], window: Opener) -> None:
    page = window(scripts=False).open(pages["late"])

    see(page.get_by_role("heading", level=1)).to_contain_text("Now ")
    page.get_by_text("Show all 3 scans").click()
    see(page.get_by_text("Left the terminal")).to_be_visible()
    see(page.get_by_role("button", name="Copy")).to_have_count(0)


def test_the_answer_is_in_the_first_phone_screen(pages: dict[str, str], window: Opener) -> None:
    page = window(width=390).open(pages["late"])

    box = page.locator(".track").bounding_box()

    assert box and box["y"] + box["height"] < 420


def code_in_mail(merchant: Merchant) -> str:
    """The code, as it stands in the text of the newest message to the shopper."""
    with in_merchant(merchant):
        message = Message.objects.filter(template="access_code").order_by("id").last()
        assert message
        text = render(load([message])[0]).text
    return text.split("Your code:")[1].split()[0]


@pytest.mark.parametrize("scripts", [True, False], ids=["with scripts", "without"])
def test_the_code_from_the_mail_opens_the_details(scripts: bool, pages: dict[str, str], northlight: Merchant, window: Opener) -> None:
    opened = window(scripts=scripts)
    page = opened.open(pages["late"])
    see(page.get_by_text("Torstraße")).to_have_count(0)

    page.get_by_role("link", name="Show my details").click()
    see(page.get_by_text("m••••@e••••.com")).to_be_visible()
    page.get_by_role("button", name="Send the code").click()
    see(page.get_by_label("Code")).to_be_visible()
    code = code_in_mail(northlight)
    page.get_by_label("Code").fill("111111" if code == "000000" else "000000")
    page.get_by_role("button", name="Show my details").click()
    see(page.get_by_text("This is not the code we sent.").first).to_be_visible()
    page.get_by_label("Code").fill(f"{code[:3]} {code[3:]}")
    page.get_by_role("button", name="Show my details").click()

    see(page.get_by_text("Torstraße 12")).to_be_visible()
    see(page.get_by_text("Only you see this")).to_be_visible()
    see(page.get_by_text("€141.60")).to_be_visible()
    assert opened.strangers == []


def test_a_stranger_with_the_link_sees_no_details_afterwards(pages: dict[str, str], northlight: Merchant, window: Opener) -> None:
    mine = window().open(f"{pages['late']}/code")
    mine.get_by_role("button", name="Send the code").click()
    see(mine.get_by_label("Code")).to_be_visible()
    mine.get_by_label("Code").fill(code_in_mail(northlight))
    mine.get_by_role("button", name="Show my details").click()
    see(mine.get_by_text("Torstraße 12")).to_be_visible()

    theirs = window().open(pages["late"])

    see(theirs.get_by_role("heading", level=1)).to_contain_text("Now ")
    see(theirs.get_by_text("Torstraße")).to_have_count(0)


def test_the_look_up_and_the_way_out_work_by_form(pages: dict[str, str], window: Opener) -> None:
    opened = window(scripts=False)

    page = opened.open(pages["find"])
    page.get_by_label("Order number").fill("#1187")
    page.get_by_label("Email or postcode").fill("nobody@example.com")
    page.get_by_role("button", name="Send me the link").click()
    see(page.get_by_role("heading", level=1)).to_have_text("Look in your inbox")

    page = opened.open(pages["unsubscribe"])
    page.get_by_role("button", name="Stop these emails").click()
    see(page.get_by_role("heading", level=1)).to_have_text("You get no more of these")
