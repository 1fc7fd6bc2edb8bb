"""Quiet hours: later, never dropped, and right by the clock on the wall, over every change of the clocks in a year."""

from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo, available_timezones

import pytest
from hypothesis import given
from hypothesis import strategies as st

from notifications import quiet
from tracking import zones

ZONES = sorted(name for name in available_timezones() if "/" in name and not name.startswith(("Etc/", "posix", "right")))
YEAR = st.datetimes(datetime(2026, 1, 1), datetime(2026, 12, 31), timezones=st.just(UTC))  # noqa: DTZ001 - the zone comes from `timezones`
PLACES = ["US", "US-FL", "US-LA", "US-TX", "US-CA", "FR", "DE", "CA", "IN", ""]
NEW_YORK, PARIS = ZoneInfo("America/New_York"), ZoneInfo("Europe/Paris")
NINE_EVENING = datetime(2026, 11, 24, 2, 0, tzinfo=UTC)  # Monday 21:00 in New York


@lru_cache
def changes(zone: str) -> list[datetime]:
    """Every change of the clocks of the zone in 2026, to the minute."""
    tz, found = ZoneInfo(zone), []
    for day in range(365):
        at = datetime(2026, 1, 1, tzinfo=UTC) + timedelta(days=day)
        if _offset(at, 0, tz) != _offset(at, 1440, tz):
            found += [at + timedelta(minutes=m) for m in range(1440) if _offset(at, m, tz) != _offset(at, m + 1, tz)]
    return found


def _offset(at: datetime, minutes: int, tz: ZoneInfo) -> timedelta | None:
    return (at + timedelta(minutes=minutes)).astimezone(tz).utcoffset()


def allowed(at: datetime, tz: ZoneInfo, *, channel: str = "sms", country: str = "", region: str = "") -> bool:
    local = at.astimezone(tz)
    for rule in quiet.hours(channel, "marketing", country, region):
        window = rule.window(local.date())
        if window is None or not window[0] <= local.time() < window[1]:
            return False
    return True


def sms(at: datetime, *where: ZoneInfo, country: str = "", region: str = "") -> datetime:
    return quiet.next_allowed(at, channel="sms", stream="marketing", zones=where, country=country, region=region)


@pytest.mark.parametrize(
    ("region", "local"),
    [("NY", "2026-11-24 08:00"), ("FL", "2026-11-24 08:00"), ("CT", "2026-11-24 09:00"), ("TX", "2026-11-24 09:00")],
)
def test_nine_in_the_evening_is_the_next_morning(region: str, local: str) -> None:
    assert f"{sms(NINE_EVENING, NEW_YORK, country='US', region=region).astimezone(NEW_YORK):%Y-%m-%d %H:%M}" == local


def test_florida_closes_an_hour_before_new_york() -> None:
    half_past_eight = NINE_EVENING - timedelta(minutes=30)

    assert sms(half_past_eight, NEW_YORK, country="US", region="NY") == half_past_eight
    assert sms(half_past_eight, NEW_YORK, country="US", region="FL") == datetime(2026, 11, 24, 13, 0, tzinfo=UTC)


def test_nobody_in_france_is_written_to_on_sundays_and_holidays() -> None:
    saturday_night = datetime(2026, 7, 11, 21, 0, tzinfo=UTC)  # 23:00
    bastille_eve = datetime(2026, 7, 13, 20, 30, tzinfo=UTC)  # Monday 22:30; Tuesday is the 14th of July

    assert sms(saturday_night, PARIS, country="FR") == datetime(2026, 7, 13, 6, 0, tzinfo=UTC)
    assert sms(bastille_eve, PARIS, country="FR") == datetime(2026, 7, 15, 6, 0, tzinfo=UTC)


def test_about_an_order_we_may_write_at_night_unless_the_merchant_would_rather_not() -> None:
    def next_(**changes: bool) -> datetime:
        return quiet.next_allowed(NINE_EVENING, channel="sms", stream="transactional", zones=[NEW_YORK], **changes)

    assert next_() == NINE_EVENING
    assert next_(exempt=False) == datetime(2026, 11, 24, 13, 0, tzinfo=UTC)


def test_whoever_may_be_anywhere_in_the_country_is_written_to_where_all_of_it_is_awake() -> None:
    everywhere = zones.all_of_place("US", "", "", "UTC")
    morning_in_new_york = datetime(2026, 7, 6, 13, 0, tzinfo=UTC)  # 09:00 there, 03:00 in Honolulu

    found = sms(morning_in_new_york, *everywhere, country="US", region="NY")

    assert found == datetime(2026, 7, 6, 18, 0, tzinfo=UTC)  # 08:00 in Honolulu, 14:00 in New York
    assert all(allowed(found, zone, country="US", region="NY") for zone in everywhere)


