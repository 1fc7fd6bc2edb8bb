"""At-least-once delivery, exactly-once effect: repeats, races, failures, poison, and what a dead broker lost."""

import threading
from collections.abc import Callable
from datetime import timedelta

import pytest
from django.db import connections

from orders.models import Customer, Line
from postpurchase.events import bus, tasks
from postpurchase.events.catalogue import OrderPlaced
from postpurchase.events.models import DomainEvent, Receipt
from postpurchase.events.tasks import GIVE_UP, relay, relay_batch, sweep
from postpurchase.jobs import eager
from postpurchase.lib import clock
from postpurchase.lib.ids import uuid7
from postpurchase.tenancy import scope
from postpurchase.tenancy.models import Merchant
from postpurchase.tenancy.scope import every_tenant, in_merchant
from tests.events.conftest import Subscribe


def publish(merchant: Merchant, count: int = 1) -> None:
    with eager.collected(), in_merchant(merchant):
        bus.publish_all(OrderPlaced(order_id=uuid7()) for _ in range(count))


def retry_now(merchant: Merchant) -> None:
    with in_merchant(merchant):
        DomainEvent.objects.update(retry_at=clock.machine_now() - timedelta(seconds=1))


def state(merchant: Merchant) -> tuple[bool, int, str]:
    with in_merchant(merchant):
        event = DomainEvent.objects.get()
    return event.relayed_at is not None, event.attempts, event.error


@pytest.mark.django_db(transaction=True)
def test_a_handler_runs_once_in_the_merchants_scope_however_often_the_event_is_relayed(ann: Merchant, subscribe: Subscribe) -> None:
    seen: list[object] = []
    subscribe("h", lambda fact: seen.append(scope.merchant_id()))
    publish(ann)

    for _ in range(3):
        relay(str(ann.pk))

    assert seen == [ann.pk]
    with in_merchant(ann):
        assert Receipt.objects.count() == 1


@pytest.mark.django_db(transaction=True)
def test_a_repeat_that_forgot_it_was_done_still_has_its_receipt(ann: Merchant, subscribe: Subscribe) -> None:
    seen: list[object] = []
    subscribe("h", seen.append)
    publish(ann)
    relay(str(ann.pk))

    with in_merchant(ann):
        DomainEvent.objects.update(relayed_at=None)
    relay(str(ann.pk))

    assert len(seen) == 1
    assert state(ann)[0]


@pytest.mark.django_db(transaction=True)
def test_two_relays_at_once_share_the_work_and_repeat_none(ann: Merchant, subscribe: Subscribe, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tasks, "BATCH", 5)
    seen: list[object] = []
    both_hold_a_batch = threading.Barrier(2, timeout=10)
    first = threading.local()

    def handler(fact: OrderPlaced) -> None:
        if not getattr(first, "waited", False):
            first.waited = True
            both_hold_a_batch.wait()
        seen.append(fact.order_id)
        Customer.objects.create(email=f"{fact.order_id}@x.example")

    subscribe("h", handler)
    publish(ann, 40)

    in_threads(lambda: relay(str(ann.pk)), 2)

    assert len(seen) == len(set(seen)) == 40
    with in_merchant(ann):
        assert Customer.objects.count() == Receipt.objects.count() == 40
        assert DomainEvent.objects.filter(relayed_at=None).count() == 0


def in_threads(work: Callable[[], object], count: int) -> None:
    """Run it in so many threads at once, each with a database connection of its own; errors are raised here."""
    errors: list[BaseException] = []

    def run() -> None:
        try:
            work()
        except BaseException as error:
            errors.append(error)
        finally:
            connections.close_all()

    threads = [threading.Thread(target=run) for _ in range(count)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=30)
    if errors:
        raise errors[0]


@pytest.mark.django_db(transaction=True)
def test_a_failing_handler_is_postponed_and_later_succeeds_without_repeating_the_others(ann: Merchant, subscribe: Subscribe) -> None:
    ran: list[str] = []
    broken = True

    def second(fact: OrderPlaced) -> None:
        Customer.objects.create(email="half@x.example")
        if broken:
            raise ValueError("no paper")
        ran.append("second")

    subscribe("first", lambda fact: ran.append("first"))
    subscribe("second", second)
    subscribe("third", lambda fact: ran.append("third"))
    publish(ann)

    relay(str(ann.pk))

    assert ran == ["first"]
    assert state(ann) == (False, 1, "second: no paper")
    with in_merchant(ann):
        assert Customer.objects.count() == 0  # its half-done work is gone

    relay(str(ann.pk))

    assert ran == ["first"]  # its time has not come

    broken = False
    retry_now(ann)
    relay(str(ann.pk))

    assert ran == ["first", "second", "third"]
    assert state(ann)[0]


