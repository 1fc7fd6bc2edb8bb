"""When nobody answers, or not well: the schedule, the circuit, what a dead worker leaves."""

import itertools
import uuid
from collections.abc import Callable, Iterator
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from integrations.models import EndpointState, Outbound, WebhookAttempt, WebhookDelivery
from integrations.webhooks import deliver, endpoints, outbox, schedule
from postpurchase.events import bus
from postpurchase.events.models import DomainEvent
from postpurchase.lib import clock, faults
from postpurchase.lib.states import IllegalMove
from postpurchase.tenancy.models import Merchant
from postpurchase.tenancy.scope import in_merchant
from tests.webhooks.conftest import NOW, Told, place, relay, send
from tests.webhooks.receiver import Receiver

pytestmark = pytest.mark.django_db
SECOND, HOUR, DAY = timedelta(seconds=1), timedelta(hours=1), timedelta(days=1)


def states(merchant: Merchant) -> list[str]:
    with in_merchant(merchant):
        return list(WebhookDelivery.objects.order_by("id").values_list("state", flat=True))


def outcomes(merchant: Merchant) -> list[tuple[int, str, int | None]]:
    with in_merchant(merchant):
        return list(WebhookAttempt.objects.order_by("delivery_id", "number").values_list("number", "outcome", "status"))


def due_in(merchant: Merchant, hands: clock.Hands) -> timedelta:
    with in_merchant(merchant):
        return WebhookDelivery.objects.get(state=Outbound.DUE).due_at - hands.at


def test_a_failing_delivery_is_tried_ten_times_over_three_days(
    ann: Merchant, endpoint: Told, receiver: Receiver, now: clock.Hands, no_jitter: None
) -> None:
    receiver.answers = [500]
    place(ann)
    waits = []

    while send():
        if states(ann) == [Outbound.DUE]:
            waits.append(due_in(ann, now))
            assert send() == 0  # nothing before its time
            now.advance(waits[-1])

    assert [int(wait.total_seconds()) for wait in waits] == [5, 300, 1800, 7200, 18000, 36000, 50400, 72000, 86400]
    assert timedelta(hours=75) < now.at - NOW < timedelta(hours=76)
    assert states(ann) == [Outbound.FAILED]
    assert outcomes(ann) == [(number, "answered", 500) for number in range(1, 11)]
    assert len({one.id for one in receiver.heard}) == 1
    assert all(one.holds(endpoint.secret) for one in receiver.heard)


@given(st.integers(1, 9), st.integers(0, 10**9))
def test_every_wait_is_the_schedules_with_up_to_a_fifth_on_top_or_what_the_answer_asked(tries: int, asked: int) -> None:
    pause = schedule.wait(tries, asked=asked)

    assert pause is not None
    planned, given_ = schedule.WAITS[tries], min(asked, schedule.LONGEST_ASKED)
    assert max(planned, given_) <= pause.total_seconds() <= max(planned * (1 + schedule.JITTER), given_)
    assert schedule.wait(tries + 9) is None


@given(st.floats(0, 10), st.integers(0, 10))
def test_an_endpoint_is_given_up_after_five_days_and_three_spent_deliveries(days: float, failed: int) -> None:
    assert schedule.given_up(NOW, NOW + timedelta(days=days), failed) is (days >= 5 and failed >= 3)


@pytest.mark.parametrize("status", [301, 302, 307, 400, 401, 404, 429, 500, 503])
def test_anything_but_2xx_is_a_failure(ann: Merchant, endpoint: Told, receiver: Receiver, status: int) -> None:
    receiver.answers = [(status, {"Location": receiver.url + "/elsewhere"}, b"")]
    place(ann)

    send()

    assert states(ann) == [Outbound.DUE]
    assert len(receiver.heard) == 1


def test_retry_after_is_waited_for(ann: Merchant, endpoint: Told, receiver: Receiver, now: clock.Hands) -> None:
    receiver.answers = [(429, {"Retry-After": "3600"}, b"")]
    place(ann)

    send()

    assert due_in(ann, now) == HOUR


