"""Parcels as TrackingMore's version 4 shows them. What we do not have is null there."""

from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import msgspec

from api.compat import rows
from api.compat.words import group, word
from api.trackingmore.wanted import CODES, KEPT
from integrations.carriers import directory
from orders.models import Order
from postpurchase.lib import clock
from postpurchase.lib.ids import to_public
from tracking.follow import is_active
from tracking.models import Scan, Shipment, Status

Json = dict[str, Any]
WORDS = msgspec.json.decode(Path(__file__).with_name("words.json").read_bytes(), type=dict[str, str])
MILESTONES = {
    "inforeceived_date": Status.INFO_RECEIVED, "outfordelivery_date": Status.OUT_FOR_DELIVERY, "returning_date": Status.RETURNING,
    "returned_date": Status.RETURNED,
}  # fmt: skip


def named(parcel: Shipment) -> Json:
    """What names it."""
    return {"id": to_public("shp", parcel.pk), "tracking_number": parcel.number, "courier_code": CODES.theirs(parcel.carrier)}


def tracking(parcel: Shipment, here: rows.Shop, *, people: bool) -> Json:
    """A parcel from rows.whole(). `people`: with what stands in its order."""
    scans = rows.scans_of(parcel)
    return named(parcel) | _order(parcel, people) | _parcel(parcel, here, scans) | _legs(parcel, scans)


def _order(parcel: Shipment, people: bool) -> Json:
    order = parcel.order or Order()
    address = (order.shipping_address or {}) if people else {}
    person = order.customer if people else None
    return {
        "order_id": order.external_id or None, "order_number": order.number or None, "order_date": stamp(order.placed_at),
        "customer_name": (address.get("name") or (f"{person.first_name} {person.last_name}".strip() if person else "")) or None,
        "customer_email": (order.email if people else "") or None, "customer_sms": (order.phone if people else "") or None,
        "destination_country": order.ship_country or None, "destination_state": address.get("region") or None,
        "destination_city": address.get("city") or None, "recipient_postcode": address.get("postcode") or None,
        "tracking_postal_code": address.get("postcode") or None, "tracking_destination_country": order.ship_country or None,
    }  # fmt: skip


def _parcel(parcel: Shipment, here: rows.Shop, scans: Sequence[Scan]) -> Json:
    following = rows.following_of(parcel)
    substatus = word(WORDS, parcel.status, parcel.substatus) or "pending001"
    began, came = parcel.first_scan_at, parcel.delivered_at
    kept = {name: value for name, value in following.details.items() if name in KEPT} if following else {}
    return dict.fromkeys(KEPT) | kept | {
        "created_at": stamp(parcel.created_at), "update_at": stamp(rows.changed_at(parcel)), "delivery_status": group(substatus),
        "substatus": substatus, "archived": "false", "updating": is_active(parcel, following), "source": "API",
        "origin_country": parcel.origin_country or None, "tracking_origin_country": parcel.origin_country or None,
        "tracking_ship_date": stamp(parcel.shipped_at), "service_code": parcel.service or None, "signed_by": parcel.signed_by or None,
        "scheduled_delivery_date": parcel.estimate_on.isoformat() if parcel.estimate_on else None, "weight": None, "pieces": None,
        "status_info": scans[0].text if scans else None, "latest_event": _latest(scans[0]) if scans else None,
        "latest_checkpoint_time": _when(scans[0]) if scans else None,
        "transit_time": ((came or clock.business_now()) - began).days if began else 0,
        "tracking_link": here.order_page(parcel.order_id),
    }  # fmt: skip


def _legs(parcel: Shipment, scans: Sequence[Scan]) -> Json:
    legs = list(parcel.legs.all())
    last = legs[-1] if len(legs) > 1 else None
    beyond = [scan for scan in scans if last and scan.carrier == last.carrier and last.carrier != parcel.carrier]
    before = [scan for scan in scans if scan not in beyond]
    first = _info(parcel.carrier, parcel.number, parcel.carrier_url, before) | {"milestone_date": _milestones(parcel, scans)}
    second = _info(last.carrier, last.number, directory.tracking_url(last.carrier, last.number), beyond) if last else None
    return {"origin_info": first, "destination_info": second, "destination_track_number": last.number if last else None}


def _info(carrier: str, number: str, link: str, scans: Sequence[Scan]) -> Json:
    return {
        "courier_code": CODES.theirs(carrier), "courier_phone": None,
        "weblink": link.partition("?")[0] or None, "tracking_link": link or None,
        "reference_number": number, "trackinfo": [_checkpoint(scan) for scan in scans],
    }  # fmt: skip


def _milestones(parcel: Shipment, scans: Sequence[Scan]) -> Json:
    """The first of each, as far back as the scans go that are shown."""
    first = {scan.status: scan for scan in scans}  # newest first, so that the oldest is left
    found = {name: _when(first[status]) if status in first else None for name, status in MILESTONES.items()}
    return found | {"pickup_date": stamp(parcel.first_scan_at), "delivery_date": stamp(parcel.delivered_at)}


def _checkpoint(scan: Scan) -> Json:
    substatus = word(WORDS, scan.status, scan.substatus)
    return {
        "checkpoint_date": _when(scan), "checkpoint_delivery_status": group(substatus) if substatus else None,
        "checkpoint_delivery_substatus": substatus, "tracking_detail": scan.text, "location": scan.place or None,
        "country_iso2": scan.country if len(scan.country) == 2 else None, "state": scan.region or None, "city": scan.city or None,
        "zip": scan.postcode or None, "raw_status": scan.code or None,
    }  # fmt: skip


def _latest(scan: Scan) -> str:
    return ",".join(part for part in (scan.text, scan.place, _when(scan)) if part)


def _when(scan: Scan) -> str:
    """In UTC; by the clock on the wall, without an offset, where nobody knows it."""
    known = scan.zone_known or scan.local_time is None
    return stamp(scan.occurred_at) or "" if known else scan.local_time.replace(tzinfo=None).isoformat()  # type: ignore[union-attr]


def stamp(at: datetime | None) -> str | None:
    """A time in UTC, to the second."""
    return at.astimezone(UTC).isoformat(timespec="seconds") if at else None
