"""What a flow may be: every fault is told, with its step."""

from datetime import date
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from notifications import definition
from notifications.definition import BadFlow, conditions
from notifications.definition.check import GUARDS, past
from notifications.guards import NAMED

SEND = {"do": "send", "id": "mail", "template": "delivered"}
ASKS = {"is": "field", "field": "order.country", "op": "is", "value": "DE"}


def flow(*steps: dict[str, Any], **others: Any) -> dict[str, Any]:
    return {"triggers": [{"event": "order.placed"}], "key": "order", "stream": "transactional", "steps": list(steps), **others}


def asking(**changes: Any) -> dict[str, Any]:
    """A fork with a condition, changed."""
    return flow({"do": "split", "id": "s", "branches": [{"name": "x", "when": ASKS | changes, "next": "mail"}]}, SEND)


def faults(raw: dict[str, Any]) -> list[tuple[str, str]]:
    try:
        definition.read(raw)
    except BadFlow as error:
        return [(one.step, one.text) for one in error.problems]
    return []


@pytest.mark.parametrize(
    ("raw", "step", "said"),
    [
        (flow(SEND | {"next": "nowhere"}), "mail", "leads to “nowhere”, which does not exist"),
        (
            flow({"do": "wait", "id": "a", "days": 1, "next": "b"}, {"do": "wait", "id": "b", "days": 1, "next": "a"}),
            "a",
            "goes round in a circle: a → b → a",
        ),
        (flow(SEND | {"next": ""}, {"do": "end", "id": "lost"}), "lost", "no way leads here"),
        (
            flow({"do": "wait", "id": "w", "days": 1, "anchor": "delivered"}, SEND),
            "w",
            "counts from delivered, which may not come: say how long to wait for it, and what then",
        ),
        (
            flow({"do": "wait", "id": "w", "on": "2030-01-01", "days": 2}, SEND),
            "w",
            "waits until a day, so it cannot wait a number of days as well",
        ),
        (flow({"do": "until", "id": "u", "days": 1}, SEND), "u", "waits for nothing: name an event or a condition"),
        (flow({"do": "until", "id": "u", "events": [{"event": "order.delivered"}]}, SEND), "u", "needs a longest time to wait"),
        (asking(field="order.colour"), "s", "there is nothing called “order.colour” to ask about"),
        (asking(op="gt"), "s", "“order.country” cannot be compared by “gt”; it takes is, is_not, any_of, contains, starts"),
        (asking(value=4), "s", "“order.country is” needs a word"),
        (
            flow(
                {"do": "ab", "id": "t", "arms": [{"name": "a", "share": 50, "next": "mail"}, {"name": "b", "share": 40, "next": ""}]}, SEND
            ),
            "t",
            "the arms’ shares come to 90 %; make them 100 %",
        ),
        (flow(SEND | {"unless": ["raining"]}), "mail", "no check is called “raining”"),
        (flow({"do": "tag", "id": "t"}, SEND), "t", "names no tag to add or to take off"),
        (flow(SEND, key="shipment"), "", "“order.placed” is about no parcel: let the flow run for each order"),
        (
            flow(SEND, triggers=[{"event": "shipment.moved", "where": {"colour": ["red"]}}]),
            "",
            "“shipment.moved” has nothing called “colour”",
        ),
        (flow(SEND | {"useless_after_hours": 0}), "mail", "Expected `int` >= 1 - at `$.steps[0].useless_after_hours`"),
    ],
)
def test_a_fault_is_told_with_its_step(raw: dict[str, Any], step: str, said: str) -> None:
    assert (step, said) in faults(raw)


def test_a_day_in_the_past_is_told_when_a_flow_is_saved_and_not_when_it_is_read() -> None:
    plan = definition.read(flow({"do": "wait", "id": "w", "on": "2026-01-05"}, SEND))

    assert [(one.step, one.text) for one in past(plan, date(2026, 1, 6))] == [
        ("w", "waits until 2026-01-05, which is past; choose a day to come")
    ]
    assert not list(past(plan, date(2026, 1, 5)))