def test_a_success_ends_it_and_is_the_end_of_failing(ann: Merchant, endpoint: Told, receiver: Receiver, now: clock.Hands) -> None:
    receiver.answers = [500, 200]
    place(ann)
    send()
    assert endpoint.again().failing_since == NOW

    now.advance(timedelta(minutes=1))
    send()

    assert states(ann) == [Outbound.DONE]
    row = endpoint.again()
    assert (row.failing_since, row.last_success_at) == (None, now.at)


def test_nobody_listening_is_a_failure_that_is_told_in_words(ann: Merchant, endpoint: Told, receiver: Receiver) -> None:
    place(ann)
    receiver.stop()

    send()

    with in_merchant(ann):
        attempt = WebhookAttempt.objects.get()
    assert (attempt.outcome, attempt.error) == ("silent", "No connection could be made.")
    receiver.start()


def test_410_stops_the_endpoint_at_once_and_keeps_what_waits(ann: Merchant, endpoint: Told, receiver: Receiver) -> None:
    receiver.answers = [410]
    place(ann)
    with in_merchant(ann):  # a second one, due later
        first = WebhookDelivery.objects.get()
        WebhookDelivery.objects.create(endpoint=endpoint.row, event_id=first.pk, kind=first.kind, body=first.body, due_at=NOW + HOUR)

    send()
    place(ann)

    row = endpoint.again()
    assert (row.state, row.stopped_for, row.stopped_at) == (EndpointState.STOPPED, "gone", NOW)
    assert states(ann) == [Outbound.FAILED, Outbound.HELD, Outbound.HELD]
    assert send() == 0
    with in_merchant(ann):
        told = DomainEvent.objects.get(kind="webhook.stopped")
    assert (told.subject, told.payload["reason"]) == (row.pk, "gone")


def fail_for_days(merchant: Merchant, hands: clock.Hands, until: Callable[[], bool]) -> None:
    """Time passes, an order a day comes in, everything due is sent."""
    for hour in itertools.count():
        if until():
            return
        if hour % 24 == 0:
            place(merchant)
        hands.advance(HOUR)
        send()
        assert hour < 24 * 20


def test_an_endpoint_that_takes_nothing_for_five_days_is_stopped_and_the_team_is_told(
    ann: Merchant, endpoint: Told, receiver: Receiver, now: clock.Hands
) -> None:
    receiver.answers = [500]

    fail_for_days(ann, now, lambda: endpoint.again().state == EndpointState.STOPPED)

    assert timedelta(days=5) <= now.at - NOW < timedelta(days=8)
    assert endpoint.again().stopped_for == "failing"
    assert states(ann).count(Outbound.FAILED) >= 3
    assert Outbound.DUE not in states(ann)
    with in_merchant(ann):
        assert DomainEvent.objects.filter(kind="webhook.stopped").count() == 1


def test_one_success_in_between_keeps_it_on(ann: Merchant, endpoint: Told, receiver: Receiver, now: clock.Hands) -> None:
    receiver.answers = [500]
    fail_for_days(ann, now, lambda: now.at - NOW > timedelta(days=4, hours=12))
    receiver.answers = [200]
    with in_merchant(ann):
        WebhookDelivery.objects.update(due_at=now.at)
    send()
    receiver.answers = [500]

    fail_for_days(ann, now, lambda: now.at - NOW > timedelta(days=9))

    assert endpoint.again().state == EndpointState.ON


def test_off_keeps_what_it_would_have_been_told_and_a_replay_sends_it(
    ann: Merchant, endpoint: Told, receiver: Receiver, now: clock.Hands
) -> None:
    with in_merchant(ann):
        endpoints.switch(endpoint.row, on=False)
    place(ann)
    now.advance(HOUR)
    assert (send(), states(ann)) == (0, [Outbound.HELD])
    with in_merchant(ann), pytest.raises(IllegalMove):
        outbox.replay(endpoint.row, NOW, now.at)
    with in_merchant(ann):
        endpoints.switch(endpoint.row, on=True)
    assert (send(), states(ann)) == (0, [Outbound.HELD])

    with in_merchant(ann):
        assert outbox.replay(endpoint.row, NOW, now.at) == 1
    send()

    assert states(ann) == [Outbound.DONE]
    assert receiver.heard[0].holds(endpoint.secret)


