"""Lists are paged by where the last page ended; a cursor works for the list that handed it out and for no other."""

import base64
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from integrations.models import Connection
from orders.intake import record_orders
from orders.models import Customer, Order
from postpurchase.ui.paging import BadCursor, cursor_after, page
from tests.factories import PLACED, order_data

pytestmark = pytest.mark.django_db


@pytest.fixture
def seven(ann_api: Connection) -> list[str]:
    """Seven orders, three of them placed in the same second; newest first."""
    days = [0, 1, 1, 1, 2, 3, 4]
    record_orders(
        [order_data(placed_at=PLACED + timedelta(days=day), email=f"p{day}@example.com") for day in days], connection_id=ann_api.pk
    )
    return [order.external_id for order in Order.objects.newest_first()]


@pytest.mark.parametrize("size", [1, 2, 3, 6, 7, 8])
def test_the_pages_together_are_the_list(seven: list[str], size: int) -> None:
    found: list[str] = []
    cursor, pages = "", 0
    while cursor or not pages:
        got = page(Order.objects.all(), after=cursor, size=size)
        found += [order.external_id for order in got.items]
        cursor, pages = got.next_cursor, pages + 1

    assert found == seven
    assert pages == -(-7 // size)


def test_what_is_added_in_front_does_not_shift_the_next_page(seven: list[str], ann_api: Connection) -> None:
    first = page(Order.objects.all(), size=3)

    record_orders([order_data(placed_at=PLACED + timedelta(days=9))], connection_id=ann_api.pk)

    assert [order.external_id for order in page(Order.objects.all(), after=first.next_cursor, size=3).items] == seven[3:6]


def test_an_empty_list_has_one_empty_page(ann_api: Connection) -> None:
    got = page(Order.objects.all())

    assert (got.items, got.next_cursor) == ([], "")


def test_other_keys_ascending_and_rows_as_dicts(seven: list[str]) -> None:
    rows = Customer.objects.values("email", "id")

    first = page(rows, size=3, keys=("email", "id"))
    second = page(rows, after=first.next_cursor, size=3, keys=("email", "id"))

    assert [row["email"] for row in first.items + second.items] == [f"p{n}@example.com" for n in range(5)]
    assert second.next_cursor == ""


def test_filters_stay_in_force_on_later_pages(seven: list[str]) -> None:
    rows = Order.objects.filter(email="p1@example.com")

    first = page(rows, size=2)

    assert [order.external_id for order in page(rows, after=first.next_cursor, size=2).items] == [seven[5]]


@given(st.text(max_size=80))
def test_made_up_cursors_are_refused(text: str) -> None:
    if text:
        with pytest.raises(BadCursor, match="does not belong to this list"):
            page(Order.objects.all(), after=text)


def test_a_changed_or_foreign_cursor_is_refused(seven: list[str]) -> None:
    cursor = cursor_after(Order.objects.newest_first()[0])
    raw = bytearray(base64.urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4)))
    raw[-3] ^= 1
    changed = base64.urlsafe_b64encode(bytes(raw)).decode().rstrip("=")
    foreign = cursor_after({"email": "p1@example.com", "id": seven[0]}, ("email", "id"))

    for bad in (changed, foreign, cursor[:-1], cursor + "A", cursor[1:]):
        with pytest.raises(BadCursor):
            page(Order.objects.all(), after=bad)


def test_keys_of_two_directions_and_sizes_out_of_range_are_the_callers_mistake(ann_api: Connection) -> None:
    with pytest.raises(ValueError, match="one direction"):
        page(Order.objects.all(), keys=("-placed_at", "id"))
    for size in (0, 501):
        with pytest.raises(ValueError, match="from 1 to 500"):
            page(Order.objects.all(), size=size)
