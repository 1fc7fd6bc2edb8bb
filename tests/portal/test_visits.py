"""Looks at an order's page: whose count, that they are gathered, and the link to the shop's page for help."""

import threading
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client

from desk.models import Contact, Visit
from orders.models import Order
from portal import visits
from postpurchase.lib import clock
from postpurchase.tenancy.models import Brand, Merchant
from postpurchase.tenancy.scope import in_merchant
from tests.portal.acts import NOW, link

SOMEBODY = "Mozilla/5.0 (iPhone; CPU iPhone OS 18_1 like Mac OS X) AppleWebKit/605.1.15 Version/18.1 Mobile/15E148 Safari/604.1"


@pytest.fixture
def gathered(monkeypatch: pytest.MonkeyPatch) -> Iterator[visits.Gathered]:
    """Looks of this test only, written when it says so."""
    mine = visits.Gathered()
    monkeypatch.setattr(visits, "gathered", mine)
    monkeypatch.setattr(threading.Timer, "start", lambda timer: None)
    yield mine


@pytest.fixture
def somebody() -> Client:
    return Client(headers={"user-agent": SOMEBODY})


def counted(ann: Merchant, gathered: visits.Gathered) -> int:
    gathered.flush()
    with in_merchant(ann):
        return sum(Visit.objects.values_list("times", flat=True))


def test_each_view_counts_once_drawn_kept_or_unchanged(
    ann: Merchant, somebody: Client, order: Order, gathered: visits.Gathered, now: clock.Hands
) -> None:
    first = somebody.get(link(order))
    kept = somebody.get(link(order))
    now.advance(timedelta(hours=1))
    unchanged = somebody.get(link(order), headers={"if-none-match": first["ETag"], "sec-fetch-dest": "document"})

    assert (first.status_code, kept.status_code, unchanged.status_code) == (200, 200, 304)
    assert counted(ann, gathered) == 3
    with in_merchant(ann):
        assert list(Visit.objects.values_list("order", "first_at", "last_at")) == [(order.pk, NOW, NOW)]


@pytest.mark.parametrize(
    "headers",
    [
        {"user-agent": ""},
        {"user-agent": "Mozilla/5.0 (compatible; Googlebot/2.1; +http://www.google.com/bot.html)"},
        {"user-agent": "Mozilla/5.0 (Windows NT 10.0) Mimecast/1.0"},
        {"sec-fetch-dest": "empty"},
        {"sec-purpose": "prefetch"},
        {"purpose": "prefetch"},
    ],
)
def test_machines_and_fetching_ahead_do_not_count(
    ann: Merchant, somebody: Client, order: Order, gathered: visits.Gathered, headers: dict[str, str]
) -> None:
    assert somebody.get(link(order), headers=headers).status_code == 200

    assert counted(ann, gathered) == 0


def test_headers_alone_the_shop_itself_and_pages_that_are_over_do_not_count(
    ann: Merchant, somebody: Client, order: Order, gathered: visits.Gathered, now: clock.Hands, settings: Any
) -> None:
    answers = [somebody.head(link(order)), Client(headers={"user-agent": SOMEBODY}).get("/t/" + "A" * 22)]
    somebody.cookies[settings.SESSION_COOKIE_NAME] = "of-somebody-of-the-shop"
    answers.append(somebody.get(link(order)))
    now.advance(timedelta(days=400))
    answers.append(Client(headers={"user-agent": SOMEBODY}).get(link(order)))

    assert [answer.status_code for answer in answers] == [200, 404, 200, 410]

    assert counted(ann, gathered) == 0


def test_a_writing_is_set_going_by_the_first_look_only(
    ann: Merchant, order: Order, gathered: visits.Gathered, monkeypatch: pytest.MonkeyPatch
) -> None:
    begun: list[Any] = []
    monkeypatch.setattr(threading.Timer, "start", lambda timer: begun.append(timer))
    monkeypatch.setattr(visits, "MOST", 1)

    for place in ((ann.pk, order.pk), (ann.pk, order.pk), (ann.pk, ann.pk)):
        gathered.add(place)
    assert ([timer.interval for timer in begun], counted(ann, gathered)) == ([visits.FLUSH], 2)

    gathered.add((ann.pk, order.pk))
    assert len(begun) == 2


def test_the_link_for_help_leads_to_the_shops_page_and_is_noted(ann: Merchant, somebody: Client, order: Order) -> None:
    assert somebody.get(f"{link(order)}/contact").status_code == 404
    with in_merchant(ann):
        Brand.objects.update(support_url="https://ann.example/help")

    assert f'href="{link(order)}/contact"' in somebody.get(link(order)).content.decode()
    somebody.head(f"{link(order)}/contact")
    answers = [somebody.get(f"{link(order)}/contact") for _ in range(2)]

    assert [(answer.status_code, answer["Location"]) for answer in answers] == [(302, "https://ann.example/help")] * 2
    with in_merchant(ann):
        assert list(Contact.objects.values_list("order", "what")) == [(order.pk, "link")]
