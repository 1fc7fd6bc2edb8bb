"""A usual life of an order, or the usual rest of one: what is supposed to happen where nothing is known yet."""

import copy
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from typing import Any
from uuid import UUID

from notifications import timing
from notifications.guards import PATIENCE
from notifications.made_up import NOBODYS
from notifications.replay.world import Happening, World
from postpurchase.events.catalogue import (
    EstimateChanged,
    Fact,
    HealthOpened,
    HealthResolved,
    OrderCancelled,
    OrderChanged,
    OrderDelivered,
    OrderRefunded,
    OrderRefundedWhole,
    ShipmentCreated,
    ShipmentMoved,
)
from postpurchase.tenancy.models import Brand
from tracking import workdays, zones
from tracking.health import Flag
from tracking.models import ENDED, NOT_STARTED, Shipment, Status

# How it goes. The first one that makes a flow write is what the flow is tried on.
LIVES = ("usual", "late", "attempt", "pickup", "refunded", "returned", "unpaid", "no_stock", "unshipped", "cancelled")
PARCEL = UUID(int=7 << 76 | 2 << 62 | 1)
NO_REFUND = UUID(int=7 << 76 | 2 << 62 | 2)
LEAVES, SCANNED, OUT, THERE = time(15), time(18, 40), time(8, 10), time(13, 5)  # on the clocks where the parcel goes
SOON, PAYS = timedelta(minutes=20), timedelta(days=3)
LATER, LIES = 3, 12  # working days that a late parcel slips by, and that an order lies in the shop
COLLECTED, BACK, MONEY = 7, 4, 4  # working days: until somebody collects it, on its way back, until money goes back
STOPPED = (*ENDED, Status.EXPIRED)


@dataclass
class Story:
    """What is told, one thing after the other; `now` is when the last of it was."""

    order_id: UUID
    brand: Brand
    country: str
    now: datetime
    told: list[Happening] = field(default_factory=list)

    def tell(self, fact: Fact, at: datetime) -> None:
        """It becomes true then, or a minute after what came before."""
        self.now = max(at, self.now + timedelta(minutes=1))
        self.told.append(Happening(self.now, fact))

    def on(self, day: date, hour: time) -> datetime:
        """That hour of the day, where the parcel goes."""
        return timing.real(datetime.combine(day, hour, zones.of_country(self.country, self.brand.time_zone)))

    def after(self, days: int, hour: time) -> datetime:
        """That hour, so many working days after the last thing."""
        return self.on(workdays.add(self.today, days, self.country), hour)

    @property
    def today(self) -> date:
        """The day on which the last thing was, where the parcel goes."""
        return self.now.astimezone(zones.of_country(self.country, self.brand.time_zone)).date()

    def moves(self, parcel: Shipment, new: Status, at: datetime, substatus: str = "") -> None:
        """The carrier tells where the parcel is."""
        at = max(at, self.now + timedelta(minutes=1))
        moved = ShipmentMoved(order_id=self.order_id, shipment_id=parcel.pk, old=parcel.status, new=new, substatus=substatus, at=at)
        self.tell(moved, at)
        parcel.status = new


def rest_of(world: World, parcels: Iterable[Shipment], brand: Brand, how: str, now: datetime) -> list[Happening]:
    """What usually follows after `now`, oldest first; nothing for an order that is over. `parcels` as they are then. What is supposed of
    parcels and payment is added to what the world will know.
    """
    order, mine = world.order, [copy.copy(one) for one in parcels if one.status != Status.CANCELLED]
    if order.cancelled_at or (mine and all(one.status in STOPPED for one in mine)):
        return []
    story = Story(order.pk, brand, order.ship_country, now)
    if how == "cancelled":
        story.tell(OrderCancelled(order_id=order.pk), now + timedelta(hours=2))
        return story.told
    if not mine:
        mine = [_leaves(story, world, how)]
    began = story.now
    for parcel in [one for one in mine if one.status not in STOPPED]:
        story.now = began
        _way(story, parcel, how)
    story.told.sort(key=lambda one: one.at)
    _ends(story, mine, how)
    return story.told


def _leaves(story: Story, world: World, how: str) -> Shipment:
    """The shop hands over a parcel, as soon as it does as a rule."""
    if how == "unpaid" and story.order_id == NOBODYS:  # what a real order was when it came in is known
        world.order.financial_status = "pending"
        world.changes.append((story.now + PAYS, {"financial_status": ["pending", "paid"]}))
        story.tell(OrderChanged(order_id=story.order_id, fields=("financial_status",)), story.now + PAYS)
    if how == "no_stock" and story.order_id == NOBODYS:  # until it leaves
        world.order.fulfilment_status = "backordered"
        world.changes.append((story.after(LIES, LEAVES), {"fulfilment_status": ["backordered", "unfulfilled"]}))
    lies = how in ("no_stock", "unshipped")
    days = max(LIES, story.brand.handling_days + PATIENCE + LATER) if lies else max(1, story.brand.handling_days)
    at = story.after(days, LEAVES)
    parcel = Shipment(id=PARCEL, order_id=story.order_id, carrier="dhl", number="00340434161094042557", created_at=at, shipped_at=at)
    world.to_come[PARCEL] = parcel
    story.tell(ShipmentCreated(order_id=story.order_id, shipment_id=PARCEL), at)
    return copy.copy(parcel)


