"""Parcels of a file: each finds its order by number, and goes to tracking as from the order's own source."""

from collections import defaultdict
from collections.abc import Sequence
from itertools import chain
from uuid import UUID

import msgspec

from integrations.carriers.directory import normalise_number
from integrations.models import Connection
from integrations.types import FieldError, Outcome, Recorded, ScanData, ShipmentData
from orders.models import Order
from tracking.models import Shipment
from tracking.scans import record_scans
from tracking.shipments import record_shipments
from transfers.models import Import
from transfers.turning.parcels import Parcel

NEW, KNOWN = "new", "known"
NO_ORDER = "No order of this number is known. Import the orders first, or mend the number."


def check(source: Import, items: Sequence[Parcel]) -> list[Recorded]:
    """What would become of them."""
    orders = _orders(source, items)
    numbers = [normalise_number(item.data.number) for item in items]
    known = set(Shipment.objects.filter(number__in=numbers).values_list("number", flat=True))
    return [
        _refused(errors) if errors else Recorded(Outcome.UNCHANGED, parked_for=KNOWN if number in known else NEW)
        for item, number in zip(items, numbers, strict=True)
        for errors in [_faults(item, orders)]
    ]


def record(source: Import, items: Sequence[Parcel]) -> list[Recorded]:
    """Record them, and that they have arrived where the file says so. One without a date was shipped when its order was placed:
    history is no news.
    """
    orders = _orders(source, items)
    results: dict[int, Recorded] = {}
    by_source: dict[UUID, list[int]] = defaultdict(list)
    for at, item in enumerate(items):
        if errors := _faults(item, orders):
            results[at] = _refused(errors)
            continue
        order = orders[item.order.lower()]
        item.data.order_external_id = order.external_id
        item.data.shipped_at = item.data.shipped_at or order.placed_at
        by_source[order.connection_id].append(at)
    for connection_id, places in by_source.items():
        recorded = record_shipments([items[at].data for at in places], connection_id=connection_id)
        results |= dict(zip(places, recorded, strict=True))
        _arrived([(items[at], result) for at, result in zip(places, recorded, strict=True)], connection_id)
    return [results[at] for at in range(len(items))]


def _arrived(pairs: Sequence[tuple[Parcel, Recorded]], connection_id: UUID) -> None:
    """Scans of those that have arrived, as far as nobody knew."""
    told = {result.id: item for item, result in pairs if item.delivered_at and result.id and not result.errors}
    open_ones = Shipment.objects.filter(pk__in=told, delivered_at=None).values_list("pk", flat=True) if told else ()
    scans = [_scan(told[pk]) for pk in open_ones]
    if scans:
        record_scans(scans, connection_id=connection_id)


def _scan(item: Parcel) -> ScanData:
    return ScanData(
        carrier=item.data.carrier,
        number=item.data.number,
        shipment_external_id=item.data.external_id,
        occurred_at=item.delivered_at,
        status="delivered",
        text="Delivered",
        source="import",
    )


def _orders(source: Import, items: Sequence[Parcel]) -> dict[str, Order]:
    """What the file calls an order, in lower case -> the order: by number with or without '#', else by its id in the shop."""
    asked = {item.order.lower() for item in items}
    numbers = set(chain.from_iterable((name, f"#{name}", name.removeprefix("#")) for name in asked))
    ids = [item.order for item in items]
    sources = list(Connection.objects.values_list("pk", flat=True))
    rows = Order.objects.only("external_id", "number_key", "connection_id", "placed_at", "merchant_id")
    by_number, by_id = rows.filter(number_key__in=numbers), rows.filter(connection_id__in=sources, external_id__in=ids)
    found: dict[str, Order] = {}
    for row in sorted([*by_id, *by_number], key=lambda row: (row.connection_id == source.connection_id, row.placed_at)):
        plain = row.number_key.removeprefix("#")
        for name in (row.external_id.lower(), plain, f"#{plain}"):
            found[name] = row
    return found


def _faults(item: Parcel, orders: dict[str, Order]) -> list[FieldError]:
    if item.order.lower() not in orders:
        return [FieldError("/order_external_id", NO_ORDER)]
    try:
        msgspec.convert(msgspec.to_builtins(item.data), ShipmentData)
    except msgspec.ValidationError as error:
        text, _, place = str(error).partition(" - at `$.")
        return [FieldError(f"/{place.strip('`')}", text)]
    texts = (getattr(item.data, name) for name in ("number", "carrier", "external_id", "service", "tracking_url"))
    return (
        [FieldError("/number", "A NUL character stands in this row, which cannot be stored. Remove it.")] if "\0" in "".join(texts) else []
    )


def _refused(errors: list[FieldError]) -> Recorded:
    return Recorded(Outcome.REFUSED, errors=errors)
