"""Bring parcels in line with their scans: lock, derive, judge, write once, and tell the facts. For any number of parcels."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db.models import Exists, F, OuterRef, QuerySet

from postpurchase.events.catalogue import Fact, HealthOpened, HealthResolved, ShipmentMoved
from postpurchase.lib import clock
from postpurchase.lib.ids import uuid7s
from postpurchase.tenancy.statement import as_json, execute
from tracking import pace
from tracking.health import Journey, assess
from tracking.limits import Lane, Rules
from tracking.models import ENDED, HealthInterval, Poller, Scan, Shipment, Status
from tracking.rollup import roll_up
from tracking.status import Seen, derive

DERIVED = (
    "status", "substatus", "party", "action_required", "status_at", "first_scan_at", "last_scan_at", "out_at", "delivered_at", "attempts",
    "signed_by",
)  # fmt: skip
WRITTEN = (*DERIVED, "health", "check_at", "estimate_at", "poll_at", "version")
DECIDES_ORDER: frozenset[str] = frozenset({Status.DELIVERED, Status.CANCELLED})

WRITE = """
UPDATE tracking_shipment AS s
SET status = r.status, substatus = r.substatus, party = r.party, action_required = r.action_required, status_at = r.status_at,
    first_scan_at = r.first_scan_at, last_scan_at = r.last_scan_at, out_at = r.out_at, delivered_at = r.delivered_at,
    attempts = r.attempts, signed_by = r.signed_by, health = r.health, check_at = r.check_at,
    estimate_at = r.estimate_at, poll_at = r.poll_at, version = r.version, changed_at = %(now)s
FROM jsonb_to_recordset(%(rows)s::jsonb) AS r (
    id uuid, status text, substatus text, party text, action_required text, status_at timestamptz, first_scan_at timestamptz,
    last_scan_at timestamptz, out_at timestamptz, delivered_at timestamptz, attempts int, signed_by text, health varchar[],
    check_at timestamptz, estimate_at timestamptz, poll_at timestamptz, version int)
WHERE s.id = r.id AND s.merchant_id = %(merchant)s"""

OPEN = """
INSERT INTO tracking_healthinterval (id, merchant_id, shipment_id, flag, opened_at)
SELECT id, %(merchant)s, shipment_id, flag, %(now)s FROM jsonb_to_recordset(%(rows)s::jsonb) AS r (id uuid, shipment_id uuid, flag text)
ON CONFLICT DO NOTHING"""


def settle(shipment_ids: Collection[UUID], *, home_zone: str) -> list[Fact]:
    """Derive the parcels anew from all their scans; each one's version grows. Returns the facts, for the caller to publish.

    The rows are locked in the order of their ids, and the scans read after that: of two workers the second sees the first one's scans.
    """
    if not shipment_ids:
        return []
    parcels = lock(Shipment.objects.filter(pk__in=shipment_ids))
    scans, now = _scans_of(shipment_ids), clock.business_now()
    facts: list[Fact] = []
    conflicts, turned = set(), set()
    for parcel in parcels:
        old, derived = parcel.status, derive(scans[parcel.pk], cancelled_at=parcel.cancelled_at)
        stage = parcel.stage
        for name in DERIVED:
            setattr(parcel, name, getattr(derived, name))
        parcel.version += 1
        parcel.poll_at = pace.next_at(parcel, now) if parcel.asked else None  # type: ignore[attr-defined]
        if stage != parcel.stage:
            parcel.estimate_at = now
        if derived.conflict:
            conflicts.add(parcel.pk)
        if old != parcel.status:
            facts.append(_moved(parcel, old, now))
            if parcel.order_id and DECIDES_ORDER & {old, parcel.status}:
                turned.add(parcel.order_id)
    facts += judge(parcels, now, home_zone=home_zone, conflicts=conflicts)
    write(parcels)
    return facts + roll_up(turned)


def lock(parcels: QuerySet[Shipment], *, skip_locked: bool = False, most: int | None = None) -> list[Shipment]:
    """The parcels, locked in the order of their ids, each with what its order says of its journey, and whether its carrier is asked."""
    journey = {"promised_to": F("order__promised_to"), "ship_to": F("order__ship_country")}
    asked = Exists(Poller.objects.filter(asking=True, carriers__contains=[OuterRef("carrier")]))
    rows = parcels.annotate(**journey, asked=asked).order_by("pk").select_for_update(no_key=True, skip_locked=skip_locked, of=("self",))
    return list(rows[:most])


def judge(parcels: Sequence[Any], now: datetime, *, home_zone: str, conflicts: Collection[UUID]) -> list[Fact]:
    """Set health and check_at of locked parcels, and open and close their intervals. Returns the facts; the caller writes the parcels."""
    opened: list[tuple[Shipment, str]] = []
    resolved: list[tuple[Shipment, str]] = []
    journeys = {parcel.pk: Journey(parcel.ship_to or "", home_zone, parcel.promised_to) for parcel in parcels}
    lanes = {parcel.pk: Lane(parcel.carrier, parcel.service, journeys[parcel.pk].country) for parcel in parcels}
    rules = Rules(lanes[parcel.pk] for parcel in parcels if parcel.status not in ENDED)
    for parcel in parcels:
        journey = replace(journeys[parcel.pk], limits=rules.of(lanes[parcel.pk]))
        found = assess(parcel, now, journey, conflict=parcel.pk in conflicts)
        opened += [(parcel, flag) for flag in sorted(found.flags - set(parcel.health))]
        resolved += [(parcel, flag) for flag in sorted(set(parcel.health) - found.flags)]
        parcel.health, parcel.check_at = sorted(found.flags), found.check_at
    _write_intervals(opened, resolved, now)
    seen: list[Fact] = [HealthOpened(order_id=parcel.order_id, shipment_id=parcel.pk, flag=flag) for parcel, flag in opened]
    return [*seen, *(HealthResolved(order_id=parcel.order_id, shipment_id=parcel.pk, flag=flag) for parcel, flag in resolved)]


def write(parcels: Iterable[Shipment]) -> None:
    """Write what is derived of the parcels, their health and version, in one statement."""
    rows = [{"id": parcel.pk} | {name: getattr(parcel, name) for name in WRITTEN} for parcel in parcels]
    if rows:
        execute(WRITE, rows=as_json(rows), now=clock.business_now())


def _moved(parcel: Shipment, old: str, now: datetime) -> ShipmentMoved:
    return ShipmentMoved(
        order_id=parcel.order_id,
        shipment_id=parcel.pk,
        old=old,
        new=parcel.status,
        substatus=parcel.substatus,
        at=parcel.status_at or now,
    )


def _scans_of(shipment_ids: Collection[UUID]) -> dict[UUID, list[Seen]]:
    found: dict[UUID, list[Seen]] = defaultdict(list)
    for shipment_id, *told in Scan.objects.filter(shipment_id__in=shipment_ids).values_list("shipment_id", *Seen._fields):
        found[shipment_id].append(Seen(*told))
    return found


def _write_intervals(opened: list[tuple[Shipment, str]], resolved: list[tuple[Shipment, str]], now: datetime) -> None:
    if opened:
        rows = [
            {"id": row_id, "shipment_id": parcel.pk, "flag": flag}
            for (parcel, flag), row_id in zip(opened, uuid7s(len(opened)), strict=True)
        ]
        execute(OPEN, rows=as_json(rows), now=now)
    for flag in {flag for _, flag in resolved}:
        over = [parcel.pk for parcel, other in resolved if other == flag]
        HealthInterval.objects.filter(shipment_id__in=over, flag=flag, resolved_at=None).update(resolved_at=now)