def _way(story: Story, parcel: Shipment, how: str) -> None:
    """A parcel's way from where it is to its end."""
    if parcel.status in NOT_STARTED:
        if parcel.status != Status.INFO_RECEIVED:
            story.moves(parcel, Status.INFO_RECEIVED, story.now + SOON)
        story.moves(parcel, Status.IN_TRANSIT, story.on(story.today, SCANNED), "accepted")
    if parcel.status == Status.RETURNING:
        story.moves(parcel, Status.RETURNED, story.after(BACK, THERE))
    elif parcel.status == Status.AVAILABLE_FOR_PICKUP:
        story.moves(parcel, Status.DELIVERED, story.after(1, THERE), "collected")
    else:
        if parcel.status in (Status.IN_TRANSIT, Status.EXCEPTION):
            _comes(story, parcel, how)
        if parcel.status != Status.OUT_FOR_DELIVERY:
            story.moves(parcel, Status.OUT_FOR_DELIVERY, story.after(1, OUT))
        _arrives(story, parcel, how)


def _comes(story: Story, parcel: Shipment, how: str) -> None:
    """From the first scan to the morning on which it comes; late, if it does."""
    usual = workdays.add(story.today, (story.brand.transit_days_min + story.brand.transit_days_max + 1) // 2, story.country)
    day = max(parcel.estimate_on or usual, workdays.add(story.today, 1, story.country))
    ids = {"order_id": story.order_id, "shipment_id": parcel.pk}
    if parcel.estimate_on is None:
        story.tell(EstimateChanged(**ids, was=None, now=day, slipped=False), story.now + SOON)
    if how == "late":
        slipped = workdays.add(day, LATER, story.country)
        story.tell(EstimateChanged(**ids, was=day, now=slipped, slipped=True), story.on(day, THERE))
        story.tell(HealthOpened(**ids, flag=Flag.LATE_VS_EDD), story.now + SOON)
        day = slipped
    story.moves(parcel, Status.OUT_FOR_DELIVERY, story.on(day, OUT))


def _arrives(story: Story, parcel: Shipment, how: str) -> None:
    """What comes of the courier's way to the door."""
    ids = {"order_id": story.order_id, "shipment_id": parcel.pk}
    if how in ("attempt", "returned"):
        story.moves(parcel, Status.ATTEMPT_FAILED, story.on(story.today, THERE), "absent")
    if how == "attempt":
        story.moves(parcel, Status.OUT_FOR_DELIVERY, story.after(1, OUT))
        story.moves(parcel, Status.ATTEMPT_FAILED, story.on(story.today, THERE), "absent")
        story.tell(HealthOpened(**ids, flag=Flag.REPEATED_ATTEMPTS), story.now)
        story.moves(parcel, Status.OUT_FOR_DELIVERY, story.after(1, OUT))
    if how == "returned":
        story.moves(parcel, Status.RETURNING, story.after(BACK, THERE))
        story.moves(parcel, Status.RETURNED, story.after(BACK, THERE))
    elif how == "pickup":
        story.moves(parcel, Status.AVAILABLE_FOR_PICKUP, story.on(story.today, THERE))
        story.moves(parcel, Status.DELIVERED, story.after(COLLECTED, THERE), "collected")
    else:
        story.moves(parcel, Status.DELIVERED, story.on(story.today, THERE), "front_door")
        for flag in {"late": [Flag.LATE_VS_EDD], "attempt": [Flag.REPEATED_ATTEMPTS]}.get(how, []):
            story.tell(HealthResolved(**ids, flag=flag), story.now)


def _ends(story: Story, parcels: list[Any], how: str) -> None:
    """Everything has come; money goes back, where it does."""
    story.now = story.told[-1].at if story.told else story.now
    if all(one.status == Status.DELIVERED for one in parcels):
        story.tell(OrderDelivered(order_id=story.order_id, at=story.now), story.now)
    if how in ("refunded", "returned"):
        at = story.after(MONEY, LEAVES)
        for fact in all_back(story.order_id):
            story.tell(fact, at)


def all_back(order_id: UUID) -> list[Fact]:
    """A made-up refund of everything."""
    return [OrderRefunded(order_id=order_id, refund_id=NO_REFUND, full=True), OrderRefundedWhole(order_id=order_id)]
