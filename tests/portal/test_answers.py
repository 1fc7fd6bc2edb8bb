"""One answer per status, word for word. Now is Thursday 5 March 2026, 11:00 in Berlin; the last scan was at 08:00."""

from datetime import date, datetime, timedelta
from typing import Any

import pytest

from orders.intake import record_orders
from postpurchase.lib import clock
from postpurchase.tenancy.models import Merchant
from tests.factories import PLACED, line_data, order_data
from tests.portal.acts import NOW, SHIRT, SOCKS, api, expect, page_of, place, scan, ship, told
from tracking.tasks import check_batch

WEDNESDAY, THURSDAY, FRIDAY, SATURDAY, MONDAY = (date(2026, 3, day) for day in (4, 5, 6, 7, 9))
ASK, NOT_THERE, OFFERS = "Ask the shop", "Not there? Tell us", "See what DHL Paket offers"
CHOOSE = "DHL Paket’s site says what happens next, and what you can choose."
MISSING = "Tell Ann what is missing, or see what DHL Paket asks for, so that it moves on."
SETTLES = "It could not be delivered. Ann settles with you whether it is sent again or refunded."
ESTIMATE = "The last estimate of DHL Paket: tomorrow, Friday 6 March."


def says(answer: str, step: str | None, *reasons: str, flag: str | None = None, act: str | None = None, **missed: str) -> dict[str, Any]:
    """`missed`: the day that was promised, or else expected."""
    answers = {"flag": flag, "answer": answer, "promised": "", "expected": ""}
    return answers | {"reasons": list(reasons), "act": act, "step": step} | missed


STATUSES: dict[str, tuple[dict[str, Any], dict[str, Any]]] = {
    "on the way": (
        {"status": "in_transit"},
        says("Arriving tomorrow, Friday 6 March", "On the way", "DHL Paket expects it then."),
    ),
    "out for delivery": (
        {"status": "out_for_delivery"},
        says("Arriving today", "Out for delivery", "DHL Paket has it on the van."),
    ),
    "out since yesterday": (
        {"status": "out_for_delivery", "at": NOW - timedelta(hours=26)},
        says("Out for delivery", "Out for delivery", "It went on the van yesterday and has not been handed over yet."),
    ),
    "attempt failed": (
        {"status": "attempt_failed"},
        says("DHL Paket tried to deliver", "Out for delivery", CHOOSE, flag="Delivery tried", act=OFFERS),
    ),
    "nobody was there": (
        {"status": "attempt_failed", "substatus": "absent"},
        says("DHL Paket came and nobody was there", "Out for delivery", CHOOSE, flag="Delivery tried", act=OFFERS),
    ),
    "address not found": (
        {"status": "attempt_failed", "substatus": "address"},
        says("DHL Paket could not find the address", "Out for delivery", MISSING, flag="This needs you", act="Tell us what is missing"),
    ),
    "ready to collect": (
        {"status": "available_for_pickup", "city": "Munich"},
        says(
            "Ready to collect in Munich",
            "Ready to collect",
            "DHL Paket’s site says where exactly, until when, and what to bring.",
            act=OFFERS,
        ),
    ),
    "held up": (
        {"status": "exception"},
        says(
            "Held up at DHL Paket",
            "On the way",
            "DHL Paket has to solve this. You need do nothing for now.",
            ESTIMATE,
            flag="Held up",
            act=ASK,
        ),
    ),
    "held at customs": (
        {"status": "exception", "substatus": "customs_hold"},
        says(
            "Held at customs", "On the way", "DHL Paket has to solve this. You need do nothing for now.", ESTIMATE, flag="Held up", act=ASK
        ),
    ),
    "payment due": (
        {"status": "exception", "substatus": "payment_due"},
        says("Customs waits for a payment", "On the way", MISSING, flag="This needs you", act="Tell us what is missing"),
    ),
    "damaged": (
        {"status": "exception", "substatus": "damaged"},
        says(
            "The parcel was damaged on the way",
            "On the way",
            "Ann has to settle this with DHL Paket. You need do nothing for now.",
            ESTIMATE,
            flag="Held up",
            act=ASK,
        ),
    ),
    "going back": (
        {"status": "returning"},
        says("Your parcel goes back to Ann", None, SETTLES, flag="Not delivered", act=ASK),
    ),
    "went back": (
        {"status": "returned"},
        says("Your parcel went back to Ann", None, SETTLES, flag="Not delivered", act=ASK),
    ),
    "delivered early": (
        {"status": "delivered"},
        says("Delivered today, 08:00", "Delivered", "Earlier than we said: Fri 6 Mar.", act=NOT_THERE),
    ),
    "delivered to a neighbour": (
        {"status": "delivered", "substatus": "neighbour"},
        says("Delivered today, 08:00", "Delivered", "Handed to a neighbour. Earlier than we said: Fri 6 Mar.", act=NOT_THERE),
    ),
    "lost": (
        {"status": "lost_or_destroyed"},
        says(
            "The parcel is lost",
            None,
            "That is what DHL Paket says. Write to Ann: they settle it with you.",
            flag="Not delivered",
            act="Write to the shop",
        ),
    ),
    "no news": (
        {"status": "expired"},
        says("No news for a long time", "Shipped", "DHL Paket last told of it today.", flag="Overdue", act=ASK),
    ),
}


