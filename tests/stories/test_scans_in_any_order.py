"""Carriers tell late, twice and out of order: whatever the order, one end, no message twice, and none that is no longer true."""

import random
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from console.store.keep import KeepSender
from console.store.life import life
from console.store.places import DE
from console.store.play import settle
from integrations.models import api_connection_id
from integrations.types import OrderData, ScanData, ShipmentData
from notifications.guards import OVERTAKEN
from notifications.library import install
from notifications.models import Message, State
from orders.intake import record_orders
from postpurchase.jobs import eager
from postpurchase.lib import clock
from postpurchase.tenancy.models import Merchant
from postpurchase.tenancy.scope import in_merchant
from tracking.models import Shipment, Status
from tracking.scans import record_scans
from tracking.shipments import record_shipments

START = datetime(2026, 11, 2, 8, 30, tzinfo=UTC)
ACTS = life(random.Random(4), 1, START, fate="smooth", country=DE, email="anna@example.de")
SCANS = [act.item for act in ACTS if isinstance(act.item, ScanData)]
NUMBERS = iter(range(10_000, 99_999))


@st.composite
def tellings(draw: st.DrawFn) -> list[list[ScanData]]:
    """All scans in any order, some of them twice, cut into deliveries anywhere."""
    twice = draw(st.lists(st.sampled_from(range(len(SCANS))), max_size=4))
    order = draw(st.permutations([*range(len(SCANS)), *twice]))
    cuts = sorted(draw(st.sets(st.integers(1, len(order) - 1), max_size=6)))
    return [[SCANS[i] for i in order[low:high]] for low, high in zip([0, *cuts], [*cuts, len(order)], strict=True)]


@pytest.mark.slow
@pytest.mark.django_db
@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(telling=tellings())
def test_any_order_of_scans_ends_the_same_and_no_message_goes_twice_or_too_late(ann: Merchant, telling: list[list[ScanData]]) -> None:
    name = str(next(NUMBERS))
    with clock.frozen(START) as hands:
        parcel_id = begin(ann, name)
        for scans in telling:
            hands.advance(timedelta(minutes=40))
            tell(ann, name, scans)
            before = sent(ann, parcel_id)
            settle(ann.pk, KeepSender())
            with in_merchant(ann):
                parcel = Shipment.objects.get(pk=parcel_id)
            assert all(parcel.status not in OVERTAKEN.get(template, ()) for template in sent(ann, parcel_id)[len(before) :])

    templates = sent(ann, parcel_id)
    assert parcel.status == Status.DELIVERED
    assert parcel.delivered_at == SCANS[-1].occurred_at
    assert len(templates) == len(set(templates))
    assert "delivered" in templates


def begin(ann: Merchant, name: str) -> object:
    """An order and its parcel of their own, told."""
    order, shipment = (next(act.item for act in ACTS if isinstance(act.item, kind)) for kind in (OrderData, ShipmentData))
    with eager.collected(), in_merchant(ann):
        install()
        connection = api_connection_id(ann.pk)
        record_orders([renamed(order, external_id=name, number=f"#{name}")], connection_id=connection)
        parcel = renamed(shipment, external_id=f"{name}-F", order_external_id=name, number=name)
        (made,) = record_shipments([parcel], connection_id=connection)
    return made.id


def tell(ann: Merchant, name: str, scans: list[ScanData]) -> None:
    with eager.collected(), in_merchant(ann):
        record_scans([renamed(scan, number=name) for scan in scans], connection_id=api_connection_id(ann.pk))


def sent(ann: Merchant, parcel_id: object) -> list[str]:
    with in_merchant(ann):
        rows = Message.objects.filter(shipment_id=parcel_id, state=State.SENT)
        return list(rows.order_by("sent_at", "handed_at", "id").values_list("template", flat=True))


def renamed(item: object, **changes: object) -> object:
    names = item.__struct_fields__  # type: ignore[attr-defined]
    return type(item)(**({field: getattr(item, field) for field in names} | changes))
