"""How closely the demo store's story is told."""

import random
from collections import Counter
from datetime import UTC, datetime, timedelta

from console.store.life import life
from console.store.pace import up_to
from integrations.types import ScanData

END = datetime(2026, 11, 23, 13, 10, tzinfo=UTC)


def stops(begin: datetime) -> list[datetime]:
    """Every moment at which the clock stops when something is always due."""
    pace, found = up_to(END), [begin]
    while found[-1] < END:
        found.append(found[-1] + pace(found[-1]))
    return found[1:]


def test_the_story_is_told_the_closer_the_nearer_it_comes() -> None:
    days = Counter(stop.date() for stop in stops(END - timedelta(days=40)))

    assert days[END.date() - timedelta(days=30)] == 3
    assert days[END.date() - timedelta(days=5)] == 6
    last = [stop for stop in stops(END - timedelta(days=2)) if stop > END - timedelta(hours=23)]
    assert {later - stop for stop, later in zip(last, last[1:], strict=False)} == {timedelta(minutes=30)}


def test_the_clock_stops_between_a_parcels_last_ride_and_its_delivery() -> None:
    stopped = stops(END - timedelta(days=60))
    dice = random.Random(4)

    for number in range(100):
        acts = life(dice, number, END - timedelta(days=50 - number % 25), fate="smooth")
        out, there = (
            next(act.at for act in acts if isinstance(act.item, ScanData) and act.item.status == status)
            for status in ("out_for_delivery", "delivered")
        )
        assert there > END - timedelta(days=1) or any(out <= stop < there for stop in stopped)
