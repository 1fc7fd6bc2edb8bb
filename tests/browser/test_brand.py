"""Brand and alerts in a real browser: without a violation, with a preview that follows what is written, and by hand without a script."""

from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import expect as see

from alerts import channels
from alerts.models import Choice
from brands import suggest
from postpurchase.jobs import eager
from postpurchase.tenancy.models import Brand, Merchant, Role
from postpurchase.tenancy.scope import in_merchant
from tests.brands.shop import Site, png
from tests.browser.conftest import Opener
from tests.browser.test_accounts import press
from tests.browser.walk import let_in, look
from tests.people import hire

NAMED = '<meta property="og:site_name" content="Ann’s Wool">'
HOME = NAMED + '<meta name="theme-color" content="#8a1c3c"><link rel="apple-touch-icon" href="i.png">'
pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def shop(ann: Merchant, live_server: Any, settings: Any) -> Merchant:
    settings.BASE_URL = live_server.url
    hire(ann, "olga@ann.example", Role.OWNER)
    return ann


@pytest.fixture
def site(settings: Any) -> Any:
    made = Site()
    settings.OUTBOUND_HOSTS = [made.url.split("/")[2]]
    made.put("/", HOME)
    made.put("/i.png", png(), "image/png")
    yield made
    made.stop()


def found(shop: Merchant, site: Site) -> None:
    with in_merchant(shop), eager.collected():
        row = suggest.ask(site.url)
    suggest.carry_out(shop.pk, row.pk)


def test_every_page_passes_axe_on_a_phone_and_a_desk(shop: Merchant, site: Site, window: Opener, tmp_path: Path) -> None:
    for width, theme in ((390, "dark"), (1440, "light")):
        one = window(width=width, theme=theme)
        page = let_in(one)
        one.open("/m/ann/brand/")
        look(page, tmp_path / f"brand-{width}.png")
        found(shop, site)
        one.open("/m/ann/brand/")
        look(page, tmp_path / f"found-{width}.png")
        page.locator(".previews").get_by_text("Email", exact=True).click()
        page.locator(".previews").get_by_text("Dark", exact=True).click()
        page.locator(".previews").get_by_text("Desktop", exact=True).click()
        see(page.frame_locator("iframe:visible").get_by_text("Linen shirt").first).to_be_visible()
        look(page, tmp_path / f"mail-dark-{width}.png")
        one.open("/m/ann/alerts/")
        look(page, tmp_path / f"alerts-{width}.png")
        with in_merchant(shop), eager.collected():
            suggest.ask("https://127.0.0.1/")
            channels.keep(None, "https://hooks.slack.example.com/services/T0/B0/x", ["doubt"]) if width == 390 else None
        one.open("/m/ann/alerts/")
        look(page, tmp_path / f"channel-{width}.png")
        suggest.carry_out(shop.pk, suggest.waiting(shop.pk)[0])
        one.open("/m/ann/brand/")
        look(page, tmp_path / f"failed-{width}.png")
        assert one.wrong == []


def test_the_preview_follows_what_is_written_and_leaves_the_way_back_alone(shop: Merchant, window: Opener) -> None:
    one = window(width=1440)
    page = let_in(one)
    one.open("/m/ann/brand/")
    before = page.evaluate("history.length")

    page.get_by_label("Name of the shop").fill("Wool & Wind")
    see(page.frame_locator(".page.phone iframe").get_by_text("Wool & Wind").first).to_be_visible()
    page.get_by_label("Colour", exact=True).fill("#123456")
    see(page.frame_locator(".page.phone iframe").locator("link[href*='123456']")).to_have_count(1)
    see(page.get_by_label("Name of the shop")).to_have_value("Wool & Wind")

    assert page.evaluate("history.length") == before
    with in_merchant(shop):
        assert Brand.objects.get().name == "Ann"
    assert (one.wrong, one.strangers) == ([], [])


def test_the_whole_way_without_script(shop: Merchant, site: Site, window: Opener) -> None:
    one = window(width=1440, scripts=False)
    page = let_in(one)
    one.open("/m/ann/")
    page.get_by_role("link", name="Brand").first.click()
    page.get_by_label("Address of your shop").fill("localhost")
    press(page, "Take from my shop")
    page.get_by_text("not on the public internet").wait_for()
    page.get_by_label("Address of your shop").fill(site.url)
    press(page, "Take from my shop")
    page.get_by_text("We are reading").wait_for()
    suggest.carry_out(shop.pk, suggest.waiting(shop.pk)[0])
    page.reload()
    page.get_by_label("Name", exact=True).uncheck()
    press(page, "Take it over")
    page.get_by_text("Taken over.").wait_for()
    with in_merchant(shop):
        brand = Brand.objects.get()
        assert (brand.name, brand.accent) == ("Ann", "#8a1c3c")
        assert brand.logo_url.startswith(f"{one.base}/logo/")

    page.get_by_label("Name of the shop").fill("Wool")
    press(page, "Preview")
    assert page.get_by_label("Name of the shop").input_value() == "Wool"
    press(page, "Save")
    page.get_by_text("Saved.").wait_for()
    page.get_by_role("link", name="Alerts").first.click()
    page.get_by_role("combobox", name="A message was refused").select_option("Once a day")
    press(page, "Save")
    page.get_by_text("Saved.").wait_for()
    with in_merchant(shop):
        assert Brand.objects.get().name == "Wool"
        assert Choice.objects.get().daily == ["failed"]
