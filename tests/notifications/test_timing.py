"""Waits on the wall clock, over every change of the clocks."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo, available_timezones

from hypothesis import given
from hypothesis import strategies as st

from notifications import timing

ZONES = sorted(name for name in available_timezones() if "/" in name and not name.startswith(("Etc/", "posix", "right")))
BERLIN = ZoneInfo("Europe/Berlin")


def test_three_days_then_ten_oclock_there() -> None:
    delivered = datetime(2026, 11, 20, 17, 30, tzinfo=UTC)  # Fri 18:30 in Berlin

    assert timing.after(delivered, BERLIN, days=3, at="10:00") == datetime(2026, 11, 24, 9, 0, tzinfo=UTC)
    assert timing.after(delivered, BERLIN, days=3) == datetime(2026, 11, 23, 17, 30, tzinfo=UTC)


def test_ten_oclock_stays_ten_oclock_when_the_clocks_change() -> None:
    before = datetime(2026, 10, 23, 6, 0, tzinfo=UTC)  # Fri 08:00 summer time

    assert timing.after(before, BERLIN, days=3, at="10:00") == datetime(2026, 10, 26, 9, 0, tzinfo=UTC)


def test_an_hour_that_does_not_exist_moves_on() -> None:
    before = datetime(2026, 3, 28, 1, 30, tzinfo=UTC)  # 02:30 on the day before the clocks go forward

    assert timing.after(before, BERLIN, days=1) == datetime(2026, 3, 29, 1, 30, tzinfo=UTC)  # 03:30 summer time


def test_weekdays_are_those_of_the_place_and_keep_the_time_of_day() -> None:
    tokyo, friday = ZoneInfo("Asia/Tokyo"), datetime(2026, 11, 20, 23, 0, tzinfo=UTC)  # Saturday 08:00 there
    workdays = range(5)

    assert timing.after(friday, tokyo, weekdays=workdays) == datetime(2026, 11, 22, 23, 0, tzinfo=UTC)  # Monday 08:00
    assert timing.after(friday, tokyo, at="07:00", weekdays=workdays) == datetime(2026, 11, 22, 22, 0, tzinfo=UTC)
    assert timing.after(friday, tokyo, at="07:00", weekdays=[5]) == datetime(2026, 11, 27, 22, 0, tzinfo=UTC)  # seven has passed
    assert timing.after(friday, BERLIN, weekdays=[5]) == friday == timing.after(friday, BERLIN)  # Saturday begins there


def changes(tz: ZoneInfo, year: int) -> list[datetime]:
    """The instants at which a zone's clocks change."""
    found, day = [], datetime(year, 1, 1, tzinfo=UTC)
    while day.year == year:
        low, high = day, day + timedelta(days=1)
        if low.astimezone(tz).utcoffset() != high.astimezone(tz).utcoffset():
            while high - low > timedelta(minutes=1):
                middle = low + (high - low) // 2
                low, high = (low, middle) if middle.astimezone(tz).utcoffset() != low.astimezone(tz).utcoffset() else (middle, high)
            found.append(high.replace(second=0, microsecond=0))
        day += timedelta(days=1)
    return found


def test_a_day_later_is_the_same_time_on_the_wall_over_every_change_of_clocks_of_a_year() -> None:
    seen = 0
    for zone in map(ZoneInfo, ZONES):
        for change in changes(zone, 2026):
            before = (change - timedelta(hours=3)).astimezone(zone).utcoffset() or timedelta()
            for minutes in range(-150, 151, 30):
                start = change + timedelta(minutes=minutes) - timedelta(days=1)
                wall = start.astimezone(zone).replace(tzinfo=None) + timedelta(days=1)
                after = (change + timedelta(hours=3)).astimezone(zone).utcoffset() or timedelta()
                instants = [(wall - offset).replace(tzinfo=UTC) for offset in (before, after)]
                right = [at for at in instants if at.astimezone(zone).replace(tzinfo=None) == wall]  # none: skipped; two: repeated

                assert timing.after(start, zone, days=1) == (min(right) if right else instants[0]), (zone.key, start)
                seen += 1
    assert seen > 2000


@given(
    st.datetimes(datetime(2026, 1, 1), datetime(2026, 12, 31), timezones=st.just(UTC)),  # noqa: DTZ001 - the zone comes from `timezones`
    st.sampled_from(ZONES),
    st.integers(0, 60),
    st.sampled_from(["00:00", "02:30", "10:00", "23:59"]),
)
def test_the_end_is_never_early_and_at_most_a_day_late(start: datetime, zone: str, days: int, at: str) -> None:
    tz = ZoneInfo(zone)

    plain, ends = timing.after(start, tz, days=days), timing.after(start, tz, days=days, at=at)

    assert plain <= ends <= plain + timedelta(days=1, hours=2)
    local = ends.astimezone(tz)
    told = local.strftime("%H:%M")
    assert told == at or timing.real(local.replace(hour=int(at[:2]), minute=int(at[3:]))) == ends
