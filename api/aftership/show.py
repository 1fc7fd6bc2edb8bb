"""Parcels as AfterShip's Tracking object. What we do not have is null there."""

from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import msgspec

from api.aftership.wanted import KEPT, SLUGS
from api.compat import countries, rows
from api.compat.words import group, word
from integrations.carriers import directory
from orders.models import Order
from postpurchase.lib import clock
from postpurchase.lib.ids import to_public
from tracking import zones
from tracking.follow import BY_MERCHANT, is_active
from tracking.models import EstimateSnapshot, Scan, Shipment, Status

Json = dict[str, Any]


class _Words(msgspec.Struct):
    tags: dict[str, str]
    messages: dict[str, str]


WORDS = msgspec.json.decode(Path(__file__).with_name("words.json").read_bytes(), type=_Words)
SOURCES = {"ours": "AfterShip EDD", "merchant": "Custom EDD", "shop": "Custom EDD"}  # whose day it is; every other one is a carrier's


def tracking(parcel: Shipment, here: rows.Shop, *, people: bool, fields: frozenset[str] = frozenset()) -> Json:
    """A parcel from rows.whole(). `people`: with what stands in its order. `fields`: only those, and what names it; empty for all."""
    shown = _parcel(parcel, here) | _order(parcel, here, people) | _times(parcel) | _promises(parcel, here)
    shown["checkpoints"] = [_checkpoint(scan) for scan in reversed(rows.scans_of(parcel))]
    if not fields:
        return shown
    return {name: value for name, value in shown.items() if name in fields or name in ("id", "tracking_number", "slug")}


def _parcel(parcel: Shipment, here: rows.Shop) -> Json:
    following = rows.following_of(parcel)
    legs, subtag = list(parcel.legs.all()), word(WORDS.tags, parcel.status, parcel.substatus) or "Pending_001"
    last = legs[-1] if len(legs) > 1 else None
    public = to_public("shp", parcel.pk)
    return dict.fromkeys(KEPT) | (following.details if following else {}) | {
        "id": public, "legacy_id": public, "tracking_number": parcel.number, "slug": SLUGS.theirs(parcel.carrier),
        "active": is_active(parcel, following), "source": "api" if following and following.made else "system",
        "tag": group(subtag), "subtag": subtag, "subtag_message": WORDS.messages[subtag],
        "origin_country_region": countries.three(parcel.origin_country), "shipping_method": parcel.service or None,
        "courier_tracking_link": parcel.carrier_url or None, "courier_redirect_link": parcel.carrier_url or None,
        "signed_by": parcel.signed_by or None, "failed_delivery_attempts": parcel.attempts, "tracked_count": len(rows.scans_of(parcel)),
        "return_to_sender": parcel.status in (Status.RETURNING, Status.RETURNED),
        "last_mile": {
            "tracking_number": last.number, "slug": SLUGS.theirs(last.carrier),
            "courier_tracking_link": directory.tracking_url(last.carrier, last.number)
        } if last else None,
        "first_mile": {"tracking_number": legs[0].number, "slug": SLUGS.theirs(legs[0].carrier)} if last else None,
        "aftership_tracking_url": here.order_page(parcel.order_id), "aftership_tracking_order_url": here.order_page(parcel.order_id),
    }  # fmt: skip


def _order(parcel: Shipment, here: rows.Shop, people: bool) -> Json:
    order = parcel.order or Order()
    address = (order.shipping_address or {}) if people else {}
    language = order.locale or None
    return {
        "order_id": order.external_id or None, "order_number": order.number or None, "order_date": stamp(order.placed_at),
        "order_tags": order.tags, "customers": [_customer(order)] if people and parcel.order else [],
        "destination_country_region": countries.three(order.ship_country), "destination_state": address.get("region") or None,
        "destination_city": address.get("city") or None, "destination_postal_code": address.get("postcode") or None,
        "destination_raw_location": address.get("line1") or None,
        **({"language": language} if language else {}),
    }  # fmt: skip


def _customer(order: Order) -> Json:
    person = order.customer
    return {
        "role": None, "name": order.ship_to_name or (f"{person.first_name} {person.last_name}".strip() if person else "") or None,
        "email": order.email or None, "phone_number": order.phone or (person.phone if person else "") or None,
        "language": order.locale or None, "id": (person.external_id if person else "") or None,
    }  # fmt: skip


