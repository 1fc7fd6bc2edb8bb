"""Audit log, API keys and usage in a real browser, and a key's whole life without a script."""

import re
from pathlib import Path
from typing import Any

import pytest
from django.test import Client
from playwright.sync_api import expect

from postpurchase.jobs import tasks
from postpurchase.lib.ids import to_public
from postpurchase.tenancy import audit, keys
from postpurchase.tenancy.models import ApiKey, AuditEntry, Merchant, Role, User
from postpurchase.tenancy.scope import in_merchant
from tests.browser.conftest import Opener
from tests.browser.walk import let_in, look_at_all, look_at_empty, press
from tests.dashboard.shop import fill
from tests.people import hire

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def shop(ann: Merchant, live_server: Any) -> Merchant:
    hire(ann, "olga@ann.example", Role.OWNER)
    return ann


def live(shop: Merchant) -> dict[str, str]:
    """Keys in every state, a log of two pages, counters; returns the addresses of their pages."""
    fill(shop)
    with in_merchant(shop):
        user = User.objects.get(email="olga@ann.example")
        by = audit.Caller(audit.person(user.pk), user.pk, "198.51.100.7", "req-1")
        old, _ = keys.add("Warehouse and everything that is in it, second floor", scopes=["orders:read"], live=True, by=user)
        keys.revoke(keys.add("Old till", scopes=keys.SCOPES, live=True, by=user)[0])
        keys.add("Script", scopes=["orders:read", "events:read"], live=False, by=user)
        for n in range(52):
            audit.record(by, "flow.switched", subject="flow:delayed", words="Delayed", changes={"on": (bool(n % 2), not n % 2)})
        keys.rotate(old, overlap=keys.OVERLAPS[2], by=user)
        told = {
            "accent": ("#0f766e", "#1f6b50"),
            "website": ("", "https://a-very-long-name-of-a-shop.example.com/with/a/path"),
            "name": ("", "x"),
        }
        last = audit.record(by, "settings.changed", changes=told)
        audit.check()
        fresh = ApiKey.objects.get(label="Script")
    tasks.count_usage()
    pages = {"keys": "keys/", "ended": "keys/?view=ended", "new": "keys/new/", "usage": "usage/", "usage-scans": "usage/?of=scans"}
    pages |= {"audit": "audit/", "none": "audit/?act=none", "filtered": "audit/?act=settings.changed&since=7d", "settings": "settings/"}
    pages |= {"entry": f"audit/{to_public('aud', last.pk)}/", "key": f"keys/{to_public('key', fresh.pk)}/"}
    pages |= {"ending": f"keys/{to_public('key', old.pk)}/", "end": f"keys/{to_public('key', fresh.pk)}/end/"}
    return {name: f"/m/ann/{path}" for name, path in pages.items()}


def test_every_page_passes_axe_on_a_phone_and_a_desk(shop: Merchant, window: Opener, tmp_path: Path) -> None:
    look_at_empty(window, {f"{name}-empty": f"/m/ann/{name}/" for name in ("keys", "usage", "audit")}, tmp_path)
    pages = live(shop)

    look_at_all(window, pages, tmp_path)


def test_a_keys_whole_life_without_script_and_the_log_tells_it(shop: Merchant, window: Opener) -> None:
    one = window(width=1440, scripts=False)
    page = let_in(one)
    one.open("/m/ann/")
    page.get_by_role("link", name="Developers", exact=True).click()
    page.get_by_role("link", name="API keys").click()
    page.get_by_role("link", name="Make a key").click()
    page.get_by_label("Name").fill("Warehouse")
    page.get_by_label("Read orders").check()
    press(page, "Make the key")
    old = page.locator("code.break").inner_text()
    assert re.fullmatch(r"pk_test_[\w-]{32}", old)

    page.get_by_label("How long the old key still works").select_option("One week")
    press(page, "Make its successor")
    new = page.locator("code.break").inner_text()
    page.get_by_role("link", name="API keys").click()
    page.get_by_text("Ends soon").wait_for()
    page.get_by_role("link", name="Warehouse").first.click()
    page.get_by_role("link", name="Revoke this key").click()
    press(page, "Revoke the key")
    page.get_by_text("“Warehouse” is revoked.").wait_for()

    with in_merchant(shop):
        audit.check()  # else the page looks again and again for the first check
    page.get_by_role("link", name="Settings", exact=True).click()
    page.get_by_role("link", name="Audit log").click()
    expect(page.locator("#rows a.cover")).to_have_text(["Revoked an API key", "Replaced an API key", "Made an API key"])
    press(page, "Check now")
    page.get_by_text("The log is being read through.").wait_for()
    with in_merchant(shop):
        assert AuditEntry.objects.count() == 3
    calls = [Client().get("/api/v1/orders", headers={"Authorization": f"Bearer {key}"}).status_code for key in (old, new)]
    assert sorted(calls) == [200, 401]
    assert one.strangers == []
