"""A move is one compare-and-set: the row's state in the database decides, not the copy in hand."""

import pytest
from django.db.models import Q

from integrations.models import MOVES, Connection, Delivery, InboundDelivery
from postpurchase.lib.states import IllegalMove, move, sources


@pytest.fixture
def delivery(ann_api: Connection) -> InboundDelivery:
    return InboundDelivery.objects.create(connection=ann_api, delivery_id="1", topic="t", headers={}, body=b"")


def test_a_move_sets_the_state_and_what_rides_along(delivery: InboundDelivery) -> None:
    move(delivery, Delivery.CLAIMED, MOVES, attempts=1)

    assert (delivery.state, delivery.attempts) == ("claimed", 1)
    delivery.refresh_from_db()
    assert (delivery.state, delivery.attempts) == ("claimed", 1)


def test_a_move_that_the_table_does_not_have_is_refused_and_changes_nothing(delivery: InboundDelivery) -> None:
    with pytest.raises(IllegalMove, match="inbound delivery is due: it cannot become done"):
        move(delivery, Delivery.DONE, MOVES, error="x")

    assert (delivery.state, delivery.error) == ("due", "")
    delivery.refresh_from_db()
    assert (delivery.state, delivery.error) == ("due", "")


def test_of_two_copies_in_hand_one_wins(delivery: InboundDelivery) -> None:
    other = InboundDelivery.objects.get(pk=delivery.pk)
    move(delivery, Delivery.CLAIMED, MOVES)

    with pytest.raises(IllegalMove):
        move(other, Delivery.CLAIMED, MOVES)


def test_a_further_condition_is_part_of_the_comparison(delivery: InboundDelivery) -> None:
    with pytest.raises(IllegalMove):
        move(delivery, Delivery.CLAIMED, MOVES, only_if=Q(attempts=7))

    move(delivery, Delivery.CLAIMED, MOVES, only_if=Q(attempts=0))
    assert delivery.state == "claimed"


def test_the_sources_of_a_state_are_read_from_the_table() -> None:
    assert sources(MOVES, Delivery.CLAIMED) == ["due"]
    assert set(sources(MOVES, Delivery.DUE)) == {"claimed", "parked", "failed", "ignored", "done", "held"}
    assert sources(MOVES, "no such state") == []
