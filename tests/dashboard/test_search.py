import pytest
from django.test import Client

from orders.models import Customer, Order
from postpurchase.lib import clock
from postpurchase.lib.ids import to_public
from postpurchase.tenancy.models import Merchant
from postpurchase.tenancy.scope import in_merchant
from tests.dashboard.pages import text
from tracking.models import Leg, Shipment

pytestmark = pytest.mark.django_db
URL = "/m/ann/search/"


def hits(client: Client, asked: str) -> list[str]:
    page = client.get(URL, {"q": asked}).content.decode()
    main = page[page.index("<main") :]
    return [part.partition("</bdi>")[0] for part in main.split('<a class="cover" href="')[1:] for part in [part.partition("<bdi>")[2]]]


@pytest.mark.parametrize("asked", ["#1043", "1043", " #1043 "])
def test_an_order_is_found_by_its_number_with_or_without_the_sign(shop: Merchant, now: clock.Hands, viewer: Client, asked: str) -> None:
    assert hits(viewer, asked) == ["#1043"]


def test_an_email_finds_the_orders_and_the_person(shop: Merchant, now: clock.Hands, viewer: Client) -> None:
    assert hits(viewer, "Anna.Berg@example.com") == ["#1043", "Anna Berg"]


def test_a_parcel_is_found_however_its_number_is_written(shop: Merchant, now: clock.Hands, viewer: Client) -> None:
    with in_merchant(shop):
        number = Leg.objects.filter(shipment__order__number="#1279").get().number

    written = [number, number.lower(), f"{number[:4]} {number[4:]}", f"{number[:6]}-{number[6:]}"]

    assert [hits(viewer, asked) for asked in written] == [[number]] * 4


@pytest.mark.parametrize("asked", ["anna", "BERG", "ber", "anna b"])
def test_a_name_is_found_from_the_beginning_of_any_word(shop: Merchant, now: clock.Hands, viewer: Client, asked: str) -> None:
    assert hits(viewer, asked) == ["Anna Berg"]


def test_public_ids_are_found(shop: Merchant, now: clock.Hands, viewer: Client) -> None:
    with in_merchant(shop):
        order = Order.objects.get(number="#1043")
        person, parcel = Customer.objects.get(email=order.email), Shipment.objects.filter(order=order)[0]
        ids = [to_public(*pair) for pair in (("ord", order.pk), ("cus", person.pk), ("shp", parcel.pk))]

    assert [hits(viewer, one) for one in ids] == [["#1043"], ["Anna Berg"], [parcel.number]]


def test_exact_hits_stand_first(shop: Merchant, now: clock.Hands, viewer: Client) -> None:
    with in_merchant(shop):
        Customer.objects.create(email="a@example.com", first_name="Bergamotta", last_name="Zed")
        Customer.objects.create(email="b@example.com", first_name="Berg", last_name="")

    assert hits(viewer, "berg")[0] == "Berg"
    assert sorted(hits(viewer, "berg")) == ["Anna Berg", "Berg", "Bergamotta Zed"]


def test_enter_on_a_single_exact_hit_goes_straight_to_it(shop: Merchant, now: clock.Hands, viewer: Client) -> None:
    with in_merchant(shop):
        order = to_public("ord", Order.objects.get(number="#1043").pk)

    assert viewer.get(URL, {"q": "1043", "go": "1"})["Location"] == f"/m/ann/orders/{order}/"
    assert viewer.get(URL, {"q": "anna", "go": "1"}).status_code == 200


def test_the_dialog_gets_options_alone(shop: Merchant, now: clock.Hands, viewer: Client) -> None:
    part = viewer.get(URL, {"q": "anna"}, headers={"HX-Request": "true"}).content.decode()

    assert part.startswith('<a role="option" id="hit-1"')
    assert "1 hit. Arrow keys choose, Enter opens." in part
    assert "<html" not in part


@pytest.mark.parametrize("asked", ["", "a", "\0", "nobody at all", "ord_", "#", "%", "_" * 300, "9999999999"])
def test_what_finds_nothing_breaks_nothing(shop: Merchant, now: clock.Hands, viewer: Client, asked: str) -> None:
    assert hits(viewer, asked) == []


def test_nothing_of_another_shop_is_found(shop: Merchant, now: clock.Hands, stranger: Client) -> None:
    answer = stranger.get("/m/bob/search/", {"q": "#1043"})

    assert "Nothing found" in text(answer)
