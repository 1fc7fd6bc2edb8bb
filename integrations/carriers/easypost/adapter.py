"""EasyPost tracker webhooks (docs.easypost.com, guides "Webhooks" and "Tracking"): every call carries the parcel's whole history."""

import hashlib
import unicodedata
from collections.abc import Mapping, Sequence
from datetime import UTC, date, datetime
from typing import Annotated, Any

import msgspec
from msgspec import Meta, Struct

from integrations.carriers import directory
from integrations.carriers.shapes import times
from integrations.registry import ASKED, Unreadable, register
from integrations.types import EstimateData, Item, PlaceData, ScanData
from postpurchase.lib import signing

HEADER = "x-hmac-signature"
PREFIX = "hmac-sha256-hex="
TOPICS = frozenset({"tracker.created", "tracker.updated"})


class _Place(Struct):
    city: Any = None
    state: Any = None
    zip: Any = None
    country: Any = None


class _Detail(Struct, rename={"at": "datetime"}):
    """Of any types: one odd field must not cost the history around it."""

    at: Any = None
    status: Any = None
    status_detail: Any = None
    message: Any = None
    carrier_code: Any = None
    tracking_location: _Place | None = None


class _CarrierDetail(Struct):
    est_delivery_date_local: str | None = None


class _Tracker(Struct):
    tracking_code: Annotated[str, Meta(min_length=1)]
    carrier: str | None = None
    created_at: datetime | None = None
    updated_at: datetime | None = None
    signed_by: str | None = None
    est_delivery_date: str | None = None
    carrier_detail: _CarrierDetail | None = None
    tracking_details: list[_Detail] | None = None


class _Head(Struct):
    """What names an event; the rest of it is passed over unread."""

    id: Any = None
    description: Any = None


_heads = msgspec.json.Decoder(_Head)


class EasyPost:
    """Reads tracker.created and tracker.updated; signs as `X-Hmac-Signature: hmac-sha256-hex=<hex>` over the raw body."""

    kind = "easypost"
    name = "EasyPost"
    topics = tuple(sorted(TOPICS))
    at_once: frozenset[str] = frozenset()
    makes_secret = False

    def verify(self, secrets: Sequence[str], headers: Mapping[str, str], body: bytes) -> bool:
        """Whether one of the secrets, normalised to NFKD as EasyPost does, signed these bytes."""
        given = headers.get(HEADER, "")
        wanted = [PREFIX + signing.hmac_hex(unicodedata.normalize("NFKD", secret).encode(), body) for secret in secrets]
        return any(signing.same(given, signature) for signature in wanted)

    def delivery_id(self, headers: Mapping[str, str], body: bytes) -> str:
        """The event's id; a hash of the body where there is none."""
        return _text(_head(body).id) or hashlib.sha256(body).hexdigest()

    def topic(self, headers: Mapping[str, str], body: bytes) -> str:
        """The event's description, for example tracker.updated."""
        return _text(_head(body).description)

    def read(self, topic: str, payload: Any, headers: Mapping[str, str] | None = None) -> list[Item] | None:
        """The scans of a tracker, and the day it is expected. Raises Unreadable. What was asked for is a list of trackers, or one."""
        if topic not in TOPICS:
            return None
        try:
            tracker = _newest(payload) if ASKED in (headers or {}) else msgspec.convert(_result(payload), _Tracker)
        except msgspec.ValidationError as error:
            raise Unreadable(f"result is not a tracker: {error}") from error
        details = tracker.tracking_details or []
        told = ((detail, times.moment(_text(detail.at))) for detail in details)
        return [*(_scan(tracker, detail, at) for detail, at in told if at), *_estimates(tracker)]


def _result(payload: Any) -> Any:
    return payload.get("result") if isinstance(payload, dict) else None


def _newest(payload: Any) -> _Tracker:
    """Of the trackers of one number that which was made last: older ones are of parcels that had the number before."""
    listed = payload.get("trackers", [payload]) if isinstance(payload, dict) else []
    trackers: list[_Tracker] = msgspec.convert(listed, Annotated[list[_Tracker], Meta(min_length=1)])
    return max(trackers, key=lambda one: one.created_at.timestamp() if one.created_at else 0.0)


def _head(body: bytes) -> _Head:
    try:
        return _heads.decode(body)
    except msgspec.DecodeError:
        return _Head()


def _text(value: Any, most: int = 120) -> str:
    """A text, or a whole number as one (a postcode); '' for anything else."""
    return str(value)[:most] if isinstance(value, str | int) and not isinstance(value, bool) else ""


def _scan(tracker: _Tracker, detail: _Detail, at: datetime) -> ScanData:
    carrier, aware = directory.normalise(tracker.carrier or ""), at.tzinfo is not None
    return ScanData(
        carrier=carrier,
        number=directory.normalise_number(tracker.tracking_code),
        occurred_at=at.astimezone(UTC) if aware else None,
        local_time=None if aware else at,
        code=_code(detail),
        text=_text(detail.message, 500),
        place=_place(detail.tracking_location or _Place()),
        source=EasyPost.kind,
        signed_by=(tracker.signed_by or "")[:120] if detail.status == "delivered" else "",
    )


def _code(detail: _Detail) -> str:
    """status/status_detail/carrier_code, as far as they are told: what table.json maps."""
    status, particular, theirs = (_text(part).replace("/", "-") for part in (detail.status, detail.status_detail, detail.carrier_code))
    parts = [status or "unknown", particular or "unknown", theirs]
    return "/".join(parts if parts[2] else parts[:2])[:80]


def _place(place: _Place) -> PlaceData:
    return PlaceData(city=_text(place.city), region=_text(place.state), postcode=_text(place.zip, 20), country=_text(place.country, 60))


def _estimates(tracker: _Tracker) -> list[Item]:
    """The expected day: the carrier's local date where it tells one, else the date part of est_delivery_date, whose time means nothing."""
    local = tracker.carrier_detail.est_delivery_date_local if tracker.carrier_detail else None
    try:
        expected = date.fromisoformat((local or tracker.est_delivery_date or "")[:10])
    except ValueError:
        return []
    told = tracker.updated_at if tracker.updated_at and tracker.updated_at.tzinfo else None
    carrier, number = directory.normalise(tracker.carrier or ""), directory.normalise_number(tracker.tracking_code)
    return [EstimateData(expected_on=expected, carrier=carrier, number=number, source="carrier", told_at=told)]


register(EasyPost())
