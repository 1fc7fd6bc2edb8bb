"""Nudges: many commits become one task, no commit waits for the broker, and a lost broker loses time only."""

import logging
import os
import subprocess
import sys
import threading

import pytest
from django.conf import settings
from django.db import transaction
from redis import Redis

from orders.models import Customer
from postpurchase.celery import app
from postpurchase.events import bus
from postpurchase.events.catalogue import OrderCancelled
from postpurchase.events.models import DomainEvent
from postpurchase.events.tasks import relay, sweep
from postpurchase.jobs import courier, eager, nudge
from postpurchase.jobs.courier import Courier
from postpurchase.jobs.queues import EVENTS
from postpurchase.lib.ids import uuid7
from postpurchase.tenancy.models import Merchant
from postpurchase.tenancy.scope import in_merchant

RELAY = "postpurchase.events.tasks.relay"


class Idle(Courier):
    """Does not set out by himself: deliver() makes him."""

    def __init__(self) -> None:
        super().__init__()
        self._thread = threading.current_thread()

    def forget(self) -> None:
        """Drop what opening the shops has given him."""
        self._wanted.clear()


@pytest.fixture
def idle(monkeypatch: pytest.MonkeyPatch) -> Idle:
    mine = Idle()
    monkeypatch.setattr(courier, "_courier", mine)
    return mine


@pytest.mark.django_db(transaction=True)
def test_many_commits_become_one_task_of_each_merchant(idle: Idle, broker: Redis, ann: Merchant, bob: Merchant) -> None:
    idle.forget()
    for merchant in (ann, bob, ann, ann):
        with in_merchant(merchant):
            nudge.after_commit(RELAY, merchant.pk)
    assert broker.llen(EVENTS) == 0

    idle.deliver()

    assert broker.llen(EVENTS) == 2
    idle.deliver()
    assert broker.llen(EVENTS) == 2


@pytest.mark.django_db(transaction=True)
def test_the_couriers_thread_sets_out_by_itself(ann: Merchant, broker: Redis, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(courier, "_courier", Courier())

    with in_merchant(ann):
        nudge.after_commit(RELAY, ann.pk)

    queue, _ = broker.blpop([EVENTS], timeout=10)
    assert queue == EVENTS.encode()


@pytest.mark.django_db(transaction=True)
def test_a_rollback_sends_no_nudge(idle: Idle, broker: Redis, ann: Merchant) -> None:
    idle.forget()
    with pytest.raises(ValueError), in_merchant(ann):
        nudge.after_commit(RELAY, ann.pk)
        relay.enqueue(ann)
        raise ValueError

    idle.deliver()
    assert broker.llen(EVENTS) == 0


@pytest.mark.django_db(transaction=True)
def test_a_dead_broker_fails_no_commit_and_holds_up_none(
    idle: Idle, no_broker: None, ann: Merchant, caplog: pytest.LogCaptureFixture
) -> None:
    with in_merchant(ann):
        Customer.objects.create(email="a@x.example")
        relay.enqueue(ann)  # returns without a try to connect: only the courier talks to the broker

    with caplog.at_level(logging.WARNING):
        idle.deliver()

    assert "waits for its sweep" in caplog.text
    with in_merchant(ann):
        assert Customer.objects.count() == 1


@pytest.mark.django_db(transaction=True)
def test_deleting_all_of_redis_costs_latency_only(idle: Idle, broker: Redis, ann: Merchant) -> None:
    with in_merchant(ann):
        order = uuid7()
        bus.publish(OrderCancelled(order_id=order))
    idle.deliver()
    assert broker.llen(EVENTS) == 1

    broker.flushdb()
    with eager.collected() as waiting:
        sweep()
        eager.run(waiting)

    with in_merchant(ann):
        assert DomainEvent.objects.get(subject=order).relayed_at is not None


def test_a_courier_whose_thread_was_lost_in_a_fork_takes_another(broker: Redis) -> None:
    lost = Courier()
    lost._thread = threading.Thread(target=lambda: None)  # never started: not alive, as after a fork

    lost.add(relay, [str(uuid7())])

    assert broker.blpop([EVENTS], timeout=10) is not None


def test_a_plain_web_process_knows_every_task_that_a_nudge_may_name() -> None:
    program = "import django; django.setup(); from postpurchase.celery import app; print(*app.tasks)"
    told = subprocess.run(
        [sys.executable, "-c", program],
        capture_output=True,
        text=True,
        check=True,
        cwd=settings.BASE_DIR,
        env=dict(os.environ) | {"DJANGO_SETTINGS_MODULE": "postpurchase.settings"},
    )

    assert RELAY in told.stdout.split()


def test_what_is_collected_runs_in_order_with_what_it_enqueues(db: None) -> None:
    ran: list[str] = []

    @app.task(name="tests.second")
    def second(word: str) -> None:
        ran.append(word)

    @app.task(name="tests.first")
    def first(word: str) -> None:
        ran.append(word)
        courier.take(second, [word + "!"])

    with eager.collected() as waiting:
        courier.take(first, ["a"])
        courier.take(first, ["b"])
        assert ran == []

        assert eager.run(waiting) == 4

    assert ran == ["a", "b", "a!", "b!"]
    for name in "tests.first", "tests.second":
        app.tasks.pop(name)


def test_collecting_ends_with_its_block(idle: Idle, db: None) -> None:
    with eager.collected() as waiting:
        pass

    with transaction.atomic():
        courier.take(relay, ["x"])

    assert waiting == []
    assert not eager.collect(relay, ["x"])
