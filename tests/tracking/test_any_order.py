"""Deliveries come in any order, in any batches, more than once: the rows end the same, and nothing is told twice or too late."""

import itertools
from collections.abc import Callable
from typing import Any

import pytest
from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from integrations.types import Recorded, ScanData
from postpurchase.events.catalogue import OrderDelivered, ShipmentMoved
from postpurchase.events.models import DomainEvent
from tests.tracking.conftest import facts, scan
from tracking.models import Scan, Shipment
from tracking.status import RANK

JOURNEY = [
    scan(0, "info_received"),
    scan(9, "in_transit", substatus="accepted"),
    scan(20, "in_transit", substatus="arrived_hub"),
    scan(30, "exception", substatus="customs_hold"),
    scan(50, "out_for_delivery"),
    scan(55, "delivered", signed_by="Kim"),
]
SHOWN = ("status", "substatus", "party", "status_at", "first_scan_at", "last_scan_at", "out_at", "delivered_at", "attempts", "signed_by")


class Undo(Exception):
    """Ends an example, and with it its rows."""


@st.composite
def deliveries(draw: st.DrawFn) -> list[list[ScanData]]:
    """The journey in any order, with repeats, cut into batches anywhere."""
    scans = draw(st.permutations(JOURNEY + draw(st.lists(st.sampled_from(JOURNEY), max_size=5))))
    cuts = sorted(draw(st.sets(st.integers(1, len(scans) - 1), max_size=6)))
    return [scans[start:end] for start, end in itertools.pairwise([0, *cuts, len(scans)])]


@pytest.fixture
def in_order(shipped: Shipment, record: Callable[..., list[Recorded]]) -> tuple[Any, ...]:
    with transaction.atomic():
        record(*JOURNEY)
        row = Shipment.objects.values_list(*SHOWN).get()
        transaction.set_rollback(True)
    return row


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow])
@given(deliveries())
def test_any_order_and_any_repeats_end_in_the_same_rows(
    shipped: Shipment, record: Callable[..., list[Recorded]], in_order: tuple[Any, ...], batches: list[list[ScanData]]
) -> None:
    with pytest.raises(Undo), transaction.atomic():
        for batch in batches:
            record(*batch)

        moves = [fact for fact in facts(ShipmentMoved) if isinstance(fact, ShipmentMoved)]
        entered = [fact.new for fact in sorted(moves, key=lambda fact: fact.at)]
        assert Shipment.objects.values_list(*SHOWN).get() == in_order
        assert Scan.objects.count() == len(JOURNEY)
        assert len(entered) == len(set(entered)), "a status was told twice"
        assert [RANK[status] for status in entered if status != "exception"] == sorted(RANK[s] for s in entered if s != "exception")
        assert DomainEvent.objects.filter(kind=OrderDelivered.kind).count() == 1
        raise Undo