def test_where_no_hour_suits_every_zone_the_first_one_counts() -> None:
    east, west = ZoneInfo("Pacific/Kiritimati"), ZoneInfo("Asia/Karachi")  # 9 hours apart; the hours overlap
    opposite = ZoneInfo("Africa/Maputo")  # 12 hours apart: never both awake

    assert allowed(sms(NINE_EVENING, east, west), east)
    assert allowed(sms(NINE_EVENING, east, west), west)
    assert sms(NINE_EVENING, east, opposite) == sms(NINE_EVENING, east)


def test_around_every_change_of_the_clocks_nothing_leaves_outside_the_hours() -> None:
    seen = 0
    for tz in map(ZoneInfo, ZONES):
        starts = [mark + timedelta(minutes=m) for mark in changes(tz.key) for m in range(-1500, 1500, 61)]
        ends = [sms(start, tz) for start in starts]

        assert all(allowed(end, tz) for end in ends), tz.key
        assert all(start <= end <= start + timedelta(hours=14) for start, end in zip(starts, ends, strict=True)), tz.key
        assert all(sms(end, tz) == end for end in ends[::10]), tz.key
        seen += len(starts)
    assert seen > 15_000  # 168 zones change their clocks at least twice


def test_hours_that_lie_in_a_change_of_the_clocks_begin_with_it(monkeypatch: pytest.MonkeyPatch) -> None:
    berlin = ZoneInfo("Europe/Berlin")
    odd = quiet.Hours("", "", ((time(2, 30), time(3, 30)),) * 7, True)  # on 2026-03-29 the clock goes from 02:00 to 03:00
    monkeypatch.setattr(quiet, "hours", lambda *_: (odd,))

    assert sms(datetime(2026, 3, 28, 23, 0, tzinfo=UTC), berlin) == datetime(2026, 3, 29, 1, 0, tzinfo=UTC)
    assert sms(datetime(2026, 10, 25, 0, 45, tzinfo=UTC), berlin) == datetime(2026, 10, 25, 0, 45, tzinfo=UTC)  # the first 02:45
    assert sms(datetime(2026, 10, 25, 1, 10, tzinfo=UTC), berlin) == datetime(2026, 10, 25, 1, 30, tzinfo=UTC)  # the second 02:30


@given(YEAR, st.lists(st.sampled_from(ZONES), min_size=1, max_size=3), st.sampled_from(PLACES), st.sampled_from(["sms", "email"]))
def test_it_is_in_the_hours_within_a_week_and_asking_again_changes_nothing(
    at: datetime, names: list[str], place: str, channel: str
) -> None:
    where, (country, _, region) = [ZoneInfo(name) for name in names], place.partition("-")

    def next_(moment: datetime) -> datetime:
        return quiet.next_allowed(moment, channel=channel, stream="marketing", zones=where, country=country, region=region)

    found = next_(at)

    assert at <= found <= at + timedelta(days=7)
    assert allowed(found, where[0], channel=channel, country=country, region=region)
    assert next_(found) == found


@given(YEAR, st.integers(0, 60 * 24 * 8), st.sampled_from(ZONES), st.sampled_from(PLACES))
def test_who_comes_earlier_is_never_later(at: datetime, minutes: int, zone: str, place: str) -> None:
    tz, (country, _, region) = ZoneInfo(zone), place.partition("-")
    later = at + timedelta(minutes=minutes)

    assert sms(at, tz, country=country, region=region) <= sms(later, tz, country=country, region=region)


@given(YEAR, st.sampled_from(ZONES), st.sampled_from(PLACES))
def test_no_minute_before_it_would_have_done(at: datetime, zone: str, place: str) -> None:
    tz, (country, _, region) = ZoneInfo(zone), place.partition("-")

    found = sms(at, tz, country=country, region=region)

    minutes = range(0, int((found - at).total_seconds() // 60), 17)
    assert not any(allowed(at + timedelta(minutes=m), tz, country=country, region=region) for m in minutes)


def test_every_week_of_ten_years_has_an_open_hour_everywhere() -> None:
    for channel, streams in quiet._table().items():
        for stream, places in streams.items():
            for place in places:
                country, _, region = place.partition("-")
                (rule,) = quiet.hours(channel, stream, country, region or "-")
                open_ = [bool(rule.window(date(2026, 1, 1) + timedelta(days=n))) for n in range(3650)]
                assert all(any(open_[n : n + 6]) for n in range(3640)), place
