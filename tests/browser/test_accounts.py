"""From sign-up to the first tracked order in a real browser; every page of accounts without a violation; a passkey made and used."""

from pathlib import Path
from typing import Any

import pytest
from django.core import mail
from django.core.cache import cache
from playwright.sync_api import Page, expect

from postpurchase.events.tasks import relay_batch
from postpurchase.lib.ids import to_public
from postpurchase.tenancy.models import Invitation, Membership, Merchant, Role
from postpurchase.tenancy.scope import in_merchant
from tests.accounts.conftest import Mailbox, link_in
from tests.browser.conftest import Opener
from tests.browser.test_dashboard import press_until
from tests.browser.walk import look_turned, sign_in
from tests.people import PASSWORD, hire

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture(autouse=True)
def mailbox(settings: Any) -> Mailbox:
    settings.EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
    mail.outbox = []
    cache.clear()  # counts of tries: no model, so nothing empties it after a test
    return Mailbox()


def press(page: Page, name: str) -> None:
    page.get_by_role("button", name=name, exact=True).click()


def test_from_sign_up_to_the_first_tracked_order_without_script(live_server: Any, window: Opener, mailbox: Mailbox) -> None:
    one = window(width=1440, scripts=False)
    page = one.open("/")
    page.get_by_role("link", name="Open a shop").click()
    page.get_by_label("Name of your shop").fill("Fjäll & Söner")
    page.get_by_label("Your name").fill("Maja Lindqvist")
    page.get_by_label("Email").fill("maja@fjall.example")
    page.get_by_label("Password").fill("short")
    press(page, "Open the shop")
    page.get_by_text("This password is too short").wait_for()
    page.get_by_label("Password").fill(PASSWORD)
    press(page, "Open the shop")
    page.get_by_role("heading", name="Look into your mailbox").wait_for()

    one.open(link_in(mailbox[0]))
    press(page, "Confirm this address")
    page.wait_for_url("**/m/fjall-soner/")
    assert page.get_by_text("Your address is confirmed.").is_visible()
    merchant = Merchant.objects.get()
    while relay_batch(merchant.pk):
        pass
    press(page, "Make a test order")
    page.get_by_text("A test order is here").wait_for()

    assert page.get_by_text("Sorted at the hub").first.is_visible()
    assert one.strangers == []


def test_the_same_by_keyboard_alone(live_server: Any, window: Opener, mailbox: Mailbox) -> None:
    one = window(width=1440)
    page = one.open("/sign-up/")
    expect(page.locator("[name=shop]")).to_be_focused()  # focus comes with the first drawing; a key before it is lost
    keys = page.keyboard
    for given in ("Fjäll", "", "Maja Lindqvist", "maja@fjall.example"):  # without the shop's own site
        keys.type(given)
        keys.press("Tab")
    keys.type(PASSWORD)
    keys.press("Enter")
    page.get_by_role("heading", name="Look into your mailbox").wait_for()
    one.open(link_in(mailbox[0]))
    page.locator("main button:focus, form button:focus").wait_for()
    keys.press("Enter")
    page.wait_for_url("**/m/fjall/")
    while relay_batch(Merchant.objects.get().pk):
        pass

    press_until(page, "Make a test order")
    keys.press("Enter")

    page.get_by_text("A test order is here").wait_for()
    assert one.wrong == []


def stocked(shop: Merchant) -> dict[str, str]:
    """Pages of Ann's shop, with a team and invitations; and of the person."""
    owner = hire(shop, "olga@ann.example", Role.OWNER)
    hire(shop, "a-very-long-address-indeed.of-somebody@customer-experience.northlight-outdoor.example", Role.AGENT)
    with in_merchant(shop):
        row = Membership.objects.exclude(user=owner).get()
        asked = Invitation.objects.create(
            email="nils@ek.example", role="agent", invited_by=owner, expires_at=shop.created_at.replace(year=2100)
        )
    at = f"/m/{shop.slug}"
    paths = ["/", "/team/", f"/team/{to_public('mbr', row.pk)}/", "/team/leave/", "/settings/", "/close/"]
    pages = {path.strip("/").split("/")[0] + str(len(path)): at + path for path in paths}
    mine = ["account/", "account/password/", "account/password/again/", "account/email/", "account/factors/", "account/delete/"]
    assert asked.pk
    return pages | {path.strip("/").replace("/", "-"): f"/{path}" for path in mine}


DOORS = ["sign-in", "sign-up", "sign-up/sent", "sign-up/confirm/x", "password/forgotten", "password/forgotten/sent", "password/new/1-x"]


def test_every_page_passes_axe_on_a_phone_and_a_desk(ann: Merchant, live_server: Any, window: Opener, tmp_path: Path) -> None:
    pages = stocked(ann)
    one = window()
    page = one.page
    for door in DOORS:
        one.open(f"/{door}/")
        look_turned(page, tmp_path, door.replace("/", "-"))
    sign_in(one)
    for name, path in pages.items():
        one.open(path)
        look_turned(page, tmp_path, name)
    prove(page, one.base)
    for path in ("account/factors/app/", "account/factors/passkeys/add/"):
        one.open(f"/{path}")
        look_turned(page, tmp_path, path.strip("/").replace("/", "-"))
    assert (one.wrong, one.strangers) == ([], [])


def prove(page: Page, base: str) -> None:
    page.goto(f"{base}/account/factors/app/")
    page.get_by_label("Password").fill(PASSWORD)
    press(page, "Go on")
    page.wait_for_url("**/account/factors/app/")


def test_a_passkey_is_made_and_opens_the_shop(ann: Merchant, live_server: Any, window: Opener) -> None:
    hire(ann, "olga@ann.example", Role.OWNER)
    one = window(width=1440)
    one.base = one.base.replace("127.0.0.1", "localhost")  # passkeys belong to a name, never to an address
    page = sign_in(one)
    device = page.context.new_cdp_session(page)
    device.send("WebAuthn.enable")
    options = {"protocol": "ctap2", "transport": "internal", "hasResidentKey": True, "hasUserVerification": True, "isUserVerified": True}
    device.send("WebAuthn.addVirtualAuthenticator", {"options": options | {"automaticPresenceSimulation": True}})

    prove(page, one.base)
    one.open("/account/factors/passkeys/add/")
    page.get_by_label("Name").fill("Laptop")
    page.get_by_label("Sign in with it alone").check()
    press(page, "Add the passkey")
    page.get_by_role("heading", name="Recovery codes").wait_for()
    one.open("/account/")
    press(page, "Sign out")
    press(page, "Use a passkey")

    page.wait_for_url("**/m/ann/")
    assert one.wrong == []
