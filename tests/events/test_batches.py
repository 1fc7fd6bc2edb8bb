"""Handlers that take a whole batch of facts: one call where all goes well, one fact at a time where something does not."""

from typing import Any

import pytest

from orders.models import Customer
from postpurchase.events import bus
from postpurchase.events.catalogue import OrderPlaced
from postpurchase.events.models import DomainEvent, Receipt
from postpurchase.events.tasks import relay_batch
from postpurchase.jobs import eager
from postpurchase.lib.ids import uuid7
from postpurchase.tenancy.models import Merchant
from postpurchase.tenancy.scope import in_merchant
from tests.events.conftest import Subscribe

pytestmark = pytest.mark.django_db


@pytest.fixture
def many(subscribe: Subscribe, monkeypatch: pytest.MonkeyPatch) -> Any:
    mine: dict[str, Any] = {}
    monkeypatch.setitem(bus._many, OrderPlaced.kind, mine)
    return mine


def publish(merchant: Merchant, count: int) -> list[OrderPlaced]:
    facts = [OrderPlaced(order_id=uuid7()) for _ in range(count)]
    with eager.collected(), in_merchant(merchant):
        bus.publish_all(facts)
    return facts


def test_a_batch_is_one_call_oldest_first(ann: Merchant, many: Any) -> None:
    calls: list[Any] = []
    many["h"] = calls.append
    facts = publish(ann, 5)

    relay_batch(ann.pk)
    relay_batch(ann.pk)

    assert calls == [facts]


def test_one_bad_fact_fails_alone_and_the_others_are_handled_once(ann: Merchant, many: Any) -> None:
    def handler(facts: list[OrderPlaced]) -> None:
        for fact in facts:
            Customer.objects.create(email=str(fact.order_id))
        if bad in facts:
            raise ValueError("this one")

    many["h"] = handler
    facts = publish(ann, 3)
    bad = facts[1]

    relay_batch(ann.pk)

    with in_merchant(ann):
        assert set(Customer.objects.values_list("email", flat=True)) == {str(facts[0].order_id), str(facts[2].order_id)}
        waiting = DomainEvent.objects.get(relayed_at=None)
        assert (waiting.subject, waiting.attempts, waiting.error) == (bad.order_id, 1, "h: this one")
        assert Receipt.objects.count() == 2


def test_a_fact_that_failed_in_a_batch_waits_for_its_other_handlers_too(ann: Merchant, many: Any, subscribe: Subscribe) -> None:
    seen: list[Any] = []

    def handler(facts: list[OrderPlaced]) -> None:
        raise ValueError("no")

    many["h"] = handler
    subscribe("later", seen.append)
    publish(ann, 1)

    relay_batch(ann.pk)

    assert seen == []
