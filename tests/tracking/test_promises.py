"""The engine of delivery promises: curves, open parcels, no look ahead, and shares that hold on lanes whose truth is known."""

import random
from datetime import date
from statistics import fmean

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tracking.promises.curve import LEVELS, Counts, level_of, masses, quantiles, read, remaining
from tracking.promises.fit import fit, whole
from tracking.promises.lanes import MIXED, MOVED, Known, Lanes, Parcel
from tracking.promises.levels import Score, corrected
from tracking.promises.walk import Said, walk

FIRST = date(2024, 1, 1).toordinal()
DAYS = st.dictionaries(st.integers(-30, 120), st.floats(0.01, 50), min_size=1, max_size=30)


def lane_of(name: str, start: int, end: int | None) -> Parcel:
    return Parcel(start, end, (("to", name[0]), ("lane", name)), (("to", name[0]), ("weekday", str(start % 7))))


def history(seed: int, count: int, *, shock: bool = False) -> list[Parcel]:
    """Parcels of six lanes over 16 months; each lane's days are a gamma of a known mean."""
    luck, found = random.Random(seed), []
    for _ in range(count):
        start, lane = FIRST + luck.randrange(480), luck.choice(("AX", "AY", "AZ", "BX", "BY", "CX"))
        mean = {"A": 4.0, "B": 8.0, "C": 14.0}[lane[0]] + "XYZ".index(lane[1])
        slow = 1.4 if shock and 250 <= start - FIRST < 330 else 1.0
        found.append(lane_of(lane, start, start + max(1, round(luck.gammavariate(5, mean * slow / 5)))))
    return found


def kept(said: list[Said]) -> float:
    return fmean((one.parcel.end or 0) - one.parcel.start <= one.forecast.p80 for one in said if one.parcel.end)


@given(DAYS, st.dictionaries(st.integers(-30, 120), st.floats(0.01, 50), max_size=10))
def test_quantiles_never_fall(arrived: dict[int, float], still_open: dict[int, float]) -> None:
    steps = masses(Counts(arrived, still_open))

    found = quantiles(steps) if steps else ()

    assert list(found) == sorted(found)


@given(DAYS, st.floats(0.02, 0.98))
def test_a_level_and_its_days_are_each_others_inverse(arrived: dict[int, float], level: float) -> None:
    curve = quantiles(masses(Counts(arrived)))

    assert read(curve, level_of(curve, read(curve, level))) == pytest.approx(read(curve, level), abs=1e-6)


@given(DAYS, st.integers(0, 60))
def test_open_parcels_never_make_a_promise_earlier(arrived: dict[int, float], elapsed: int) -> None:
    without = quantiles(masses(Counts(arrived)))
    steps = masses(Counts(arrived, {elapsed: 10.0}))

    assert not steps or all(late >= early - 1e-6 for late, early in zip(quantiles(steps), without, strict=True))


def test_open_parcels_raise_the_promise() -> None:
    arrived = {2: 50.0, 3: 30.0, 5: 20.0}

    plain, warned = quantiles(masses(Counts(arrived))), quantiles(masses(Counts(arrived, {4: 60.0})))

    assert whole(read(plain, 0.8)) == 3
    assert whole(read(warned, 0.8)) == 5


@given(DAYS, st.integers(0, 150), st.sampled_from(LEVELS))
def test_what_remains_lies_after_what_is_over(arrived: dict[int, float], elapsed: int, level: float) -> None:
    curve = quantiles(masses(Counts(arrived)))

    assert whole(remaining(curve, elapsed, level)) >= elapsed
    assert remaining(curve, elapsed, 0.8) >= remaining(curve, elapsed, 0.5)


def test_a_small_lane_leans_on_its_parent_and_a_large_one_on_itself() -> None:
    lanes = Lanes()
    for _ in range(300):
        lanes.add(lane_of("AX", FIRST, FIRST + 10), 10)
        lanes.add(lane_of("AY", FIRST, FIRST + 2), 2)
    for _ in range(3):
        lanes.add(lane_of("AZ", FIRST, FIRST + 30), 30)
    known = Known(lanes, FIRST + 40)

    found = {
        name: {style: read(known.curve(lane_of(name, FIRST + 40, None), style), 0.5) for style in (MIXED, MOVED)} for name in ("AX", "AZ")
    }

    assert all(9 < days < 11 for days in found["AX"].values())
    assert all(days < 20 for days in found["AZ"].values())


@settings(max_examples=10, deadline=None)
@given(st.integers(0, 10**6), st.integers(150, 400))
def test_the_future_changes_nothing_that_was_said(seed: int, cut: int) -> None:
    whole_story, today = history(seed % 5, 900), FIRST + cut
    luck = random.Random(seed)
    changed = [
        one if one.start < today and one.end is not None and one.end < today
        else one._replace(end=luck.choice((None, max(today, one.start) + luck.randrange(90))))
        for one in whole_story
    ]  # fmt: skip
    luck.shuffle(changed)
    month = date.fromordinal(today).replace(day=1).toordinal()

    before = sorted((one.parcel.start, one.parcel.ladder, one.forecast) for one in walk(whole_story) if one.parcel.start < month)
    after = sorted((one.parcel.start, one.parcel.ladder, one.forecast) for one in walk(changed) if one.parcel.start < month)

    assert before == after


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_eight_of_ten_come_by_the_promised_day_where_nothing_changes(seed: int) -> None:
    said = walk(history(seed, 6000))

    assert 0.78 <= kept(said) <= 0.82
    for lane in "ABC":
        assert 0.75 <= kept([one for one in said if one.parcel.ladder[0] == ("to", lane)]) <= 0.85


def test_a_slow_season_is_caught_up_with() -> None:
    said = walk(history(4, 8000, shock=True))

    assert 0.77 <= kept(said) <= 0.83
    assert kept([one for one in said if 300 <= one.parcel.start - FIRST < 330]) >= 0.7


def test_a_level_that_was_kept_too_seldom_is_raised() -> None:
    late = [Score(FIRST + n % 20, 0.5 + n % 50 / 100, True) for n in range(400)]

    assert corrected(late, FIRST + 20, 0.8) == pytest.approx(0.9, abs=0.03)
    assert corrected([], FIRST, 0.8) == 0.8
    assert corrected([Score(FIRST - 500, 0.99, True)], FIRST, 0.8) == 0.8


def test_open_forecasts_raise_the_level_before_they_are_late_for_all() -> None:
    came = [Score(FIRST + n, n / 40, True) for n in range(40)]
    waiting = [Score(FIRST + n, 0.7, False) for n in range(40)]

    assert corrected([*came, *waiting], FIRST + 40, 0.8) > corrected(came, FIRST + 40, 0.8)


def test_without_outcomes_levels_stay_as_they_are() -> None:
    assert fit([], FIRST, lost=0.0, patience=30)[MIXED].levels == (0.1, 0.5, 0.8, 0.95)


def test_what_came_before_its_scheduled_day_teaches_from_that_day_on() -> None:
    def rest(ahead: int) -> list[Said]:
        """A parcel a day, on its scheduled day; of those scheduled for the last month every fifth comes `ahead` days early."""
        parcels = [lane_of("AX", FIRST + n, FIRST + n - (ahead if n >= 180 and n % 5 == 0 else 0)) for n in range(210)]
        return [one for one in walk(parcels) if one.parcel.start < FIRST + 180]

    assert [one.forecast for one in rest(100)] == [one.forecast for one in rest(0)]
