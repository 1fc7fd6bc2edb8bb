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
from tracking.naming import name_by_scans
from tracking.reading import Told, is_own, read
from tracking.settle import settle

COLUMNS = (
    "occurred_at", "local_time", "zone_known", "code", "text", "status", "substatus", "party", "action_required", "carrier", "city",
    "region", "postcode", "country", "source", "signed_by", "extra", "unlisted",
)  # fmt: skip
WEIGHT = "({0}.carrier NOT IN ('', 'other'), {0}.status <> '', {0}.signed_by <> '', {0}.carrier COLLATE \"C\", {0}.source COLLATE \"C\")"
INSERT = f"""
WITH told AS (
    SELECT *, decode(print, 'hex') AS fingerprint FROM jsonb_to_recordset(%(rows)s::jsonb) AS r (
        id uuid, shipment_id uuid, print text, occurred_at timestamptz, local_time timestamptz, zone_known bool, code text, text text,
        status text, substatus text, party text, action_required text, carrier text, city text, region text, postcode text, country text,
        source text, signed_by text, extra jsonb, unlisted bool)
), weaker AS (
    SELECT s.id AS kept, told.* FROM (SELECT * FROM told ORDER BY shipment_id, print) AS told CROSS JOIN LATERAL (
        SELECT id FROM tracking_scan AS s
        WHERE s.merchant_id = %(merchant)s AND s.shipment_id = told.shipment_id AND s.fingerprint = told.fingerprint
            AND {WEIGHT.format("told")} > {WEIGHT.format("s")}
        LIMIT 1 FOR NO KEY UPDATE) AS s
), better AS (
    UPDATE tracking_scan AS s SET carrier = w.carrier, status = w.status, substatus = w.substatus, party = w.party,
        action_required = w.action_required, source = w.source, signed_by = w.signed_by, unlisted = w.unlisted, extra = s.extra || w.extra
    FROM weaker AS w WHERE s.merchant_id = %(merchant)s AND s.id = w.kept
    RETURNING s.shipment_id, w.print
), fresh AS (
    INSERT INTO tracking_scan (id, merchant_id, shipment_id, fingerprint, received_at, {", ".join(COLUMNS)})
    SELECT id, %(merchant)s, shipment_id, fingerprint, %(now)s, {", ".join(COLUMNS)} FROM told ORDER BY shipment_id, print
    ON CONFLICT (merchant_id, shipment_id, fingerprint) DO NOTHING
    RETURNING shipment_id, encode(fingerprint, 'hex') AS print
)
SELECT shipment_id, print, true FROM fresh UNION ALL SELECT shipment_id, print, false FROM better"""

REPLACE = """
DELETE FROM tracking_scan AS s USING jsonb_to_recordset(%(rows)s::jsonb) AS r (shipment_id uuid, source text, print text, extra jsonb)
WHERE s.merchant_id = %(merchant)s AND s.shipment_id = r.shipment_id AND s.source = r.source
  AND s.fingerprint <> decode(r.print, 'hex') AND s.extra->>'row' = r.extra->>'row'
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
    an order, be its carrier told or not. Told again with more (its carrier, who signed), a scan is UPDATED. PARKED: only a
    shipment_external_id is told, and it is not known yet. REFUSED: `errors` name the field.
    """
    home_zone = zones.of_brand()
    told = _read(scans, home_zone)
    parcels, unsure = parcels_of([item for item in told if isinstance(item, Told)], connection_id)
    kept = _insert(told, parcels)
    new = {item for item, fresh in kept.values() if fresh}
    codes.count([item for item in told if isinstance(item, Told) and id(item) in new])
    touched = {shipment_id for shipment_id, _ in kept}
    if unsure & touched:
        name_by_scans(unsure & touched, touched)
    bus.publish_all(settle(touched, home_zone=home_zone))
    return [_result(item, parcels, kept) for item in told]


def _read(scans: Sequence[ScanData], home_zone: str) -> list[Told | list[FieldError]]:
    """Every scan made ready. The merchant's own meanings are asked for only where a code is in none of our tables."""
    told = [read(data, home_zone) for data in scans]
    if not any(isinstance(item, Told) and item.columns["unlisted"] for item in told):
        return told
    mapped = codes.mapped()
    return [read(data, home_zone, mapped) for data in scans]


