"""What a merchant said of a sender's bodies: how they are written, where things stand in them, what is always so."""

import re
from datetime import UTC, datetime
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo, available_timezones

import msgspec
from msgspec import Struct

from integrations.carriers import directory
from integrations.carriers.custom.layout import DELIMITERS, ENCODINGS, Layout
from integrations.carriers.custom.pointers import Keys

FIELDS = (
    "number", "time", "clock", "code", "text", "carrier", "city", "region", "postcode", "country", "order", "event_id", "signed_by",
    "photo", "signature",
)  # fmt: skip
ALWAYS = ("carrier", "code", "country")  # what may be the same in every scan
TIMES = ("dmy", "mdy", "own")  # 04/05 is a day in May; in April; or the merchant writes the pattern
LONGEST = 60
COUNTRY = re.compile(r"[A-Z]{2}")
SOURCE = "own."  # begins the source of scans that a mapping read; the rest says whose mapping
KNOWN_DAY = datetime(2026, 11, 23, 14, 5, 9, tzinfo=UTC)  # no two of its parts are alike


class Mapping(Struct, forbid_unknown_fields=True, kw_only=True, frozen=True):
    """`entries`: what each scan is an entry of. `places`: field -> where it stands. `always`: field -> what holds where nothing stands."""

    source: str = SOURCE
    layout: Layout = Layout()
    entries: Keys = ()
    places: dict[str, Keys] = {}
    always: dict[str, str] = {}
    times: str = "dmy"
    pattern: str = ""  # as strptime reads it
    zone: str = ""  # of times that say no offset; '' keeps them as the clock on the wall there
    version: int = 1  # grows with every change, so that what an older one read is known


class Unfit(ValueError):
    """A field of a mapping cannot be as it is. `reason` is one of required, pattern, zone, country, carrier, delimiter, choice."""

    def __init__(self, field: str, reason: str) -> None:
        super().__init__(f"{field}: {reason}")
        self.field, self.reason = field, reason


def source_of(connection_id: UUID) -> str:
    """What scans of a connection say of where they are from: within the 20 letters of the column, and of one connection only."""
    return SOURCE + connection_id.hex[-12:]


def stored(mapping: Mapping) -> Any:
    """For a JSON column."""
    return msgspec.to_builtins(mapping)


def read(stored: Any) -> Mapping:
    """From a JSON column, decoded or as text. Raises msgspec.ValidationError."""
    return msgspec.json.decode(stored, type=Mapping) if isinstance(stored, str) else msgspec.convert(stored, Mapping)


def faults(mapping: Mapping, *, asks: bool = False) -> list[Unfit]:
    """What must be mended before it can be kept. `asks`: we ask for numbers, so the answer need not say them."""
    wanted = [] if asks else ["number"]
    missing = [name for name in [*wanted, "time"] if name not in mapping.places]
    if not {"code", "text"} & mapping.places.keys() and not mapping.always.get("code"):
        missing.append("code")
    if "carrier" not in mapping.places and not mapping.always.get("carrier"):
        missing.append("carrier")
    found = [Unfit(name, "required") for name in missing]
    checks = (
        ("times", "choice", mapping.times in TIMES),
        ("pattern", "pattern", mapping.times != "own" or _reads(mapping.pattern)),
        ("zone", "zone", not mapping.zone or mapping.zone in available_timezones()),
        ("always_country", "country", not mapping.always.get("country") or bool(COUNTRY.fullmatch(mapping.always["country"]))),
        ("always_carrier", "carrier", not mapping.always.get("carrier") or bool(directory.normalise(mapping.always["carrier"]))),
        ("delimiter", "delimiter", _splits(mapping.layout)),
        ("encoding", "choice", mapping.layout.encoding in ENCODINGS),
    )
    return found + [Unfit(field, reason) for field, reason, holds in checks if not holds]


def zone_of(mapping: Mapping) -> ZoneInfo | None:
    """The zone of times that say no offset, None where the merchant does not know it."""
    return ZoneInfo(mapping.zone) if mapping.zone else None


def _splits(layout: Layout) -> bool:
    mark = layout.delimiter
    return layout.form == "json" or mark in DELIMITERS or (len(mark) == 1 and mark.isprintable() and not mark.isalnum() and mark != '"')


def _reads(pattern: str) -> bool:
    """Whether the pattern brings a day back as it was written."""
    try:
        told = datetime.strptime(KNOWN_DAY.strftime(pattern), pattern)  # noqa: DTZ007 - a pattern may hold no zone, which is the point
    except (ValueError, re.error):
        return False
    return bool(pattern) and len(pattern) <= LONGEST and told.date() == KNOWN_DAY.date()