@pytest.mark.parametrize(("what", "count"), [("failed", 1), ("undelivered", 2), ("all", 3)])
def test_a_range_of_time_is_replayed_by_what_became_of_it(
    ann: Merchant, endpoint: Told, receiver: Receiver, now: clock.Hands, what: str, count: int
) -> None:
    with in_merchant(ann):
        for hours, state in enumerate([Outbound.DONE, Outbound.FAILED, Outbound.HELD, Outbound.DUE, Outbound.FAILED]):
            told = {"event_id": uuid.UUID(int=hours + 1), "kind": "order.placed", "body": "{}", "created_at": NOW + hours * HOUR}
            WebhookDelivery.objects.create(endpoint=endpoint.row, state=state, due_at=NOW + DAY, **told)

        assert outbox.replay(endpoint.row, NOW, NOW + 4 * HOUR, what=what) == count

    assert send() == count
    assert states(ann)[3:] == [Outbound.DUE, Outbound.FAILED]  # waiting anyway; not in the range


def test_a_replay_starts_the_schedule_over_under_the_same_id(
    ann: Merchant, endpoint: Told, receiver: Receiver, now: clock.Hands, no_jitter: None
) -> None:
    place(ann)
    send()
    receiver.answers = [500]
    with in_merchant(ann):
        outbox.again(WebhookDelivery.objects.select_related("endpoint").get())

    send()

    assert due_in(ann, now) == 5 * SECOND
    assert outcomes(ann) == [(1, "delivered", 200), (2, "answered", 500)]
    assert receiver.heard[0].id == receiver.heard[1].id
    assert receiver.heard[0].body == receiver.heard[1].body
    with in_merchant(ann), pytest.raises(IllegalMove):
        outbox.again(WebhookDelivery.objects.select_related("endpoint").get())


@pytest.fixture
def dying() -> Iterator[Callable[[str], None]]:
    """dying("H2"): the worker ends when it comes to that point."""

    def at(point: str) -> None:
        def strike(reached: str) -> None:
            if reached == point:
                raise SystemExit(9)

        faults.arm(strike)

    yield at
    faults.arm(None)


def lease_runs_out(merchant: Merchant) -> None:
    with in_merchant(merchant):
        WebhookDelivery.objects.filter(state=Outbound.CLAIMED).update(lease_until=clock.machine_now() - SECOND)


@pytest.mark.parametrize(("point", "arrived"), [("H1", 0), ("H2", 1)])
def test_a_worker_that_dies_before_it_has_recorded_leaves_a_repeat_with_the_same_id(
    ann: Merchant, endpoint: Told, receiver: Receiver, now: clock.Hands, dying: Callable[[str], None], point: str, arrived: int
) -> None:
    """H1: claimed, not sent. H2: sent and answered, not recorded. At least once: the receiver tells repeats by the webhook-id."""
    place(ann)
    dying(point)
    with pytest.raises(SystemExit):
        send()
    faults.arm(None)
    assert (len(receiver.heard), states(ann)) == (arrived, [Outbound.CLAIMED])
    assert (send(), deliver.rescue()) == (0, 0)  # its lease still runs

    lease_runs_out(ann)
    assert deliver.rescue() == 1
    now.advance(timedelta(seconds=10))
    send()

    assert states(ann) == [Outbound.DONE]
    assert outcomes(ann) == [(1, "lost", None), (2, "delivered", 200)]
    assert len(receiver.heard) == arrived + 1
    assert len({one.id for one in receiver.heard}) == 1
    assert endpoint.again().failing_since is None


def test_a_worker_that_overslept_is_fenced_out(ann: Merchant, endpoint: Told, receiver: Receiver, now: clock.Hands) -> None:
    place(ann)
    (call,) = deliver.take(4, [])
    came = deliver.make(call)
    lease_runs_out(ann)
    deliver.rescue()

    assert deliver.record(call, came) is False

    assert states(ann) == [Outbound.DUE]
    assert outcomes(ann) == [(1, "lost", None)]


def test_an_event_is_shown_to_endpoints_although_a_handler_of_ours_fails(
    ann: Merchant, endpoint: Told, receiver: Receiver, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(bus._handlers["order.placed"], "broken", lambda fact: 1 / 0)

    place(ann)
    with in_merchant(ann):
        DomainEvent.objects.update(retry_at=None)
    relay(ann)

    assert send() == 1
    assert len(receiver.heard) == 1
