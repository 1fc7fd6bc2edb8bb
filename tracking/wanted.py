"""A parcel to be followed as another service's client tells it, and the order that its words make us know of."""

from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.db.models import QuerySet

from integrations.carriers import directory
from integrations.models import Connection
from integrations.types import AddressData, CustomerData, FieldError, OrderData, Outcome, ShipmentData
from orders.intake import record_orders
from orders.models import Order
from postpurchase.lib import clock

MARK = "known_by"
BY_PARCEL = {MARK: "parcel"}  # in Order.extra of an order that no shop told: a parcel's words are all that is known of it
CURRENCY = "EUR"  # of nothing: such an order has no amounts, and a column wants one


class Refused(Exception):
    """What was told cannot be recorded; `errors` name the fields by JSON pointers into OrderData or ShipmentData."""

    def __init__(self, errors: list[FieldError]) -> None:
        super().__init__("; ".join(f"{error.pointer} {error.message}" for error in errors))
        self.errors = errors


@dataclass(kw_only=True)
class Wanted:
    """Number and carrier are enough; everything else is kept as far as it is told. '' and None: not told."""

    parcel: ShipmentData
    order_id: str = ""  # the sender's own
    order_number: str = ""
    placed_at: datetime | None = None
    customer: CustomerData = field(default_factory=CustomerData)
    address: AddressData = field(default_factory=AddressData)  # where it goes
    promised_from: date | None = None
    promised_to: date | None = None
    details: dict[str, Any] = field(default_factory=dict)

    @property
    def tells_an_order(self) -> bool:
        """Whether anything is said of who bought what, or of where it goes."""
        said = (self.order_id, self.order_number, self.placed_at, self.promised_to)
        return any(said) or self.customer != CustomerData() or self.address != AddressData()


def order_of(wanted: Wanted, *, connection_id: UUID, test: bool) -> Order | None:
    """The order that the parcel belongs to: known already, by the sender's id or by a number that only one order has, or made now.

    None where nothing is said of one. A shop's own word on its order stands; an order that parcels told of takes what is told now.
    Raises Refused.
    """
    if not wanted.tells_an_order:
        return None
    known = _known(wanted, test)
    if known and not known_by_parcel(known):
        return known
    return _record(wanted, known, connection_id, test)


def tell_order(order: Order, wanted: Wanted) -> Order:
    """What is told anew of a parcel's order, if parcels are all that we know it by. Raises Refused."""
    return _record(wanted, order, order.connection_id, order.test) if wanted.tells_an_order and known_by_parcel(order) else order


def known_by_parcel(order: Order) -> bool:
    """Whether no shop told the order."""
    return bool(order.extra.get(MARK) == BY_PARCEL[MARK])


def _known(wanted: Wanted, test: bool) -> Order | None:
    mine = Order.objects.filter(test=test)
    if wanted.order_id:
        found = _only(mine.filter(connection__in=Connection.objects.all(), external_id=wanted.order_id))
        if found:
            return found
    if wanted.order_number:
        bare = wanted.order_number.lower().removeprefix("#")
        return _only(mine.filter(number_key__in=[bare, f"#{bare}"]))
    name = _name(wanted)
    return _only(mine.filter(connection__in=Connection.objects.all(), external_id=name)) if not wanted.order_id else None


def _only(rows: QuerySet[Order]) -> Order | None:
    found = list(rows[:2])
    return found[0] if len(found) == 1 else None


def _name(wanted: Wanted) -> str:
    number = directory.normalise_number(wanted.parcel.number)
    return wanted.order_id or wanted.order_number or f"{directory.normalise(wanted.parcel.carrier)} {number}"


def _record(wanted: Wanted, known: Order | None, connection_id: UUID, test: bool) -> Order:
    data = _data(wanted, known, test)
    recorded = record_orders([data], connection_id=connection_id, news=False)[0]
    if recorded.outcome == Outcome.REFUSED:
        raise Refused(recorded.errors)
    return Order.objects.get(external_id=data.external_id, connection=connection_id)


def _data(wanted: Wanted, known: Order | None, test: bool) -> OrderData:
    """The whole order anew: what is told now, and what was told before where it is not."""
    now = clock.business_now()
    before = known or Order(external_id=_name(wanted)[:120], number="", placed_at=now)
    person, address = wanted.customer, _merged(wanted.address, before.shipping_address or {})
    return OrderData(
        external_id=before.external_id,
        number=(wanted.order_number or before.number or wanted.order_id or directory.normalise_number(wanted.parcel.number))[:60],
        placed_at=wanted.placed_at or before.placed_at,
        updated_at=max(now, before.source_updated_at) if known else now,
        currency=before.currency or CURRENCY,
        total=0,
        lines=[],
        email=person.email or before.email,
        phone=person.phone or before.phone,
        customer=person if person != CustomerData() else None,
        shipping_address=address if address != AddressData() else None,
        locale=person.locale or before.locale,
        promised_from=wanted.promised_from if wanted.promised_to else before.promised_from,
        promised_to=wanted.promised_to or before.promised_to,
        test=test,
        extra=BY_PARCEL,
    )


def _merged(told: AddressData, before: dict[str, Any]) -> AddressData:
    return AddressData(**{name: getattr(told, name) or before.get(name) or "" for name in AddressData.__struct_fields__})
