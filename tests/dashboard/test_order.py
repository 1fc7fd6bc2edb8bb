import re

import pytest
from django.test import Client

from notifications.models import Message, State
from orders.models import Order
from postpurchase.lib import clock
from postpurchase.lib.ids import to_public
from postpurchase.tenancy.models import Merchant
from postpurchase.tenancy.scope import in_merchant
from tests.dashboard.pages import text

pytestmark = pytest.mark.django_db


def address(shop: Merchant, number: str) -> str:
    with in_merchant(shop):
        return f"/m/ann/orders/{to_public('ord', Order.objects.get(number=number).pk)}/"


def test_an_order_tells_one_story_of_shop_carriers_and_messages(shop: Merchant, now: clock.Hands, viewer: Client) -> None:
    said = text(viewer.get(address(shop, "#1043")))

    told = [
        "Delayed Sent Later than expected",
        "Parcel 1: on the way Scanned after the strike · Padborg, DE",
        "Later than the carrier expected Parcel 1",
        "Parcel 1: now expected",
        "Delivered Sent Parcel 2 of 2 was delivered · Parcel 2",
        "Parcel 2: delivered In the letterbox · Munich, DE",
        "Shipped Sent",
        "Parcel 1: label made DHL Paket",
        "Order confirmation Sent",
        "Order placed Channel: web",
    ]
    places = [said.find(part) for part in told]
    assert -1 not in places
    assert places == sorted(places)


def test_the_head_and_the_facts_say_who_what_and_for_how_much(shop: Merchant, now: clock.Hands, viewer: Client) -> None:
    said = text(viewer.get(address(shop, "#1043")))

    assert "Order #1043 Late 5 days Anna Berg · 2 parcels · €126.40" in said
    assert "1 delivered, 1 to come" in said
    assert "Email anna.berg@example.com Ship to Anna Berg Torstraße 12 10119 Berlin Germany Language English" in said
    assert "Order messages: yes News: yes Tags VIP Trail club" in said
    assert "Merino hiking socks, mid-weight Rust, 43–46 · 2 × · parcel 1 €28.80 Five-panel cap 1 × · parcel 2 €21.60" in said
    assert "Money Paid Items €135.00 Discount TRAIL10 −€13.50 Shipping €4.90 Total €126.40" in said


def test_refunds_and_cancellations_are_told(shop: Merchant, now: clock.Hands, viewer: Client) -> None:
    said = text(viewer.get(address(shop, "#1100")))

    assert "€49.00 refunded Ordered twice" in said
    assert "Order cancelled Reason: customer" in said
    assert "Partly refunded Items €135.00 Shipping €4.90 Total €139.90 Refunded €49.00" in said


def test_what_is_planned_stands_on_top_with_its_day(shop: Merchant, now: clock.Hands, viewer: Client) -> None:
    said = text(viewer.get(address(shop, "#1038")))

    assert said.index("Planned Review request Planned") < said.index("Follow-up Planned") < said.index("Today, Monday 23 November")
    assert "Why it is planned Its flow planned it. Whether it still fits is asked when it is due." in said


@pytest.mark.parametrize(
    ("show", "there", "gone"),
    [("parcels", "Parcel 2: delivered", "Order confirmation Sent"), ("messages", "Shipped Sent", "Parcel 2: delivered")],
)
def test_the_story_narrows_to_one_kind(shop: Merchant, now: clock.Hands, viewer: Client, show: str, there: str, gone: str) -> None:
    said = text(viewer.get(address(shop, "#1043") + f"?show={show}"))

    assert there in said
    assert gone not in said


def test_a_press_on_send_again_sends_one_message_however_often_it_is_pressed(shop: Merchant, now: clock.Hands, agent: Client) -> None:
    url = address(shop, "#1043")
    once = re.search(r'name="once" value="([^"]+)"', agent.get(url).content.decode())
    assert once

    answers = [agent.post(f"{url}send/", {"template": "confirmation", "once": once[1]}) for _ in range(2)]

    assert [answer["Location"] for answer in answers] == [url, url]
    with in_merchant(shop):
        sent = Message.objects.get(order__number="#1043", enrolment=None)
    assert (sent.template, sent.state, sent.to_address) == ("confirmation", State.DUE, "anna.berg@example.com")
    assert "It goes out now, to anna.berg@example.com." in text(agent.get(url))


@pytest.mark.parametrize("given", [{}, {"template": "access_code", "once": "a" * 27}, {"template": "confirmation", "once": "x"}])
def test_only_what_is_true_at_any_time_can_go_again(shop: Merchant, now: clock.Hands, agent: Client, given: dict[str, str]) -> None:
    agent.post(address(shop, "#1043") + "send/", given)

    with in_merchant(shop):
        assert not Message.objects.filter(enrolment=None).exists()


def test_a_viewer_is_not_offered_what_they_may_not_do(shop: Merchant, now: clock.Hands, viewer: Client, agent: Client) -> None:
    url = address(shop, "#1043")

    assert "Send the confirmation again" in text(agent.get(url))
    assert "Send the confirmation again" not in text(viewer.get(url))


def test_an_order_takes_as_many_queries_whatever_happened_to_it(
    shop: Merchant, now: clock.Hands, viewer: Client, django_assert_num_queries: object
) -> None:
    urls = [address(shop, "#1043"), address(shop, "#852")]  # two parcels and eight messages, one parcel and three

    for url in urls:
        with django_assert_num_queries(29):  # type: ignore[operator]
            viewer.get(url)