def test_a_step_that_says_nothing_goes_on_to_the_one_below_it() -> None:
    plan = definition.read(flow({"do": "wait", "id": "w", "days": 1}, SEND, {"do": "end", "id": "fin"}))

    assert [definition.ways(step) for step in plan.steps] == [["mail"], ["fin"], []]
    assert definition.read(definition.stored(plan)) == plan


NAMES = [f"n{number}" for number in range(8)]


@given(st.lists(st.tuples(st.sampled_from([*NAMES, ""]), st.sampled_from([*NAMES, ""])), min_size=1, max_size=8))
def test_a_flow_is_refused_just_where_a_way_dangles_goes_round_or_leads_nowhere(ways: list[tuple[str, str]]) -> None:
    steps = [
        {"do": "until", "id": NAMES[place], "events": [{"event": "order.delivered"}], "days": 1, "next": on, "timeout": late}
        for place, (on, late) in enumerate(ways)
    ]
    known = {step["id"]: [way for way in (step["next"], step["timeout"]) if way] for step in steps}

    def runs(node: str, path: tuple[str, ...]) -> bool:
        return node not in path and node in known and all(runs(way, (*path, node)) for way in known[node])

    def seen(node: str, found: set[str]) -> set[str]:
        for way in known.get(node, []):
            if way not in found:
                found |= seen(way, found | {way})
        return found

    good = runs(NAMES[0], ()) and seen(NAMES[0], {NAMES[0]}) == set(known)

    assert (faults(flow(*steps)) == []) is good


FACTS = {"order.total": 5000, "order.country": "DE", "order.tags": ["VIP", "gift"], "order.refunded": False, "shipment.carrier": None}


@pytest.mark.parametrize(
    ("asked", "holds"),
    [
        ({"is": "field", "field": "order.total", "op": "gte", "value": 5000}, True),
        ({"is": "field", "field": "order.total", "op": "lt", "value": 5000}, False),
        ({"is": "field", "field": "order.country", "op": "is", "value": "de"}, True),
        ({"is": "field", "field": "order.country", "op": "any_of", "value": ["AT", "DE"]}, True),
        ({"is": "field", "field": "order.tags", "op": "has_any", "value": ["vip"]}, True),
        ({"is": "field", "field": "order.tags", "op": "has_all", "value": ["vip", "new"]}, False),
        ({"is": "field", "field": "order.tags", "op": "has_none", "value": ["new"]}, True),
        ({"is": "field", "field": "order.refunded", "op": "is", "value": False}, True),
        ({"is": "field", "field": "shipment.carrier", "op": "is", "value": "dhl"}, False),
        ({"is": "field", "field": "shipment.carrier", "op": "is_not", "value": "dhl"}, True),
        ({"is": "field", "field": "shipment.attempts", "op": "gt", "value": 0}, False),
        ({"is": "not", "of": {"is": "field", "field": "order.total", "op": "gt", "value": 1}}, False),
        ({"is": "all", "of": [{"is": "field", "field": "order.total", "op": "gt", "value": 1}, ASKS]}, True),
        ({"is": "any", "of": [{"is": "field", "field": "order.total", "op": "lt", "value": 1}, ASKS]}, True),
    ],
)
def test_a_condition_holds_of_what_it_says(asked: dict[str, Any], holds: bool) -> None:
    fork = {"do": "split", "id": "s", "branches": [{"name": "x", "when": asked, "next": "mail"}]}
    plan = definition.read(flow(fork, SEND))

    assert conditions.holds(plan.steps[0].branches[0].when, FACTS) is holds  # type: ignore[union-attr]


def test_a_flow_of_five_megabytes_is_refused() -> None:
    [(step, said)] = faults(flow(SEND | {"template": "x" * 5_000_000}))

    assert step == "mail"
    assert said.endswith("bytes; a flow may have 256,000: put long texts in templates")


def test_every_check_that_a_step_may_name_is_there() -> None:
    assert set(GUARDS) == set(NAMED)
