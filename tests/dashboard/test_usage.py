"""The page of usage: what the counters say, by day and by month, and how they are rolled up."""

from datetime import UTC, datetime, time, timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from orders.models import Order
from postpurchase.jobs import tasks
from postpurchase.lib import clock
from postpurchase.tenancy.models import Merchant, UsageDay
from postpurchase.tenancy.scope import in_merchant
from tests.dashboard.pages import text

pytestmark = pytest.mark.django_db
AT = "/m/ann/usage/"


def today() -> datetime:
    return datetime.combine(clock.machine_now().date(), time.min, UTC)


def counts(shop: Merchant) -> dict[tuple[Any, str], int]:
    with in_merchant(shop):
        return {(day, what): n for day, what, n in UsageDay.objects.values_list("day", "what", "count")}


def test_a_shop_without_numbers_is_told_when_they_come(ann: Merchant, admin: Client) -> None:
    said = text(admin.get(AT))

    assert "Nothing counted yet" in said
    assert "1,000 in 10 seconds" in said
    assert "100 MB, 500,000 rows" in said


def test_rows_are_counted_by_merchant_and_day_of_their_writing(shop: Merchant, bob: Merchant, admin: Client) -> None:
    tasks.count_usage()

    day = clock.machine_now().date()
    found = counts(shop)
    with in_merchant(shop):
        assert found[day, "orders"] == Order.objects.count() > 5
    assert found[day, "email"] > 0
    assert found[day, "scans"] > 0
    assert counts(bob) == {}
    said = text(admin.get(AT))
    assert f"Orders {found[day, 'orders']} this month; {found[day, 'orders']} today" in said
    assert f"Orders : {found[day, 'orders']} in 30 days." in said or f"Orders: {found[day, 'orders']} in 30 days." in said


def test_counting_again_counts_anew_and_yesterday_once_more(shop: Merchant) -> None:
    tasks.count_usage()
    before = counts(shop)
    tasks.count_usage()
    assert counts(shop) == before
    with in_merchant(shop):
        yesterday = clock.machine_now().date() - timedelta(days=1)
        UsageDay.objects.update(day=yesterday, counted_at=clock.machine_now() - timedelta(days=1), count=0)

    tasks.count_usage()

    assert {key: n for key, n in counts(shop).items() if key[0] != yesterday} == before


def test_a_kind_that_does_not_exist_shows_the_first(shop: Merchant, admin: Client) -> None:
    tasks.count_usage()

    assert "Orders per day" in admin.get(f"{AT}?of=nonsense").content.decode()
    assert "Scans per day" in admin.get(f"{AT}?of=scans").content.decode()


def test_the_page_takes_the_same_number_of_queries_for_a_year(ann: Merchant, admin: Client) -> None:
    with CaptureQueriesContext(connection) as few:
        admin.get(AT)
    with in_merchant(ann):
        days = [today().date() - timedelta(days=back) for back in range(400)]
        UsageDay.objects.bulk_create(UsageDay(day=day, what=what, count=7) for day in days for what in ("orders", "scans"))

    with CaptureQueriesContext(connection) as many:
        said = text(admin.get(AT))

    assert len(few) == len(many)
    assert "210 in 30 days." in said
    assert said.count(" 2025 ") + said.count(" 2026 ") + said.count(" 2027 ") >= 11
