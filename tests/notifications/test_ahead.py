"""What may follow from a step on."""

from datetime import datetime, timedelta
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from notifications import definition
from notifications.definition import Send
from notifications.explain.ahead import Coming, ahead
from notifications.walk import Parked
from tests.notifications.test_definition import ASKS, SEND, flow
from tests.notifications.test_graph import SORRY, THANKS, UNTIL
from tests.notifications.test_walk import NOW, sight

LATER = {"do": "wait", "id": "w", "days": 3, "anchor": "delivered", "missing": {"days": 30, "next": ""}}


def coming(*steps: dict[str, Any], at: str = "", parked: Parked | None = None, **anchors: datetime | None) -> list[Coming]:
    plan = definition.read(flow(*steps))
    return ahead(plan, at or plan.start, sight(**anchors), flow="f", parked=parked)


def said(found: list[Coming]) -> list[tuple[str, datetime | None, list[tuple[str, str]]]]:
    return [(one.step.id, one.earliest, [(hinge.kind, hinge.what) for hinge in one.under]) for one in found]


def test_a_wait_whose_anchor_has_not_come_says_what_it_hangs_on() -> None:
    assert said(coming(LATER, SEND)) == [("mail", None, [("anchor", "delivered")])]
    assert said(coming(LATER, SEND, delivered=NOW)) == [("mail", NOW + timedelta(days=3), [])]


def test_a_wait_for_an_event_has_two_ways_and_the_time_out_its_time() -> None:
    found = coming(UNTIL, THANKS, SORRY, parked=Parked(NOW + timedelta(days=1)))

    assert said(found) == [
        ("thanks", None, [("event", "order.delivered")]),
        ("sorry", NOW + timedelta(days=1), [("timeout", "u")]),
    ]


def test_each_branch_is_named_and_what_comes_after_a_message_counts_from_it() -> None:
    fork = {"do": "split", "id": "s", "branches": [{"name": "home", "when": ASKS, "next": "mail"}], "otherwise": "late"}
    wait = {"do": "wait", "id": "late", "days": 2, "anchor": "here", "next": "second"}
    found = coming(fork, SEND | {"next": "late", "digest_minutes": 60}, wait, {"do": "send", "id": "second", "template": "follow_up"})

    assert said(found) == [
        ("mail", NOW + timedelta(hours=1), [("branch", "home")]),
        ("second", NOW + timedelta(days=2, hours=1), [("branch", "home")]),
    ]


def test_a_person_in_a_test_is_told_of_their_own_arm_only() -> None:
    arms = [{"name": "a", "share": 50, "next": "mail"}, {"name": "b", "share": 50, "next": "other"}]
    found = coming({"do": "ab", "id": "t", "arms": arms}, SEND | {"next": ""}, {"do": "send", "id": "other", "template": "delayed"})

    assert len(found) == 1


STEPS = st.lists(st.sampled_from(["wait", "send", "until", "split"]), min_size=1, max_size=8)


@given(STEPS, st.booleans())
def test_never_more_than_the_steps_that_write(kinds: list[str], delivered: bool) -> None:
    steps: list[dict[str, Any]] = []
    for place, kind in enumerate(kinds):
        name, on = f"n{place}", f"n{place + 1}"
        steps.append(
            {
                "wait": LATER | {"id": name, "next": on, "missing": {"days": 9, "next": on}},
                "send": SEND | {"id": name, "next": on},
                "until": UNTIL | {"id": name, "next": on, "timeout": on},
                "split": {"do": "split", "id": name, "branches": [{"name": "x", "when": ASKS, "next": on}], "otherwise": on},
            }[kind]
        )
    steps.append({"do": "end", "id": f"n{len(kinds)}"})
    plan = definition.loose(flow(*steps))

    found = ahead(plan, plan.start, sight(delivered=NOW if delivered else None), flow="f")

    assert [one.step.id for one in found] == [one.id for one in plan.steps if isinstance(one, Send)]
    assert all(one.earliest is None or one.earliest >= NOW for one in found)
