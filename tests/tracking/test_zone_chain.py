"""Which zone a person is in: what they said, else where the parcel goes, else the brand's."""

import pytest

from tracking import zone_table, zones


@pytest.mark.parametrize(
    ("country", "postcode", "wanted"),
    [
        ("US", "10001", ["America/New_York"]),
        ("US", "2139", ["America/New_York"]),  # Cambridge; a table dropped the zero
        ("US", "60601-1234", ["America/Chicago"]),
        ("US", "99501", ["America/Anchorage", "America/Adak"]),
        ("US", "96815", ["Pacific/Honolulu"]),
        ("US", "32501", ["America/Chicago", "America/New_York"]),  # the western end of Florida
        ("US", "46201", ["America/Indiana/Indianapolis"]),
        ("US", "85001", ["America/Phoenix"]),
        ("CA", "h2x 1y4", ["America/Toronto"]),
        ("CA", "A1A 1A1", ["America/St_Johns"]),
        ("AU", "2880", ["Australia/Broken_Hill"]),
        ("AU", "800", ["Australia/Darwin"]),
        ("AU", "6000", ["Australia/Perth"]),
        ("BR", "69900-000", ["America/Rio_Branco"]),
        ("BR", "01310-100", ["America/Sao_Paulo"]),
        ("MX", "77500", ["America/Cancun"]),
        ("RU", "690001", ["Asia/Vladivostok"]),
        ("RU", "101000", ["Europe/Moscow"]),
        ("ES", "38001", ["Atlantic/Canary"]),
        ("FR", "97400", ["Indian/Reunion"]),
        ("DE", "80331", ["Europe/Berlin"]),
    ],
)
def test_a_postcode_says_where(country: str, postcode: str, wanted: list[str]) -> None:
    found = [zone.key for zone in zones.all_of_place(country, postcode, "", "UTC")]

    assert found[: len(wanted)] == wanted
    if country != "DE":  # CLDR gives Germany a second zone, for a village inside Switzerland
        assert found == wanted


def test_what_they_said_comes_first_and_the_brand_last() -> None:
    assert zones.of_place("US", "10001", "NY", "Europe/Berlin", explicit="Asia/Tokyo").key == "Asia/Tokyo"
    assert zones.of_place("US", "10001", "NY", "Europe/Berlin", explicit="Moon/Base").key == "America/New_York"
    assert zones.of_place("", "", "", "Europe/Berlin").key == "Europe/Berlin"
    assert zones.of_place("ZZ", "123", "", "Europe/Berlin").key == "Europe/Berlin"


def test_a_region_stands_in_for_a_postcode() -> None:
    assert zones.of_place("US", "", "US-CA", "UTC").key == "America/Los_Angeles"
    assert {zone.key for zone in zones.all_of_place("US", "", "FL", "UTC")} == {"America/New_York", "America/Chicago"}
    assert zones.of_place("US", "", "California", "UTC").key == "America/New_York"  # names are not read


def test_where_only_the_country_is_known_all_of_its_zones_are() -> None:
    found = {zone.key for zone in zones.all_of_place("US", "", "", "UTC")}

    assert {"America/New_York", "America/Chicago", "America/Denver", "America/Los_Angeles", "Pacific/Honolulu"} <= found
    assert "Pacific/Guam" not in found


def test_the_postcode_says_the_state() -> None:
    assert zones.region_of("US", "33101") == "FL"
    assert zones.region_of("US", "33101", "NY") == "FL"
    assert zones.region_of("US", "", "us-wa") == "WA"
    assert zones.region_of("FR", "75001", "Île-de-France") == ""


def test_every_zone_of_the_table_exists_and_every_state_is_in_it() -> None:
    for country in zone_table.LINES:
        assert [zone for row in zone_table.rows(country) for zone in row.zones if not zones.known(zone)] == [], country

    assert len({row.region for row in zone_table.rows("US")}) == 53  # fifty states, the capital, Puerto Rico, Guam
    assert len({row.region for row in zone_table.rows("CA")}) == 13
    assert len({row.region for row in zone_table.rows("AU")}) == 8
    assert len({row.region for row in zone_table.rows("BR")}) == 27
