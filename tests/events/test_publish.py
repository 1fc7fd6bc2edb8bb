"""A fact stands and falls with the work that made it true."""

from datetime import UTC, date, datetime

import pytest

from postpurchase.events import bus
from postpurchase.events.catalogue import FACTS, EstimateChanged, OrderChanged, OrderPlaced, ShipmentMoved
from postpurchase.events.models import DomainEvent
from postpurchase.events.tasks import relay
from postpurchase.jobs import eager
from postpurchase.lib import clock
from postpurchase.lib.ids import uuid7
from postpurchase.tenancy.models import Merchant
from postpurchase.tenancy.scope import NoMerchant, every_tenant, in_merchant

AT = datetime(2026, 1, 31, 23, 59, tzinfo=UTC)


def test_a_fact_is_a_row_with_its_subject_its_story_and_business_time(in_ann: Merchant) -> None:
    order, shipment = uuid7(), uuid7()

    with clock.frozen(AT):
        bus.publish(ShipmentMoved(order_id=order, shipment_id=shipment, old="in_transit", new="delivered", substatus="", at=AT))

    event = DomainEvent.objects.get()
    assert (event.kind, event.subject, event.thread, event.occurred_at) == ("shipment.moved", shipment, order, AT)
    assert (event.relayed_at, event.attempts, event.merchant_id) == (None, 0, in_ann.pk)


@pytest.mark.parametrize(
    "fact",
    [
        OrderChanged(order_id=uuid7(), fields=("email", "total")),
        EstimateChanged(order_id=None, shipment_id=uuid7(), was=None, now=date(2026, 2, 1), slipped=False),
        ShipmentMoved(order_id=uuid7(), shipment_id=uuid7(), old="a", new="b", substatus="", at=AT),
    ],
    ids=lambda fact: fact.kind,
)
def test_a_stored_fact_reads_back_equal(in_ann: Merchant, fact: object) -> None:
    bus.publish(fact)  # type: ignore[arg-type]

    event = DomainEvent.objects.get()
    assert bus.read(event.kind, event.payload) == fact


def test_every_kind_of_fact_has_a_name_of_its_own_and_a_docstring() -> None:
    assert [kind for kind, fact in FACTS.items() if fact.kind != kind or not fact.__doc__] == []
    assert [fact for fact in subclasses(FACTS["order.placed"].__mro__[2]) if fact.kind and fact.kind not in FACTS] == []


def subclasses(base: type) -> list[type]:
    return [found for child in base.__subclasses__() for found in (child, *subclasses(child))]


@pytest.mark.django_db(transaction=True)
def test_a_rollback_leaves_neither_the_fact_nor_the_nudge(ann: Merchant, placed: OrderPlaced) -> None:
    with eager.collected() as waiting, pytest.raises(ValueError), in_merchant(ann):
        bus.publish(placed)
        raise ValueError

    assert waiting == []
    with in_merchant(ann):
        assert DomainEvent.objects.count() == 0


@pytest.mark.django_db(transaction=True)
def test_the_nudge_comes_after_commit_once_for_its_merchant(ann: Merchant, placed: OrderPlaced) -> None:
    with eager.collected() as waiting:
        with in_merchant(ann):
            bus.publish(placed)
            assert waiting == []

        assert waiting == [(relay, [str(ann.pk)])]


def test_publishing_outside_a_scope_is_refused(db: None, placed: OrderPlaced) -> None:
    with pytest.raises(NoMerchant, match="publishing"):
        bus.publish(placed)


def test_publishing_nothing_writes_nothing(in_ann: Merchant) -> None:
    bus.publish_all([])

    assert DomainEvent.objects.count() == 0


def test_many_facts_are_one_statement(in_ann: Merchant, django_assert_num_queries: object) -> None:
    with django_assert_num_queries(1):  # type: ignore[operator]
        bus.publish_all(OrderPlaced(order_id=uuid7()) for _ in range(100))

    assert DomainEvent.objects.count() == 100


def test_a_fact_belongs_to_one_merchant(ann: Merchant, bob: Merchant, placed: OrderPlaced) -> None:
    with in_merchant(ann):
        bus.publish(placed)

    with in_merchant(bob):
        assert DomainEvent.objects.count() == 0
    with every_tenant("test"):
        assert [event.merchant_id for event in DomainEvent.objects.all()] == [ann.pk]
