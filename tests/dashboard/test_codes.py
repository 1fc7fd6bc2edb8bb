"""The page of codes that no table has."""

import pytest
from django.test import Client

from postpurchase.lib.ids import to_public
from postpurchase.tenancy.models import AuditEntry, Merchant
from postpurchase.tenancy.scope import in_merchant
from tests.dashboard.pages import text
from tracking.models import CarrierCode

AT = "/m/ann/codes/"


@pytest.fixture
def row(ann: Merchant) -> CarrierCode:
    with in_merchant(ann):
        return CarrierCode.objects.create(source="ups", carrier="ups", code="I/Q7", text="Something odd", scans=3)


def test_the_empty_page_teaches(ann: Merchant, viewer: Client) -> None:
    assert "Every code is known" in text(viewer.get(AT))
    assert "No code has a meaning of yours" in text(viewer.get(f"{AT}?view=mapped"))


def test_a_code_is_listed_and_given_a_meaning_once(ann: Merchant, row: CarrierCode, admin: Client, viewer: Client) -> None:
    assert "I/Q7 Something odd UPS 3" in text(viewer.get(AT))
    assert "<select" not in viewer.get(AT).content.decode()
    url = f"{AT}{to_public('ccd', row.pk)}/give/"

    for _ in range(2):
        assert admin.post(url, {"status": "delivered"}).status_code == 302

    with in_merchant(ann):
        row.refresh_from_db()
        assert AuditEntry.objects.filter(act="code.given").count() == 1
    assert (row.status, row.redo_total) == ("delivered", 0)
    assert "0 of 0 parcels read anew" in text(admin.get(f"{AT}?view=mapped"))
    assert viewer.post(url, {"status": "returned"}).status_code == 403


def test_what_is_no_status_is_refused(ann: Merchant, row: CarrierCode, admin: Client) -> None:
    assert admin.post(f"{AT}{to_public('ccd', row.pk)}/give/", {"status": "teleported"}).status_code == 409

    with in_merchant(ann):
        row.refresh_from_db()
    assert row.status == ""
