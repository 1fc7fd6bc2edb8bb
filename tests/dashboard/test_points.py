"""The list of pick-up points in the settings: added, changed, switched, taken out, and told to the log."""

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from postpurchase.lib.ids import to_public
from postpurchase.tenancy.models import AuditEntry, Merchant
from postpurchase.tenancy.scope import in_merchant
from tests.dashboard.pages import next_page, rows, text
from tests.tracking.test_points import said
from tracking import points
from tracking.models import PickupPoint

pytestmark = pytest.mark.django_db
AT = "/m/ann/points/"
KIOSK = said("Kiosk am Ring", hours="Mon to Sat 8 to 20", carrier="DHL")


def acts(shop: Merchant) -> list[str]:
    with in_merchant(shop):
        return list(AuditEntry.objects.order_by("number").values_list("act", flat=True))


def one(shop: Merchant) -> tuple[PickupPoint, str]:
    """The only point, and its address in the dashboard."""
    with in_merchant(shop):
        row = PickupPoint.objects.get()
    return row, f"{AT}{to_public('pup', row.pk)}/"


def test_a_shop_without_points_reads_what_they_are_for(ann: Merchant, admin: Client) -> None:
    assert "Until you add some, shoppers name a point in their own words." in text(admin.get(AT))


def test_a_point_is_added_once_however_often_the_button_is_pressed(ann: Merchant, admin: Client) -> None:
    answers = [admin.post(f"{AT}add/", KIOSK) for _ in range(2)]

    assert [answer.status_code for answer in answers] == [302, 422]
    assert "You have this point already." in text(answers[1])
    assert one(ann)[0].carrier == "dhl"
    page = admin.get(AT)
    assert rows(page) == ["Kiosk am Ring"]
    assert "1 Way, 10115 Berlin On DHL Paket Germany" in text(page)
    assert "Shoppers are not offered them yet." in text(page)
    assert acts(ann) == ["point.added"]


def test_a_country_that_there_is_not_is_named_and_nothing_is_kept(ann: Merchant, admin: Client) -> None:
    answer = admin.post(f"{AT}add/", KIOSK | {"country": "XQ"})

    assert answer.status_code == 422
    assert "No country has this code. Write DE for Germany." in text(answer)
    with in_merchant(ann):
        assert not PickupPoint.objects.exists()


def test_a_point_is_changed_switched_and_taken_out(ann: Merchant, admin: Client) -> None:
    admin.post(f"{AT}add/", KIOSK)
    row, url = one(ann)
    form = admin.get(url).content.decode()
    for act, given in (("change", KIOSK | {"postcode": "10 117"}), ("change", KIOSK | {"postcode": "10 117"}), ("switch", {"on": "0"})):
        assert admin.post(f"{url}{act}/", given).status_code == 302
    admin.post(f"{url}switch/", {"on": "0"})
    changed = one(ann)[0]

    assert 'value="DHL Paket"' in form
    assert (changed.postcode, changed.near, changed.on) == ("10 117", "10117", False)
    assert admin.post(f"{url}remove/").status_code == 302
    assert admin.post(f"{url}remove/").status_code == 404
    assert acts(ann) == ["point.added", "point.changed", "point.switched", "point.removed"]
    assert points.told(row)["postcode"] == "10115"


def test_a_point_cannot_become_another_one(ann: Merchant, admin: Client) -> None:
    with in_merchant(ann):
        points.add(KIOSK | {"carrier": "dhl", "name": "Other"})
    other, url = one(ann)
    admin.post(f"{AT}add/", KIOSK)

    answer = admin.post(f"{url}change/", KIOSK)

    assert answer.status_code == 422
    assert "Another point says the same." in text(answer)
    with in_merchant(ann):
        assert PickupPoint.objects.get(pk=other.pk).name == "Other"


def test_many_points_are_paged_and_ask_no_more_than_one(ann: Merchant, admin: Client) -> None:
    admin.post(f"{AT}add/", KIOSK)
    with CaptureQueriesContext(connection) as few:
        admin.get(AT)
    with in_merchant(ann):
        PickupPoint.objects.bulk_create(PickupPoint(**said(f"P {n:02}"), near="10115") for n in range(60))
    with CaptureQueriesContext(connection) as many:
        first = admin.get(AT)

    assert len(many) == len(few)
    assert len(rows(first)) == 50
    assert len(rows(admin.get(f"{AT}{next_page(first)}"))) == 11