@pytest.mark.django_db(transaction=True)
def test_poison_is_given_up_after_eight_tries_and_stays_listed_with_its_error(ann: Merchant, subscribe: Subscribe) -> None:
    tries: list[object] = []

    def poison(fact: OrderPlaced) -> None:
        tries.append(fact)
        raise ValueError("always")

    subscribe("h", poison)
    publish(ann)

    for _ in range(GIVE_UP + 2):
        relay(str(ann.pk))
        retry_now(ann)

    assert len(tries) == GIVE_UP == 8
    assert state(ann) == (False, 8, "h: always")


@pytest.mark.django_db(transaction=True)
def test_poison_does_not_hold_up_the_events_behind_it(ann: Merchant, subscribe: Subscribe) -> None:
    seen: list[object] = []

    def handler(fact: OrderPlaced) -> None:
        seen.append(fact.order_id)
        if len(seen) == 1:
            raise ValueError

    subscribe("h", handler)
    publish(ann, 3)

    relay(str(ann.pk))

    assert len(seen) == 3
    with in_merchant(ann):
        assert DomainEvent.objects.filter(relayed_at=None).count() == 1


@pytest.mark.django_db(transaction=True)
def test_an_event_that_cannot_be_read_fails_alone(ann: Merchant, subscribe: Subscribe) -> None:
    seen: list[object] = []
    subscribe("h", seen.append)
    publish(ann, 2)
    with in_merchant(ann):
        broken = DomainEvent.objects.order_by("id")[0]
        DomainEvent.objects.filter(pk=broken.pk).update(payload={"order_id": "no id"})

    relay(str(ann.pk))

    assert len(seen) == 1
    with in_merchant(ann):
        assert DomainEvent.objects.get(relayed_at=None).pk == broken.pk
        assert DomainEvent.objects.get(relayed_at=None).attempts == 1


@pytest.mark.django_db(transaction=True)
def test_a_key_that_breaks_only_at_commit_fails_its_own_event_alone(ann: Merchant, subscribe: Subscribe) -> None:
    def handler(fact: OrderPlaced) -> None:
        Customer.objects.create(email=f"{fact.order_id}@x.example")
        if DomainEvent.objects.order_by("id")[0].subject == fact.order_id:
            Line.objects.create(order_id=uuid7(), external_id="1", position=0, title="of no order", quantity=1, unit_price=1)

    subscribe("h", handler)
    publish(ann, 3)

    relay(str(ann.pk))

    with in_merchant(ann):
        assert Customer.objects.count() == 2
        assert "same_merchant" in DomainEvent.objects.get(relayed_at=None).error


@pytest.mark.django_db(transaction=True)
def test_an_event_without_handlers_is_done(ann: Merchant, subscribe: Subscribe) -> None:
    publish(ann)

    relay(str(ann.pk))

    assert state(ann) == (True, 0, "")


@pytest.mark.django_db(transaction=True)
def test_the_sweep_finds_what_a_lost_nudge_left_for_each_merchant(ann: Merchant, bob: Merchant, subscribe: Subscribe) -> None:
    seen: list[object] = []
    subscribe("h", lambda fact: seen.append(scope.merchant_id()))
    publish(ann)
    publish(bob)

    with eager.collected() as waiting:
        sweep()
        assert eager.run(waiting) == 2
        sweep()
        assert waiting == []

    assert set(seen) == {ann.pk, bob.pk}


@pytest.mark.django_db(transaction=True)
def test_a_batch_takes_no_more_than_its_size_and_relay_goes_on(
    ann: Merchant, subscribe: Subscribe, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(tasks, "BATCH", 3)
    subscribe("h", lambda fact: None)
    publish(ann, 7)

    assert relay_batch(ann.pk) == 3
    relay(str(ann.pk))

    with every_tenant("test"):
        assert DomainEvent.objects.filter(relayed_at=None).count() == 0
