"""One order, lived through on a virtual clock, with what somebody puts in on the way: the messages as the shopper would see them."""

import copy
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from notifications import cases, guards, made_up, trial
from notifications.cases import Case
from notifications.definition import Definition, Send
from notifications.models import Channel, Message
from notifications.render import Rendered, render
from notifications.replay import load
from notifications.replay.engine import Replay
from notifications.replay.life import Moment
from notifications.replay.world import Bought, Happening, World
from orders.models import Order
from postpurchase.events.catalogue import (
    EstimateChanged,
    Fact,
    HealthOpened,
    OrderCancelled,
    OrderDelivered,
    OrderPlaced,
    OrderRefunded,
    ShipmentCreated,
    ShipmentMoved,
)
from tracking.models import Shipment, Status

LONGEST = timedelta(days=400)  # that the virtual clock goes on after the last thing that happened
PARCEL = UUID(int=7 << 76 | 2 << 62 | 1)
NO_REFUND = UUID(int=7 << 76 | 2 << 62 | 2)


@dataclass
class Simulation:
    """What became of the order, oldest first, and the messages as drawn: by the place of their moment."""

    moments: list[Moment] = field(default_factory=list)
    drawn: dict[tuple[UUID, str], Rendered] = field(default_factory=dict)
    failed: dict[tuple[UUID, str], str] = field(default_factory=dict)  # those that cannot be drawn, and why


def simulate(plan: Definition, flow_id: UUID, order: Order | None, put_in: list[tuple[str, datetime]], begin: datetime) -> Simulation:
    """Live it through. `put_in`: names of ACTS with their time; from the first of them on nothing else happens to the order. A made-up
    order is placed at `begin`. Writes nothing.
    """
    shop = load.shop()
    base = cases.load([trial.sample(_sample(plan), plan, order)])[0] if order else made_up.case(shop.brand)
    world, told = _real(order, plan, base) if order else _made_up(base, begin)
    cut = put_in[0][1] if put_in else None
    told = [one for one in told if cut is None or one.at <= cut]
    told += [Happening(at, fact) for act, at in put_in if act in ACTS for fact in ACTS[act](world, at)]
    found = Simulation()
    if told:
        decide = _drawing(found, base, plan)
        found.moments = Replay(plan, flow_id, shop, decide).run({world.order.pk: world}, told, told[-1].at + LONGEST)
    return found


def _sample(plan: Definition) -> Send:
    return next((step for step in plan.steps if isinstance(step, Send)), Send(id="none", template="confirmation"))


def _real(order: Order, plan: Definition, base: Case) -> tuple[World, list[Happening]]:
    """The order's own past. Its rows are copied: they are changed as it is lived through, and drawn from."""
    past = load.past([order.pk], [plan])
    if order.pk not in past.worlds:
        return World(copy.copy(base.order)), []
    world = past.worlds[order.pk]
    world.order, world.to_come = copy.copy(base.order), {one.pk: copy.copy(one) for one in base.shipments}
    world.rewind()
    return world, past.happenings[order.pk]


def _made_up(base: Case, begin: datetime) -> tuple[World, list[Happening]]:
    world = World(base.order, lines=base.lines, said={channel: [(begin, True)] for channel in Channel})
    world.order.placed_at, world.bought = begin, [Bought(begin, begin)]
    return world, [Happening(begin, OrderPlaced(order_id=world.order.pk))]


def _drawing(found: Simulation, base: Case, plan: Definition) -> Any:
    """Guards as at send time; what they let go is drawn at once, while the world is as it is then."""

    def decide(case: Case, now: datetime) -> tuple[str, str, list[dict[str, Any]]]:
        told = guards.decide(case, now)
        if told[0] == "send":
            letter: Any = case.message
            message = Message(
                template=letter.template, stream=letter.stream, to_address=letter.to_address, locale=base.message.locale, due_at=now,
                order_id=letter.order_id, shipment_id=letter.shipment_id,
            )  # fmt: skip
            key = (letter.enrolment_id, letter.node)
            try:
                found.drawn[key] = render(replace(base, message=message, order=case.order, shipments=case.shipments))
            except Exception as error:  # a template that cannot be drawn is told, as sending would tell it
                found.failed[key] = str(error)
        return told

    return decide


def _shipped(world: World, at: datetime) -> list[Fact]:
    parcel = Shipment(id=PARCEL, order_id=world.order.pk, carrier="dhl", number="00340434161094042557", created_at=at, shipped_at=at)
    world.to_come.setdefault(PARCEL, parcel)
    return [ShipmentCreated(order_id=world.order.pk, shipment_id=PARCEL)]


def _parcels(world: World) -> list[UUID]:
    return [*world.to_come, *(one.pk for one in world.parcels)]


def _delivered(world: World, at: datetime) -> list[Fact]:
    told = [] if _parcels(world) else _shipped(world, at)
    for pk in _parcels(world):
        told.append(_move(world, pk, Status.IN_TRANSIT, Status.DELIVERED, at))
    return [*told, OrderDelivered(order_id=world.order.pk, at=at)]


def _move(world: World, pk: UUID, old: str, new: str, at: datetime) -> Fact:
    return ShipmentMoved(order_id=world.order.pk, shipment_id=pk, old=old, new=new, substatus="", at=at)


def _out(world: World, at: datetime) -> list[Fact]:
    told = [] if _parcels(world) else _shipped(world, at)
    return [*told, *(_move(world, pk, Status.IN_TRANSIT, Status.OUT_FOR_DELIVERY, at) for pk in _parcels(world))]


def _late(world: World, at: datetime) -> list[Fact]:
    told = [] if _parcels(world) else _shipped(world, at)
    day, order = at.date(), world.order.pk
    for pk in _parcels(world):
        told.append(EstimateChanged(order_id=order, shipment_id=pk, was=day, now=day + timedelta(days=3), slipped=True))
        told.append(HealthOpened(order_id=order, shipment_id=pk, flag="late_vs_edd"))
    return told


ACTS: dict[str, Callable[[World, datetime], list[Fact]]] = {
    "shipped": _shipped,
    "out": _out,
    "late": _late,
    "delivered": _delivered,
    "refunded": lambda world, at: [OrderRefunded(order_id=world.order.pk, refund_id=NO_REFUND, full=True)],
    "cancelled": lambda world, at: [OrderCancelled(order_id=world.order.pk)],
}


def stops(found: Simulation) -> list[datetime]:
    """The moments at which the virtual clock stops, in order."""
    return sorted({one.at for one in found.moments})
