from typing import Any

import pytest
from django.test import Client

from notifications import library
from notifications.models import Message
from orders.intake import record_orders
from orders.models import Order
from postpurchase.events.tasks import relay_batch
from postpurchase.tenancy.models import Brand, Merchant, Role
from postpurchase.tenancy.scope import in_merchant
from tests.dashboard.pages import text
from tests.factories import order_data
from tests.people import signed_in
from tracking.models import Shipment

pytestmark = pytest.mark.django_db


@pytest.fixture
def owner(ann: Merchant) -> Client:
    return signed_in(ann, Role.OWNER)


def done(client: Client) -> list[bool]:
    return [step["done"] for step in client.get("/m/ann/").context["home"]["first_day"]["steps"]]


def test_one_click_leads_to_a_tracked_order_whose_mail_goes_to_the_team_alone(ann: Merchant, owner: Client) -> None:
    with in_merchant(ann):
        library.install()
    assert done(owner) == [True, False, False, False, False]

    answer = owner.post("/m/ann/first-steps/order/", follow=True)

    assert "/m/ann/orders/ord_" in answer.redirect_chain[0][0]
    assert "Sorted at the hub" in text(answer)
    while relay_batch(ann.pk):
        pass
    with in_merchant(ann):
        order = Order.objects.get()
        assert (order.test, order.email) == (True, "owner@ann.example")
        assert Shipment.objects.get().status == "in_transit"
        assert set(Message.objects.values_list("to_address", "test")) == {("owner@ann.example", True)}
        Message.objects.update(state="sent")
    assert done(owner) == [True, True, False, False, True]


def test_each_step_knows_when_it_is_done_and_the_list_ends_with_the_last(ann: Merchant, owner: Client) -> None:
    owner.post("/m/ann/first-steps/order/")
    owner.post("/m/ann/brand/change/", {"name": "Ann", "accent": "#aa3300", "surface": "#faf9f6"})
    given = {"locale": "en", "time_zone": "Europe/Berlin"}
    assert done(owner) == [True, True, True, False, False]

    owner.post("/m/ann/settings/change/", given | {"sender_email": "owner@ann.example"})

    assert done(owner) == [True, True, True, True, False]


def test_nobody_writes_in_the_name_of_an_address_that_is_not_on_the_team(ann: Merchant, owner: Client) -> None:
    given = {"name": "Ann", "accent": "#aa3300", "locale": "en", "time_zone": "Europe/Berlin", "sender_email": "ceo@bank.example"}

    answer = owner.post("/m/ann/settings/change/", given)

    assert answer.status_code == 422
    assert "Nobody on your team has this address." in text(answer)
    with in_merchant(ann):
        assert Brand.objects.get().sender_email == ""


def test_put_away_it_stays_away_for_everybody(ann: Merchant, owner: Client) -> None:
    admin = signed_in(ann, Role.ADMIN)

    owner.post("/m/ann/first-steps/close/")

    assert owner.get("/m/ann/").context["home"]["first_day"] is None
    assert admin.get("/m/ann/").context["home"]["first_day"] is None


def test_a_real_order_ends_it(ann: Merchant, owner: Client, ann_api: Any) -> None:
    record_orders([order_data()], connection_id=ann_api.pk)

    assert owner.get("/m/ann/").context["home"]["first_day"] is None


def test_a_viewer_sees_the_way_but_no_acts(ann: Merchant) -> None:
    page = signed_in(ann, Role.VIEWER).get("/m/ann/")

    assert "See the first order tracked" in text(page)
    assert "Make a test order" not in text(page)
    assert "Go to settings" not in text(page)
