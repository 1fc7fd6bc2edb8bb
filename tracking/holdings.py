"""What is known already of a batch of parcels: their orders and lines, rows (locked), legs and contents. Loaded in a few statements."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from uuid import UUID

from django.db.models import Q

from integrations.carriers import directory
from integrations.models import api_connection_id
from integrations.types import FieldError, ShipmentData
from orders import lookup
from orders.models import Line, Order
from postpurchase.lib import clock
from postpurchase.tenancy import scope
from tracking import find
from tracking.models import EstimateSnapshot, Leg, Scan, Shipment, ShipmentLine

Number = tuple[str, str]  # a carrier's code and its number


@dataclass
class Holdings:
    """The present state around a batch; it grows as items of the batch are added."""

    connection_id: UUID
    orders: dict[str, UUID]  # external id -> order
    lives: find.Lives
    rows: dict[UUID, Shipment]
    named: dict[str, Shipment]  # external id of this connection -> parcel
    by_number: dict[str, UUID] = field(default_factory=dict)  # what the shopper knows an order by -> order
    lines: dict[UUID, dict[str, UUID]] = field(default_factory=lambda: defaultdict(dict))  # order -> external id -> line
    legs: dict[UUID, list[Leg]] = field(default_factory=lambda: defaultdict(list))
    packed: dict[UUID, dict[UUID, int]] = field(default_factory=lambda: defaultdict(dict))  # parcel -> line -> units
    renamed: list[Leg] = field(default_factory=list)  # legs whose carrier is told now
    claims: list[tuple[Shipment, str, UUID]] = field(default_factory=list)  # (parcel, carrier, parcel that has got its scans so far)

    def find(self, data: ShipmentData, order_id: UUID | None) -> Shipment | None:
        """The parcel that the data is about: by its external id, else by a number that is alive and not another order's."""
        if data.external_id in self.named:
            return self.named[data.external_id]
        at = data.shipped_at or clock.business_now()
        number = directory.normalise_number(data.number)
        alive = [life for life in self.lives[number] if not life.ended_before(at)] if number else []
        rows = [self.rows[life.shipment_id] for life in reversed(find.of_shop(alive, directory.normalise(data.carrier)))]
        return next((row for row in rows if _same(row, data, order_id)), None)

    def unordered(self, key: Number, *, but: Shipment) -> Shipment | None:
        """A parcel without an order that scans opened for that number."""
        lives = find.of_shop(self.lives[key[1]], key[0])
        rows = [self.rows[life.shipment_id] for life in lives]
        return next(
            (row for row in rows if row.order_id is None and not row.external_id and row.pk != but.pk and not row._state.adding), None
        )

    def unknown_lines(self, data: ShipmentData, order_id: UUID | None) -> list[FieldError]:
        """Errors for lines that the order does not have, where the sender can mend them: in a call of our own API."""
        if self.connection_id != api_connection_id(UUID(str(scope.merchant_id()))):
            return []
        known = self.lines.get(order_id, {}) if order_id else {}
        return [
            FieldError(f"/lines/{index}/line_external_id", f"The order has no line {line.line_external_id}.")
            for index, line in enumerate(data.lines)
            if line.line_external_id not in known
        ]

    def add(self, row: Shipment) -> None:
        """Make a new or renamed parcel known to the rest of the batch."""
        self.rows[row.pk] = row
        if row.external_id and row.connection_id == self.connection_id:
            self.named[row.external_id] = row

    def add_leg(self, row: Shipment, key: Number) -> Leg:
        """A new leg of the parcel, in the number's next life. Scans that name its carrier were another's until now."""
        carrier, number = key
        self.claims += [(row, carrier, other) for other in self._took(row, key)]
        epoch = find.next_epoch(self.lives[number], carrier)
        leg = Leg(shipment=row, position=len(self.legs[row.pk]), carrier=carrier, number=number, epoch=epoch)
        self.legs[row.pk].append(leg)
        self.lives[number].append(find.Life(carrier, number, epoch, row.pk, row.status, None, row.created_at, row.cancelled_at))
        return leg

    def _took(self, row: Shipment, key: Number) -> set[UUID]:
        """Parcels of another carrier with that number, and none besides, so that a scan there which names this carrier came by it."""
        carrier, number = key
        at = row.shipped_at or row.created_at
        others = {life.shipment_id for life in self.lives[number] if life.carrier != carrier and not life.ended_before(at)} - {row.pk}
        return {one for one in others if find.known(carrier) and {leg.number for leg in self.legs[one]} == {number}}

    def name(self, row: Shipment, carrier: str, *, seen: bool = False) -> None:
        """The parcel's carrier from now on, and of the leg that stands for its number. `seen`: nobody but scans told it."""
        for leg in self.legs[row.pk]:
            if leg.number == row.number and leg.carrier != carrier:
                leg.carrier, leg.epoch = carrier, find.next_epoch(self.lives[leg.number], carrier)
                self.lives[leg.number] = find.renamed(self.lives[leg.number], leg)
                self.renamed.append(leg)
        row.carrier, row.carrier_seen = carrier, seen

    def settle_claims(self) -> set[UUID]:
        """Give each claimed scan to its parcel, when that is written. Returns the parcels that had them."""
        for row, carrier, other in self.claims:
            theirs = Scan.objects.filter(shipment_id=other, carrier=carrier)
            theirs.filter(_fresh(row)).update(shipment=row)
            theirs.delete()
        return {other for _, _, other in self.claims}

    def absorb(self, stray: Shipment, *, into: Shipment) -> None:
        """Take over the legs, scans and estimates of a parcel that turns out to be the same one, and delete it."""
        Scan.objects.filter(_fresh(into), shipment=stray).update(shipment=into)
        EstimateSnapshot.objects.filter(shipment=stray).update(shipment=into)
        Leg.objects.filter(shipment=stray).update(shipment=into)
        for leg in self.legs.pop(stray.pk, []):
            leg.shipment_id = into.pk
            self.legs[into.pk].append(leg)
        for column in ("first_estimate_on", "estimate_on", "estimate_earliest_on", "estimate_source"):
            setattr(into, column, getattr(into, column) or getattr(stray, column))
        del self.rows[stray.pk]
        self.lives = defaultdict(list, {number: _led(lives, stray, into) for number, lives in self.lives.items()})
        stray.delete()