def _times(parcel: Shipment) -> Json:
    began, came = parcel.first_scan_at, parcel.delivered_at
    return {
        "created_at": stamp(parcel.created_at), "updated_at": stamp(rows.changed_at(parcel)), "shipment_pickup_date": stamp(began),
        "shipment_delivery_date": stamp(came), "tracking_ship_date": stamp(parcel.shipped_at),
        "first_attempted_at": stamp(min((at for at in (came, _first_attempt(parcel)) if at), default=None)),
        "transit_time": ((came or clock.business_now()) - began).days if began else None,
    }  # fmt: skip


def _first_attempt(parcel: Shipment) -> datetime | None:
    return min((scan.occurred_at for scan in rows.scans_of(parcel) if scan.status == Status.ATTEMPT_FAILED), default=None)


def _promises(parcel: Shipment, here: rows.Shop) -> Json:
    told = list(parcel.estimates.all())
    ours, theirs = ([one for one in told if (one.source == "ours") is mine] for mine in (True, False))
    order = parcel.order
    first, last = (order.promised_from, order.promised_to) if order else (None, None)
    last = parcel.promised_on or last
    due, zone = last or parcel.first_estimate_on, zones.named(rows.zone_of(parcel, here))
    came = parcel.delivered_at.astimezone(zone).date() if parcel.delivered_at else None
    late = (came - due).days if came and due else None
    return {
        "courier_estimated_delivery_date": _days(theirs[-1].earliest_on, theirs[-1].expected_on, theirs[-1].expected_on)
        if theirs else None,
        "aftership_estimated_delivery_date": _days(ours[-1].earliest_on, ours[-1].expected_on, ours[-1].p95) | {"confidence_code": 0.8}
        if ours else None,
        "order_promised_delivery_date": {
            "promised_delivery_date": iso(last), "promised_delivery_date_min": iso(first), "promised_delivery_date_max": iso(last)
        } if last else None,
        "first_estimated_delivery": _estimated(told[0], parcel.first_estimate_on) if told else None,
        "latest_estimated_delivery": _latest(parcel) if parcel.estimate_on else None,
        "on_time_status": None if late is None else "late" if late > 0 else "early" if late < 0 else "on-time",
        "on_time_difference": late,
    }  # fmt: skip


def _days(earliest: date | None, expected: date, latest: date | None) -> Json:
    return {
        "estimated_delivery_date": iso(expected),
        "estimated_delivery_date_min": iso(earliest),
        "estimated_delivery_date_max": iso(latest or expected),
    }


def _estimated(first: EstimateSnapshot, expected: date | None) -> Json:
    return _range(first.earliest_on, expected or first.expected_on, first.source)


def _latest(parcel: Shipment) -> Json:
    return _range(parcel.estimate_earliest_on, parcel.estimate_on, parcel.estimate_source) | {"revise_reason": None}


def _range(earliest: date | None, expected: date | None, source: str) -> Json:
    spread = earliest is not None and earliest != expected
    return {
        "type": "range" if spread else "specific", "source": SOURCES.get(source, "Carrier EDD"), "datetime": iso(expected),
        "datetime_min": iso(earliest) if spread else None, "datetime_max": iso(expected) if spread else None,
    }  # fmt: skip


def _checkpoint(scan: Scan) -> Json:
    subtag = word(WORDS.tags, scan.status, scan.substatus)
    wall = scan.local_time.replace(tzinfo=None) if scan.local_time else None
    return {
        "created_at": stamp(scan.received_at), "slug": SLUGS.theirs(scan.carrier),
        "checkpoint_time": stamp(scan.occurred_at) if scan.zone_known else iso(wall),  # no offset where nobody knows it
        "location": scan.place or None, "city": scan.city or None, "state": scan.region or None, "postal_code": scan.postcode or None,
        "country_region": countries.three(scan.country), "country_region_name": countries.name(scan.country) or scan.country or None,
        "message": scan.text or None, "raw_tag": scan.code or None, "events": [], "tag": group(subtag) if subtag else None,
        "subtag": subtag, "subtag_message": WORDS.messages[subtag] if subtag else None,
        "source": "user" if scan.source == BY_MERCHANT else "carrier", "hash": bytes(scan.fingerprint).hex(),
    }  # fmt: skip


def stamp(at: datetime | None) -> str | None:
    """A time in UTC, to the second."""
    return at.astimezone(UTC).isoformat(timespec="seconds") if at else None


def iso(value: date | None) -> str | None:
    """A day, or a time without an offset."""
    return value.isoformat() if value else None
