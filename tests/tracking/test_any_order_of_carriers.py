"""What each carrier's and aggregator's bodies say ends in the same rows, whatever order and however often they come."""

from collections.abc import Callable
from typing import Any

import pytest
from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from integrations import registry
from integrations.carriers.custom.reading import rows
from integrations.types import Recorded, ScanData
from postpurchase.events.catalogue import ShipmentMoved
from tests.integrations.carriers.samples import items_of, samples
from tests.integrations.custom.bodies import CSV, SOURCE, for_csv, for_nested, nested
from tests.tracking.conftest import facts
from tests.tracking.test_any_order import SHOWN, Undo
from tracking import codes
from tracking.models import Scan, Shipment

KINDS = sorted({sample.kind for sample in samples()})
OWN = "custom"  # what a merchant's own mapping reads


def scans_of(kind: str) -> list[ScanData]:
    if kind == OWN:
        return [row.scan for row in [*rows(for_csv(), CSV.encode("cp1252")), *rows(for_nested(), nested())]]
    return [item for sample in samples() if sample.kind == kind for item in items_of(sample) if isinstance(item, ScanData)]


def state() -> list[Any]:
    return [*Shipment.objects.order_by("carrier", "number").values_list(*SHOWN), Scan.objects.count()]


@pytest.mark.parametrize("kind", [*KINDS, OWN])
@settings(max_examples=4, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow])
@given(data=st.data())
def test_any_order_and_any_repeats_end_in_the_same_rows(kind: str, data: st.DataObject, record: Callable[..., list[Recorded]]) -> None:
    scans = scans_of(kind)
    codes.give_all(SOURCE, {"A1": "in_transit", "T7": "in_transit", "Z9": "delivered"})
    assert registry.adapter(kind).kind == kind
    with pytest.raises(Undo), transaction.atomic():
        record(*scans)
        at_once = state()
        raise Undo

    came = data.draw(st.permutations(scans + data.draw(st.lists(st.sampled_from(scans), max_size=4))))
    with pytest.raises(Undo), transaction.atomic():
        for scan in came:
            record(scan)

        told = [(fact.shipment_id, fact.new) for fact in facts(ShipmentMoved) if isinstance(fact, ShipmentMoved)]
        assert state() == at_once
        assert len(told) == len(set(told)), "a status was told twice"
        raise Undo
