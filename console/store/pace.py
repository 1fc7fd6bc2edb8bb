"""How closely the demo store's story is told: the clock stops where work must be done, and each stop costs the same however little is due."""

from collections.abc import Callable
from datetime import UTC, datetime, time, timedelta

RECENT, LATELY = timedelta(days=14), timedelta(days=1)
CLOSELY = timedelta(minutes=30)  # of the last day, so that today's page reads like today
MORNING = time(7, 5)  # parcels have gone out for delivery by then, and none has come: who is told of both is told of both
PAST = (MORNING, time(14), time(21))
OF_LATE = (MORNING, time(9, 30), time(12), time(15), time(18), time(21))


def up_to(end: datetime) -> Callable[[datetime], timedelta]:
    """For a story that ends at `end`: how far the clock goes at least from a moment, in UTC. Nights pass at once."""

    def pace(at: datetime) -> timedelta:
        ago = end - at
        return CLOSELY if ago <= LATELY else _next(at, OF_LATE if ago <= RECENT else PAST) - at

    return pace


def _next(at: datetime, stops: tuple[time, ...]) -> datetime:
    """The first of a day's stops after a moment."""
    days = (at.astimezone(UTC).date() + timedelta(days=more) for more in (0, 1))
    return next(stop for day in days for one in stops if (stop := datetime.combine(day, one, UTC)) > at)
