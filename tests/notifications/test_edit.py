"""Flows edited: examples of each act, and any sequence of acts."""

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec.structs import replace as having

from notifications.definition import (
    Arm,
    Branch,
    Definition,
    End,
    Missing,
    Send,
    Split,
    Step,
    Tag,
    Tell,
    Trial,
    Trigger,
    Until,
    Wait,
    linked,
    stored,
    ways,
)
from notifications.definition.check import problems
from notifications.definition.conditions import Asks
from notifications.editing import edit, shape
from notifications.editing.edit import Unfit

VIP = Asks(field="customer.tags", op="has_any", value=["vip"])
BROKEN = ("does not exist", "circle", "no way leads", "same name")


def send(name: str, on: str | None = None) -> Send:
    return Send(id=name, template="follow_up", next=on)


def flow(*steps: Step) -> Definition:
    return linked(Definition(triggers=[Trigger(event="order.placed")], key="order", stream="transactional", steps=list(steps)))


def split(name: str, *on: str) -> Split:
    branches = [Branch(name=f"Branch {n}", when=VIP, next=way) for n, way in enumerate(on[:-1])]
    return Split(id=name, branches=branches, otherwise=on[-1])


FORKED = flow(send("a"), split("s", "b", "c"), send("b", "d"), send("c", "d"), send("d"))
NOTHING = flow(End(id="end"))


def drawn(of: Definition) -> str:
    """The drawing as text: a s(b|c) d."""
    return _chain(shape.draw(of).chain)


def _chain(chain: shape.Chain) -> str:
    said = []
    for item in chain.items:
        inner = "|".join(_chain(way.chain) for way in item.ways)
        said.append(f"{item.step.id}({inner})" if item.ways else item.step.id)
    return " ".join(said)


def test_ways_are_drawn_side_by_side_until_they_meet() -> None:
    assert drawn(FORKED) == "a s(b|c) d"
    assert drawn(flow(split("s", "b", "e"), send("b", ""), End(id="e"))) == "s(b|e)"
    assert drawn(flow(split("s", "t", "d"), split("t", "b", "d"), send("b", "d"), send("d"))) == "s(t(b|)|) d"


def test_a_draft_that_goes_round_or_leads_nowhere_can_be_drawn() -> None:
    round_ = flow(send("a", "b"), send("b", "a"))

    assert drawn(round_) == "a b"
    assert drawn(flow(send("a", "gone"))) == "a"
    assert [step.id for step in shape.draw(flow(send("a", ""), send("b", ""))).loose] == ["b"]


def test_a_first_step_takes_the_place_of_nothing() -> None:
    assert edit.insert(NOTHING, shape.TOP, send("a")) == flow(send("a"))
    assert edit.remove(flow(send("a")), "a") == NOTHING


@pytest.mark.parametrize(
    ("place", "looks"),
    [
        (".start", "x a s(b|c) d"), ("a.0", "a x s(b|c) d"), ("s.0", "a s(x b|c) d"), ("b.0", "a s(b x|c) d"), ("s.1", "a s(b|x c) d"),
        ("s.below", "a s(b|c) x d"), ("d.0", "a s(b|c) d x"),
    ],
)  # fmt: skip
def test_a_step_is_put_into_every_connection(place: str, looks: str) -> None:
    longer = edit.insert(FORKED, place, send("x"))

    assert drawn(longer) == looks
    assert edit.remove(longer, "x") == FORKED


def test_an_end_is_put_only_where_it_cuts_nothing_off() -> None:
    assert drawn(edit.insert(FORKED, "b.0", End(id="e"))) == "a s(b e|c d)"
    with pytest.raises(Unfit, match="cut off"):
        edit.insert(FORKED, "a.0", End(id="e"))


def test_of_a_fork_one_way_can_stay() -> None:
    assert [drawn(edit.remove(FORKED, "s", keep)) for keep in (0, 1, None)] == ["a b d", "a c d", "a d"]
    with pytest.raises(Unfit):
        edit.remove(FORKED, "s", 2)


@pytest.mark.parametrize(
    ("node", "direction", "looks"),
    [
        ("d", "up", "a s(b d|c)"), ("a", "down", "s(a b|c) d"), ("b", "up", "a b s(|c) d"), ("b", "down", "a s(|c) b d"),
        ("b", "right", "a s(|b c) d"), ("c", "left", "a s(c b|) d"), ("s", "up", "s(b|c) a d"), ("s", "down", "a d s(b|c)"),
    ],
)  # fmt: skip
def test_a_step_moves_over_its_neighbours_and_into_and_out_of_branches(node: str, direction: edit.Direction, looks: str) -> None:
    assert drawn(edit.shift(FORKED, node, direction)) == looks


@pytest.mark.parametrize(("node", "direction"), [("a", "up"), ("d", "down"), ("b", "left"), ("a", "right")])
def test_at_the_edge_a_step_stays(node: str, direction: edit.Direction) -> None:
    with pytest.raises(Unfit):
        edit.shift(FORKED, node, direction)


def test_a_fork_is_not_moved_into_itself() -> None:
    with pytest.raises(Unfit, match="into itself"):
        edit.move(FORKED, "s", "b.0")