def parcels_of(told: Sequence[Told], connection_id: UUID) -> tuple[dict[int, list[UUID]], set[UUID]]:
    """id() of each item -> the parcels it is about ([]: only an unknown external id is told); and those whose carrier it may name."""
    named = find.named({item.external_id for item in told if item.external_id}, connection_id)
    found = {id(item): [named[item.external_id]] for item in told if item.external_id in named}
    numbered = [item for item in told if item.external_id not in named]
    lives = find.lives_of({item.number for item in numbered if item.number})
    if any(_opens(item, lives) for item in numbered):
        lives = _opened(numbered, connection_id)
    at = {id(item): find.lives_at(lives[item.number], item.carrier, item.occurred_at) for item in numbered}
    found |= {key: list(dict.fromkeys(life.shipment_id for life in mine)) for key, mine in at.items()}
    return found, {
        life.shipment_id
        for item in numbered
        for life in at[id(item)]
        if life.unsure and life.carrier != item.carrier and find.known(item.carrier)
    }


def unmapped(limit: int = 100) -> list[Unmapped]:
    """The codes that no table maps, the most frequent first."""
    rows = Scan.objects.filter(status="").values_list("source", "carrier", "code").annotate(scans=Count("id")).order_by("-scans", "code")
    return [Unmapped(*row) for row in rows[:limit]]


def _opens(item: Told, lives: find.Lives) -> bool:
    """Whether the scan opens a parcel. An external id without a carrier waits for the shop to say which it is."""
    lost = not find.lives_at(lives[item.number], item.carrier, item.occurred_at)
    return lost and bool(item.number and (item.carrier or not item.external_id))


def _opened(told: list[Told], connection_id: UUID) -> find.Lives:
    """The lives of the numbers, with a parcel for each that has none: opened by its earliest scan, which the others then find."""
    find.one_at_a_time()
    lives = find.lives_of({item.number for item in told if item.number})  # another worker may have opened some while we waited
    while lost := [item for item in told if _opens(item, lives)]:
        earliest = {item.number: item for item in sorted(lost, key=lambda item: (item.occurred_at, item.fingerprint), reverse=True)}
        find.open_unordered(sorted(earliest.values(), key=lambda item: item.number), lives, connection_id)
    return lives


def _insert(told: Sequence[Told | list[FieldError]], parcels: dict[int, list[UUID]]) -> dict[Key, tuple[int, bool]]:
    """Insert what is new, and complete what was told with less. (parcel, fingerprint) -> id() of the item, and whether it is new."""
    wanted: dict[Key, Told] = {}
    for item in (item for item in told if isinstance(item, Told)):
        for shipment_id in parcels[id(item)]:
            key = (shipment_id, item.fingerprint)
            wanted[key] = item if key not in wanted or _weight(item) > _weight(wanted[key]) else wanted[key]
    if not wanted:
        return {}
    rows = [
        item.columns | {"id": row_id, "shipment_id": key[0], "print": key[1]}
        for (key, item), row_id in zip(wanted.items(), uuid7s(len(wanted)), strict=True)
    ]
    kept = execute(INSERT, rows=as_json(rows), now=clock.business_now())
    if own := [row for row in rows if is_own(row["source"])]:  # another mapping read the same entries otherwise before: that was a mistake
        execute(REPLACE, rows=as_json(own))
    return {(shipment_id, print_): (id(wanted[shipment_id, print_]), fresh) for shipment_id, print_, fresh in kept}


def _weight(item: Told) -> tuple[bool, bool, bool, str, str]:
    """Which of several tellings of one scan is kept: the greatest, as WEIGHT has it in the database."""
    told = item.columns
    return bool(find.known(item.carrier)), bool(told["status"]), bool(told["signed_by"]), item.carrier, told["source"]


def _result(item: Told | list[FieldError], parcels: dict[int, list[UUID]], kept: dict[Key, tuple[int, bool]]) -> Recorded:
    if not isinstance(item, Told):
        return Recorded(Outcome.REFUSED, errors=item)
    name, found = item.external_id or item.number, parcels[id(item)]
    if not found:
        return Recorded(Outcome.PARKED, name, parked_for=f"shipment:{item.external_id}")
    mine = [fresh for shipment_id in found for key, fresh in [kept.get((shipment_id, item.fingerprint), (0, False))] if key == id(item)]
    return Recorded(Outcome.CREATED if any(mine) else Outcome.UPDATED if mine else Outcome.UNCHANGED, name, found[0])
