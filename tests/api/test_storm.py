"""Many at once: the same delivery from many sides, and many workers on one inbox."""

import random
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from django.db import connections

from api.tasks import process_batch
from integrations import inbox
from integrations.models import InboundDelivery
from orders.models import Order, Refund
from postpurchase.events.models import DomainEvent
from postpurchase.lib import clock
from postpurchase.tenancy.models import Merchant
from postpurchase.tenancy.scope import in_merchant
from tests.api.conftest import Shop
from tests.integrations.shopify import payload
from tracking.models import Scan, Shipment

ORDERS = 12


def deliveries() -> list[tuple[str, str, dict[str, Any]]]:
    """Each order's story five times over, shuffled, one in twenty with a flipped byte."""
    told = []
    for n in range(1, ORDERS + 1):
        order, parcel = {"id": n, "email": f"{n}@example.com", "customer": None}, {"id": 1000 + n, "order_id": n, "line_items": []}
        parcel |= {"tracking_number": f"JJD{n:08}", "tracking_numbers": [], "tracking_url": None, "tracking_urls": []}
        told += [
            (f"o{n}", "orders/create", payload("order") | order),
            (f"f{n}", "fulfillments/create", payload("fulfilment") | parcel),
            (f"e{n}", "fulfillment_events/create", payload("fulfilment_event") | {"fulfillment_id": 1000 + n, "order_id": n}),
            (f"r{n}", "refunds/create", payload("refund") | {"id": 2000 + n, "order_id": n, "refund_line_items": []}),
        ]
    told *= 5
    random.Random(7).shuffle(told)
    return told


def half_a_minute_passes(merchant: Merchant) -> None:
    """What parked while another worker recorded what it waits for has missed its wake-up, and looks again by itself."""
    with in_merchant(merchant):
        InboundDelivery.objects.filter(state="parked").update(due_at=clock.machine_now())
        inbox.revive()


@pytest.mark.django_db(transaction=True)
def test_a_storm_of_repeats_over_many_threads_has_the_effect_of_one_calm_run(ann: Merchant) -> None:
    shop, told = Shop(ann), deliveries()

    def send(numbered: tuple[int, tuple[str, str, dict[str, Any]]]) -> int:
        number, (name, topic, body) = numbered
        try:
            status: int = shop.send(topic, body, delivery=name, secret="forged" if number % 20 == 0 else "shpss_secret").status_code
            return status
        finally:
            connections.close_all()

    def work(_: int) -> None:
        try:
            for _ in range(30):
                process_batch(ann.pk)
        finally:
            connections.close_all()

    with ThreadPoolExecutor(8) as pool:
        workers = [pool.submit(work, n) for n in range(2)]
        answers = list(pool.map(send, enumerate(told)))
        for worker in workers:
            worker.result()
    shop.read()
    half_a_minute_passes(ann)
    shop.read()

    assert answers.count(401) == len(told) / 20
    assert answers.count(200) == len(told) - answers.count(401)
    with in_merchant(ann):
        assert set(InboundDelivery.objects.values_list("state", flat=True)) == {"done"}
        assert InboundDelivery.objects.count() == 4 * ORDERS
        assert (Order.objects.count(), Shipment.objects.count(), Scan.objects.count(), Refund.objects.count()) == (ORDERS,) * 4
        kinds = ("order.placed", "shipment.created", "order.refunded")
        assert [DomainEvent.objects.filter(kind=kind).count() for kind in kinds] == [ORDERS] * 3
