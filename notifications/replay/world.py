"""What was true of one order at each moment: taken back to its beginning, then moved on by its facts."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any, NamedTuple
from uuid import UUID

from postpurchase.events.catalogue import (
    EstimateChanged,
    Fact,
    HealthOpened,
    HealthResolved,
    OrderCancelled,
    OrderChanged,
    OrderDelivered,
    OrderRefunded,
    ShipmentCreated,
    ShipmentMoved,
)
from tracking.models import Status

BEFORE, AFTER = 0, 1


@dataclass(slots=True)
class Happening:
    """A fact and when it became known."""

    at: datetime
    fact: Fact


class Slot(NamedTuple):
    """A slot of a person's bucket for marketing: the message's flow and order, and when it took it."""

    flow_id: UUID | None
    order_id: UUID | None
    at: datetime


class Bought(NamedTuple):
    """An order of the person: when it became known, when it was placed, and when it was cancelled."""

    known: datetime
    placed: datetime
    cancelled: datetime | None = None


@dataclass(slots=True)
class World:
    """An order, its parcels, and whom we may write to. Rows or anything with their columns; they are changed as the facts come."""

    order: Any
    to_come: dict[UUID, Any] = field(default_factory=dict)  # parcels that are not known yet
    parcels: list[Any] = field(default_factory=list)  # in the order in which they were made
    lines: list[Any] = field(default_factory=list)
    changes: list[tuple[datetime, Mapping[str, Any]]] = field(default_factory=list)  # newer copies to come, oldest first
    said: dict[str, list[tuple[datetime, bool]]] = field(default_factory=dict)  # channel -> consent to marketing, oldest first
    refused: dict[str, list[tuple[datetime, str]]] = field(default_factory=dict)  # channel -> scopes that the address is suppressed for
    bought: list[Bought] = field(default_factory=list)  # every order of the person, this one too
    slots: Mapping[str, list[Slot]] = field(default_factory=dict)  # address -> its slots for marketing that were taken
    aside: bool = False  # only looked at for the person's other orders: it enters no flow
    entered: list[datetime] = field(default_factory=list)  # when an order aside was in the flow
    tags: list[str] = field(default_factory=list)  # the customer's; as they are now
    written: list[tuple[datetime, str]] = field(default_factory=list)  # templates that other flows sent for the order
    clicked: list[tuple[datetime, str]] = field(default_factory=list)  # templates whose link the person followed
    told_delivered: bool = False

    def copied(self, row: Callable[[Any], Any]) -> "World":
        """The same before anything happened, for one more life: its rows copied by `row`, and what a life changes."""
        return World(
            row(self.order), {pk: row(one) for pk, one in self.to_come.items()}, [], self.lines, list(self.changes), self.said,
            self.refused, self.bought, self.slots, self.aside, self.entered, list(self.tags), list(self.written), list(self.clicked),
        )  # fmt: skip

    def rewind(self) -> None:
        """Take back what newer copies of the order changed, and what its parcels went through."""
        for _, changed in reversed(self.changes):
            self._change(changed, BEFORE)
        self.order.refunded_total, self.order.delivered_at = 0, None
        for parcel in (*self.to_come.values(), *self.parcels):
            parcel.status, parcel.substatus, parcel.health, parcel.attempts = Status.PENDING, "", [], 0
            parcel.estimate_on = parcel.first_estimate_on = parcel.delivered_at = parcel.cancelled_at = None

    def take(self, happening: Happening) -> None:
        """What the fact changes."""
        act = _TAKES.get(type(happening.fact))
        if act:
            act(self, happening.fact, happening.at)

    def consent(self, channel: str, now: datetime) -> bool | None:
        """The newest word on marketing at that moment."""
        return next((given for at, given in reversed(self.said.get(channel, ())) if at <= now), None)

    def suppressed(self, channel: str, now: datetime) -> frozenset[str]:
        """The scopes that the address was suppressed for at that moment."""
        return frozenset(scope for at, scope in self.refused.get(channel, ()) if at <= now)

    def newest_order(self, now: datetime) -> datetime | None:
        """When the person had last ordered, of the orders that were known and stood at that moment."""
        stood = (one.placed for one in self.bought if one.known <= now and not (one.cancelled and one.cancelled <= now))
        return max(stood, default=None)

    def orders_known(self, now: datetime) -> int:
        """How many orders of the person were known at that moment, this one among them."""
        return sum(one.known <= now for one in self.bought) or 1

    def _change(self, changed: Mapping[str, Any], side: int) -> None:
        for name, values in changed.items():
            if name in CHANGING:
                value = values[side]
                setattr(self.order, name, date.fromisoformat(value) if name == "promised_to" and value else value)

    def parcel(self, pk: UUID) -> Any:
        """A parcel; one that was known before it had its order becomes known now."""
        if pk in self.to_come:
            self.parcels.append(self.to_come.pop(pk))
            self.parcels.sort(key=lambda one: (one.created_at, one.pk))
        for one in self.parcels:
            if one.pk == pk:
                return one
        return None

    def _moved(self, fact: ShipmentMoved, at: datetime) -> None:
        parcel = self.parcel(fact.shipment_id)
        if parcel is None:
            return
        parcel.status, parcel.substatus = fact.new, fact.substatus
        parcel.delivered_at = fact.at if fact.new == Status.DELIVERED else None
        parcel.cancelled_at = at if fact.new == Status.CANCELLED else None
        parcel.attempts += fact.new == Status.ATTEMPT_FAILED
        if self.told_delivered and Status.DELIVERED in (fact.old, fact.new):  # as tracking/rollup.py has it: a delivery may be revoked
            live = [one for one in self.parcels if one.status != Status.CANCELLED]
            whole = live and all(one.status == Status.DELIVERED for one in live)
            self.order.delivered_at = max(one.delivered_at for one in live) if whole else None

    def _opened(self, fact: HealthOpened, at: datetime) -> None:
        if parcel := self.parcel(fact.shipment_id):
            parcel.health = sorted({*parcel.health, fact.flag})

    def _resolved(self, fact: HealthResolved, at: datetime) -> None:
        if parcel := self.parcel(fact.shipment_id):
            parcel.health = [flag for flag in parcel.health if flag != fact.flag]

    def _estimated(self, fact: EstimateChanged, at: datetime) -> None:
        if parcel := self.parcel(fact.shipment_id):
            parcel.estimate_on, parcel.first_estimate_on = fact.now, parcel.first_estimate_on or fact.was or fact.now

    def _delivered(self, fact: OrderDelivered, at: datetime) -> None:
        self.order.delivered_at, self.told_delivered = fact.at, True

    def _copied(self, fact: OrderChanged, at: datetime) -> None:
        while self.changes and self.changes[0][0] <= at:
            self._change(self.changes.pop(0)[1], AFTER)

    def _refunded(self, fact: OrderRefunded, at: datetime) -> None:
        # Of a part nobody asks how much it is.
        self.order.refunded_total = max(self.order.total, 1) if fact.full else self.order.refunded_total + 1

    def _cancelled(self, fact: OrderCancelled, at: datetime) -> None:
        self.order.cancelled_at = at


_TAKES: dict[type[Fact], Any] = {
    ShipmentCreated: lambda world, fact, at: world.parcel(fact.shipment_id),
    ShipmentMoved: World._moved,
    HealthOpened: World._opened,
    HealthResolved: World._resolved,
    EstimateChanged: World._estimated,
    OrderDelivered: World._delivered,
    OrderChanged: World._copied,
    OrderRefunded: World._refunded,
    OrderCancelled: World._cancelled,
}
CHANGING = frozenset(
    {
        "email", "ship_country", "ship_postcode", "total", "shop_totals", "currency", "shop_currency", "channel", "locale", "tags",
        "discount_codes", "cancelled_at", "test", "financial_status", "fulfilment_status", "promised_to", "shipping_address", "phone",
    }
)  # fmt: skip
