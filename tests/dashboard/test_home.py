import pytest
from django.test import Client

from notifications.models import Message, ProviderEvent, State
from orders.models import Order
from postpurchase.lib import clock
from postpurchase.lib.ids import to_public
from postpurchase.tenancy.models import Merchant
from postpurchase.tenancy.scope import in_merchant
from tests.dashboard.pages import text
from tests.dashboard.shop import fill

pytestmark = pytest.mark.django_db


def test_home_says_what_needs_somebody_and_where_it_is(shop: Merchant, now: clock.Hands, viewer: Client) -> None:
    said = text(viewer.get("/m/ann/"))

    assert said.startswith("Good afternoon. 5 things need you. Today, Monday 23 November , 14:20 in Berlin.")
    assert "1 parcel stands still Longest: #852, 14 days, last seen in Padborg, DK" in said
    assert "1 parcel is later than promised Longest: #1043" in said
    assert "1 parcel is held up Longest: #997" in said
    assert "1 message may or may not have left" in said
    assert "1 message failed 550 5.1.1 no such user" in said


def test_every_number_leads_to_its_rows(shop: Merchant, now: clock.Hands, viewer: Client) -> None:
    page = viewer.get("/m/ann/").content.decode()

    for url, rows in (("/m/ann/shipments/?parcel=stalled", ["#852"]), ("/m/ann/shipments/?parcel=late", ["#1043"])):
        assert f'href="{url}"' in page
        found = viewer.get(url).content.decode()
        assert [number in found for number in rows] == [True]


def test_home_counts_what_moves_and_what_came(shop: Merchant, now: clock.Hands, viewer: Client) -> None:
    said = text(viewer.get("/m/ann/"))

    assert "On the way 4 parcels in 4 orders, now" in said
    assert "Out for delivery 1 parcel now; 1 delivered today" in said
    assert "Delivered on time 100 % 2 of 2 parcels, last 7 days" in said
    assert "2 parcels in 30 days, 0 of them after the day they were due." in said
    assert "DHL Paket 0 3 1 2 Royal Mail 1 1 0 0 6 open parcels." in said


def test_latest_tells_the_newest_facts_first(shop: Merchant, now: clock.Hands, viewer: Client) -> None:
    with in_merchant(shop):
        order = to_public("ord", Order.objects.get(number="#1284").pk)

    page = viewer.get("/m/ann/")

    assert "Latest Sent “Order confirmation” to Yuki Takahashi #1284 today 14:20" in text(page)
    assert f'href="/m/ann/orders/{order}/"' in page.content.decode()


def test_a_new_shop_is_shown_the_way(ann: Merchant, now: clock.Hands, viewer: Client) -> None:
    said = text(viewer.get("/m/ann/"))

    assert "Good afternoon. Nothing needs you." in said
    assert "First day Open the shop (done) You are here." in said
    assert "It is empty because no order has come in." in said


def test_home_takes_as_many_queries_for_a_big_shop_as_for_a_small_one(
    shop: Merchant, now: clock.Hands, viewer: Client, django_assert_num_queries: object
) -> None:
    with django_assert_num_queries(32):  # type: ignore[operator]
        viewer.get("/m/ann/")

    fill_more(shop)

    with django_assert_num_queries(32):  # type: ignore[operator]
        viewer.get("/m/ann/")


def fill_more(merchant: Merchant) -> None:
    """The same past once more, under other numbers, with twelve parcels besides."""
    fill(merchant, more=12, numbers="9")


def test_opens_stand_beside_what_was_sent_once_a_message_where_a_provider_reports_them(
    shop: Merchant, now: clock.Hands, viewer: Client
) -> None:
    assert "opened" not in text(viewer.get("/m/ann/"))
    with in_merchant(shop):
        first, second = Message.objects.filter(state=State.SENT).order_by("-sent_at")[:2]
        for number, message in enumerate((first, first, second)):
            ProviderEvent.objects.create(event_id=f"postmark:{number}", kind="opened", message=message)

    assert "2 opened; " in text(viewer.get("/m/ann/"))
