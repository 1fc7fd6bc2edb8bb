"""When a wait ends: arithmetic on the wall clock of the place, right over the hours that DST skips or repeats."""

from collections.abc import Collection
from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo


def after(
    start: datetime, tz: ZoneInfo, *, days: int = 0, minutes: int = 0, at: str | None = None, weekdays: Collection[int] = ()
) -> datetime:
    """The instant `days` calendar days and `minutes` after `start` (aware), then the next local time of day `at` ('10:00'), on one of
    the weekdays (0 is Monday; none: any); without `at`, the same time of day on the first such weekday. In UTC. Negative days and minutes
    count back.

    Days are days on the wall clock in `tz`: three days after 18:00 is 18:00, also across a change of the clocks.
    """
    local = start.astimezone(tz)
    moved = real(datetime.combine(local.date() + timedelta(days=days), local.time(), tz)) if days else start
    moved = moved.astimezone(UTC) + timedelta(minutes=minutes)
    if at is not None:
        return _next(moved, tz, time.fromisoformat(at), weekdays)
    return moved if _fits(moved, tz, weekdays) else _next(moved, tz, moved.astimezone(tz).time(), weekdays)


def _fits(moment: datetime, tz: ZoneInfo, weekdays: Collection[int]) -> bool:
    return not weekdays or moment.astimezone(tz).weekday() in weekdays


def _next(moment: datetime, tz: ZoneInfo, at: time, weekdays: Collection[int]) -> datetime:
    day = moment.astimezone(tz).date()
    while (found := real(datetime.combine(day, at, tz))) < moment or (weekdays and day.weekday() not in weekdays):
        day += timedelta(days=1)
    return found


def real(local: datetime) -> datetime:
    """A wall-clock time as an instant in UTC. A time that DST skips is moved on by the skipped hour; of two equal ones the first counts."""
    return local.replace(fold=0).astimezone(UTC)
