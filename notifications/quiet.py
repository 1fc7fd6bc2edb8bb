"""Quiet hours: nothing is dropped for them, it moves to the next minute at which we may write where the person is.

The hours are data (quiet.json). They are compared with the clock on the wall, so an hour that DST repeats counts twice and one that it
skips does not count.
"""

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache
from pathlib import Path
from zoneinfo import ZoneInfo

import holidays

from notifications.models import Stream

DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
LONGEST = 8  # days that are looked through; in every place of the table some hour of every week is open
MIDNIGHT = time.min
EASTERNMOST = timedelta(hours=16)  # how far ahead of UTC a clock may be, and the two hours that a change is looked for before midnight


@dataclass(frozen=True)
class Hours:
    """When one place may be written to. `days`: from and until, for Monday to Sunday; None on days that are closed."""

    country: str
    region: str
    days: tuple[tuple[time, time] | None, ...]
    on_holidays: bool

    def window(self, day: date) -> tuple[time, time] | None:
        """From (included) and until (left out) on the clock there."""
        closed = not self.on_holidays and day in _holidays(self.country, self.region, day.year)
        return None if closed else self.days[day.weekday()]


def next_allowed(
    at: datetime,
    *,
    channel: str,
    stream: str,
    zones: Sequence[ZoneInfo],
    country: str = "",
    region: str = "",
    exempt: bool = True,
) -> datetime:
    """The first instant not before `at` (aware) at which we may write; `at` itself where it is one. In UTC.

    `zones`: all that the person may be in (tracking.zones.all_of_place): it must be all right in each. `region` (ISO 3166-2 without the
    country): where it is not known, the hours of all regions of the country hold. `exempt`: transactional messages have no quiet hours,
    unless the merchant wants them to. Where no minute suits all zones (Antarctica has every hour), the first zone's counts.
    """
    at = at.astimezone(UTC)
    if stream == Stream.TRANSACTIONAL and exempt:
        return at
    rules = hours(channel, stream, country.upper(), region.upper())
    for places in ([(zone, rule) for zone in zones for rule in rules], [(zones[0], rule) for rule in rules]):
        found = _first(at, places)
        if found:
            return found
    raise ValueError(f"no hour of a week is open: {channel}, {stream}, {country}, {region}")


def _first(at: datetime, places: list[tuple[ZoneInfo, Hours]]) -> datetime | None:
    if _open(at, places):
        return at
    pool: set[datetime] = set()
    for ahead in range(-1, LONGEST + 2):
        day = at.date() + timedelta(days=ahead)
        pool |= {start for zone, rule in places for start in _starts(zone, rule, day) if start > at}
        sure = datetime.combine(day + timedelta(days=1), MIDNIGHT, UTC) - EASTERNMOST  # no later day begins before
        found = next((start for start in sorted(pool) if start < sure and _open(start, places)), None)
        if found:
            return found
        pool = {start for start in pool if start >= sure}
    return None


def _open(at: datetime, places: list[tuple[ZoneInfo, Hours]]) -> bool:
    for zone, rule in places:
        local = at.astimezone(zone)
        window = rule.window(local.date())
        if window is None or not window[0] <= local.time() < window[1]:
            return False
    return True


def _starts(zone: ZoneInfo, rule: Hours, day: date) -> Iterator[datetime]:
    """Instants of a day there at which closed may become open: when the hours begin, and when the clocks change."""
    window = rule.window(day)
    if window:
        opens = datetime.combine(day, window[0], zone)
        yield opens.astimezone(UTC)
        yield opens.replace(fold=1).astimezone(UTC)
    changed = _change(zone, day)
    if changed:
        yield changed


@lru_cache(maxsize=4096)
def _change(zone: ZoneInfo, day: date) -> datetime | None:
    """The instant of the day at which the clocks change, if they do."""
    low, high = (datetime.combine(one, MIDNIGHT, zone).astimezone(UTC) for one in (day, day + timedelta(days=1)))
    low -= timedelta(hours=2)  # a change at midnight itself
    before = low.astimezone(zone).utcoffset()
    if high.astimezone(zone).utcoffset() == before:
        return None
    while high - low > timedelta(seconds=1):
        middle = low + (high - low) / 2
        low, high = (middle, high) if middle.astimezone(zone).utcoffset() == before else (low, middle)
    return high.replace(microsecond=0)


@lru_cache(maxsize=2048)
def hours(channel: str, stream: str, country: str, region: str) -> tuple[Hours, ...]:
    """The hours that hold there: of the region, else of the country, else the default. All regions' where the region is not known."""
    table = _table()[channel][stream]
    if region:
        named = [next((name for name in (f"{country}-{region}", country) if name in table), "*")]
    else:
        named = [name for name in table if name == country or (country and name.startswith(f"{country}-"))] or ["*"]
    return tuple(_hours(name, table[name]) for name in named)


def _hours(name: str, said: dict[str, object]) -> Hours:
    days: list[tuple[time, time] | None] = [None] * 7
    for span, open_ in dict(said["open"]).items():  # type: ignore[call-overload]
        first, _, last = span.partition("-")
        since, until = (time.fromisoformat(one) for one in open_.split("-"))
        for number in range(DAYS.index(first), DAYS.index(last or first) + 1):
            days[number] = (since, until)
    country, _, region = name.partition("-")
    return Hours(country, region, tuple(days), said.get("holidays") is not False)


@lru_cache
def _table() -> dict[str, dict[str, dict[str, dict[str, object]]]]:
    said = json.loads(Path(__file__).with_name("quiet.json").read_text())
    return {channel: said[channel] for channel in ("sms", "email")}


@lru_cache(maxsize=512)
def _holidays(country: str, region: str, year: int) -> frozenset[date]:
    """The public holidays of a place; none where the list does not know it."""
    for subdivision in (region or None, None):
        try:
            return frozenset(holidays.country_holidays(country, subdiv=subdivision, years=year))
        except NotImplementedError:
            continue
    return frozenset()
