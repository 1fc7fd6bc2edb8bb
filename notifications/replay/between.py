"""Between flows and orders, in a replay: what the arbiter asks the database, answered from memory.

The flow that is tried takes its slots anew; what other flows sent to the person, and what became of their other orders, is as it was.
"""

from collections import defaultdict
from collections.abc import Sequence
from datetime import datetime, timedelta
from uuid import UUID

from notifications import arbiter
from notifications.arbiter import PutOff
from notifications.cases import Case
from notifications.models import MessagingRules, Stream
from notifications.replay.world import World


class Between:
    """What stands between people's orders while one flow lives through them."""

    def __init__(self, worlds: dict[UUID, World], flow_id: UUID, rules: MessagingRules) -> None:
        self.worlds, self.flow_id, self.rules = worlds, flow_id, rules
        self.mine: dict[str, list[datetime]] = defaultdict(list)  # slots that this life of the flow took, by address

    def waits(self, case: Case, now: datetime) -> PutOff | None:
        """As the arbiter, with the person's parcels in trouble."""
        return arbiter.waits(case, now, self._troubled() if case.message.stream == Stream.MARKETING else set())

    def _troubled(self) -> set[UUID]:
        """People with a parcel in trouble at this moment."""
        people = (world.order.customer_id for world in self.worlds.values() if any(arbiter.in_trouble(one) for one in world.parcels))
        return {person for person in people if person}

    def capped(self, cases: Sequence[Case], now: datetime) -> list[PutOff]:
        """Marketing that finds its person's bucket empty; the most urgent of what is due at once is asked first."""
        off = []
        for case in arbiter.by_urgency(case for case in cases if case.message.stream == Stream.MARKETING):
            free_at = arbiter.next_slot(self._taken(case, now), self.rules.cap, timedelta(days=self.rules.cap_days), now)
            if free_at > now:
                off.append(PutOff(case.message, free_at, "cap"))
            else:
                self.mine[case.message.to_address].append(now)
        return off

    def _taken(self, case: Case, now: datetime) -> list[datetime]:
        """The person's slots: those of this life, and those that all else took at the time."""
        since, address = now - timedelta(days=self.rules.cap_days), case.message.to_address
        world = self.worlds[case.order.pk] if case.order else None
        others = world.slots.get(address, ()) if world else ()
        was = [one.at for one in others if not (one.flow_id == self.flow_id and self._lives(one.order_id))]
        return [at for at in (*was, *self.mine[address]) if since < at <= now]

    def _lives(self, order_id: UUID | None) -> bool:
        world = self.worlds.get(order_id) if order_id else None
        return world is not None and not world.aside