def test_a_copy_follows_with_all_that_hangs_in_it() -> None:
    assert [drawn(edit.duplicate(FORKED, node)[0]) for node in ("a", "b", "s")] == [
        "a a-2 s(b|c) d", "a s(b b-2|c) d", "a s(b|c) s-2(b-2|c-2) d",
    ]  # fmt: skip


def test_branches_come_and_go_and_are_asked_in_another_order() -> None:
    three = edit.add_way(FORKED, "s")
    swapped = edit.raise_way(three, "s", 1)

    assert drawn(three) == "a s(b||c) d"
    assert drawn(swapped) == "a s(|b|c) d"
    assert drawn(edit.remove_way(swapped, "s", 1)) == "a s(|c) d"
    with pytest.raises(Unfit):
        edit.remove_way(FORKED, "s", 0)


def test_the_arms_of_a_test_always_make_100() -> None:
    arms = [Arm(name="A", share=50, next="b"), Arm(name="B", share=50, next="")]
    trial = flow(Trial(id="ab", arms=arms), send("b"))

    three = edit.add_way(trial, "ab")

    assert [arm.share for arm in three.step("ab").arms] == [34, 33, 33]  # type: ignore[union-attr]
    assert [arm.share for arm in edit.remove_way(three, "ab", 2).step("ab").arms] == [50, 50]  # type: ignore[union-attr]


def test_a_wait_without_its_anchor_stays_together_with_its_way_on_or_goes_its_own() -> None:
    together = flow(Wait(id="w", days=1, anchor="delivered", missing=Missing(days=9, next="a")), send("a"))
    apart = edit.replace(together, having(together.step("w"), missing=Missing(days=9, next="")))

    assert drawn(edit.insert(together, "w.0", send("x"))) == "w x a"
    assert ways(edit.insert(together, "w.0", send("x")).step("w")) == ["x", "x"]
    assert ways(edit.insert(apart, "w.0", send("x")).step("w")) == ["x", ""]


def fresh(kind: str, taken: Definition) -> Step:
    name = edit.fresh_id((step.id for step in taken.steps), kind)
    if kind == "split":
        return split(name, "", "", "")
    if kind == "ab":
        return Trial(id=name, arms=[Arm(name="A", share=50, next=""), Arm(name="B", share=50, next="", holdout=True)])
    if kind == "wait":
        return Wait(id=name, anchor="delivered", missing=Missing(days=5, next=""))
    if kind == "until":
        return Until(id=name, events=[Trigger(event="order.delivered")], days=3)
    plain: dict[str, Step] = {"tell": Tell(id=name, to="team", text="Look"), "tag": Tag(id=name, add=["x"]), "end": End(id=name)}
    return plain.get(kind) or send(name)


def places(of: Definition) -> list[str]:
    found = [shape.TOP]
    for spot in shape.walk(shape.draw(of).chain):
        found += [way.chain.entry for way in spot.item.ways]
        found += [shape.below(spot.item)] if shape.exits(spot.item) else []
    return found


KINDS = ("send", "wait", "until", "split", "ab", "tell", "tag", "end")
ACTS = st.lists(st.tuples(st.integers(0, 8), st.integers(0, 99), st.integers(0, 99)), max_size=25)


def act(of: Definition, which: int, one: int, two: int) -> Definition:
    node, place = of.steps[one % len(of.steps)].id, places(of)[two % len(places(of))]
    acts: list[Any] = [
        lambda: edit.insert(of, place, fresh(KINDS[one % len(KINDS)], of)),
        lambda: edit.insert(of, place, fresh(KINDS[two % len(KINDS)], of)),
        lambda: edit.remove(of, node, two % 4 if two % 4 < 3 else None),
        lambda: edit.move(of, node, place),
        lambda: edit.shift(of, node, ("up", "down", "left", "right")[two % 4]),  # type: ignore[arg-type]
        lambda: edit.duplicate(of, node)[0],
        lambda: edit.add_way(of, node),
        lambda: edit.remove_way(of, node, two % 3),
        lambda: edit.raise_way(of, node, two % 3),
    ]
    result: Definition = acts[which]()
    return result


@settings(max_examples=100, deadline=None)
@given(ACTS)
def test_whatever_is_done_no_way_leads_into_nothing_or_in_a_circle(acts: list[tuple[int, int, int]]) -> None:
    now, done = NOTHING, []
    for which, one, two in acts:
        before = stored(now)
        try:
            after = act(now, which, one, two)
        except Unfit:
            after = now
        assert stored(now) == before  # so that what was before can be restored
        done.append(now)
        now = after
        assert [one for one in problems(now) if any(said in one.text for said in BROKEN)] == []
        assert len(now.steps) <= edit.MOST
        read = [spot.item.step.id for spot in shape.walk(shape.draw(now).chain)]
        assert read == [step.id for step in now.steps]


@settings(max_examples=80, deadline=None)
@given(ACTS, st.sampled_from(["send", "tell", "tag", "wait"]), st.integers(0, 99))
def test_what_was_just_put_in_can_be_taken_out_again(acts: list[tuple[int, int, int]], kind: str, where: int) -> None:
    now = NOTHING
    for which, one, two in acts:
        try:
            now = act(now, which, one, two)
        except Unfit:
            continue
    if len(now.steps) == edit.MOST:
        return
    step = fresh(kind, now)

    longer = edit.insert(now, places(now)[where % len(places(now))], step)

    assert edit.remove(longer, step.id) == now
