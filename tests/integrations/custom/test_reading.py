"""A mapping reads any body: nested JSON, JSON a line, tables in any writing. What is missing or odd is named by field and row."""

from datetime import UTC, datetime

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from integrations.carriers.custom.layout import Layout, detect
from integrations.carriers.custom.mapping import Mapping, faults, read, stored
from integrations.carriers.custom.pointers import lists, parsed, places, written
from integrations.carriers.custom.reading import Fault, rows
from integrations.registry import Unreadable
from tests.integrations.custom.bodies import CSV, NESTED, for_csv, for_nested, lines, nested


def test_a_table_in_windows_writing_is_read_with_its_times_as_the_clock_on_the_wall() -> None:
    first = rows(for_csv(), CSV.encode("cp1252"))[0].scan

    assert (first.carrier, first.number, first.code, first.text) == ("acme_post", "N1", "A1", "Übernommen")
    assert (first.place.city, first.place.country, first.extra["event_id"]) == ("Köln", "DE", "1")
    assert (first.occurred_at, first.local_time) == (None, datetime(2026, 11, 23, 7, 10))  # noqa: DTZ001 - nobody said where


def test_a_zone_makes_an_instant_of_a_wall_clock() -> None:
    first = rows(for_csv(zone="Europe/Berlin"), CSV.encode("cp1252"))[0].scan

    assert (first.occurred_at, first.local_time) == (datetime(2026, 11, 23, 6, 10, tzinfo=UTC), None)


def test_an_hour_that_no_clock_showed_stays_as_it_was_told() -> None:
    body = b"Sendung;Datum;Zeit;Status\nN1;29.03.2026;02:30;A1\n"

    (row,) = rows(for_csv(zone="Europe/Berlin"), body)

    assert (row.scan.occurred_at, row.scan.local_time) == (None, datetime(2026, 3, 29, 2, 30))  # noqa: DTZ001


@pytest.mark.parametrize("body", [nested(), lines()])
def test_an_entry_takes_from_what_stands_around_it(body: bytes) -> None:
    found = rows(for_nested(), body)

    assert [(row.scan.number, row.scan.code, row.scan.place.city, row.order) for row in found] == [
        ("N1", "A1", "Köln", "#1043"),
        ("N1", "T7", "Hannover", "#1043"),
        ("N2", "Z9", "Berlin", ""),
    ]
    assert found[0].scan.extra["photos"] == ["https://p.example/1.jpg"]
    assert found[0].scan.occurred_at == datetime(2026, 11, 23, 6, 10, tzinfo=UTC)


@pytest.mark.parametrize(
    ("line", "fault"),
    [
        ("N1;32.11.2026;07:10;A1", Fault("time", "time", "32.11.2026 07:10")),
        ("N1;;;A1", Fault("time", "missing")),
        (";23.11.2026;07:10;A1", Fault("number", "missing")),
        ("N1;23.11.1026;07:10;A1", Fault("time", "year", "23.11.1026 07:10")),
    ],
)
def test_what_is_wrong_is_named_by_field_and_row(line: str, fault: Fault) -> None:
    body = f"Sendung;Datum;Zeit;Status\nN1;23.11.2026;07:10;A1\n\n{line}\n".encode()

    found = rows(for_csv(), body)

    assert [(row.number, row.faults) for row in found] == [(1, []), (2, [fault])]


@pytest.mark.parametrize(
    ("given", "changes", "told"),
    [
        ("04/05/2026 10:00", {}, datetime(2026, 5, 4, 10)),  # noqa: DTZ001
        ("04/05/2026 10:00", {"times": "mdy"}, datetime(2026, 4, 5, 10)),  # noqa: DTZ001
        ("20260504-1000", {"times": "own", "pattern": "%Y%m%d-%H%M"}, datetime(2026, 5, 4, 10)),  # noqa: DTZ001
        ("2026-05-04 10:00 +0200", {"times": "own", "pattern": "%Y-%m-%d %H:%M %z"}, datetime(2026, 5, 4, 8, tzinfo=UTC)),
        ("1777881600", {}, datetime(2026, 5, 4, 8, tzinfo=UTC)),
    ],
)
def test_times_are_read_as_the_mapping_says(given: str, changes: dict[str, str], told: datetime) -> None:
    (row,) = rows(for_csv(**changes), f"Sendung;Datum;Status\nN1;{given};A1\n".encode())

    assert (row.scan.occurred_at or row.scan.local_time) == told


