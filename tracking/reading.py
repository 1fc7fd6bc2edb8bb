"""A scan as its source tells it -> a row: its best instant, its meaning, and the fingerprint that makes a repeat the same scan."""

import hashlib
import re
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from integrations.carriers import directory, mapping, words
from integrations.carriers.custom.mapping import SOURCE as OWN
from integrations.carriers.mapping import Meaning
from integrations.types import FieldError, PlaceData, ScanData
from tracking import zones

YEARS = range(2000, 2100)  # a year outside is a mistake, and breaks arithmetic at the ends of the calendar
Mapped = dict[tuple[str, str, str], Meaning]  # (source, carrier, code) -> what it means to the merchant
NOT_WORD = re.compile(r"[\W_]+")


@dataclass(frozen=True)
class Told:
    """A scan made ready: what finds its parcel, and the columns of its row."""

    carrier: str
    number: str
    external_id: str  # of the shipment
    occurred_at: datetime
    fingerprint: str  # hex
    columns: dict[str, Any]


def read(data: ScanData, zone: str, mapped: Mapped | None = None) -> Told | list[FieldError]:
    """The scan made ready, or what is wrong with it. `zone` names the zone to assume where neither offset nor country is told.

    `mapped`: what the merchant says of codes that no table has.
    """
    carrier, number = directory.normalise(data.carrier), directory.normalise_number(_plain(data.number))
    meant, listed = _meaning(data, carrier, mapped or {})
    errors = _errors(data, number, meant)
    if errors:
        return errors
    at, wall, known = _times(data, zone)
    columns = {
        "occurred_at": at,
        "local_time": wall,
        "zone_known": known,
        "code": _plain(data.code or data.status)[:80],
        "text": _plain(data.text),
        "status": meant.status,
        "substatus": _plain(meant.substatus)[:40],
        "party": meant.party,
        "action_required": meant.action_required,
        "carrier": carrier,
        "city": _plain(data.place.city),
        "region": _plain(data.place.region),
        "postcode": _plain(data.place.postcode),
        "country": _plain(data.place.country),
        "source": _plain(data.source)[:20],
        "signed_by": _plain(data.signed_by),
        "extra": _clean(data.extra),
        "unlisted": not listed,
    }
    when = at if known or wall is None else wall.replace(tzinfo=None)
    what = data.code or f"{meant.status} {meant.substatus}"
    return Told(carrier, number, _plain(data.shipment_external_id), at, fingerprint(when, what, data.text, data.place), columns)


def fingerprint(when: datetime, what: str, text: str, place: PlaceData) -> str:
    """SHA-256 in hex over the time to the second, the code, and text and place without regard to case, space and punctuation."""
    moment = (when.astimezone(UTC) if when.tzinfo else when).isoformat(timespec="seconds")
    words = [what, text, place.city, place.region, place.postcode, place.country]
    return hashlib.sha256("\x1f".join([moment, *(NOT_WORD.sub("", word.casefold()) for word in words)]).encode()).hexdigest()


def _meaning(data: ScanData, carrier: str, mapped: Mapped) -> tuple[Meaning, bool]:
    """What the scan means, and whether a table of ours, or the sender in our own words, says so.

    Else the merchant says it, else the text, if it does surely. What the merchant's own mapping read is in no table of ours.
    """
    told = mapping.in_our_words(data.status, data.substatus) if data.status else mapping.UNMAPPED
    code, source = data.code or data.status, _plain(data.source)[:20]
    if not told.status and not is_own(source):
        table = data.source if data.source in mapping.TABLES else carrier
        told = words.sober(mapping.meaning(table, code, carrier=carrier), data.text)
    if told.status:
        return told, True
    theirs = mapped.get((source, whose(source, carrier), _plain(code)[:80]))
    return theirs or words.guess(data.text, coded=bool(code)), not code


def is_own(source: str) -> bool:
    """Whether the merchant's own mapping read it: its codes are the sender's words, whichever carrier they speak of."""
    return source.startswith(OWN)


def whose(source: str, carrier: str) -> str:
    """The carrier that a code of the source belongs to; '' where the source has one set of words for all its carriers."""
    return "" if is_own(source) else carrier


def _errors(data: ScanData, number: str, meant: Meaning) -> list[FieldError]:
    errors, at = [], data.occurred_at or data.local_time
    if not number and not data.shipment_external_id:
        errors.append(FieldError("/number", "Give the carrier and its number, or shipment_external_id."))
    if at is None:
        errors.append(FieldError("/occurred_at", "Say when it happened: occurred_at, or local_time where the offset is not known."))
    elif at.year not in YEARS:
        errors.append(FieldError("/occurred_at", f"The year {at.year} cannot be right."))
    if data.status and not meant.status and data.source not in mapping.TABLES:
        errors.append(FieldError("/status", f"Use one of: {', '.join(mapping.our_statuses())}. Leave it out if none fits."))
    return errors


def _times(data: ScanData, zone: str) -> tuple[datetime, datetime | None, bool]:
    """(best instant in UTC, clock on the wall there written as if in UTC, whether the instant is exact)."""
    wall = data.local_time.replace(tzinfo=UTC) if data.local_time else None
    told = data.occurred_at or data.local_time
    if told is None:
        raise ValueError("a scan without a time")
    there = told.tzinfo or zones.of_country(data.place.country, zone)
    return told.replace(tzinfo=there).astimezone(UTC), wall, told.tzinfo is not None


def _plain(text: str) -> str:
    """PostgreSQL text holds every character but NUL."""
    return text.replace("\x00", "") if "\x00" in text else text


def _clean(value: Any) -> Any:
    if isinstance(value, str):
        return _plain(value)
    if isinstance(value, dict):
        return {_plain(key): _clean(inner) for key, inner in value.items()}
    return [_clean(inner) for inner in value] if isinstance(value, list) else value
