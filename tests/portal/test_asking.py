"""What a shopper asks the shop for: who may, what is kept, what the page says, and the days for a calendar."""

from datetime import timedelta

import pytest
from django.test import Client

from notifications import privacy
from orders.models import Order
from postpurchase.events.models import DomainEvent
from postpurchase.tenancy.models import Merchant
from postpurchase.tenancy.scope import in_merchant
from tests.portal.acts import NOW, expect, link, scan, unlock, wished
from tracking import wishes
from tracking.models import Wish
from tracking.wishes import Asked


def test_a_shop_that_allows_nothing_is_asked_for_nothing(client: Client, order: Order) -> None:
    unlock(client, order)

    answers = [client.get(f"{link(order)}/{page}").status_code for page in ("delivery", "address", "missing")]

    assert answers == [404, 404, 404]
    assert b"/delivery" not in client.get(link(order)).content.replace(b"/delivery.ics", b"")


def test_without_the_emailed_code_a_delivery_cannot_be_changed(client: Client, ann: Merchant, asking: Order) -> None:
    answer = client.post(f"{link(asking)}/delivery", {"kind": "neighbour", "text": "At number 5"})

    assert (answer.status_code, answer["Location"]) == (302, f"{link(asking)}/code")
    with in_merchant(ann):
        assert wished() == []


def test_a_wish_is_kept_told_once_and_answered_on_the_page(client: Client, ann: Merchant, asking: Order) -> None:
    unlock(client, asking)

    for _ in range(2):
        answer = client.post(f"{link(asking)}/delivery", {"kind": "neighbour", "text": "With Meyer at number 5"})

    assert (answer.status_code, answer["Location"]) == (302, link(asking))
    waiting = Client().get(link(asking)).content.decode()
    assert "Give it to a neighbour: the shop has been asked and answers here." in waiting
    assert "Meyer" not in waiting
    with in_merchant(ann):
        assert wished() == [("neighbour", "With Meyer at number 5", None, "asked")]
        assert DomainEvent.objects.filter(kind="order.asked").count() == 1
        wishes.settle(Wish.objects.get(), Wish.State.ACCEPTED)
    assert "Give it to a neighbour: the shop has taken care of it." in Client().get(link(asking)).content.decode()


@pytest.mark.parametrize(
    ("given", "field"),
    [
        ({"kind": "day"}, "Choose a day from tomorrow on"),
        ({"kind": "day", "day": NOW.date().isoformat()}, "Choose a day from tomorrow on"),
        ({"kind": "safe_place", "text": " "}, "Say in a few words"),
        ({"kind": "address", "text": "Elsewhere"}, "Select a valid choice"),
    ],
)
def test_a_wish_that_says_too_little_says_what_is_missing(
    given: dict[str, str], field: str, client: Client, ann: Merchant, asking: Order
) -> None:
    unlock(client, asking)

    answer = client.post(f"{link(asking)}/delivery", given)

    assert answer.status_code == 422
    assert field in answer.content.decode()
    with in_merchant(ann):
        assert wished() == []


def test_an_address_can_change_only_before_a_parcel_has_left(client: Client, asking: Order) -> None:
    unlock(client, asking)

    assert client.get(f"{link(asking)}/address").status_code == 404


def test_who_misses_a_delivered_parcel_tells_without_a_code(client: Client, ann: Merchant, asking: Order) -> None:
    before = client.get(f"{link(asking)}/missing").status_code
    with in_merchant(ann):
        scan(status="delivered", at=NOW - timedelta(hours=1))

    answer = client.post(f"{link(asking)}/missing", {"kind": "missing", "text": ""})

    assert (before, answer.status_code) == (404, 302)
    with in_merchant(ann):
        assert wished() == [("missing", "", None, "asked")]


def test_the_eleventh_wish_of_an_hour_waits(client: Client, ann: Merchant, asking: Order) -> None:
    unlock(client, asking)

    codes = [client.post(f"{link(asking)}/delivery", {"kind": "instructions", "text": f"Ring {n}"}).status_code for n in range(11)]

    assert codes == [302] * 10 + [429]


def test_what_is_asked_again_waits_again(ann: Merchant, asking: Order) -> None:
    with in_merchant(ann):
        wishes.settle(wishes.ask(asking.pk, Asked("day", day=NOW.date())), Wish.State.DECLINED)
        wishes.ask(asking.pk, Asked("day", day=NOW.date()))

        assert wished() == [("day", "", NOW.date(), "asked")]


def test_an_erased_persons_words_are_gone(ann: Merchant, asking: Order) -> None:
    with in_merchant(ann):
        wishes.ask(asking.pk, Asked("neighbour", "With Meyer"))
        told = privacy.export(asking.email)["wishes"]
        privacy.erase(asking.email)

        assert [wish["text"] for wish in told] == ["With Meyer"]
        assert wished() == [("neighbour", "", None, "asked")]


def test_the_days_of_arrival_go_into_a_calendar(client: Client, ann: Merchant, order: Order) -> None:
    with in_merchant(ann):
        expect("p-1", (NOW + timedelta(days=2)).date(), (NOW + timedelta(days=1)).date(), told_at=NOW)

    answer = client.get(f"{link(order)}/delivery.ics")

    told = answer.content.decode()
    assert answer["Content-Type"] == "text/calendar; charset=utf-8"
    assert "DTSTART;VALUE=DATE:20260306\r\nDTEND;VALUE=DATE:20260308\r\n" in told
    assert max(len(line.encode()) for line in told.split("\r\n")) <= 75
    assert not any(secret in told for secret in ("Mia", "Berg", "Torstra"))
    with in_merchant(ann):
        scan(status="delivered", at=NOW)
    assert client.get(f"{link(order)}/delivery.ics").status_code == 404
