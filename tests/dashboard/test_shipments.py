import re
from html import unescape
from typing import Any

import pytest
from django.test import Client

from postpurchase.lib import clock
from postpurchase.tenancy.models import Merchant
from postpurchase.tenancy.scope import in_merchant
from tests.dashboard.pages import rows, text
from tests.dashboard.shop import fill
from tracking.models import Shipment

pytestmark = pytest.mark.django_db
URL = "/m/ann/shipments/"


def count(client: Client, query: str = "") -> int:
    return len(rows(client.get(f"{URL}{query}")))


def test_filters_and_views_narrow_the_list(shop: Merchant, now: clock.Hands, viewer: Client) -> None:
    wanted = {
        "": 8, "?view=open": 6, "?view=moving": 4, "?view=delivered": 2, "?view=cancelled": 0, "?view=attention": 3, "?view=none": 0,
        "?parcel=stalled": 1, "?parcel=late": 1, "?parcel=exceptions": 1, "?parcel=out_for_delivery": 1, "?parcel=nonsense": 0,
        "?carrier=postnord": 1, "?came=7d": 2, "?came=soon": 0, "?promised=none": 8, "?promised=today": 0, "?promised=nonsense": 0,
        "?ids=shp_1": 0,
    }  # fmt: skip

    assert {query: count(viewer, query) for query in wanted} == wanted


def test_promises_of_the_parcel_and_of_its_order_are_filtered_by(shop: Merchant, now: clock.Hands, viewer: Client) -> None:
    today = now.at.date()
    with in_merchant(shop):
        moving = Shipment.objects.filter(status="in_transit").order_by("-created_at")[0]
        Shipment.objects.filter(pk=moving.pk).update(promised_on=today)

    found = {query: count(viewer, f"?promised={query}") for query in ("today", "week", "past", "none")}

    assert found == {"today": 1, "week": 1, "past": 0, "none": 7}


def test_what_the_shop_took_back_has_its_own_view(shop: Merchant, now: clock.Hands, viewer: Client) -> None:
    with in_merchant(shop):
        Shipment.objects.filter(status="out_for_delivery").update(cancelled_at=now.at)

    assert (count(viewer), count(viewer, "?view=cancelled"), count(viewer, "?parcel=out_for_delivery")) == (7, 1, 0)


def numbers_of_home(client: Client) -> dict[str, int]:
    """Address -> the number that stands at it."""
    page = client.get("/m/ann/").content.decode()
    found = {}
    for url, value in re.findall(r'<a class="cover" href="([^"]+)">[^<]+</a></span><span class="value">([\d,]+)', page):
        if "came=" not in url:  # a share; its rows have a test of their own
            found[unescape(url)] = int(value.replace(",", ""))
    for url, value in re.findall(r'<a class="cover" href="([^"]+\?[^"]+)">(\d+) [a-z]', page):
        found[unescape(url)] = int(value)
    carriers = page[page.index("Open parcels by carrier") :]
    for url, cells in re.findall(r'<a class="cover" href="([^"]+)">[^<]+</a></th>((?:<td class="num">\d+</td>)+)', carriers):
        label, moving, out, _late = map(int, re.findall(r">(\d+)<", cells))
        found[unescape(url)] = label + moving + out
    return found


@pytest.mark.parametrize(("taken_back", "numbers"), [(False, 10), (True, 9)])
def test_every_number_of_home_leads_to_exactly_its_rows(
    shop: Merchant, now: clock.Hands, viewer: Client, taken_back: bool, numbers: int
) -> None:
    fill(shop, numbers="9")
    if taken_back:
        with in_merchant(shop):
            Shipment.objects.filter(status__in=("out_for_delivery", "in_transit"), carrier="dhl").update(cancelled_at=now.at)

    found = numbers_of_home(viewer)

    assert len(found) == numbers
    assert {url: len(rows(viewer.get(url))) for url in found} == found


def test_deliveries_of_the_week_are_those_that_home_counts(shop: Merchant, now: clock.Hands, viewer: Client) -> None:
    home = viewer.get("/m/ann/")

    assert "2 of 2 parcels, last 7 days" in text(home)
    assert 'href="/m/ann/shipments/?view=delivered&amp;came=7d"' in home.content.decode()
    assert count(viewer, "?view=delivered&came=7d") == 2


def test_the_list_takes_as_many_queries_for_many_parcels_as_for_eight(
    shop: Merchant, now: clock.Hands, viewer: Client, django_assert_num_queries: Any
) -> None:
    for more in (False, True):
        if more:
            fill(shop, more=12, numbers="9")
        with django_assert_num_queries(16):
            viewer.get(URL)


def test_an_empty_list_teaches(ann: Merchant, viewer: Client) -> None:
    assert "No parcels yet Parcels appear here as your shop hands them to a carrier." in text(viewer.get(URL))
