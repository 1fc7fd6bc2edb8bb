"""A shopper has a parcel brought to one of the shop's pick-up points."""

import re

import pytest
from django.test import Client

from orders.models import Order
from postpurchase.lib.ids import to_public
from postpurchase.tenancy.models import Merchant
from postpurchase.tenancy.scope import in_merchant
from tests.portal.acts import link, scan, unlock, wished
from tests.tracking.test_points import said
from tracking import points
from tracking.models import PickupPoint

pytestmark = pytest.mark.django_db


def kept(shop: Merchant, *told: dict[str, str]) -> list[PickupPoint]:
    with in_merchant(shop):
        return [points.add(one) for one in told]


def choose(client: Client, order: Order, row: PickupPoint) -> tuple[int, str]:
    answer = client.post(f"{link(order)}/pickup", {"kind": "pickup", "point": to_public("pup", row.pk)})
    return answer.status_code, answer.content.decode()


def test_the_nearest_five_are_offered_and_the_chosen_one_is_asked_for(client: Client, ann: Merchant, asking: Order) -> None:
    far, *others = kept(ann, *(said(f"Shop {n}", code, hours="Mon to Sat") for n, code in enumerate(["80331", *["10119"] * 5])))
    unlock(client, asking)

    page = client.get(f"{link(asking)}/pickup").content.decode()
    answers = [choose(client, asking, others[0])[0], choose(client, asking, far)[0]]

    assert len(re.findall(r'type="radio"', page)) == 5
    assert "Shop 0" not in page and "1 Way, 10119 Berlin" in page
    assert "Ann asks the carrier whether it can go there." in page
    assert answers == [302, 422]
    with in_merchant(ann):
        assert wished() == [("pickup", "Shop 1, 1 Way, 10119 Berlin, Mon to Sat", None, "asked")]
    shown = Client().get(link(asking)).content.decode()
    assert "Bring it to a pick-up point: the shop has been asked and answers here." in shown
    assert "Shop 1" not in shown


def test_a_point_of_another_shop_is_as_unknown_as_one_that_was_switched_off(
    client: Client, ann: Merchant, bob: Merchant, asking: Order
) -> None:
    _open, closed = kept(ann, said("Open"), said("Closed"))
    with in_merchant(ann):
        points.switch(closed, on=False)
    (theirs,) = kept(bob, said("Bob’s"))
    unlock(client, asking)

    refused = [choose(client, asking, row) for row in (closed, theirs)]

    assert [code for code, _page in refused] == [422, 422]
    assert all("This point is not on offer any more. Choose another." in page and "Bob’s" not in page for _code, page in refused)
    with in_merchant(ann):
        assert wished() == []


def test_where_no_point_fits_the_shopper_names_one(client: Client, ann: Merchant, asking: Order) -> None:
    kept(ann, said("Wien", country="AT"), said("DPD", carrier="dpd"))
    unlock(client, asking)

    page = client.get(f"{link(asking)}/pickup").content.decode()
    answer = client.post(f"{link(asking)}/pickup", {"kind": "pickup", "text": "The kiosk"})

    assert "Which one, if it matters to you" in page
    assert 'type="radio"' not in page
    assert answer.status_code == 302
    with in_merchant(ann):
        assert wished() == [("pickup", "The kiosk", None, "asked")]


def test_a_parcel_that_has_come_goes_nowhere_else(client: Client, ann: Merchant, asking: Order) -> None:
    kept(ann, said("Open"))
    before = client.get(link(asking)).content.decode()
    with in_merchant(ann):
        scan(status="delivered")
    unlock(client, asking)

    assert f"{link(asking)}/pickup" in before
    assert client.get(f"{link(asking)}/pickup").status_code == 404
