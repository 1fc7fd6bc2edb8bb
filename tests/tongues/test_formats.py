"""Days, hours, ranges, money and addresses as each language and country writes them."""

from datetime import date, datetime

import pytest
from django.utils import translation

from postpurchase.ui import addresses, words

MONDAY, NOW = date(2026, 11, 23), datetime(2026, 11, 20, 9, 0)  # noqa: DTZ001


@pytest.mark.parametrize(
    ("language", "short", "long", "clock", "span", "number"),
    [
        ("en", "Mon 23 Nov", "Monday 23 November", "14:05", "23–27 Nov", "1,234,567.5"),
        ("en-us", "Mon, Nov 23", "Monday, November 23", "2:05\u202fPM", "Nov 23\u2009–\u200927", "1,234,567.5"),
        ("de", "Mo., 23. Nov.", "Montag, 23. November", "14:05", "23.–27. Nov.", "1.234.567,5"),
        ("de-ch", "Mo., 23. Nov.", "Montag, 23. November", "14:05", "23.–27. Nov.", "1’234’567.5"),
        ("fr", "lun. 23 nov.", "lundi 23 novembre", "14:05", "23–27 nov.", "1\u202f234\u202f567,5"),
        ("es", "lun, 23 nov", "lunes, 23 de noviembre", "14:05", "23–27 nov", "1.234.567,5"),
        ("pt-br", "seg., 23 de nov.", "segunda-feira, 23 de novembro", "14:05", "23\u2009–\u200927 de nov.", "1.234.567,5"),
        ("ja", "11月23日(月)", "11月23日月曜日", "14:05", "11月23日～27日", "1,234,567.5"),
    ],
)
def test_days_hours_and_numbers(language: str, short: str, long: str, clock: str, span: str, number: str) -> None:
    with translation.override(language):
        assert words.day(MONDAY, NOW.date()) == short
        assert words.day(MONDAY, NOW.date(), long=True) == long
        assert words.clock_time(NOW.replace(hour=14, minute=5)) == clock
        assert words.days(MONDAY, date(2026, 11, 27)) == span
        assert words.number(1234567.5) == number


@pytest.mark.parametrize(
    ("language", "euro", "yen", "dinar"),
    [
        ("en", "€1,234.50", "¥5,000", "KWD\u00a06.130"),
        ("de", "1.234,50\u00a0€", "5.000\u00a0¥", "6,130\u00a0KWD"),
        ("fr", "1\u202f234,50\u00a0€", "5\u202f000\u00a0JPY", "6,130\u00a0KWD"),
        ("es", "1.234,50\u00a0€", "5.000\u00a0JPY", "6,130\u00a0KWD"),
        ("pt-br", "€\u00a01.234,50", "JP¥\u00a05.000", "KWD\u00a06,130"),
        ("ja", "€1,234.50", "￥5,000", "KWD\u00a06.130"),
    ],
)
def test_money_keeps_its_decimals_and_takes_the_place_of_its_sign(language: str, euro: str, yen: str, dinar: str) -> None:
    with translation.override(language):
        assert [words.money(*amount) for amount in ((123450, "EUR"), (5000, "JPY"), (6130, "KWD"))] == [euro, yen, dinar]


@pytest.mark.parametrize(
    ("language", "days"),
    [
        ("en", "Tomorrow, Saturday 21 November"),
        ("de", "Morgen, Samstag, 21. November"),
        ("fr", "Demain, samedi 21 novembre"),
        ("ja", "明日、11月21日土曜日"),
    ],
)
def test_a_near_day_has_its_word(language: str, days: str) -> None:
    with translation.override(language):
        assert words.day(date(2026, 11, 21), NOW.date(), long=True) == days


def test_another_year_is_named() -> None:
    with translation.override("es"):
        assert words.day(date(2027, 11, 26), NOW.date(), long=True) == "viernes, 26 de noviembre de 2027"


def address(**changes: str) -> dict[str, str]:
    return {"name": "Mia Berg", "line1": "Road 1", "city": "Town", "postcode": "123", "region": "XY"} | changes


@pytest.mark.parametrize(
    ("told", "lines"),
    [
        (address(country="DE", line2="Hof"), ["Mia Berg", "Road 1", "Hof", "123 Town"]),
        (address(country="US"), ["Mia Berg", "Road 1", "Town, XY 123"]),
        (address(country="US", region=""), ["Mia Berg", "Road 1", "Town, 123"]),
        (address(country="GB", region=""), ["Mia Berg", "Road 1", "Town", "123"]),
        (address(country="BR", company="Acme"), ["Mia Berg", "Acme", "Road 1", "Town-XY", "123"]),
        (address(country="BR", region=""), ["Mia Berg", "Road 1", "Town", "123"]),
        (address(country="IT"), ["Mia Berg", "Road 1", "123 Town XY"]),
        (address(country="HU"), ["Mia Berg", "Town", "Road 1", "123"]),
        (address(country="JP"), ["Mia Berg", "Road 1", "Town, XY", "123"]),
        (address(country=""), ["Mia Berg", "Road 1", "123 Town", "XY"]),
        ({"country": "DE"}, []),
    ],
)
def test_an_address_stands_as_on_a_label_of_its_country(told: dict[str, str], lines: list[str]) -> None:
    assert addresses.lines(told, "") == lines


def test_a_japanese_address_in_its_own_script_goes_from_large_to_small() -> None:
    told = address(
        country="JP", name="山田 太郎", line1="神宮前1-2-3", line2="青山ビル4階", city="渋谷区", region="東京都", postcode="150-0001"
    )

    assert addresses.lines(told, "日本") == ["〒150-0001", "東京都渋谷区", "神宮前1-2-3", "青山ビル4階", "山田 太郎", "日本"]
    assert addresses.lines(told | {"postcode": ""}, "") == ["東京都渋谷区", "神宮前1-2-3", "青山ビル4階", "山田 太郎"]


@pytest.mark.parametrize(
    ("language", "said", "closed"),
    [
        ("de", "Lieferung: Di., 1. Dez.. Danke.", "Lieferung: Di., 1. Dez. Danke."),
        ("fr", "<p>mar. 1 déc..</p> Attendez... Merci.", "<p>mar. 1 déc.</p> Attendez... Merci."),
        ("en", "Arrives today. Total 2.00.", "Arrives today. Total 2.00."),
        ("ja", "お届け予定：今日。 合計。", "お届け予定：今日。合計。"),
    ],
)
def test_a_sentence_that_ends_in_a_short_word_has_one_full_stop(language: str, said: str, closed: str) -> None:
    with translation.override(language):
        assert words.closed(said) == closed
