"""One order, lived through on a virtual clock, with what somebody puts in on the way: the messages as the shopper would see them."""

import copy
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from notifications import cases, guards, made_up, texts, trial
from notifications.cases import Case
from notifications.definition import Definition, Send, Trigger
from notifications.models import Channel, Message
from notifications.render import Rendered, render
from notifications.replay import load
from notifications.replay.engine import Decide, Replay
from notifications.replay.life import Moment
from notifications.replay.shop import Shop
from notifications.replay.usual import LIVES, PARCEL, all_back, rest_of
from notifications.replay.world import Bought, Happening, World
from orders.models import Order
from postpurchase.events.catalogue import (
    EstimateChanged,
    Fact,
    HealthOpened,
    OrderCancelled,
    OrderDelivered,
    OrderPlaced,
    ShipmentCreated,
    ShipmentMoved,
)
from tracking.models import Shipment, Status

LONGEST = timedelta(days=400)  # that the virtual clock goes on after the last thing that happened
USE_DAYS = 21  # what the made-up product is used for


@dataclass
class Simulation:
    """What happened to the order and what became of it, oldest first, and the messages as drawn: by the place of their moment."""

    moments: list[Moment] = field(default_factory=list)
    happened: list[Happening] = field(default_factory=list)
    drawn: dict[tuple[UUID, str], Rendered] = field(default_factory=dict)
    failed: dict[tuple[UUID, str], str] = field(default_factory=dict)  # those that cannot be drawn, and why
    how: str = LIVES[0]  # which life is supposed
    supposed: datetime | None = None  # from when on; None: everything was so
    kept_out: list[Trigger] = field(default_factory=list)  # those whose event came while their condition did not hold


@dataclass
class Ground:
    """What is known of the order at the beginning, asked once however often it is lived through."""

    plan: Definition
    flow_id: UUID
    shop: Shop
    base: Case
    past: World
    known: list[Happening]
    now: datetime

    def lived(self, how: str, put_in: list[tuple[str, datetime]], decide: Decide = guards.decide) -> Simulation:
        """One life; from the first of what is put in on nothing else happens."""
        world = self.past.copied(copy.copy)
        rest = rest_of(world, self.base.shipments, self.shop.brand, how, max([self.now, *(one.at for one in self.known)]))
        world.rewind()
        told = _cut([*self.known, *rest], world, put_in)
        found = Simulation(happened=told, how=how, supposed=min((one.at for one in told if one in rest), default=None))
        if told:
            replay = Replay(self.plan, self.flow_id, self.shop, decide)
            found.moments = replay.run({world.order.pk: world}, told, told[-1].at + LONGEST)
            found.kept_out = replay.kept_out
        return found


def simulate(
    plan: Definition, flow_id: UUID, order: Order | None, put_in: list[tuple[str, datetime]], begin: datetime, how: str = ""
) -> Simulation:
    """Live it through. A made-up order is placed at `begin`; what nobody knows yet is supposed to go as `how`, one of LIVES ('': as the
    first of them that makes the flow write). `put_in`: names of ACTS with their time. Writes nothing.
    """
    shop = load.shop()
    base = cases.load([trial.sample(_sample(plan), plan, order)])[0] if order else made_up.case(shop.brand)
    past, known = _real(order, plan, base) if order else _made_up(base, begin)
    past.order, past.to_come = base.order, {one.pk: one for one in base.shipments}  # whole rows, which can be drawn from
    ground = Ground(plan, flow_id, shop, base, past, known, begin)
    how = how if how in LIVES else _fitting(ground)
    drawing = Simulation()
    found = ground.lived(how, put_in, _drawing(drawing, base))
    found.drawn, found.failed = drawing.drawn, drawing.failed
    return found


def _fitting(ground: Ground) -> str:
    """The first life in which the flow writes; else the first that it lets in."""
    best = (0, LIVES[0])
    for how in LIVES:
        found = ground.lived(how, [])
        writes = any(one.kind == "decided" and one.verdict == "send" for one in found.moments)
        if writes:
            return how
        if found.moments and not best[0]:
            best = (1, how)
    return best[1]


def _cut(told: list[Happening], world: World, put_in: list[tuple[str, datetime]]) -> list[Happening]:
    """What happens up to the first thing that is put in, and from there on what is."""
    if not put_in:
        return told
    told = [one for one in told if one.at <= put_in[0][1]]
    if not any(isinstance(one.fact, ShipmentCreated) and one.fact.shipment_id == PARCEL for one in told):
        world.to_come.pop(PARCEL, None)
    return told + [Happening(at, fact) for act, at in put_in if act in ACTS for fact in ACTS[act](world, at)]


def _sample(plan: Definition) -> Send:
    return next((step for step in plan.steps if isinstance(step, Send)), Send(id="none", template="confirmation"))


def _real(order: Order, plan: Definition, base: Case) -> tuple[World, list[Happening]]:
    """The order's own past. An erased one has none."""
    past = load.past([order.pk], [plan])
    return past.worlds.get(order.pk) or World(base.order), past.happenings.get(order.pk, [])


def _made_up(base: Case, begin: datetime) -> tuple[World, list[Happening]]:
    order: Any = base.order
    order.placed_at = order.recorded_at = begin
    order.financial_status = "paid"
    for line in base.lines:
        line.use_days = USE_DAYS
    agreed = {str(channel.value): [(begin, True)] for channel in Channel}
    world = World(order, lines=base.lines, said=agreed, bought=[Bought(begin, begin)])
    return world, [Happening(begin, OrderPlaced(order_id=order.pk))]


def _drawing(found: Simulation, base: Case) -> Decide:
    """Guards as at send time; what they let go is drawn at once, while the world is as it is then."""
    back = base.order.refunded_total or base.order.total if base.order else 0

    def decide(case: Case, now: datetime) -> tuple[str, str, list[dict[str, Any]]]:
        told = guards.decide(case, now)
        if told[0] == "send":
            letter: Any = case.message
            order = copy.copy(case.order)
            if order and order.refunded_total:
                order.refunded_total = back  # a world counts how often, not how much
            message = Message(
                template=letter.template, stream=letter.stream, to_address=letter.to_address, locale=base.message.locale, due_at=now,
                order_id=letter.order_id, shipment_id=letter.shipment_id, channel=letter.channel,
            )  # fmt: skip
            key, drawn = (letter.enrolment_id, letter.node), replace(base, message=message, order=order, shipments=case.shipments)
            try:
                found.drawn[key] = texts.render(drawn) if letter.channel == Channel.SMS else render(drawn)
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
    "refunded": lambda world, at: all_back(world.order.pk),
    "cancelled": lambda world, at: [OrderCancelled(order_id=world.order.pk)],
}


def stops(found: Simulation) -> list[datetime]:
    """The moments at which the virtual clock stops, in order."""
    return sorted({one.at for one in found.moments} | {one.at for one in found.happened})