def test_the_number_that_was_asked_for_stands_in_for_one_that_is_not_told() -> None:
    mapping = for_nested(places={"time": ("at",), "code": ("code",)}, entries=())

    (row,) = rows(mapping, b'{"at": "2026-05-04T10:00Z", "code": "A1"}', asked="n 9")

    assert (row.scan.number, row.faults) == ("N9", [])


@pytest.mark.parametrize(
    ("body", "layout"),
    [
        (CSV.encode("cp1252"), Layout("csv", "cp1252", ";")),
        (CSV.encode("utf-16"), Layout("csv", "utf-16", ";")),
        (b"\xef\xbb\xbfa\tb\n1\t2\n", Layout("csv", "utf-8", "\t")),
        (nested(), Layout("json", "utf-8")),
        (lines(), Layout("json", "utf-8")),
    ],
)
def test_a_layout_is_recognised(body: bytes, layout: Layout) -> None:
    assert detect(body) == layout


def test_a_body_in_another_writing_is_unreadable_and_not_an_error_of_ours() -> None:
    for body in (b"\xff\xfe\xff", b"{]", b"[[[["):
        with pytest.raises(Unreadable):
            rows(for_nested(), body)


def test_places_and_lists_of_a_sample_are_found() -> None:
    found = places(NESTED)

    assert found[("parcels", "order/no.")] == "#1043"
    assert lists(NESTED) == [(), ("parcels",), ("parcels", "tracking"), ("parcels", "events"), ("parcels", "events", "status")]
    assert [parsed(written(keys)) for keys in found] == list(found)


@pytest.mark.parametrize(
    ("changes", "told"),
    [
        ({}, []),
        ({"places": {}}, [("number", "required"), ("time", "required"), ("code", "required")]),
        ({"always": {}}, [("carrier", "required")]),
        ({"always": {"carrier": "acme", "country": "Germany"}}, [("always_country", "country")]),
        ({"always": {"carrier": "!!"}}, [("always_carrier", "carrier")]),
        ({"times": "own", "pattern": "%H:%M"}, [("pattern", "pattern")]),
        ({"times": "own", "pattern": "%Y %Q"}, [("pattern", "pattern")]),
        ({"zone": "Mars/Olympus"}, [("zone", "zone")]),
        ({"layout": Layout("csv", "utf-8", "ab")}, [("delimiter", "delimiter")]),
        ({"layout": Layout("csv", "klingon", ";")}, [("encoding", "choice")]),
    ],
)
def test_a_bad_mapping_is_refused_by_the_field(changes: dict[str, object], told: list[tuple[str, str]]) -> None:
    assert [(one.field, one.reason) for one in faults(for_csv(**changes))] == told


def test_a_mapping_is_kept_as_it_was() -> None:
    for mapping in (for_csv(zone="Europe/Berlin"), for_nested(), Mapping()):
        assert read(stored(mapping)) == mapping


JSON = st.recursive(
    st.none() | st.integers() | st.text(max_size=3),
    lambda inner: st.lists(inner, max_size=2) | st.dictionaries(st.text("a./~", max_size=2), inner, max_size=2),
    max_leaves=4,
)


@settings(max_examples=25, suppress_health_check=[HealthCheck.too_slow], deadline=None)
@given(JSON)
def test_no_body_breaks_the_search_for_places(body: object) -> None:
    for keys in places(body):
        assert parsed(written(keys)) == keys
    assert lists(body)[0] == ()
