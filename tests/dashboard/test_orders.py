import pytest
from django.test import Client

from postpurchase.lib import clock
from postpurchase.tenancy.models import Merchant
from tests.dashboard.pages import next_page, rows, text
from tests.dashboard.shop import fill

pytestmark = pytest.mark.django_db
ALL = ["#1284", "#1281", "#1279", "#1198", "#1100", "#1038", "#997", "#1002", "#1001", "#1043", "#852"]

STANDING = [
    "#1284 Yuki Takahashi Not shipped 0 Tue 1 Dec",
    "#1281 Test Siobhán O’Callaghan-Whitfield Not scanned yet 1",
    "#1198 Bartholomäus von Greifenstein-Oberndorff Out for delivery 1 today DHL Paket DE",
    "#1100 Édith Lefèvre Cancelled 0 – DE",
    "#1038 Wolfgang Schmidt-Hohenberger Delivered 1 today 14:20 DHL Paket DE",
    "#997 Oluwaseun Adeyemi-Clarke Address not found 1 not known Royal Mail DE",
    "#852 Freja Østergaard Stalled 14 days 1 was Mon 16 Nov",
]


def numbers(client: Client, query: str = "") -> list[str]:
    return rows(client.get(f"/m/ann/orders/{query}"))


def test_orders_are_listed_newest_first(shop: Merchant, now: clock.Hands, viewer: Client) -> None:
    found = numbers(viewer)

    assert sorted(found) == sorted(ALL)
    assert (found[:2], found[-1]) == (["#1284", "#1281"], "#852")


def test_views_narrow_the_list(shop: Merchant, now: clock.Hands, viewer: Client) -> None:
    found = {
        view: set(numbers(viewer, f"?view={view}")) for view in ("attention", "open", "late", "delivered", "cancelled", "no-such-view")
    }

    assert found == {
        "attention": {"#997", "#1043", "#852"},
        "open": {"#1284", "#1281", "#1279", "#1198", "#997", "#1002", "#1001", "#1043", "#852"},
        "late": {"#1043"},
        "delivered": {"#1038"},
        "cancelled": {"#1100"},
        "no-such-view": set(),
    }


def test_search_knows_numbers_emails_and_names_and_nothing_else(shop: Merchant, now: clock.Hands, viewer: Client) -> None:
    known = ("%231043", "1043", "anna.berg@example.com", "ANNA.BERG@example.com", "berg", "anna berg")

    assert {asked: numbers(viewer, f"?q={asked}") for asked in known} == {asked: ["#1043"] for asked in known}
    assert [numbers(viewer, f"?q={asked}") for asked in ("%239999", "%00", "nobody")] == [[], [], []]


def test_search_knows_parcel_numbers_however_they_are_written(shop: Merchant, now: clock.Hands, viewer: Client) -> None:
    page = viewer.get("/m/ann/orders/?q=%231043")
    order = page.content.decode().split('class="cover num" href="')[1].partition('"')[0]
    number = text(viewer.get(order)).split("label made DHL Paket ")[1].split()[0]

    assert numbers(viewer, f"?q={number[:8]}+{number[8:]}") == ["#1043"]


def test_filters_stand_in_the_address(shop: Merchant, now: clock.Hands, viewer: Client) -> None:
    wanted = {
        "?carrier=postnord": {"#1043"},
        "?country=DK": {"#852"},
        "?since=7d": {"#1284", "#1281", "#1279", "#1198", "#1100", "#1038"},
        "?since=soon": set(),
        "?parcel=out_for_delivery": {"#1198"},
        "?parcel=stalled": {"#852"},
        "?parcel=nonsense": set(),
        "?view=open&carrier=dhl&country=DE": {"#1279", "#1198", "#1043"},
    }

    assert {query: set(numbers(viewer, query)) for query in wanted} == wanted


def test_a_chip_takes_its_filter_off_and_keeps_the_rest(shop: Merchant, now: clock.Hands, viewer: Client) -> None:
    page = viewer.get("/m/ann/orders/?view=open&carrier=dhl&country=DE&after=").content.decode()

    assert 'href="?view=open&amp;country=DE" aria-label="Remove filter: Carrier"' in page
    assert 'href="?view=open" ' in page or 'href="?view=open">' in page


def test_load_more_reaches_every_order_once_and_says_when_it_is_over(busy: Merchant, now: clock.Hands, viewer: Client) -> None:
    url, found, pages = "/m/ann/orders/", [], 0
    while url:
        page = viewer.get(url)
        found += rows(page)
        pages += 1
        url = f"/m/ann/orders/{next_page(page)}" if next_page(page) else ""

    assert (pages, len(found), len(set(found))) == (2, 56, 56)
    assert "That is all, down to" in text(page)


def test_a_cursor_that_is_not_ours_is_404(shop: Merchant, viewer: Client) -> None:
    assert viewer.get("/m/ann/orders/?after=abc").status_code == 404


@pytest.mark.parametrize(
    ("query", "said"),
    [
        ("", "No orders yet Orders appear here as your shop sends them. None has come in yet."),
        ("?q=%239999", "No order matches Nothing is called “#9999” here."),
        ("?carrier=dhl", "No order passes all of these filters. Take one off, or start again."),
        ("?view=late", "Nothing here When an order belongs in this view, it appears here by itself."),
    ],
)
def test_an_empty_list_says_why(ann: Merchant, viewer: Client, query: str, said: str) -> None:
    assert said in text(viewer.get(f"/m/ann/orders/{query}"))


def test_a_row_says_how_the_order_stands(shop: Merchant, now: clock.Hands, viewer: Client) -> None:
    said = text(viewer.get("/m/ann/orders/"))

    assert [row for row in STANDING if row not in said] == []


def test_the_list_takes_as_many_queries_for_many_orders_as_for_eleven(
    shop: Merchant, now: clock.Hands, viewer: Client, django_assert_num_queries: object
) -> None:
    with django_assert_num_queries(20):  # type: ignore[operator]
        viewer.get("/m/ann/orders/")

    fill(shop, more=12, numbers="9")

    with django_assert_num_queries(20):  # type: ignore[operator]
        viewer.get("/m/ann/orders/")
