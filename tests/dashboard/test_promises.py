"""The promise score card: sums of weeks, by carrier, service and lane, and what it says where there is little to say."""

from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from postpurchase.lib import clock
from postpurchase.tenancy.models import Merchant
from postpurchase.tenancy.scope import in_merchant
from tests.dashboard.pages import text
from tracking import scorecard
from tracking.models import PromiseWeek

pytestmark = pytest.mark.django_db
AT = "/m/ann/shipments/promises/"


def week(back: int = 0, **changes: Any) -> PromiseWeek:
    base: dict[str, Any] = {
        "week": scorecard.monday(clock.business_now().date(), back),
        "carrier": "dhl", "service": "Express", "origin": "DE", "country": "FR",
        "parcels": 40, "promised": 40, "on_time": 30, "forecast": 40, "kept": 32, "slipped": 10, "slipped_days": 20,
        "took": {"2": 30, "5": 10},
    }  # fmt: skip
    return PromiseWeek(**base | changes)


def made(merchant: Merchant, *changes: dict[str, Any]) -> None:
    with in_merchant(merchant):
        PromiseWeek.objects.bulk_create([week(**one) for one in changes])


def test_a_shop_without_deliveries_is_told_what_will_stand_here(ann: Merchant, viewer: Client) -> None:
    assert "No parcel has come yet" in text(viewer.get(AT))


def test_weeks_add_up_and_other_periods_are_left_out(ann: Merchant, viewer: Client) -> None:
    made(ann, {}, {"back": 1, "on_time": 40, "slipped": 0, "slipped_days": 0}, {"back": 20, "on_time": 0})

    said = text(viewer.get(AT))

    assert "On time 88% of 80 parcels with a day told" in said
    assert "Our estimates held 80% of 80; 80% is the aim" in said
    assert "DHL Paket 80 88% 80% 2 days 2 days" in said
    assert "DHL Paket 120 58%" in text(viewer.get(f"{AT}?weeks=52w"))


def test_lanes_are_told_apart_and_few_parcels_are_not_judged(ann: Merchant, viewer: Client) -> None:
    made(ann, {}, {"country": "AT", "parcels": 9, "promised": 9, "on_time": 2, "slipped": 7, "forecast": 0, "kept": 0})

    said = text(viewer.get(f"{AT}?by=lane"))

    assert "DHL Paket Express · Germany → France 40 75% 80% 2 days 2 days" in said
    assert "DHL Paket Express · Germany → Austria 9 too few –" in said


def test_a_period_without_parcels_offers_a_longer_one(ann: Merchant, viewer: Client) -> None:
    made(ann, {"back": 20})

    assert "Choose a longer period" in text(viewer.get(AT))


def test_the_page_asks_no_more_of_many_lanes(ann: Merchant, viewer: Client) -> None:
    made(ann, {})
    with CaptureQueriesContext(connection) as few:
        viewer.get(f"{AT}?by=lane")
    made(ann, *({"back": back, "service": f"S{n}"} for n in range(60) for back in range(4)))

    with CaptureQueriesContext(connection) as many:
        page = viewer.get(f"{AT}?by=lane")

    assert len(many) == len(few)
    assert text(page).count("Germany → France") == scorecard.MOST
