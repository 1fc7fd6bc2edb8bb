"""One part of an import: its rows become orders, customers or parcels, and the intakes take them. Or say what they would refuse."""

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

from integrations.types import Outcome, Recorded
from orders import check
from orders.customers import record_customers
from orders.intake import record_orders
from orders.models import Customer, Order
from transfers.columns import FIELDS
from transfers.importing import parcels
from transfers.models import Import, Kind, RowError
from transfers.reading.sheet import Numbered
from transfers.turning import orders as order_rows
from transfers.turning import parcels as parcel_rows
from transfers.turning import people as people_rows
from transfers.turning.cells import Fault, Refused, Table

TURN: dict[str, Any] = {Kind.ORDERS: order_rows, Kind.CUSTOMERS: people_rows, Kind.SHIPMENTS: parcel_rows}
NEW, KNOWN, REFUSED = "new", "known", str(Outcome.REFUSED)
Verdicts = list[Recorded]


@dataclass
class Group:
    """Rows of one order, customer or parcel, and what they come to."""

    rows: list[Numbered]
    told: list[Numbered] = field(default_factory=list)  # the rows in the order of the item's lines
    item: Any = None
    faults: list[Fault] = field(default_factory=list)


@dataclass
class Taken:
    """What a part came to."""

    counts: Counter[str] = field(default_factory=Counter)
    errors: list[RowError] = field(default_factory=list)


def check_part(source: Import, table: Table, rows: Iterable[Numbered]) -> Taken:
    """What would become of the rows. Nothing is written."""
    return _take(source, table, rows, {Kind.ORDERS: _check_orders, Kind.CUSTOMERS: _check_people, Kind.SHIPMENTS: parcels.check})


def record_part(source: Import, table: Table, rows: Iterable[Numbered]) -> Taken:
    """Record the rows."""
    return _take(source, table, rows, {Kind.ORDERS: _record_orders, Kind.CUSTOMERS: _record_people, Kind.SHIPMENTS: parcels.record})


def key_of(kind: str) -> Callable[[Table, Numbered], str]:
    """What rows that belong together have in common."""
    found: Callable[[Table, Numbered], str] = TURN[kind].key
    return found


def _take(source: Import, table: Table, rows: Iterable[Numbered], verbs: dict[str, Callable[..., Verdicts]]) -> Taken:
    turn, taken = TURN[source.kind], Taken()
    groups = _grouped(source.kind, table, rows)
    for group in groups:
        _turn(turn, table, group)
    fit = [group for group in groups if not group.faults]
    verdicts = verbs[source.kind](source, [group.item for group in fit]) if fit else []
    for group, verdict in zip(fit, verdicts, strict=True):
        if verdict.errors:
            group.faults = table.refuse(group.told or group.rows, verdict.errors, turn.NAMES).faults
        else:
            taken.counts[verdict.parked_for or str(verdict.outcome)] += 1
    for group in groups:
        if group.faults:
            taken.counts[REFUSED] += 1
            taken.errors += _errors(source, group)
    return taken


def _grouped(kind: str, table: Table, rows: Iterable[Numbered]) -> list[Group]:
    """Rows of one key together, wherever they stand; a row without a key stands alone, with its fault."""
    found: dict[str, Group] = {}
    alone: list[Group] = []
    key, needed = key_of(kind), next(one for one in FIELDS[kind] if one.needed)
    for row in rows:
        if name := key(table, row):
            found.setdefault(name, Group([])).rows.append(row)
        else:
            fault = Fault(row.number, table.column(needed.key), f"{needed.label} is missing. Fill it in.")
            alone.append(Group([row], faults=[fault]))
    return [*found.values(), *alone]


def _turn(turn: Any, table: Table, group: Group) -> None:
    if group.faults:
        return
    try:
        group.item, group.told = turn.turn(table, group.rows)
    except Refused as refused:
        group.faults = refused.faults


def _errors(source: Import, group: Group) -> list[RowError]:
    """The rows of a group that cannot be taken: those to mend, and those that are left out with them."""
    by_row: dict[int, list[Fault]] = defaultdict(list)
    for fault in group.faults:
        by_row[fault.row].append(fault)
    first = group.faults[0].row
    return [_error(source, row, by_row.get(row.number), first) for row in group.rows]


def _error(source: Import, row: Numbered, faults: list[Fault] | None, first: int) -> RowError:
    named = [fault for fault in faults or () if fault.column] or faults
    reason = (
        " ".join(dict.fromkeys(fault.reason for fault in named))
        if named
        else f"Left out, because row {first} belongs to it and cannot be taken."
    )
    column = ", ".join(dict.fromkeys(fault.column for fault in named)) if named else ""
    cells = [cell.replace("\0", "\ufffd") for cell in row.cells]
    return RowError(
        source=source, row=row.number, header=column.replace("\0", "")[:200], reason=reason.replace("\0", "")[:500], cells=cells
    )


def _check_orders(source: Import, items: Sequence[Any]) -> Verdicts:
    checked = [check.order(item) for item in items]
    names = [read.external_id for read, errors in checked if not errors]
    rows = Order.objects.filter(connection_id=_connection(source), external_id__in=names)
    known = set(rows.values_list("external_id", flat=True)) if names else set()
    return [_verdict(errors, read.external_id in known) for read, errors in checked]


def _check_people(source: Import, items: Sequence[Any]) -> Verdicts:
    checked = [check.customer(item) for item in items]
    emails = [read.email.lower() for read, errors in checked if not errors]
    known = set(Customer.objects.filter(email__in=emails).values_list("email", flat=True)) if emails else set()
    return [_verdict(errors, read.email.lower() in known) for read, errors in checked]


def _verdict(errors: list[Any], known: bool) -> Recorded:
    """Of a check: `parked_for` says what it would be."""
    return Recorded(Outcome.REFUSED, errors=errors) if errors else Recorded(Outcome.UNCHANGED, parked_for=KNOWN if known else NEW)


def _record_orders(source: Import, items: Sequence[Any]) -> Verdicts:
    return [one for batch in _batches(items) for one in record_orders(batch, connection_id=_connection(source))]


def _record_people(source: Import, items: Sequence[Any]) -> Verdicts:
    return [one for batch in _batches(items) for one in record_customers(batch, connection_id=_connection(source))]


def _batches(items: Sequence[Any], size: int = 500) -> Iterable[Sequence[Any]]:
    return (items[at : at + size] for at in range(0, len(items), size))


def _connection(source: Import) -> Any:
    return source.connection_id
