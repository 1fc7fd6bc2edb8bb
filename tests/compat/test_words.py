"""Words, times and days, without a database but for what lanes have taught."""

from datetime import UTC, date, datetime, time
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from api.aftership.show import WORDS
from api.aftership.wanted import SLUGS
from api.compat import countries, values
from api.compat.words import word
from api.trackingmore.show import WORDS as MORE
from api.trackingmore.wanted import CODES
from integrations.carriers import directory, mapping
from postpurchase.tenancy.models import Merchant
from postpurchase.tenancy.problems import Problem
from tracking.groups import MOVING, home, journey, keys_of, text
from tracking.models import LaneStat, Shipment, Status
from tracking.predict import Handling, Way, picked_up, predict
from tracking.promises.lanes import month_of

BERLIN = ZoneInfo("Europe/Berlin")
COARSER = {  # statuses for which a service has no word of its own: what its word means to us when it comes back
    ("aftership", "unknown"): "pending",
    ("trackingmore", "unknown"): "pending",
    ("trackingmore", "lost_or_destroyed"): "exception",
}


def test_a_status_said_in_their_words_means_the_same_when_it_comes_back() -> None:
    for source, words in {"aftership": WORDS.tags, "trackingmore": MORE}.items():
        for name in [*mapping.OURS, *Status.values]:
            status, _, substatus = name.partition("/")
            said = word(words, status, substatus)
            assert said, name
            back = mapping.meaning(source, f"x/{said}").status
            assert back == COARSER.get((source, status), status), (source, name, said)
    assert set(WORDS.tags.values()) == set(WORDS.messages)


def test_a_carriers_code_comes_back_as_it_was_sent() -> None:
    sent = ("dhl", "dhl-germany", "royal-mail", "spain-correos-es", "acme-post")
    assert [SLUGS.ours(code) for code in sent] == ["dhl_express", "dhl", "royal_mail", "correos", "acme_post"]
    assert tuple(SLUGS.theirs(SLUGS.ours(code)) for code in sent) == sent
    for codes in (SLUGS, CODES):
        assert {codes.ours(codes.theirs(code)) for code in directory.CARRIERS} == set(directory.CARRIERS)
        assert {codes.ours(code) for code in codes._ours} <= set(directory.CARRIERS)


@settings(max_examples=30, deadline=None)
@given(st.one_of(st.text(max_size=30), st.datetimes().map(str), st.dates().map(lambda day: day.strftime("%Y%m%d"))))
def test_a_time_a_day_or_a_country_is_read_or_refused_by_its_name(told: str) -> None:
    for read in (lambda: values.moment(told, "/at", BERLIN), lambda: values.day(told, "/at"), lambda: values.country(told, "/at")):
        try:
            found = read()
        except Problem as why:
            assert (why.status, why.errors and why.errors[0]["pointer"]) == (422, "/at")
        else:
            assert not isinstance(found, datetime) or found.tzinfo is not None


def test_times_without_an_offset_are_the_shops_and_a_lost_plus_is_found() -> None:
    assert values.moment("2026-03-02T09:30:00", "/at", BERLIN) == datetime(2026, 3, 2, 8, 30, tzinfo=UTC)
    assert values.moment("2026-03-02 09:30:00", "/at", BERLIN) == datetime(2026, 3, 2, 8, 30, tzinfo=UTC)
    assert values.moment("2026-03-02T09:30:00 08:00", "/at", BERLIN) == datetime(2026, 3, 2, 1, 30, tzinfo=UTC)
    assert values.day("20260302", "/at") == values.day("2026-03-02T23:00:00Z", "/at") == date(2026, 3, 2)


def test_countries_have_two_letters_here_and_three_there() -> None:
    assert [countries.two(code) for code in ("DEU", "us", "", "QQQ", "Germany")] == ["DE", "US", "", None, None]
    assert [countries.three(code) for code in ("DE", "GB", "CD", "")] == ["DEU", "GBR", "COD", None]


def test_an_order_becomes_a_parcel_on_days_on_which_work_is_done() -> None:
    friday = datetime(2026, 3, 6, 17, 0, tzinfo=BERLIN)
    how = Handling(time(16), frozenset({1, 2, 3, 4, 5}), 1, 0)

    assert picked_up(friday, how) == datetime(2026, 3, 10, 16, 0, tzinfo=BERLIN)
    assert picked_up(friday, Handling(None, frozenset(), 0, 3.5)) == datetime(2026, 3, 6, 20, 30, tzinfo=BERLIN)


@pytest.mark.django_db
def test_a_known_lane_says_when_eight_of_ten_would_arrive(in_ann: Merchant) -> None:
    monday = datetime(2026, 3, 2, 10, 0, tzinfo=BERLIN)
    parcel = Shipment(carrier="dhl", origin_country="DE", created_at=monday, first_scan_at=monday)
    parcel.ship_to, parcel.postcode = "DE", "80331"
    trip = journey(parcel, MOVING, home())
    month = month_of(trip.start.toordinal()) - 1
    for key in keys_of(trip.parcel(trip.start)):
        LaneStat.objects.create(key=text(MOVING, key), month=month, arrived={"1": 30, "2": 55, "4": 15})

    known = predict(Way("dhl", "", "DE", "DE", "80331", monday))
    unknown = predict(Way("dhl", "", "DE", "FR", "75001", monday))

    assert (known.earliest, known.expected, known.confidence) == (date(2026, 3, 3), date(2026, 3, 4), 0.8)
    assert unknown.confidence is None
    assert unknown.earliest < unknown.expected == unknown.latest
