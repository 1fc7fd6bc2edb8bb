"""A tenant task is one scope and one transaction; errors roll it back; a task with network holds none."""

from datetime import timedelta
from typing import Any

import pytest
from django.db import connection

from orders.models import Customer
from postpurchase.celery import app
from postpurchase.jobs import queues
from postpurchase.jobs.retry import backoff
from postpurchase.tenancy import scope
from postpurchase.tenancy.models import Merchant
from postpurchase.tenancy.scope import NoMerchant, in_merchant


@pytest.mark.django_db(transaction=True)
def test_the_body_runs_in_the_merchants_scope(ann: Merchant, own_task: Any) -> None:
    seen: list[object] = []

    def body(self: Any, merchant_id: str) -> None:
        seen.append((scope.merchant_id(), connection.in_atomic_block))
        Customer.objects.create(email="a@x.example")

    own_task(body)(str(ann.pk))

    assert seen == [(ann.pk, True)]
    with in_merchant(ann):
        assert Customer.objects.count() == 1


@pytest.mark.django_db(transaction=True)
def test_an_error_rolls_the_body_back_and_the_next_task_starts_clean(ann: Merchant, bob: Merchant, own_task: Any) -> None:
    def body(self: Any, merchant_id: str, fail: bool) -> None:
        Customer.objects.create(email="a@x.example")
        if fail:
            raise ValueError

    made = own_task(body)
    with pytest.raises(ValueError):
        made(str(ann.pk), True)
    made(str(bob.pk), False)

    for merchant, count in (ann, 0), (bob, 1):
        with in_merchant(merchant):
            assert Customer.objects.count() == count


@pytest.mark.django_db(transaction=True)
def test_a_task_with_network_holds_no_transaction_and_opens_its_own_scopes(ann: Merchant, own_task: Any) -> None:
    seen: list[object] = []

    def body(self: Any, merchant_id: str) -> None:
        seen.append((scope.current(), connection.in_atomic_block))
        with pytest.raises(NoMerchant):
            Customer.objects.count()
        with in_merchant(merchant_id):
            seen.append(Customer.objects.count())

    own_task(body, network=True)(str(ann.pk))

    assert seen == [(None, False), 0]


def test_every_task_of_ours_stands_on_a_queue_we_serve() -> None:
    ours = {name: task for name, task in app.tasks.items() if not name.startswith("celery.")}

    assert {name: task.queue for name, task in ours.items() if task.queue not in queues.QUEUES} == {}
    assert ours.keys() >= {"postpurchase.events.tasks.relay", "postpurchase.events.tasks.sweep"}


def test_every_sweep_on_the_timetable_exists_and_expires_before_it_piles_up() -> None:
    for name, entry in app.conf.beat_schedule.items():
        assert entry["task"] == name
        assert name in app.tasks
        assert entry["options"]["expires"] <= max(entry["schedule"], 5)


def test_backoff_doubles_from_two_seconds_to_a_quarter_of_an_hour_with_jitter() -> None:
    for attempt, seconds in (1, 2), (2, 4), (3, 8), (9, 512), (10, 900), (50, 900):
        assert timedelta(seconds=seconds) <= backoff(attempt) <= timedelta(seconds=seconds * 1.25)
