import json
from typing import Any

import pytest
from django.test import Client

from notifications import consent
from notifications.models import Consent, Message, State
from orders.models import Customer, Order
from postpurchase.lib import clock
from postpurchase.lib.ids import to_public
from postpurchase.tenancy.models import Merchant
from postpurchase.tenancy.scope import in_merchant
from tests.dashboard.pages import next_page, rows, text
from tests.dashboard.shop import fill

pytestmark = pytest.mark.django_db
URL = "/m/ann/customers/"
ANNA = "anna.berg@example.com"


def page_of(shop: Merchant, email: str = ANNA) -> str:
    with in_merchant(shop):
        return f"{URL}{to_public('cus', Customer.objects.get(email=email).pk)}/"


def test_customers_are_listed_by_their_last_order_each_once(shop: Merchant, now: clock.Hands, viewer: Client) -> None:
    fill(shop, numbers="9")  # everybody buys a second time

    found = rows(viewer.get(URL))

    assert (found[0], found[-1]) == ("Yuki Takahashi", "Freja Østergaard")
    assert len(found) == len(set(found)) == 11


def test_a_row_says_how_many_orders_and_what_was_spent_in_each_currency(shop: Merchant, now: clock.Hands, viewer: Client) -> None:
    fill(shop, numbers="9")

    said = text(viewer.get(URL))

    assert "Yuki Takahashi yuki.takahashi@example.com 2 ¥49,600 #91284 today 14:20" in said
    assert "Édith Lefèvre edith" not in said
    assert "Freja Østergaard freja.østergaard@example.com 2 KWD" in said


@pytest.mark.parametrize("asked", ["anna", "ANN", "berg", "ber ann", "anna berg", ANNA, "Ànna"])
def test_people_are_found_by_any_word_of_their_name(shop: Merchant, now: clock.Hands, viewer: Client, asked: str) -> None:
    assert rows(viewer.get(f"{URL}?q={asked}")) == ["Anna Berg"]


@pytest.mark.parametrize(
    ("asked", "name"),
    [("hohenb", "Wolfgang Schmidt-Hohenberger"), ("edith", "Édith Lefèvre"), ("lefevre", "Édith Lefèvre"), ("weiss", "Clara Weiß"),
     ("oster", "Freja Østergaard"), ("greifen", "Bartholomäus von Greifenstein-Oberndorff"),
     ("ocallaghan", "Siobhán O’Callaghan-Whitfield")],
)  # fmt: skip
def test_accents_hyphens_and_apostrophes_do_not_matter(shop: Merchant, now: clock.Hands, viewer: Client, asked: str, name: str) -> None:
    assert rows(viewer.get(f"{URL}?q={asked}")) == [name]


def test_who_has_not_bought_is_found_and_stands_among_the_newest(shop: Merchant, now: clock.Hands, viewer: Client) -> None:
    with in_merchant(shop):
        Customer.objects.create(email="new@example.com", first_name="Nora", last_name="Neu")

    assert "Nora Neu" not in rows(viewer.get(URL))
    assert rows(viewer.get(f"{URL}?q=neu")) == ["Nora Neu"]
    assert rows(viewer.get(f"{URL}?view=known"))[0] == "Nora Neu"


def test_load_more_reaches_everybody_once_with_as_many_queries(
    busy: Merchant, now: clock.Hands, viewer: Client, django_assert_num_queries: Any
) -> None:
    url, found = URL, []
    while url:
        with django_assert_num_queries(15):
            page = viewer.get(url)
        found += rows(page)
        url = f"{URL}{next_page(page)}" if next_page(page) else ""

    assert (len(found), len(set(found))) == (56, 56)


def test_the_whole_history_stands_on_one_line_of_time(shop: Merchant, now: clock.Hands, viewer: Client) -> None:
    with in_merchant(shop):
        consent.suppress(ANNA, scope="marketing", reason="unsubscribed")
    url = page_of(shop)

    said = text(viewer.get(url))

    assert "#1043: order placed Channel" in said or "#1043: order placed" in said
    assert "Parcel of #1043: delivered" in said
    assert "Order confirmation" in said
    assert "Agreed to news" in said
    assert "No news any more They unsubscribed" in said
    narrowed = text(viewer.get(f"{url}?show=privacy"))
    assert "Agreed to news" in narrowed
    assert "Order confirmation" not in narrowed


def test_why_a_message_was_not_sent_stands_there(shop: Merchant, now: clock.Hands, viewer: Client) -> None:
    with in_merchant(shop):
        skipped = Message.objects.filter(state=State.SKIPPED).exclude(customer=None).select_related("customer")[0]

    assert "Not sent" in text(viewer.get(page_of(shop, skipped.customer.email)))


def test_their_data_is_a_file_with_everything_we_hold(shop: Merchant, now: clock.Hands, admin: Client, agent: Client) -> None:
    url = page_of(shop) + "data/"

    answer = admin.get(url)

    told = json.loads(answer.content)
    assert answer["Content-Disposition"].startswith('attachment; filename="cus_')
    assert [len(told[name]) for name in ("customers", "orders", "parcels", "consents")] == [1, 1, 2, 1]
    assert {message["to_address"] for message in told["messages"]} == {ANNA}
    assert agent.get(url).status_code == 403


def test_a_person_is_erased_only_by_who_types_their_address(shop: Merchant, now: clock.Hands, admin: Client, agent: Client) -> None:
    url = page_of(shop)
    assert agent.post(f"{url}erased/", {"email": ANNA}).status_code == 403
    refused = admin.post(f"{url}erased/", {"email": "anna"})
    assert (refused.status_code, "This is not their address. Type anna.berg@example.com to erase them." in text(refused)) == (422, True)
    with in_merchant(shop):
        assert Customer.objects.filter(email=ANNA).count() == 1

    assert admin.post(f"{url}erased/", {"email": " Anna.Berg@example.com "})["Location"] == url

    with in_merchant(shop):
        order = Order.objects.get(number="#1043")
        assert (order.email, order.shipping_address, order.total > 0) == ("", None, True)
        assert Consent.objects.filter(address=ANNA).count() == 0
        assert not Message.objects.filter(order=order).exclude(to_address="").exists()
        assert not Message.objects.filter(order=order, state__in=(State.DUE, State.HELD)).exists()
    assert "This person was erased." in text(admin.get(url))
    assert admin.post(f"{url}erased/", {"email": ANNA}).status_code == 409
    assert admin.get(f"{url}data/").status_code == 404


def test_an_empty_list_teaches(ann: Merchant, viewer: Client) -> None:
    assert "No customers yet People appear here with their first order" in text(viewer.get(URL))
    assert "Nobody is called “nobody” here." in text(viewer.get(f"{URL}?q=nobody"))