@pytest.mark.parametrize(("seen", "answer"), STATUSES.values(), ids=STATUSES)
def test_each_status_has_its_sentence(seen: dict[str, Any], answer: dict[str, Any], shop: Merchant) -> None:
    order = place()
    ship(order)
    expect("p-1", FRIDAY)

    scan(**seen)

    assert told(page_of(order)) == answer


def test_an_order_that_has_not_left_says_when_it_should_come(shop: Merchant) -> None:
    page = page_of(place())

    assert told(page) == says("Being packed", "Ordered", "Expected between tomorrow and Tue 10 Mar. Ann writes when it is on its way.")
    assert [(item.title, item.quantity) for item in page.unshipped] == [("Linen shirt", 2), ("Wool socks", 3)]


def test_an_order_that_has_not_left_in_time_says_so(shop: Merchant) -> None:
    page = page_of(place(promised_to=WEDNESDAY))

    assert told(page) == says(
        "Not shipped yet",
        "Ordered",
        "Ann has not handed it to a carrier yet.",
        flag="Later than expected",
        promised="yesterday, Wednesday 4 March",
        act=ASK,
    )


def test_a_label_without_a_scan_is_packed(shop: Merchant) -> None:
    order = place()
    ship(order, shipped_at=NOW - timedelta(hours=2), promised_on=SATURDAY)

    assert told(page_of(order)) == says(
        "Arriving Saturday 7 March", "Shipped", "Packed. DHL Paket has not scanned it yet.", "Ann promised it for then."
    )


def test_a_label_that_nobody_scans_for_two_working_days_is_owned_up_to(shop: Merchant, now: clock.Hands) -> None:
    order = place()
    ship(order, promised_on=MONDAY)
    now.advance(timedelta(hours=3))
    check_batch(shop.pk)

    assert told(page_of(order))["reasons"][0] == "DHL Paket has not scanned it yet; that takes longer than usual. Ann sees this too."


def test_a_range_of_days_is_told_as_one(shop: Merchant) -> None:
    order = place()
    ship(order)
    scan()
    expect("p-1", SATURDAY, FRIDAY)

    assert page_of(order).answer == "Arriving tomorrow or Saturday"


def test_a_late_parcel_tells_what_was_promised_what_is_now_and_that_it_moves(shop: Merchant) -> None:
    order = place()
    ship(order, promised_on=WEDNESDAY)
    scan(city="Leipzig")
    expect("p-1", MONDAY, SATURDAY, told_at=NOW - timedelta(hours=1))

    page = page_of(order)

    assert told(page) == says(
        "Now between Sat 7 Mar and Mon 9 Mar",
        "On the way",
        "It is moving: DHL Paket saw it in Leipzig, today 08:00.",
        flag="Later than promised",
        promised="yesterday, Wednesday 4 March",
    )
    assert page.track and page.track.tone == "warn"
    assert page.parcels[0].badge.word == "Late"  # type: ignore[union-attr]


def test_what_a_carrier_first_expected_is_not_called_a_promise(shop: Merchant) -> None:
    order = place()
    ship(order)
    expect("p-1", WEDNESDAY)
    scan(city="Leipzig")
    expect("p-1", MONDAY, SATURDAY, told_at=NOW - timedelta(hours=1))

    page = told(page_of(order))

    assert (page["flag"], page["promised"], page["expected"]) == ("Later than expected", "", "yesterday, Wednesday 4 March")


def test_a_range_that_begins_on_the_promised_day_has_not_missed_it(shop: Merchant) -> None:
    order = place()
    ship(order, promised_on=THURSDAY)
    expect("p-1", WEDNESDAY)
    scan()
    expect("p-1", FRIDAY, THURSDAY, told_at=NOW - timedelta(hours=1))

    assert told(page_of(order)) == says(
        "Arriving today or tomorrow",
        "On the way",
        "DHL Paket expects it then. The first estimate was yesterday, Wednesday 4 March.",
    )


def test_a_promise_that_may_still_be_kept_outlives_an_estimate_that_is_over(shop: Merchant) -> None:
    order = place()
    ship(order, promised_on=SATURDAY)
    expect("p-1", WEDNESDAY)
    scan()

    assert told(page_of(order)) == says(
        "Arriving Saturday 7 March",
        "On the way",
        "Ann promised it for then. The first estimate was yesterday, Wednesday 4 March.",
    )


