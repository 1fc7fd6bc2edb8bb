"""What shoppers ask for waits in the queue: at the newest parcel of its order, or above the queue where nothing is shipped."""

from collections.abc import Iterator
from re import search

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from desk.handlers import look_again, take_requests
from desk.models import Case, State
from orders.models import Order
from postpurchase.events.catalogue import ShipmentCreated, ShopperAsked
from postpurchase.lib import clock
from postpurchase.lib.ids import to_public
from postpurchase.tenancy.models import Merchant
from postpurchase.tenancy.scope import in_merchant
from tests.dashboard.pages import rows, text
from tracking import wishes
from tracking.models import Shipment, Wish
from tracking.wishes import Asked

pytestmark = pytest.mark.django_db
AT = "/m/ann/work/"


@pytest.fixture(autouse=True)
def at_noon(now: clock.Hands) -> Iterator[None]:
    return None


def ask(shop: Merchant, number: str, *asked: Asked) -> Order:
    """The order, whose shopper has asked for these."""
    with in_merchant(shop):
        order = Order.objects.filter(number=number).order_by("placed_at")[0]
        made = [wishes.ask(order.pk, one) for one in asked]
        take_requests([ShopperAsked(order_id=order.pk, wish_id=one.pk, what=one.kind) for one in made])
    return order


def kinds(shop: Merchant, order: Order) -> dict[str, tuple[list[str], str]]:
    with in_merchant(shop):
        found = Case.objects.filter(shipment__order=order).values_list("shipment__number", "kinds", "state")
        return {number: (told, state) for number, told, state in found}


def test_a_request_waits_at_its_parcel_and_goes_with_its_answer(shop: Merchant, agent: Client, viewer: Client) -> None:
    order = ask(shop, "#1198", Asked("missing", "Nobody rang."), Asked("day"))
    with in_merchant(shop):
        case = Case.objects.select_related("shipment").get(shipment__order=order)
    url, number = f"{AT}{to_public('cse', case.pk)}/", case.shipment.number

    assert case.kinds == ["missing", "request"]
    assert number in rows(viewer.get(f"{AT}?kind=missing")) and number in rows(viewer.get(f"{AT}?kind=request"))
    page = agent.get(url)
    assert all(said in text(page) for said in ("What the shopper asks for It has not arrived", "Nobody rang.", "Another day"))
    assert "<form" not in search(r'id="wishes".*?</section>', viewer.get(url).content.decode(), 16)[0]  # type: ignore[index]
    for wish in Wish.Kind.MISSING, Wish.Kind.DAY:
        with in_merchant(shop):
            answer = f"/m/ann/shipments/requests/{to_public('wsh', Wish.objects.get(order=order, kind=wish).pk)}/answer/"
        posted = [agent.post(answer, {"state": "accepted", "case": to_public("cse", case.pk)}) for _ in range(2)]
        assert [(one.status_code, one["Location"]) for one in posted] == [(302, url)] * 2

    assert kinds(shop, order) == {number: ([], State.OVER)}


def test_a_newer_parcel_takes_the_request_over(shop: Merchant) -> None:
    order = ask(shop, "#1198", Asked("missing"))
    with in_merchant(shop):
        old = Shipment.objects.get(order=order)
        new = Shipment.objects.create(connection=old.connection, order=order, carrier="dhl", number="NEWER")
        look_again([ShipmentCreated(order_id=order.pk, shipment_id=new.pk)])

    assert kinds(shop, order) == {old.number: ([], State.OVER), "NEWER": (["missing"], State.OPEN)}


def test_what_is_asked_before_a_parcel_is_there_stands_above_the_queue(shop: Merchant, viewer: Client) -> None:
    order = ask(shop, "#1284", Asked("address", "1 Way"))

    said = text(viewer.get(AT))

    assert "1 request about an order that is not shipped Answer #1284 Another address" in said
    assert "not shipped Answer" not in text(viewer.get(f"{AT}?kind=missing"))
    with in_merchant(shop):
        assert not Case.objects.filter(shipment__order=order).exists()


def test_what_waits_is_counted_once_a_request(shop: Merchant, viewer: Client) -> None:
    for url in ("/m/ann/", AT, "/m/ann/orders/"):
        with CaptureQueriesContext(connection) as asked:
            viewer.get(url)
        counts = [one["sql"] for one in asked if 'FROM "desk_case"' in one["sql"] and "COUNT(" in one["sql"]]
        assert len(counts) == 1
