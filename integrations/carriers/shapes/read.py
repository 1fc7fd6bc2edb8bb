"""From a decoded body and a shape to scans, expected days and further legs. Pure. What is missing or odd is passed over, never raised."""

from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

from integrations.carriers import directory, mapping
from integrations.carriers.shapes import times
from integrations.carriers.shapes.paths import every, first, texts
from integrations.carriers.shapes.shape import Fields, Paths, Shape
from integrations.types import EstimateData, Item, LegData, PlaceData, ScanData, ShipmentData

Around = tuple[Any, Any, Any]  # an event, its parcel, the whole body
WEB = ("http://", "https://")


def items(shape: Shape, body: Any, *, source: str, carrier: str = "") -> list[Item]:
    """What the body says of each of its parcels. `carrier`: whose numbers they are where the body does not say."""
    parcels = [one for path in shape.parcels for one in every(body, path) if isinstance(one, dict)]
    return [item for parcel in parcels for item in _of_parcel(shape, parcel, body, source, carrier)]


def _of_parcel(shape: Shape, parcel: dict[str, Any], body: Any, source: str, carrier: str) -> Iterator[Item]:
    around = (parcel, parcel, body)
    number = directory.normalise_number(first(around, shape.number))
    if not number:
        return
    carrier = _carrier(shape, first(around, shape.carrier)) or carrier
    further = directory.normalise_number(first(around, shape.further_number))
    if further and further != number:
        leg = LegData(carrier=_carrier(shape, first(around, shape.further_carrier)), number=further)
        yield ShipmentData(carrier=carrier, number=number, legs=[leg])
    told = (
        _scan(shape, (event, parcel, body), ScanData(carrier=carrier, number=number, source=source)) for event in _events(shape, parcel)
    )
    scans = [scan for scan in told if scan]
    yield from scans
    yield from _expected(shape, around, carrier, number, scans)


def _carrier(shape: Shape, word: str) -> str:
    return shape.carriers.get(word.casefold()) or directory.normalise(word)


def _events(shape: Shape, parcel: dict[str, Any]) -> list[dict[str, Any]]:
    found = [one for path in shape.events if path for one in every(parcel, path) if isinstance(one, dict)]
    return found or ([parcel] if "" in shape.events else [])


def _scan(shape: Shape, around: Around, scan: ScanData) -> ScanData | None:
    """The event on top of what is known of its parcel; None where it says no time, or nothing at all."""
    fields = shape.event
    scan.code, scan.text = _code(fields, around), first(around, fields.text)[:500]
    told = _moment(around, fields.time, offset=first(around, fields.offset), month_first=shape.month_first)
    exact = _moment(around, fields.time_utc, offset="Z", month_first=shape.month_first)
    if told and told.tzinfo:
        exact, told = told, None
    if not (exact or told) or not (scan.code or scan.text):
        return None
    scan.occurred_at, scan.local_time = exact.astimezone(UTC) if exact else None, told
    scan.place = _place(fields, around, shape.country)
    if mapping.meaning(scan.source, scan.code, carrier=scan.carrier).status == "delivered":
        scan.signed_by = first(around, fields.signed_by)[:120]
        scan.extra = _proofs(fields, around)
    return scan


def _code(fields: Fields, around: Around) -> str:
    """The parts that are told, joined by a slash."""
    parts = (first(around, paths).replace("/", "-").strip() for paths in fields.code)
    return "/".join(dict.fromkeys(part for part in parts if part))[:80]


def _moment(around: Around, paths: Paths, *, offset: str, month_first: bool) -> datetime | None:
    for path in paths:
        told = " ".join(first(around, (part,)) for part in path.split("+")).strip()
        found = times.moment(told, offset=offset, month_first=month_first) if told else None
        if found:
            return found
    return None


def _place(fields: Fields, around: Around, country: str) -> PlaceData:
    return PlaceData(
        city=first(around, fields.city)[:120],
        region=first(around, fields.region)[:120],
        postcode=first(around, fields.postcode)[:20],
        country=first(around, fields.country)[:60] or country,
    )


def _proofs(fields: Fields, around: Around) -> dict[str, Any]:
    """Addresses of photos and signatures: kept with the scan, shown only to who has proved more than a link."""
    told = {"photos": fields.photo, "signatures": fields.signature}
    found = {name: [text for path in paths for text in texts(around, path) if text.startswith(WEB)] for name, paths in told.items()}
    return {name: addresses[:10] for name, addresses in found.items() if addresses}


def _expected(shape: Shape, around: Around, carrier: str, number: str, scans: list[ScanData]) -> Iterator[EstimateData]:
    """The day, told when the newest scan beside it was: a body that comes late must not replace what a newer one told."""
    expected = times.day(first(around, shape.expected), month_first=shape.month_first)
    if expected:
        yield EstimateData(
            expected_on=expected,
            earliest_on=times.day(first(around, shape.expected_from), month_first=shape.month_first),
            carrier=carrier,
            number=number,
            told_at=max((scan.occurred_at for scan in scans if scan.occurred_at), default=None),
        )