def test_a_day_that_has_passed_is_not_hidden(shop: Merchant) -> None:
    order = place()
    ship(order)
    expect("p-1", WEDNESDAY)
    scan(city="Leipzig")

    assert told(page_of(order)) == says(
        "Late, no new day yet",
        "On the way",
        "DHL Paket has not named a new day.",
        "It is moving: DHL Paket saw it in Leipzig, today 08:00.",
        flag="Later than expected",
        expected="yesterday, Wednesday 4 March",
        act=ASK,
    )


def test_a_stalled_parcel_is_called_that(shop: Merchant, now: clock.Hands) -> None:
    order = place()
    ship(order, promised_on=date(2026, 3, 20))
    scan(at=NOW - timedelta(days=1))
    now.move_to(datetime(2026, 3, 10, 12, tzinfo=NOW.tzinfo))
    check_batch(shop.pk)

    page = page_of(order)

    assert page.reasons[0] == "No news from DHL Paket since Wed 4 Mar. Ann sees this too."
    assert page.parcels[0].badge.word == "No news"  # type: ignore[union-attr]


@pytest.mark.parametrize(
    ("promised", "reason"),
    [(THURSDAY, "On the day we said."), (WEDNESDAY, "Later than we said: Wed 4 Mar.")],
)
def test_a_delivery_is_held_against_the_promise(promised: date, reason: str, shop: Merchant) -> None:
    order = place()
    ship(order, promised_on=promised)
    scan(status="delivered")

    assert page_of(order).reasons == [reason]


def test_a_pickup_that_ends_soon_warns(shop: Merchant, now: clock.Hands) -> None:
    order = place()
    ship(order)
    scan(status="available_for_pickup")
    now.advance(timedelta(days=6))
    check_batch(shop.pk)

    assert told(page_of(order))["flag"] == "Collect it soon, or it goes back"


@pytest.mark.parametrize(
    ("seen", "answer"),
    [
        ([("p-1", "in_transit"), ("p-2", "in_transit")], "The first of 2 parcels arrives tomorrow, Friday 6 March"),
        ([("p-1", "delivered"), ("p-2", "in_transit")], "1 of 2 delivered, the next comes Monday 9 March"),
        ([("p-1", "delivered"), ("p-2", "delivered")], "Both parcels are delivered"),
        ([("p-1", "in_transit"), ("p-2", "out_for_delivery")], "Parcel 2 of 2: arriving today"),
        ([("p-1", "in_transit"), ("p-2", "lost_or_destroyed")], "Parcel 2 of 2: the parcel is lost"),
    ],
)
def test_several_parcels_share_one_answer(seen: list[tuple[str, str]], answer: str, shop: Merchant) -> None:
    order = place()
    ship(order, "p-1", lines=[SHIRT])
    ship(order, "p-2", lines=[SOCKS])
    expect("p-1", FRIDAY)
    expect("p-2", MONDAY)

    for name, status in seen:
        scan(name, status)

    page = page_of(order)
    assert page.answer == answer
    assert [card.count for card in page.parcels] == [2, 2]
    assert [[item.title for item in card.items] for card in page.parcels] == [["Linen shirt"], ["Wool socks"]]
    assert page.unshipped == []


def test_what_no_parcel_carries_is_still_to_come(shop: Merchant) -> None:
    order = place()
    ship(order, lines=[SHIRT])
    scan(status="delivered")

    page = page_of(order)

    assert [(item.title, item.quantity) for item in page.unshipped] == [("Wool socks", 3)]
    assert page.reasons[-1] == "Part of your order is not shipped yet."


def test_a_cancelled_order_says_so_and_who_settles_the_money(shop: Merchant) -> None:
    order = place()
    record_orders(
        [order_data(external_id="o-1", number="#1187", updated_at=PLACED + timedelta(days=1), cancelled_at=PLACED + timedelta(days=1))],
        connection_id=api(),
    )

    assert told(page_of(order)) == says(
        "This order was cancelled", None, "Ann settles the money with you.", flag="Cancelled: Tuesday 3 March"
    )


def test_an_order_without_anything_to_ship_has_no_track(shop: Merchant) -> None:
    order = place(lines=[line_data(external_id="gift", title="Gift card", requires_shipping=False)])

    assert told(page_of(order)) == says("Nothing in this order is to be shipped", None)


def test_a_clock_on_a_wall_is_shown_without_a_zone(shop: Merchant) -> None:
    order = place()
    ship(order)
    scan(at=None, local_time=datetime(2026, 3, 5, 7, 40), country="US", city="Newark")  # noqa: DTZ001

    seen = page_of(order).parcels[0].scans[0]

    assert (seen.at, seen.at.tzinfo, seen.zone) == (datetime(2026, 3, 5, 7, 40), None, "America/New_York")  # noqa: DTZ001
