"""What steps see in a replay: the engine's own sights, of worlds instead of rows."""

from typing import Any
from uuid import UUID

from notifications import sights
from notifications.definition import Definition
from notifications.replay.world import World


class Seen(sights.Sights):
    """The sights of one plan in memory. `now` is set by whoever moves time."""

    def __init__(self, plan: Definition, brand: Any) -> None:
        self.brand = brand
        self.abouts = sights.abouts(plan)
        self._counts_use, self._parcels_seen = sights.counts_use(plan), sights.looks_at_parcels(plan)
        self.hours = None  # what is known of a person's hours today was not known then
        self.forget()

    def forget(self) -> None:
        """Look at other worlds from here on."""
        self.orders: dict[UUID, Any] = {}
        self.use_days: dict[UUID, int] = {}
        self.parcels: dict[UUID, list[Any]] = {}
        self.facts: dict[UUID, dict[str, Any]] = {}

    def look(self, world: World) -> None:
        """Have this world's state, as it is at this moment, seen."""
        pk = world.order.pk
        self.orders[pk] = world.order
        if self._parcels_seen:
            self.parcels[pk] = [one for one in world.parcels if one.cancelled_at is None]
        if self._counts_use and (days := max((line.use_days or 0 for line in self.lines(world)), default=0)):
            self.use_days[pk] = days
        if self.abouts:
            self.facts[pk] = self._told(world)

    def lines(self, world: World) -> list[Any]:
        """The lines that the order has at this moment."""
        return [line for line in world.lines if line.removed_at is None or line.removed_at > self.now]

    def _told(self, world: World) -> dict[str, Any]:
        told = sights.of_order(world.order)
        if "lines" in self.abouts:
            told |= sights.of_lines(self.lines(world))
        if "customer" in self.abouts:
            told |= sights.of_customer(world.orders_known(self.now), world.tags)
        if "history" in self.abouts:
            told["messages.sent"] = [template for at, template in world.written if at <= self.now]
            told["messages.clicked"] = [template for at, template in world.clicked if at <= self.now]
        told["shipment.parcels"] = len(self.parcels.get(world.order.pk, []))
        return told
