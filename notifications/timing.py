"""When a wait ends: arithmetic on the wall clock of the place, right over the hours that DST skips or repeats."""

from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo


def after(start: datetime, tz: ZoneInfo, *, days: int = 0, minutes: int = 0, at: str | None = None) -> datetime:
    """The instant `days` calendar days and `minutes` after `start` (aware), then the next local time of day `at` ('10:00'). In UTC.

    Days are days on the wall clock in `tz`: three days after 18:00 is 18:00, also across a change of the clocks.
    """
    local = start.astimezone(tz)
    moved = real(datetime.combine(local.date() + timedelta(days=days), local.time(), tz)) if days else start
    moved = moved.astimezone(UTC) + timedelta(minutes=minutes)
    return moved if at is None else _next(moved, tz, time.fromisoformat(at))


def _next(moment: datetime, tz: ZoneInfo, at: time) -> datetime:
    day = moment.astimezone(tz).date()
    today = real(datetime.combine(day, at, tz))
    return today if today >= moment else real(datetime.combine(day + timedelta(days=1), at, tz))


def real(local: datetime) -> datetime:
    """A wall-clock time as an instant in UTC. A time that DST skips is moved on by the skipped hour; of two equal ones the first counts."""
    return local.replace(fold=0).astimezone(UTC)
