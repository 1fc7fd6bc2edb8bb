"""Copies of an order may come in any order, more than once, and at the same time: the row ends the same, and every fact is told once."""

import threading
import uuid
from collections import Counter
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection, transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from integrations.models import Connection
from integrations.types import OrderData, Outcome
from orders.intake import record_orders
from orders.models import Customer, Line, Order, OrderChange, Refund
from postpurchase.events import tasks as event_tasks
from postpurchase.events.models import DomainEvent
from postpurchase.jobs import eager
from postpurchase.tenancy.models import Merchant
from postpurchase.tenancy.scope import in_merchant
from tests.factories import PLACED, address_data, later, line_data, order_data, refund_data

VERSIONS = 5
RELAY = event_tasks.relay  # what a commit nudges: its name must be known to this process
OURS = {"id", "customer_id", "recorded_at"}


def versions() -> list[OrderData]:
    """An order's life: paid, a line swapped, refunded in part, cancelled with a new address."""
    refund = refund_data()
    order = order_data(external_id="1", order_discount=1001)
    swapped = later(order, lines=[order.lines[0], line_data(external_id="hat", unit_price=990)], extra={"note": "swap"})
    refunded = later(swapped, refunds=[refund], financial_status="partially_refunded")
    cancelled = later(refunded, cancelled_at=PLACED + timedelta(hours=3), shipping_address=address_data(city="Bonn"))
    return [order, later(order, hours=0.5), swapped, refunded, cancelled]


def state() -> tuple[Any, ...]:
    [row] = Order.objects.values()
    lines = Line.objects.filter(removed_at=None).order_by("position").values()
    refunds = Refund.objects.values("external_id", "amount", "reason", "lines", "processed_at")
    return (
        {name: value for name, value in row.items() if name not in OURS},
        [{name: value for name, value in line.items() if name not in ("id", "order_id")} for line in lines],
        list(refunds),
        Order.objects.get().customer.email,
    )


@pytest.mark.django_db
@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data())
def test_any_order_of_arrival_ends_in_the_same_row(ann_api: Connection, data: st.DataObject) -> None:
    copies = versions()
    repeated = data.draw(st.permutations([*range(VERSIONS), *data.draw(st.lists(st.integers(0, VERSIONS - 1), max_size=5))]))
    cuts = sorted(data.draw(st.sets(st.integers(1, len(repeated)), max_size=4)) | {0, len(repeated)})

    with transaction.atomic():
        record_orders([copies[-1]], connection_id=ann_api.pk)
        wanted = state()
        transaction.set_rollback(True)
    with transaction.atomic():
        for start, end in zip(cuts, cuts[1:], strict=False):
            record_orders([copies[n] for n in repeated[start:end]], connection_id=ann_api.pk)
        found, told = state(), Counter(DomainEvent.objects.values_list("kind", flat=True))
        before = DomainEvent.objects.count(), OrderChange.objects.count()
        repeats = record_orders([copies[n] for n in repeated], connection_id=ann_api.pk)
        after = DomainEvent.objects.count(), OrderChange.objects.count()
        transaction.set_rollback(True)

    assert found == wanted
    assert (told["order.placed"], told["order.cancelled"], told["order.refunded"]) == (1, 1, 1)
    assert before == after
    assert {result.outcome for result in repeats} <= {Outcome.UNCHANGED, Outcome.STALE}


def at_once(*work: Callable[[], None]) -> None:
    """Run each in a thread and connection of its own, all started together; an error in one is raised."""
    barrier, errors = threading.Barrier(len(work)), []

    def run(one: Callable[[], None]) -> None:
        try:
            with eager.collected():
                barrier.wait(timeout=20)
                one()
        except Exception as error:  # it is handed to the test
            errors.append(error)
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=(one,)) for one in work]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=60)
    if errors:
        raise errors[0]


@pytest.mark.django_db(transaction=True)
def test_overlapping_batches_at_once_neither_deadlock_nor_tell_twice(ann: Merchant) -> None:
    with in_merchant(ann):
        shop = Connection.objects.get().pk
    orders = [order_data(external_id=f"{n:03d}", email=f"p{n % 17}@example.com", refunds=[refund_data()]) for n in range(60)]
    newer = [later(order, financial_status="refunded", email=f"q{n % 13}@example.com") for n, order in enumerate(orders)]

    def record(copies: list[OrderData]) -> Callable[[], None]:
        def run() -> None:
            for start in range(0, len(copies), 20):
                with in_merchant(ann):
                    record_orders(copies[start : start + 20], connection_id=shop)

        return run

    at_once(record(orders), record(orders[::-1]), record(orders[10:] + orders[:10]))
    at_once(record(newer), record(newer[::-1]), record(orders[::-1]), record(newer[10:] + orders[:10]))

    with in_merchant(ann):
        told = Counter(DomainEvent.objects.values_list("kind", "subject"))
        assert Counter(kind for kind, _ in told) == {"order.placed": 60, "order.refunded": 60, "order.changed": 60}
        assert set(told.values()) == {1}
        assert OrderChange.objects.count() == 60
        assert set(Order.objects.values_list("financial_status", flat=True)) == {"refunded"}
        assert (Order.objects.count(), Line.objects.count(), Refund.objects.count()) == (60, 120, 60)
        assert Customer.objects.count() <= 30


@pytest.mark.django_db(transaction=True)
def test_a_loser_of_a_race_for_a_new_order_sees_what_the_winner_wrote(ann: Merchant) -> None:
    with in_merchant(ann):
        shop = Connection.objects.get().pk
    order, outcomes = order_data(), []

    def record() -> None:
        with in_merchant(ann):
            [result] = record_orders([order], connection_id=shop)
        outcomes.append((result.outcome, result.id))

    at_once(record, record, record)

    ids: set[uuid.UUID] = {row_id for _, row_id in outcomes}
    assert Counter(outcome for outcome, _ in outcomes) == {Outcome.CREATED: 1, Outcome.UNCHANGED: 2}
    assert len(ids) == 1