def hold(shipments: Sequence[ShipmentData], connection_id: UUID) -> Holdings:
    """Load what is known around the batch, and lock its parcels in the order of their ids."""
    numbers = {directory.normalise_number(data.number) for data in shipments} - {""}
    numbers |= {directory.normalise_number(leg.number) for data in shipments for leg in data.legs}
    lives = find.lives_of(numbers)
    orders = Order.objects.filter(connection_id=connection_id, external_id__in={data.order_external_id for data in shipments} - {""})
    mine = Q(connection_id=connection_id, external_id__in={data.external_id for data in shipments} - {""})
    numbered = Q(pk__in={life.shipment_id for known in lives.values() for life in known})
    told = {data.order_number for data in shipments if data.order_number and not data.order_external_id}
    held = Holdings(connection_id, dict(orders.values_list("external_id", "pk")), lives, {}, {}, lookup.by_numbers(told))
    for row in Shipment.objects.filter(mine | numbered).order_by("pk").select_for_update(no_key=True):
        held.add(row)
    _load_contents(held, any(data.lines for data in shipments))
    return held


def _load_contents(held: Holdings, with_lines: bool) -> None:
    if held.rows:
        for leg in Leg.objects.filter(shipment_id__in=held.rows).order_by("position"):
            held.legs[leg.shipment_id].append(leg)
    if with_lines:
        for item in ShipmentLine.objects.filter(shipment_id__in=held.rows) if held.rows else []:
            held.packed[item.shipment_id][item.line_id] = item.quantity
        orders = {*held.orders.values(), *(row.order_id for row in held.rows.values() if row.order_id)}
        for order_id, external_id, line_id in Line.objects.filter(order_id__in=orders).values_list("order_id", "external_id", "pk"):
            held.lines[order_id][external_id] = line_id


def _same(row: Shipment, data: ShipmentData, order_id: UUID | None) -> bool:
    """Whether a parcel with the same number is the one meant: nobody's yet, or the same order's and not another fulfilment of it."""
    if row.order_id is None or order_id is None:
        return True
    return row.order_id == order_id and not (row.external_id and data.external_id)


def _fresh(row: Shipment) -> Q:
    """Scans that the parcel does not have."""
    return ~Q(fingerprint__in=Scan.objects.filter(shipment=row).values("fingerprint"))


def _led(lives: list[find.Life], stray: Shipment, into: Shipment) -> list[find.Life]:
    return [replace(life, shipment_id=into.pk) if life.shipment_id == stray.pk else life for life in lives]
