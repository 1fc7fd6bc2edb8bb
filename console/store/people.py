"""Who orders at Northlight, and who orders again: more of those whom the shop's test writes to."""

import heapq
import random
from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta

from console.store import tried
from console.store.life import Act, life
from integrations.types import OrderData

AGAIN_AFTER = (7.0, 18.0)  # days
FIRST_ONES = 0.89  # of the orders


def lives(dice: random.Random, first: int, moments: Sequence[datetime], until: datetime) -> Iterator[Act]:
    """The acts of an order at each moment, numbered from `first` in the order of time, and of orders that the same people place later,
    before `until`.
    """
    waiting: list[tuple[datetime, int, OrderData]] = []
    places = list(moments)[::-1]
    number = first
    while places or waiting:
        returns = bool(waiting) and (not places or waiting[0][0] < places[-1])
        placed, _number, before = heapq.heappop(waiting) if returns else (places.pop(), 0, None)
        acts = life(dice, number, placed, again=before) if before else life(dice, number, placed)
        yield from acts
        order = acts[0].item
        if not before and isinstance(order, OrderData) and dice.random() < tried.AGAIN[tried.WHO.arms[tried.arm(order.email)].name]:
            at = placed + timedelta(days=dice.uniform(*AGAIN_AFTER))
            if at < until:
                heapq.heappush(waiting, (at, number, order))
        number += 1


def orders_of(acts: Sequence[Act]) -> dict[str, list[datetime]]:
    """Address -> when each of its orders was placed, oldest first."""
    found: dict[str, list[datetime]] = {}
    for act in acts:
        if isinstance(act.item, OrderData) and act.item.placed_at == act.item.updated_at:
            found.setdefault(act.item.email, []).append(act.item.placed_at)
    return found
