"""Replays in portions, and what a pause leaves behind."""

from datetime import timedelta
from typing import Any

import pytest

from integrations import tasks as housekeeping
from integrations.connections import keep, replay, tasks
from integrations.models import Connection, Delivery, InboundDelivery, Replay
from postpurchase.lib import clock, ids
from postpurchase.lib.states import IllegalMove
from postpurchase.tenancy.models import Merchant
from postpurchase.tenancy.scope import in_merchant

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)


@pytest.fixture
def source(in_ann: Merchant) -> Connection:
    return keep.add("shopify", label="Shop")[0]


def log(source: Connection, count: int, state: str = Delivery.FAILED, *, ago: timedelta = timedelta(hours=1), **given: Any) -> None:
    at = clock.machine_now() - ago
    first = ids.first_of(at).int
    rows = [
        InboundDelivery(
            pk=ids.uuid.UUID(int=first + n), connection=source, delivery_id=f"{at}-{state}-{n}", topic="t", headers={}, state=state,
            **{"body": b"{}", "attempts": 3, "error": "x"} | given,
        )
        for n in range(count)
    ]  # fmt: skip
    InboundDelivery.objects.bulk_create(rows)


def begin(source: Connection, what: str = "unread", *, since: timedelta = DAY, until: timedelta = timedelta()) -> Replay | None:
    now = clock.machine_now()
    return replay.begin(source, now - since, now - until, what=what, by="Ann")


def counts() -> dict[str, int]:
    found: dict[str, int] = {}
    for state in InboundDelivery.objects.values_list("state", flat=True):
        found[state] = found.get(state, 0) + 1
    return found


def test_a_replay_goes_portion_by_portion_to_its_end(source: Connection, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(replay, "PORTION", 4)
    log(source, 10)
    log(source, 3, Delivery.DONE)
    log(source, 2, ago=3 * DAY)
    row = begin(source)
    assert row is not None

    steps = []
    while replay.work():
        row.refresh_from_db()
        steps.append(row.done)

    row.refresh_from_db()
    assert (steps, row.done, row.total, row.finished_at is None) == ([4, 8], 10, 10, False)
    assert counts() == {Delivery.DUE: 10, Delivery.DONE: 3, Delivery.FAILED: 2}
    assert set(InboundDelivery.objects.filter(state=Delivery.DUE).values_list("attempts", "error")) == {(0, "")}


@pytest.mark.parametrize(("what", "left"), [("unread", 4), ("failed", 5), ("parked", 6), ("all", 0)])
def test_what_is_read_again_is_chosen(source: Connection, what: str, left: int) -> None:
    for n, state in enumerate((Delivery.FAILED, Delivery.PARKED, Delivery.DONE, Delivery.IGNORED, Delivery.FAILED)):
        log(source, 2 if state in (Delivery.DONE, Delivery.IGNORED) else 1, state, ago=timedelta(minutes=n + 1))

    begin(source, what)
    replay.work()

    assert counts().get(Delivery.DUE, 0) == 7 - left


def test_a_full_inbox_is_not_filled_further(source: Connection, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(replay, "PORTION", 4)
    monkeypatch.setattr(replay, "ENOUGH", 8)
    log(source, 20)
    begin(source)

    assert [replay.work(), replay.work(), replay.work()] == [True, True, False]
    assert counts() == {Delivery.DUE: 8, Delivery.FAILED: 12}
    InboundDelivery.objects.filter(state=Delivery.DUE).update(state=Delivery.DONE)
    while replay.work():
        InboundDelivery.objects.filter(state=Delivery.DUE).update(state=Delivery.DONE)
    assert Replay.objects.get().done == 20


def test_erased_bodies_are_passed_over(source: Connection) -> None:
    log(source, 2, body=b"")
    begin(source)
    replay.work()

    assert counts() == {Delivery.FAILED: 2}


def test_a_second_replay_waits_for_the_first(source: Connection) -> None:
    log(source, 1)
    begin(source)

    with pytest.raises(IllegalMove, match="under way"):
        begin(source)
    assert Replay.objects.count() == 1
    assert begin(source, "parked") is None


def test_a_lost_replay_is_taken_up_by_the_sweep(ann: Merchant, settled: Any) -> None:
    with in_merchant(ann):
        source = keep.add("shopify", label="Shop")[0]
        log(source, 3)
        begin(source)

    with settled():
        tasks.resume_replays()

    with in_merchant(ann):
        assert Replay.objects.get().finished_at is not None


def test_what_came_in_the_moment_of_resuming_is_freed(ann: Merchant, bob: Merchant) -> None:
    with in_merchant(ann):
        log(keep.add("shopify", label="On")[0], 2, Delivery.HELD)
    with in_merchant(bob):
        paused = keep.add("shopify", label="Paused")[0]
        keep.switch(paused, on=False)
        log(paused, 2, Delivery.HELD)

    tasks.free_stragglers()

    with in_merchant(ann):
        assert counts() == {Delivery.DUE: 2}
    with in_merchant(bob):
        assert counts() == {Delivery.HELD: 2}


def test_old_replays_and_what_was_held_too_long_are_forgotten(ann: Merchant) -> None:
    with in_merchant(ann):
        source = keep.add("shopify", label="Shop")[0]
        log(source, 1, Delivery.HELD, ago=31 * DAY)
        log(source, 1, Delivery.HELD, ago=29 * DAY)
        log(source, 1)
        begin(source)
        replay.work()
        Replay.objects.update(finished_at=clock.machine_now() - 31 * DAY)

    tasks.forget_replays()
    housekeeping.forget_deliveries()

    with in_merchant(ann):
        assert (Replay.objects.count(), counts()) == (0, {Delivery.HELD: 1, Delivery.DUE: 1})


def test_there_are_at_most_forty_connections_and_no_name_twice(source: Connection, monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(keep.Unfit, match="choose another"):
        keep.add("shopify", label=" Shop ")
    monkeypatch.setattr(keep, "MOST", 1)
    with pytest.raises(keep.Unfit, match="remove one first"):
        keep.add("easypost", label="Carriers")
