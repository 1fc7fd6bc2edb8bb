"""What fails in the inbox fails alone, and is found again."""

from typing import Any

import pytest

from api import tasks
from api.inbound import routes
from integrations import inbox
from integrations.models import Delivery, InboundDelivery
from postpurchase.jobs.retry import Permanent, Transient
from postpurchase.lib import clock
from postpurchase.tenancy.models import Merchant
from postpurchase.tenancy.scope import in_merchant
from tests.api.conftest import Shop, inbox_of
from tests.integrations.shopify import payload

pytestmark = pytest.mark.django_db


def test_one_poisonous_delivery_fails_alone(ann: Merchant, shop: Shop, monkeypatch: pytest.MonkeyPatch) -> None:
    kept = {kind: verb for kind, _, verb in routes.ROUTES}

    def record(orders: Any, *, connection_id: Any) -> Any:
        if any(order.number == "poison" for order in orders):
            raise Transient("the database coughed")
        return kept[type(orders[0])](orders, connection_id=connection_id)

    swapped = tuple((kind, name, record if name == "order" else verb) for kind, name, verb in routes.ROUTES)
    monkeypatch.setattr(routes, "ROUTES", swapped)
    for n, name in enumerate(["#1", "poison", "#3"]):
        shop.send("orders/create", payload("order") | {"id": n + 1, "name": name, "fulfillments": []})

    tasks.process_batch(ann.pk)

    assert [row[1] for row in inbox_of(ann)] == ["done", "due", "done"]
    with in_merchant(ann):
        poison = InboundDelivery.objects.get(state=Delivery.DUE)
        assert poison.due_at > clock.machine_now()
        assert (poison.attempts, poison.error, poison.lease_token) == (1, "Transient: the database coughed", None)
        poison.attempts = inbox.GIVE_UP
        inbox.postpone(_claimed(poison), Transient("again"))
        poison.refresh_from_db()
        assert poison.state == Delivery.FAILED


def _claimed(delivery: InboundDelivery) -> InboundDelivery:
    InboundDelivery.objects.filter(pk=delivery.pk).update(state=Delivery.CLAIMED)
    return delivery


def test_an_error_that_time_does_not_mend_is_listed_at_once(ann: Merchant, shop: Shop) -> None:
    shop.send("orders/create", payload("order"))
    with in_merchant(ann):
        (delivery,) = inbox.claim(ann.pk)
        inbox.postpone(delivery, Permanent("no"))

    assert inbox_of(ann)[0][1] == "failed"


def test_a_worker_that_overslept_its_lease_records_nothing(ann: Merchant, shop: Shop) -> None:
    shop.send("orders/create", payload("order"))
    with in_merchant(ann):
        readings = [inbox.read(delivery) for delivery in inbox.claim(ann.pk)]
        InboundDelivery.objects.update(lease_until=clock.machine_now())

        assert inbox.hold(readings) == []


def test_the_sweep_revives_what_a_dead_worker_left_and_gives_up_after_eight(ann: Merchant, shop: Shop) -> None:
    shop.send("orders/create", payload("order"))
    shop.send("orders/create", payload("order"))
    with in_merchant(ann):
        _, second = inbox.claim(ann.pk)
        InboundDelivery.objects.update(lease_until=clock.machine_now())
        InboundDelivery.objects.filter(pk=second.pk).update(attempts=inbox.GIVE_UP)

    tasks.sweep()

    assert [row[1] for row in inbox_of(ann)] == ["due", "failed"]


def test_a_parked_delivery_is_looked_at_again_though_nobody_woke_it(ann: Merchant, shop: Shop) -> None:
    shop.send("fulfillments/create", payload("fulfilment"))
    shop.read()
    with in_merchant(ann):
        InboundDelivery.objects.update(due_at=clock.machine_now())

    tasks.sweep()

    assert inbox_of(ann)[0][1] == "due"
