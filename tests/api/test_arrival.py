"""In whatever order a shop tells its story, the end is the same."""

from itertools import permutations
from typing import Any

import pytest

from integrations.models import InboundDelivery
from orders.models import Order, Refund
from postpurchase.tenancy.models import Merchant
from postpurchase.tenancy.scope import in_merchant
from tests.api.conftest import Shop, inbox_of
from tests.integrations.shopify import STORY, payload
from tracking.models import Scan, Shipment

pytestmark = pytest.mark.django_db


def state_of(merchant: Merchant) -> Any:
    with in_merchant(merchant):
        order = Order.objects.get()
        return (
            order.external_id, order.cancelled_at, order.total, order.refunded_total, order.source_updated_at,
            list(Shipment.objects.order_by("external_id").values_list("external_id", "carrier", "number", "order_id", "status")),
            list(Scan.objects.order_by("fingerprint").values_list("code", "occurred_at")),
            list(Refund.objects.values_list("external_id", "amount")),
            sorted(InboundDelivery.objects.values_list("state", flat=True)),
        )  # fmt: skip


@pytest.mark.parametrize("arrival", [*permutations(range(5))][::7])
@pytest.mark.parametrize("one_by_one", [True, False])
def test_in_any_order_of_arrival_the_end_is_the_same(ann: Merchant, bob: Merchant, arrival: tuple[int, ...], one_by_one: bool) -> None:
    there, here = Shop(bob), Shop(ann)
    for topic, name in STORY:
        there.send(topic, payload(name))
        there.read()

    for index in arrival:
        for _ in range(2):
            here.send(STORY[index][0], payload(STORY[index][1]), delivery=f"d{index}")
        if one_by_one:
            here.read()
    here.read()

    (ours, theirs) = (state_of(ann), state_of(bob))
    assert ours[-1] == ["done"] * 5
    assert _without_ids(ours) == _without_ids(theirs)


def _without_ids(state: Any) -> Any:
    return (*state[:5], [(*row[:3], row[4]) for row in state[5]], *state[6:])


def test_a_fulfilment_waits_for_its_order_by_name(ann: Merchant, shop: Shop) -> None:
    shop.send("fulfillments/create", payload("fulfilment"))
    shop.read()
    assert inbox_of(ann) == [("fulfillments/create", "parked", "order:5501234567890")]

    shop.send("orders/create", payload("order"))
    shop.read()

    assert [row[1] for row in inbox_of(ann)] == ["done", "done"]


def test_an_order_named_by_a_rounded_id_is_found(ann: Merchant, shop: Shop) -> None:
    big, rounded = 820982911946154508, 820982911946154500
    shop.send("fulfillments/create", payload("fulfilment") | {"order_id": rounded, "line_items": []})
    shop.read()
    assert inbox_of(ann)[0][1:] == ("parked", f"order:{rounded}")

    shop.send("orders/create", payload("order") | {"id": rounded, "admin_graphql_api_id": f"gid://shopify/Order/{big}"})
    shop.read()

    assert [row[1] for row in inbox_of(ann)] == ["done", "done"]
    with in_merchant(ann):
        assert Shipment.objects.get(external_id="4401234567890").order.external_id == str(big)
