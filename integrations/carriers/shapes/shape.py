"""Where in a body the parcels are, and their scans, as data: shape.json of an adapter, or what a merchant chose in the dashboard."""

from pathlib import Path

import msgspec
from msgspec import Struct

Paths = tuple[str, ...]  # tried in turn: the first that leads to something counts


class Fields(Struct, forbid_unknown_fields=True):
    """Paths from an event (`^`: from its parcel, `/`: from the whole body)."""

    code: tuple[Paths, ...] = ()  # its parts, from the general to the particular
    text: Paths = ()
    time: Paths = ()  # `day+clock` puts two texts together
    time_utc: Paths = ()  # the same, where it is known to be UTC
    offset: Paths = ()  # of `time`, where it stands apart
    city: Paths = ()
    region: Paths = ()
    postcode: Paths = ()
    country: Paths = ()
    signed_by: Paths = ()
    photo: Paths = ()  # addresses of proofs of delivery
    signature: Paths = ()


class Shape(Struct, forbid_unknown_fields=True, kw_only=True):
    """`parcels`: paths from the body to the parcels, all of them read; the rest from a parcel (`/`: from the whole body)."""

    number: Paths
    events: Paths = ("",)  # all of them are read; '' is the parcel itself, where the others lead to nothing
    parcels: Paths = ("",)
    carrier: Paths = ()  # whose number it is; an adapter of one carrier has none
    carriers: dict[str, str] = {}  # the sender's words for carriers -> our codes, where the directory would read them otherwise
    country: str = ""  # where scans happened that say no country
    further_number: Paths = ()  # of the carrier that takes the parcel over
    further_carrier: Paths = ()
    expected: Paths = ()  # the day by which it is expected
    expected_from: Paths = ()
    month_first: bool = False  # how 04/05/2026 is meant
    event: Fields = msgspec.field(default_factory=Fields)


def load(folder: Path) -> Shape:
    """The shape that lies in an adapter's folder."""
    return msgspec.json.decode((folder / "shape.json").read_bytes(), type=Shape)
