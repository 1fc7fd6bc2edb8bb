"""Real payloads that we did not write, where they are there: POSTPURCHASE_CONFORMANCE_DIR, or a folder beside the project."""

import json
import os
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from integrations.carriers import mapping
from integrations.carriers.easypost.adapter import EasyPost
from integrations.models import Connection
from integrations.types import EstimateData, Outcome, ScanData
from postpurchase.tenancy.models import Merchant
from tracking.estimates import record_estimates
from tracking.models import Shipment
from tracking.scans import record_scans, unmapped

FOLDER = Path(os.environ.get("POSTPURCHASE_CONFORMANCE_DIR") or Path(__file__).parents[3] / "shared" / "data")
pytestmark = pytest.mark.skipif(not (FOLDER / "easypost").is_dir(), reason="no conformance data")
adapter = EasyPost()


def load(name: str) -> Any:
    return json.loads((FOLDER / name).read_text())


def test_the_easypost_vector_verifies() -> None:
    (vector,) = [one for one in load("signatures/vectors.json") if one["scheme"] == "easypost"]
    body = vector["body"].encode()

    assert adapter.verify([vector["secret"]], {vector["header"].lower(): vector["signature"]}, body)
    assert not adapter.verify([vector["secret"]], {vector["header"].lower(): vector["signature"]}, body.replace(b"1", b"2", 1))
    assert (adapter.topic({}, body), adapter.delivery_id({}, body)) == ("tracker.updated", "evt_1")


def test_an_easypost_event_is_recorded_with_every_scan_mapped(in_ann: Merchant) -> None:
    connection = Connection.objects.create(kind="easypost", label="EasyPost")
    event = load("easypost/event-body.json")
    items = adapter.read(event["description"], event) or []
    scans = [item for item in items if isinstance(item, ScanData)]
    estimates = [item for item in items if isinstance(item, EstimateData)]

    first = record_scans(scans, connection_id=connection.pk)
    again = record_scans(scans, connection_id=connection.pk)
    record_estimates(estimates, connection_id=connection.pk)

    shipment = Shipment.objects.get()
    assert {result.outcome for result in first} == {Outcome.CREATED}
    assert {result.outcome for result in again} == {Outcome.UNCHANGED}
    assert len(first) == len(event["result"]["tracking_details"])
    assert (shipment.carrier, shipment.status, shipment.substatus) == ("fedex", "in_transit", "arrived_hub")
    assert shipment.estimate_on == date(2024, 8, 5)
    assert unmapped() == []


@pytest.mark.parametrize("name", ["easypost/trackers-create.json", "easypost/trackers-retrieve.json"])
def test_a_tracker_with_gaps_is_read(name: str) -> None:
    items = adapter.read("tracker.updated", {"result": load(name)}) or []

    assert [(item.number, item.code) for item in items if isinstance(item, ScanData)] == [("EZ1000000001", "pre_transit/status_update")] * 2


def test_the_shopify_fulfilment_events_status_has_a_meaning() -> None:
    for body in (load("shopify/fulfillment_events.create.json")["body"], load("shopify-rest/fulfillment_event.json")["fulfillment_event"]):
        assert mapping.meaning("shopify", body["status"]).status
