"""A carrier that nobody knows is read by a mapping with a live preview, and asked, in a real browser."""

from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from integrations.carriers.custom.mapping import source_of, stored
from integrations.connections import keep
from integrations.models import Connection, Delivery, InboundDelivery
from postpurchase.lib import clock
from postpurchase.lib.ids import to_public
from postpurchase.tenancy.models import Merchant, Role
from postpurchase.tenancy.scope import in_merchant
from tests.axe import wrong_with
from tests.browser.conftest import Opener
from tests.browser.walk import let_in, look_at_all, press
from tests.integrations.custom.bodies import CSV, for_csv
from tests.people import hire
from tracking.models import CarrierCode
from tracking.polling import keep as polling

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
AT = "/m/ann/connections/"


@pytest.fixture
def shop(ann: Merchant, live_server: Any) -> Merchant:
    hire(ann, "olga@ann.example", Role.OWNER)
    return ann


def own(shop: Merchant) -> Connection:
    with in_merchant(shop):
        return keep.add("custom", label="Acme")[0]


def mapped(shop: Merchant) -> Connection:
    """With a mapping, a call that has a bad row, and a poller that was told to wait."""
    row = own(shop)
    with in_merchant(shop):
        row.mapping = stored(for_csv(source=source_of(row.pk)))
        row.save()
        body = (CSV + "N2;soon;;A1;Übernommen;Ulm;DE;9\r\n").encode("cp1252")
        InboundDelivery.objects.create(connection=row, delivery_id="d", topic="tracking", headers={}, body=body, state=Delivery.DONE)
        CarrierCode.objects.create(source=source_of(row.pk), code="Z9", status="delivered")
        account = {"header": "X-Key", "value": "k"}
        poller = polling.put(row, account, asking=True, a_minute=30, url="https://3pl.example/{number}", carriers=["acme_post"])
        poller.last_at, poller.last_error = clock.business_now(), "It answered 429."
        poller.resume_at = clock.business_now() + timedelta(minutes=15)
        poller.save()
    return row


def test_every_page_passes_axe_on_a_phone_and_a_desk(shop: Merchant, window: Opener, tmp_path: Path) -> None:
    full = to_public("con", mapped(shop).pk)
    pages = {"mapped": f"{AT}{full}/mapping/", "asking": f"{AT}{full}/asking/", "connection": f"{AT}{full}/"}

    look_at_all(window, pages, tmp_path)


def test_a_mapping_is_made_with_a_live_preview(shop: Merchant, window: Opener) -> None:
    row = own(shop)
    one = window(width=1440)
    page = let_in(one)
    one.open(f"{AT}{to_public('con', row.pk)}/")
    page.get_by_role("link", name="Fill in the mapping").first.click()
    page.get_by_label("A call or file as they send it").fill(CSV)
    press(page, "Read the sample")
    page.get_by_label("Carrier, if always the same").fill("Acme")
    with page.expect_response(lambda answer: answer.url.endswith("/look/")):
        page.get_by_label("Carrier, if always the same").blur()
    page.get_by_label("Z9").select_option("delivered")

    page.locator("#preview .rows .badge", has_text="Delivered").wait_for()
    page.get_by_label("Time, or day").select_option("/Ort")
    page.get_by_text("Entry 1: “Köln 07:10” is not read as a time").wait_for()
    page.get_by_label("Time, or day").select_option("/Datum")
    page.locator("#preview .rows .badge", has_text="Delivered").wait_for()
    assert wrong_with(page) == []
    press(page, "Save")

    page.get_by_text("The mapping is kept.").wait_for()
    with in_merchant(shop):
        assert CarrierCode.objects.get(status="delivered").code == "Z9"
        assert Connection.objects.get(pk=row.pk).mapping["always"] == {"carrier": "Acme"}
    assert (one.wrong, one.strangers) == ([], [])
