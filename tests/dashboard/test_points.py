"""The list of pick-up points in the settings: added, changed, switched, taken out, and told to the log."""

from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
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


HEAD = "Name,street,postcode,city,country,hours,carrier,on\n"


def send(admin: Client, body: str) -> Any:
    return admin.post(f"{AT}file/", {"file": SimpleUploadedFile("points.csv", body.encode())})


def test_the_list_goes_out_as_a_file_and_comes_in_again_as_it_was(ann: Merchant, admin: Client) -> None:
    with in_merchant(ann):
        points.add(KIOSK | {"carrier": "dhl", "name": "=1+1"})
        points.switch(points.add(said("Ümlaut, Wien", country="AT")), on=False)
        before = [points.told(row) | {"on": row.on} for row in PickupPoint.objects.order_by("id")]
    body = b"".join(admin.get(f"{AT}?as=csv")).decode("utf-8-sig")  # type: ignore[call-overload]
    with in_merchant(ann):
        PickupPoint.objects.all().delete()

    answers = [send(admin, body) for _ in range(2)]

    assert [answer.status_code for answer in answers] == [302, 302]
    with in_merchant(ann):
        assert [points.told(row) | {"on": row.on} for row in PickupPoint.objects.order_by("id")] == before
    assert acts(ann) == ["point.imported"] * 2


def test_a_file_with_a_fault_names_row_and_column_and_is_not_taken(ann: Merchant, admin: Client) -> None:
    answer = send(admin, f"{HEAD}Kiosk,1 Way,10115,Berlin,DE,,,\nOther,,10115,Berlin,XQ,,,maybe\n")

    assert answer.status_code == 422
    told = text(answer)
    assert "Row 3, street: This field is required." in told
    assert "Row 3, country: No country has this code. Write DE for Germany." in told
    assert "Row 3, on: Write yes or no." in told
    with in_merchant(ann):
        assert not PickupPoint.objects.exists()
    assert acts(ann) == []


@pytest.mark.parametrize(
    ("body", "told"),
    [("", "empty"), (HEAD, "no rows"), ("name,city\nA,B\n", "no column street, country."), (HEAD + "x\n" * 5001, "more than 5,000 rows")],
)
def test_a_file_that_is_no_list_of_points_is_refused(body: str, told: str, ann: Merchant, admin: Client) -> None:
    answer = send(admin, body)

    assert answer.status_code == 422
    assert told in text(answer)
    assert acts(ann) == []


def test_a_file_brings_what_is_there_up_to_date_and_switches_only_where_it_says_so(ann: Merchant, admin: Client) -> None:
    with in_merchant(ann):
        points.switch(points.add(KIOSK | {"carrier": "dhl"}), on=False)

    send(admin, "name,street,postcode,city,country,hours,carrier\nKiosk am Ring,1 Way,10115,Berlin,Germany,Day and night,DHL\n")
    row = one(ann)[0]

    assert (row.hours, row.on) == ("Day and night", False)
