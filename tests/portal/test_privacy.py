"""Nobody learns from the page whose order it is, what it cost, or where exactly it goes."""

from datetime import timedelta

import pytest
from django.test import Client

from orders.models import Order
from postpurchase.lib import clock
from postpurchase.tenancy.models import Brand, Merchant
from postpurchase.tenancy.scope import in_merchant
from tests.factories import address_data, customer_data
from tests.portal.acts import NOW, link, place, scan, ship

CANARIES = [  # as they would read in lower case
    "zenobia", "quandt", "quandt-mail", "canary.example", "kanarienweg", "hinterhaus-7", "80337", "5550142", "4900", "49.00",
    "141.70", "136.80",
]  # fmt: skip


@pytest.fixture
def order(ann: Merchant, now: clock.Hands) -> Order:
    address = address_data(
        name="Zenobia Quandt", line1="Kanarienweg 12", line2="Hinterhaus-7", city="Munich", postcode="80337", phone="+49 89 5550142"
    )
    email = "quandt-mail@canary.example"
    with in_merchant(ann):
        order = place(
            email=email,
            phone="+49 89 5550142",
            customer=customer_data(email=email, first_name="Zenobia", last_name="Quandt"),
            shipping_address=address,
            billing_address=address,
        )
        ship(order)
        scan(text="Left with ZENOBIA QUANDT", at=NOW - timedelta(hours=9))
        scan(text="Redirected to Kanarienweg 12, 80337", at=NOW - timedelta(hours=8))
        scan(text="Call +49 89 5550142", at=NOW - timedelta(hours=7))
        scan(text="Left the depot", at=NOW - timedelta(hours=6), city="Munich")
        scan(status="delivered", text="Signed by Z. Q., door code 44", signed_by="Zenobia Quandt", city="Munich")
    return order


@pytest.mark.parametrize("path", ["", "/code", "/verify", "?lang=de", "?lang=ja"])
def test_no_answer_before_the_code_names_the_person(path: str, client: Client, order: Order) -> None:
    body = client.get(link(order) + path).content.decode().casefold()

    assert [canary for canary in CANARIES if canary in body] == []


def test_what_carriers_write_of_people_is_said_in_our_words(client: Client, order: Order) -> None:
    body = client.get(link(order)).content.decode()

    assert "Left the depot" in body
    assert "door code" not in body
    assert body.count("On the way") >= 4  # three scans told of her; the fourth is the step


def test_a_shops_pictures_are_not_fetched_from_its_server(client: Client, ann: Merchant, order: Order) -> None:
    with in_merchant(ann):
        Brand.objects.update(logo_url="https://cdn.example/logo.png")

    body = client.get(link(order)).content.decode()

    assert "cdn.example" not in body


def test_a_cookie_that_proves_nothing_opens_nothing(client: Client, order: Order) -> None:
    client.cookies["step-up"] = "99999999999.deadbeef"

    body = client.get(link(order)).content.decode().casefold()

    assert [canary for canary in CANARIES if canary in body] == []
