"""From a step to where a flow rests next."""

from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from hypothesis import given
from hypothesis import strategies as st

from notifications import definition
from notifications.walk import Parked, Rest, Sight, arm_of, walk
from tests.notifications.test_definition import ASKS, SEND, flow

NOW = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)
BERLIN = ZoneInfo("Europe/Berlin")


def sight(now: datetime = NOW, *, country: str = "DE", person: str = "anna", **anchors: datetime | None) -> Sight:
    return Sight(now, BERLIN, {"trigger": NOW, "placed": NOW, **anchors}, person, facts=lambda: {"order.country": country})


def rest_of(*steps: dict[str, Any], at: str = "", seen: Sight | None = None, parked: Parked | None = None) -> Rest:
    plan = definition.read(flow(*steps))
    return walk(plan, at or plan.start, seen or sight(), flow="f", parked=parked)


def passed(rest: Rest) -> list[tuple[str, str, str]]:
    return [(one.node, one.verdict, one.reason) for one in rest.visits]


LATE = {"do": "wait", "id": "w", "days": 1, "anchor": "estimate", "before": True, "at": "10:00", "missing": {"days": 5, "next": ""}}


def test_a_wait_that_leads_straight_to_a_message_is_planned_at_once() -> None:
    rest = rest_of({"do": "wait", "id": "w", "days": 3, "at": "10:00"}, SEND)

    assert (rest.node, rest.due, rest.wake) == ("mail", datetime(2026, 11, 26, 9, 0, tzinfo=UTC), None)
    assert passed(rest) == [("w", "wait", "2026-11-26T09:00:00+00:00")]


def test_a_wait_before_a_fork_rests_and_asks_when_it_is_over() -> None:
    fork = {"do": "split", "id": "s", "branches": [{"name": "home", "when": ASKS, "next": "mail"}], "otherwise": ""}
    steps = ({"do": "wait", "id": "w", "days": 3}, fork, SEND)

    first = rest_of(*steps)
    home = rest_of(*steps, at="w", seen=sight(NOW + timedelta(days=3)), parked=Parked(first.wake))
    away = rest_of(*steps, at="w", seen=sight(NOW + timedelta(days=3), country="FR"), parked=Parked(first.wake))

    assert (first.node, first.wake, passed(first)) == ("w", NOW + timedelta(days=3), [])
    assert (home.node, passed(home)[1]) == ("mail", ("s", "branch", "home"))
    assert (away.over, passed(away)[1]) == (True, ("s", "branch", ""))


def test_an_anchor_that_has_not_come_is_waited_for_and_then_the_fallback_taken_never_at_once() -> None:
    first = rest_of(LATE, SEND)
    late = rest_of(LATE, SEND, seen=sight(NOW + timedelta(days=5)))
    known = rest_of(LATE, SEND, seen=sight(estimate=datetime(2026, 11, 25, 23, 0, tzinfo=UTC)))

    assert (first.node, first.wake) == ("w", NOW + timedelta(days=5))
    assert (late.over, passed(late)) == (True, [("w", "fallback", "estimate")])
    assert (known.node, known.wake) == ("w", datetime(2026, 11, 25, 9, 0, tzinfo=UTC))  # ten in Berlin, the day before the 26th


def test_an_event_a_condition_or_time_ends_a_wait_for_something() -> None:
    until = {"do": "until", "id": "u", "events": [{"event": "order.delivered"}], "when": ASKS, "days": 2, "timeout": ""}
    away = sight(country="FR")
    waiting = rest_of(until, SEND, seen=away)

    assert (waiting.node, waiting.wake) == ("u", NOW + timedelta(days=2))
    assert passed(rest_of(until, SEND)) == [("u", "happened", "")]  # already so
    assert passed(rest_of(until, SEND, seen=away, parked=Parked(waiting.wake, "order.delivered"))) == [("u", "happened", "order.delivered")]
    later = sight(NOW + timedelta(days=2), country="FR")
    assert passed(rest_of(until, SEND, seen=later, parked=Parked(waiting.wake))) == [("u", "timeout", "")]


def test_a_wait_from_here_keeps_its_end_when_it_is_looked_at_again() -> None:
    steps = ({"do": "wait", "id": "w", "days": 3, "anchor": "here"}, {"do": "tag", "id": "t", "add": ["x"]}, SEND)
    first = rest_of(*steps)
    again = rest_of(*steps, seen=sight(NOW + timedelta(days=1)), parked=Parked(first.wake))

    assert (again.node, again.wake) == ("w", first.wake) == ("w", NOW + timedelta(days=3))


@given(st.lists(st.integers(1, 98), min_size=1, max_size=3), st.text(min_size=1, max_size=12))
def test_a_person_stays_in_the_same_arm(shares: list[int], person: str) -> None:
    shares = shares if sum(shares) < 99 else [50]
    arms = [{"name": f"a{place}", "share": share, "next": "mail"} for place, share in enumerate([*shares, 100 - sum(shares)])]
    plan = definition.read(flow({"do": "ab", "id": "t", "arms": arms}, SEND))
    trial: Any = plan.steps[0]

    assert arm_of(trial, person, "f") == arm_of(trial, person, "f") in range(len(arms))


def test_arms_get_their_shares() -> None:
    arms = [{"name": "a", "share": 80, "next": "mail"}, {"name": "b", "share": 20, "next": ""}]
    trial: Any = definition.read(flow({"do": "ab", "id": "t", "arms": arms}, SEND)).steps[0]

    drawn = [arm_of(trial, str(number), "f") for number in range(10_000)]

    assert 0.19 < sum(drawn) / 10_000 < 0.21
