"""Small bodies in the shape of each sender's real ones (tests/fixtures/carriers), with what they are expected to say."""

import json
from functools import cache
from pathlib import Path
from typing import Any, NamedTuple

from integrations import registry
from integrations.carriers.mapping import meaning
from integrations.carriers.shapes.sender import Sender
from integrations.types import Item, ScanData

FOLDER = Path(__file__).parents[2] / "fixtures" / "carriers"


class Sample(NamedTuple):
    """A body as it comes, its topic, and its scans in one line each."""

    kind: str
    topic: str
    body: bytes
    expect: list[str]
    legs: list[str]


@cache
def samples() -> list[Sample]:
    """All of them."""
    return [_sample(path.stem, case) for path in sorted(FOLDER.glob("*.json")) for case in json.loads(path.read_text())]


def _sample(kind: str, case: dict[str, Any]) -> Sample:
    body = case["body"] if isinstance(case["body"], str) else json.dumps(case["body"])
    return Sample(kind, case["topic"], body.encode(), case["expect"], case.get("legs", []))


def items_of(sample: Sample) -> list[Item]:
    """What the adapter reads of it."""
    adapter = registry.adapter(sample.kind)
    assert isinstance(adapter, Sender)
    return adapter.read(sample.topic, adapter.decode(sample.body), {}) or []


def line(scan: ScanData) -> str:
    """A scan in one line: carrier, number, time (Z: exact), code, status, substatus, city."""
    exact = scan.occurred_at.isoformat().replace("+00:00", "Z") if scan.occurred_at else ""
    wall = scan.local_time.isoformat() if scan.local_time else ""
    meant = meaning(scan.source, scan.code, carrier=scan.carrier)
    words = [scan.carrier, scan.number, exact or wall, scan.code, meant.status, meant.substatus, scan.place.city]
    return " ".join(word.replace(" ", "_") or "-" for word in words)
