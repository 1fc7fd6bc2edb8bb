"""What carriers saw, in: find the parcels, keep each scan once, and settle the parcels that got a new one. Set-based for any batch."""

from collections.abc import Sequence
from typing import NamedTuple
from uuid import UUID

from django.db.models import Count

from integrations.types import FieldError, Outcome, Recorded, ScanData
from postpurchase.events import bus
from postpurchase.lib import clock
from postpurchase.lib.ids import uuid7s
from postpurchase.tenancy.statement import as_json, execute
from tracking import codes, find, zones
from tracking.models import Scan
from tracking.reading import Told, is_own, read
from tracking.settle import settle

INSERT = """
INSERT INTO tracking_scan (id, merchant_id, shipment_id, fingerprint, occurred_at, local_time, zone_known, code, text, status, substatus,
    party, action_required, carrier, city, region, postcode, country, source, signed_by, received_at, extra, unlisted)
SELECT id, %(merchant)s, shipment_id, decode(fingerprint, 'hex'), occurred_at, local_time, zone_known, code, text, status,
    substatus, party, action_required, carrier, city, region, postcode, country, source, signed_by, %(now)s, extra, unlisted
FROM jsonb_to_recordset(%(rows)s::jsonb) AS r (
    id uuid, shipment_id uuid, fingerprint text, occurred_at timestamptz, local_time timestamptz, zone_known bool, code text, text text,
    status text, substatus text, party text, action_required text, carrier text, city text, region text, postcode text, country text,
    source text, signed_by text, extra jsonb, unlisted bool)
ORDER BY shipment_id, fingerprint
ON CONFLICT (merchant_id, shipment_id, fingerprint) DO NOTHING
RETURNING shipment_id, encode(fingerprint, 'hex')"""

REPLACE = """
DELETE FROM tracking_scan AS s USING jsonb_to_recordset(%(rows)s::jsonb) AS r (shipment_id uuid, source text, fingerprint text, extra jsonb)
WHERE s.merchant_id = %(merchant)s AND s.shipment_id = r.shipment_id AND s.source = r.source
  AND s.fingerprint <> decode(r.fingerprint, 'hex') AND s.extra->>'row' = r.extra->>'row'
  AND (s.extra->>'mapping')::int < (r.extra->>'mapping')::int"""

Key = tuple[UUID, str]  # a parcel and a fingerprint


class Unmapped(NamedTuple):
    """A code that no table maps, and how many scans carry it."""

    source: str
    carrier: str
    code: str
    scans: int


def record_scans(scans: Sequence[ScanData], *, connection_id: UUID) -> list[Recorded]:
    """Keep what carriers saw; a result per item, in the given order. `Recorded.id` is the parcel's.

    A parcel is found by (connection, shipment_external_id), else by carrier and number; a number nobody knew opens a parcel without
    an order. PARKED: only a shipment_external_id is told, and it is not known yet. REFUSED: `errors` name the field.
    """
    home_zone = zones.of_brand()
    told = _read(scans, home_zone)
    parcels = parcels_of([item for item in told if isinstance(item, Told)], connection_id)
    fresh = _insert(told, parcels)
    new = set(fresh.values())
    codes.count([item for item in told if isinstance(item, Told) and id(item) in new])
    bus.publish_all(settle({shipment_id for shipment_id, _ in fresh}, home_zone=home_zone))
    return [_result(item, parcels, fresh) for item in told]


def _read(scans: Sequence[ScanData], home_zone: str) -> list[Told | list[FieldError]]:
    """Every scan made ready. The merchant's own meanings are asked for only where a code is in none of our tables."""
    told = [read(data, home_zone) for data in scans]
    if not any(isinstance(item, Told) and item.columns["unlisted"] for item in told):
        return told
    mapped = codes.mapped()
    return [read(data, home_zone, mapped) for data in scans]


def parcels_of(told: Sequence[Told], connection_id: UUID) -> dict[int, list[UUID]]:
    """id() of each item -> the parcels it is about; [] where only an unknown external id, or no carrier for a new number, is told."""
    named = find.named({item.external_id for item in told if item.external_id}, connection_id)
    numbered = [item for item in told if item.external_id not in named]
    lives = find.lives_of({item.number for item in numbered if item.number})
    found = {id(item): [named[item.external_id]] for item in told if item.external_id in named}
    found |= {id(item): find.parcels_at(lives[item.number], item.carrier, item.occurred_at) for item in numbered}
    lost = [item for item in numbered if item.number and item.carrier and not found[id(item)]]
    return found | _opened(lost, connection_id) if lost else found


def unmapped(limit: int = 100) -> list[Unmapped]:
    """The codes that no table maps, the most frequent first."""
    rows = Scan.objects.filter(status="").values_list("source", "carrier", "code").annotate(scans=Count("id")).order_by("-scans", "code")
    return [Unmapped(*row) for row in rows[:limit]]


def _opened(lost: list[Told], connection_id: UUID) -> dict[int, list[UUID]]:
    find.one_at_a_time()
    lives = find.lives_of({item.number for item in lost})  # another worker may have opened some while we waited
    found = {id(item): find.parcels_at(lives[item.number], item.carrier, item.occurred_at) for item in lost}
    still = {(item.carrier, item.number) for item in lost if not found[id(item)]}
    opened = find.open_unordered(still, lives, connection_id)
    return {id(item): found[id(item)] or [opened[item.carrier, item.number]] for item in lost}


def _insert(told: Sequence[Told | list[FieldError]], parcels: dict[int, list[UUID]]) -> dict[Key, int]:
    """Insert what is new. Returns (parcel, fingerprint) -> id() of the item that brought it."""
    wanted: dict[Key, Told] = {}
    for item in told:
        if isinstance(item, Told):
            for shipment_id in parcels[id(item)]:
                wanted.setdefault((shipment_id, item.fingerprint), item)
    if not wanted:
        return {}
    rows = [
        item.columns | {"id": row_id, "shipment_id": key[0], "fingerprint": key[1]}
        for (key, item), row_id in zip(wanted.items(), uuid7s(len(wanted)), strict=True)
    ]
    inserted = execute(INSERT, rows=as_json(rows), now=clock.business_now())
    if own := [row for row in rows if is_own(row["source"])]:  # another mapping read the same entries otherwise before: that was a mistake
        execute(REPLACE, rows=as_json(own))
    return {(shipment_id, print_): id(wanted[shipment_id, print_]) for shipment_id, print_ in inserted}


def _result(item: Told | list[FieldError], parcels: dict[int, list[UUID]], fresh: dict[Key, int]) -> Recorded:
    if not isinstance(item, Told):
        return Recorded(Outcome.REFUSED, errors=item)
    name, found = item.external_id or item.number, parcels[id(item)]
    if not found and item.external_id:
        return Recorded(Outcome.PARKED, name, parked_for=f"shipment:{item.external_id}")
    if not found:
        return Recorded(Outcome.REFUSED, name, errors=[FieldError("/carrier", "Give the carrier: no parcel with this number is known.")])
    new = any(fresh.get((shipment_id, item.fingerprint)) == id(item) for shipment_id in found)
    return Recorded(Outcome.CREATED if new else Outcome.UNCHANGED, name, found[0])
