"""Parcels, in: from a shop's fulfilment or the API. An update never takes a number, and with it the scans, away from a parcel."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from uuid import UUID

from integrations.carriers import directory
from integrations.types import FieldError, Outcome, Recorded, ShipmentData
from postpurchase.events import bus
from postpurchase.events.catalogue import Fact, ShipmentCreated
from postpurchase.lib import clock
from postpurchase.lib.ids import uuid7
from tracking import find, zones
from tracking.holdings import Holdings, hold
from tracking.models import Leg, Shipment, ShipmentLine, Status
from tracking.settle import settle

OWN = (
    "external_id", "carrier", "carrier_seen", "number", "service", "tracking_url", "origin_country", "shipped_at", "promised_on",
    "cancelled_at", "status", "first_estimate_on", "estimate_on", "estimate_earliest_on", "estimate_source",
)  # fmt: skip
KEPT_IF_BLANK = ("service", "tracking_url", "origin_country", "shipped_at", "promised_on")


@dataclass
class Changes:
    """What a batch of parcels comes to, before it is written."""

    parcels: dict[UUID, Shipment] = field(default_factory=dict)  # new or changed
    ordered: list[Shipment] = field(default_factory=list)  # that have got their order now
    legs: list[Leg] = field(default_factory=list)
    packed: dict[UUID, dict[UUID, int]] = field(default_factory=dict)  # parcel -> line -> units


def record_shipments(shipments: Sequence[ShipmentData], *, connection_id: UUID) -> list[Recorded]:
    """Record parcels; a result per item, in the given order. `Recorded.id` is the parcel's.

    Found again by (connection, external_id), else by carrier and number; a parcel that scans opened before its order was known is taken
    over with them. Lines the order does not have are refused from the API and left out from a shop, whose next copy brings them.
    PARKED: the order is not known yet. REFUSED: `errors` name the field.
    """
    find.one_at_a_time()
    held, changes = hold(shipments, connection_id), Changes()
    results = [_record(data, held, changes) for data in shipments]
    _write(changes, held.renamed)
    facts: list[Fact] = [ShipmentCreated(order_id=row.order_id, shipment_id=row.pk) for row in changes.ordered]
    bus.publish_all([*facts, *settle(changes.parcels.keys() | held.settle_claims(), home_zone=zones.of_brand())])
    return results


def _record(data: ShipmentData, held: Holdings, changes: Changes) -> Recorded:
    name = data.external_id or directory.normalise_number(data.number)
    if not name:
        return Recorded(Outcome.REFUSED, errors=[FieldError("/number", "Give the carrier and its number, or an external_id.")])
    order_id = held.orders.get(data.order_external_id) or held.by_number.get(data.order_number)
    if data.order_external_id and not order_id:
        return Recorded(Outcome.PARKED, name, parked_for=f"order:{data.order_external_id}")
    row = held.find(data, order_id)
    errors = held.unknown_lines(data, order_id or (row.order_id if row else None))
    if errors:
        return Recorded(Outcome.REFUSED, name, errors=errors)
    outcome = Outcome.UPDATED if row else Outcome.CREATED
    row = row or Shipment(id=uuid7(), connection_id=held.connection_id, carrier=directory.normalise(data.carrier))
    changed = _apply(row, data, order_id, held, changes)
    return Recorded(outcome if changed or outcome is Outcome.CREATED else Outcome.UNCHANGED, name, row.pk)


def _apply(row: Shipment, data: ShipmentData, order_id: UUID | None, held: Holdings, changes: Changes) -> bool:
    """Bring the row and what hangs on it in line with the data. Returns whether anything changed."""
    before = _told(row)
    new, unordered = row._state.adding and row.pk not in changes.parcels, row.order_id is None
    if order_id and unordered:
        row.order_id, row.status = order_id, Status.PENDING  # so that its moves are told anew, now with the order
        changes.ordered.append(row)
    if data.external_id and (unordered or not row.external_id):
        row.connection_id, row.external_id = held.connection_id, data.external_id
    for name in KEPT_IF_BLANK:
        setattr(row, name, getattr(data, name) or getattr(row, name))
    if data.cancelled and not row.cancelled_at:
        row.cancelled_at = clock.business_now()
    grown = _add_legs(row, data, held, changes)
    repacked = _pack(row, data, held, changes)
    held.add(row)
    changed = new or grown or repacked or before != _told(row)
    if changed:
        changes.parcels[row.pk] = row
    return changed


def _add_legs(row: Shipment, data: ShipmentData, held: Holdings, changes: Changes) -> bool:
    """A leg for each number told that the parcel does not have yet; the first one told is the parcel's own from now on."""
    carrier, number = directory.normalise(data.carrier), directory.normalise_number(data.number)
    told = [(carrier, number), *((directory.normalise(leg.carrier), directory.normalise_number(leg.number)) for leg in data.legs)]
    mine = {leg.number for leg in held.legs[row.pk]}
    fresh = [key for key in dict.fromkeys(told) if key[1] and key[1] not in mine]
    strays = [held.unordered(key, but=row) for key in fresh]
    for key, stray in zip(fresh, strays, strict=True):
        if stray:
            held.absorb(stray, into=row)
        else:
            changes.legs.append(held.add_leg(row, key))
    if (carrier, number) in fresh:
        row.number = number
        seen = strays[0] if strays[0] and find.known(strays[0].carrier) and not find.known(carrier) else None
        held.name(row, seen.carrier if seen else carrier, seen=bool(seen))
    elif number == row.number and _names(row, carrier):
        held.name(row, carrier)
    return bool(fresh)


def _names(row: Shipment, carrier: str) -> bool:
    """Whether the carrier that is told is to be taken: nobody told one before, or only scans did."""
    nameless = not find.known(row.carrier)
    return bool(find.known(carrier)) if row.carrier_seen and not nameless else bool(carrier) and nameless


def _told(row: Shipment) -> list[object]:
    return [row.order_id, row.connection_id, *(getattr(row, name) for name in OWN)]


def _pack(row: Shipment, data: ShipmentData, held: Holdings, changes: Changes) -> bool:
    """The units of each line that the parcel carries, as last told; nothing told leaves them."""
    known = held.lines.get(row.order_id, {}) if row.order_id else {}
    units: dict[UUID, int] = {}
    for line in data.lines:
        if line.line_external_id in known:
            line_id = known[line.line_external_id]
            units[line_id] = units.get(line_id, 0) + line.quantity
    if not units or units == held.packed.get(row.pk):
        return False
    held.packed[row.pk] = changes.packed[row.pk] = units
    return True


def _write(changes: Changes, renamed: list[Leg]) -> None:
    rows = list(changes.parcels.values())
    Shipment.objects.bulk_create(rows, update_conflicts=True, unique_fields=["id"], update_fields=["order", "connection", *OWN])
    Leg.objects.bulk_create(changes.legs)
    Leg.objects.bulk_update(renamed, ["carrier", "epoch"])
    if changes.packed:
        ShipmentLine.objects.filter(shipment_id__in=changes.packed).delete()
        items = [
            ShipmentLine(shipment_id=shipment_id, line_id=line_id, quantity=units)
            for shipment_id, packed in changes.packed.items()
            for line_id, units in packed.items()
        ]
        ShipmentLine.objects.bulk_create(items)
