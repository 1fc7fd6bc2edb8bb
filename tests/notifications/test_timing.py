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
