"""Every adapter reads its own senders' bodies, and takes odd ones calmly."""

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from integrations import registry
from integrations.carriers.custom.adapter import Custom
from integrations.carriers.shapes.sender import Sender
from integrations.registry import Unreadable
from integrations.types import EstimateData, ScanData, ShipmentData
from tests.integrations.carriers.samples import Sample, items_of, line, samples

SENDERS = [  # but the one that reads as its merchant says: tests/integrations/custom
    adapter for kind in registry.kinds() if isinstance(adapter := registry.adapter(kind), Sender) and not isinstance(adapter, Custom)
]
BY_KIND = pytest.mark.parametrize("adapter", SENDERS, ids=[adapter.kind for adapter in SENDERS])
JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=20),
    lambda inner: (
        st.lists(inner, max_size=4)
        | st.dictionaries(st.sampled_from(["data", "events", "date", "time", "status", "code", "number", "id"]), inner, max_size=4)
    ),
    max_leaves=30,
)


@pytest.mark.parametrize("sample", samples(), ids=[sample.kind for sample in samples()])
def test_a_body_says_what_it_says(sample: Sample) -> None:
    items = items_of(sample)

    assert [line(item) for item in items if isinstance(item, ScanData)] == sample.expect
    assert [f"{leg.carrier} {leg.number}" for item in items if isinstance(item, ShipmentData) for leg in item.legs] == sample.legs


def test_every_kind_has_a_sample() -> None:
    assert {adapter.kind for adapter in SENDERS} == {sample.kind for sample in samples()}


def of_kind(kind: str) -> list[Any]:
    return [item for sample in samples() if sample.kind == kind for item in items_of(sample)]


def test_who_signed_and_proofs_stand_with_the_delivery_alone() -> None:
    scans = [item for item in of_kind("dhl") if isinstance(item, ScanData)]

    assert [(scan.signed_by, scan.extra) for scan in scans[:2]] == [("", {}), ("KIM", {"photos": ["https://example.com/pod"]})]


def test_the_days_a_parcel_is_expected_are_told() -> None:
    told = [
        (str(item.earliest_on or ""), str(item.expected_on))
        for item in of_kind("aftership") + of_kind("17track")
        if isinstance(item, EstimateData)
    ]

    assert told == [("2026-03-04", "2026-03-05"), ("2026-03-08", "2026-03-10")]


def test_a_day_is_told_when_the_newest_scan_beside_it_was() -> None:
    for sample in samples():
        items = items_of(sample)
        for told in (item for item in items if isinstance(item, EstimateData)):
            known = [one.occurred_at for one in items if isinstance(one, ScanData) and one.number == told.number and one.occurred_at]
            assert told.told_at == max(known, default=None), sample.kind


def test_ups_tells_the_wall_clock_and_the_instant() -> None:
    scan = of_kind("ups")[0]

    assert (scan.local_time.isoformat(), scan.occurred_at.isoformat()) == ("2026-03-02T09:15:19", "2026-03-02T14:15:19+00:00")


@BY_KIND
@settings(max_examples=60, deadline=None)
@given(payload=st.dictionaries(st.text(max_size=12), JSON, max_size=6) | st.lists(JSON, max_size=4))
def test_any_object_or_list_is_read_without_an_error(adapter: Sender, payload: Any) -> None:
    assert isinstance(adapter.read(adapter.topics[0], payload, {}), list)


@BY_KIND
@pytest.mark.parametrize("odd", [None, "", 7, True, 1.5])
def test_what_is_no_object_is_unreadable(adapter: Sender, odd: Any) -> None:
    with pytest.raises(Unreadable, match="neither an object nor a list"):
        adapter.read(adapter.topics[0], odd, {})


@pytest.mark.parametrize("sample", samples(), ids=[sample.kind for sample in samples()])
@settings(max_examples=25, deadline=None)
@given(data=st.data())
def test_a_body_with_holes_is_read_without_an_error(sample: Sample, data: st.DataObject) -> None:
    adapter = registry.adapter(sample.kind)
    assert isinstance(adapter, Sender)
    payload = adapter.decode(sample.body)

    holed = _with_holes(payload, data)

    if isinstance(holed, dict | list):
        assert isinstance(adapter.read(sample.topic, holed, {}), list)


def _with_holes(value: Any, data: st.DataObject) -> Any:
    if data.draw(st.integers(0, 9)) == 0:
        return data.draw(JSON)
    if isinstance(value, dict):
        return {key: _with_holes(inner, data) for key, inner in value.items()}
    return [_with_holes(inner, data) for inner in value] if isinstance(value, list) else value


@BY_KIND
def test_other_topics_are_left_alone(adapter: Sender) -> None:
    assert adapter.read("batch.updated", {}, {}) is None


BOMB = b'<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;">]><x>&b;</x>'


@BY_KIND
@pytest.mark.parametrize(
    "body", [b"", b"nonsense", b"<a><b></a>", BOMB, b'<!DOCTYPE x SYSTEM "file:///etc/passwd"><x/>', b"<x>" * 500, b"[" * 9000]
)
def test_bytes_that_are_neither_json_nor_plain_xml_are_unreadable(adapter: Sender, body: bytes) -> None:
    with pytest.raises(Unreadable):
        adapter.decode(body)


@BY_KIND
@settings(max_examples=40, deadline=None)
@given(body=st.binary(max_size=60))
def test_any_bytes_have_a_topic_and_a_name(adapter: Sender, body: bytes) -> None:
    assert adapter.topic({}, body) in ("", *adapter.topics)
    assert 0 < len(adapter.delivery_id({}, body)) <= 120
