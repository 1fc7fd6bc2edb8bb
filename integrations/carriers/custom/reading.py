"""From a body and a mapping to scans. Pure: the same body and mapping make the same scans, whenever and however often they come."""

import hashlib
import re
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any, NamedTuple
from zoneinfo import ZoneInfo

import msgspec

from integrations.carriers import directory
from integrations.carriers.custom.layout import decode
from integrations.carriers.custom.mapping import Mapping, zone_of
from integrations.carriers.custom.pointers import Chain, entries, text_at, texts_at
from integrations.carriers.shapes import times
from integrations.types import PlaceData, ScanData

YEARS = range(2000, 2100)
MOST_PROOFS = 10
PROOFS = {"photos": "photo", "signatures": "signature"}
WEB = ("http://", "https://")
TRAIL = "row"  # in a scan's extra: which raw entry it was read from, so that another mapping can replace it


class Fault(NamedTuple):
    """What is wrong with a field of an entry. `reason`: missing (nothing stands there), time (no time), year (none that can be)."""

    field: str
    reason: str
    told: str = ""


class Row(NamedTuple):
    """An entry of the body, counted from 1, as a scan; with faults it is kept aside."""

    number: int
    scan: ScanData
    order: str
    faults: list[Fault]


def rows(mapping: Mapping, body: bytes, *, asked: str = "") -> list[Row]:
    """Every entry of the body that says anything. `asked`: the number that was asked for. Raises Unreadable."""
    return list(_rows(mapping, decode(body, mapping.layout), asked))


def _rows(mapping: Mapping, body: Any, asked: str) -> Iterator[Row]:
    for number, chain in enumerate(entries(body, mapping.entries), 1):
        told = {name: text_at(chain, mapping.entries, keys) for name, keys in mapping.places.items()}
        if any(told.values()):
            told = {name: told.get(name) or mapping.always.get(name, "") for name in {*told, *mapping.always}}
            yield _row(mapping, chain, number, told, asked)


def _row(mapping: Mapping, chain: Chain, number: int, told: dict[str, str], asked: str) -> Row:
    at, faults = _moment(mapping, " ".join(part for part in (told.get("time"), told.get("clock")) if part))
    parcel = directory.normalise_number(told.get("number") or asked)
    if not parcel:
        faults = [Fault("number", "missing"), *faults]
    exact = at is not None and at.tzinfo is not None
    scan = ScanData(
        carrier=directory.normalise(told.get("carrier", "")),
        number=parcel,
        occurred_at=at.astimezone(UTC) if at and exact else None,
        local_time=None if exact else at,
        code=told.get("code", "")[:80],
        text=told.get("text", "")[:500],
        place=_place(told),
        source=mapping.source,
        signed_by=told.get("signed_by", "")[:120],
        extra=_extra(mapping, chain, told.get("event_id", "")),
    )
    return Row(number, scan, told.get("order", "")[:60], faults)


def _moment(mapping: Mapping, text: str) -> tuple[datetime | None, list[Fault]]:
    """The time, aware if its offset or its zone is known: a time whose zone nobody told is never taken for UTC."""
    if not text:
        return None, [Fault("time", "missing")]
    at = _by_pattern(text, mapping.pattern) if mapping.times == "own" else times.moment(text, month_first=mapping.times == "mdy")
    if at is None:
        return None, [Fault("time", "time", text[:60])]
    if at.year not in YEARS:
        return None, [Fault("time", "year", text[:60])]
    zone = zone_of(mapping)
    return (_there(at, zone) if zone and at.tzinfo is None else at), []


def _by_pattern(text: str, pattern: str) -> datetime | None:
    try:
        return datetime.strptime(text, pattern)  # noqa: DTZ007 - the zone is the mapping's, or not known
    except (ValueError, re.error):
        return None


def _there(wall: datetime, zone: ZoneInfo) -> datetime:
    """The instant at which clocks there showed that; as it is where they never did, in the hour that a change to summer time leaves out."""
    at = wall.replace(tzinfo=zone)
    return at if at.astimezone(UTC).astimezone(zone).replace(tzinfo=None) == wall else wall


def _place(told: dict[str, str]) -> PlaceData:
    return PlaceData(
        city=told.get("city", "")[:120],
        region=told.get("region", "")[:120],
        postcode=told.get("postcode", "")[:20],
        country=told.get("country", "")[:60],
    )


def _extra(mapping: Mapping, chain: Chain, event_id: str) -> dict[str, Any]:
    """Which entry it was, the sender's id of it, and addresses of proofs, which are shown only to who has proved more than a link."""
    raw = msgspec.json.encode(chain[-1], order="sorted")
    found: dict[str, Any] = {TRAIL: hashlib.sha256(raw).hexdigest()[:16], "mapping": mapping.version}
    if event_id:
        found["event_id"] = event_id[:120]
    for name, field in PROOFS.items():
        told = texts_at(chain, mapping.entries, mapping.places[field]) if field in mapping.places else ()
        if addresses := [text[:1000] for text in told if text.startswith(WEB)][:MOST_PROOFS]:
            found[name] = addresses
    return found
