from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.template import Context, Template
from django.utils import timezone, translation

from postpurchase.lib import clock
from postpurchase.ui import words

NOW = datetime(2026, 11, 23, 13, 20, tzinfo=UTC)


def drawn(source: str, **context: object) -> str:
    with clock.frozen(NOW), timezone.override("Europe/Stockholm"):
        return Template("{% load ui %}" + source).render(Context(context))


@pytest.mark.parametrize(
    ("language", "minor", "currency", "text"),
    [
        ("en", 12840, "EUR", "€128.40"),
        ("en", 24800, "JPY", "¥24,800"),
        ("en", -1350, "EUR", "−€13.50"),
        ("en", 6130, "KWD", "KWD\u00a06.130"),
        ("en", 0, "USD", "$0.00"),
        ("de", 12840, "EUR", "128,40\u00a0€"),
        ("ja", 24800, "JPY", "￥24,800"),
    ],
)
def test_money_is_written_as_the_reader_writes_it(language: str, minor: int, currency: str, text: str) -> None:
    with translation.override(language):
        assert words.money(minor, currency) == text


@pytest.mark.parametrize(
    ("moment", "text"),
    [
        (datetime(2026, 11, 23, 13, 2, tzinfo=UTC), "today 14:02"),
        (datetime(2026, 11, 22, 23, 30, tzinfo=UTC), "today 00:30"),
        (datetime(2026, 11, 22, 22, 30, tzinfo=UTC), "yesterday 23:30"),
        (datetime(2026, 11, 24, 9, 0, tzinfo=UTC), "tomorrow 10:00"),
        (datetime(2026, 11, 21, 21, 10, tzinfo=UTC), "Sat 22:10"),
        (datetime(2026, 11, 13, 15, 8, tzinfo=UTC), "Fri 13 Nov"),
        (datetime(2025, 11, 13, 15, 8, tzinfo=UTC), "13 Nov 2025"),
    ],
)
def test_a_moment_is_said_as_people_say_it(moment: datetime, text: str) -> None:
    html = drawn("{% when moment %}", moment=moment)

    assert f">{text}</time>" in html


def test_the_exact_moment_and_its_zone_are_on_the_element() -> None:
    html = drawn("{% when moment %}", moment=datetime(2026, 11, 18, 17, 2, 11, tzinfo=UTC))

    assert html == ('<time datetime="2026-11-18T18:02:11+01:00" title="Wed 18 Nov 2026, 18:02:11 CET">Wed 18:02</time>')


def test_a_scan_is_told_in_the_time_of_its_place() -> None:
    html = drawn('{% when moment zone="Asia/Tokyo" %}', moment=datetime(2026, 11, 23, 1, 0, tzinfo=UTC))

    assert ">today 10:00</time>" in html
    assert 'datetime="2026-11-23T10:00:00+09:00"' in html


@pytest.mark.parametrize(("form", "text"), [("clock", "18:02"), ("full", "Wed 18 Nov 18:02"), ("day", "Wed 18 Nov"), ("short", "18 Nov")])
def test_a_moment_has_shorter_and_longer_forms(form: str, text: str) -> None:
    html = drawn("{% when moment form %}", moment=datetime(2026, 11, 18, 17, 2, 11, tzinfo=UTC), form=form)

    assert f">{text}</time>" in html


def test_a_heading_says_the_day_in_full() -> None:
    html = drawn('{% when day "heading" %}', day=date(2026, 11, 23))

    assert html == '<time datetime="2026-11-23">Today, Monday 23 November</time>'


def test_a_clock_on_a_wall_is_shown_as_it_is_and_claims_no_zone() -> None:
    html = drawn("{% when moment zone=zone %}", moment=datetime(2026, 11, 23, 7, 40), zone="Asia/Tokyo")  # noqa: DTZ001

    assert html == '<time datetime="2026-11-23T07:40:00" title="Mon 23 Nov 2026, 07:40:00">today 07:40</time>'


def test_nothing_known_is_a_dash() -> None:
    assert drawn("{% when moment %}", moment=None) == "–"


def test_german_dates_follow_german_order() -> None:
    with translation.override("de"):
        html = drawn('{% when day "day" %}', day=date(2026, 11, 26))

    assert ">Do., 26. Nov.</time>" in html


def test_the_day_changes_at_midnight_of_the_reader_not_of_the_server() -> None:
    moment = datetime(2026, 11, 23, 20, 0, tzinfo=UTC).astimezone(ZoneInfo("Asia/Tokyo"))

    said = words.moment(moment, moment + timedelta(hours=1))

    assert said == "today 05:00"
