"""Real deliveries that nobody here wrote: each, signed anew, is accepted, recorded, and none fails."""

import json
import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from integrations.models import InboundDelivery
from orders.models import Customer, Order, Refund
from postpurchase.tenancy.models import Merchant
from postpurchase.tenancy.scope import in_merchant
from tests.api.conftest import Shop
from tracking.models import Shipment

FOLDER = Path(os.environ.get("POSTPURCHASE_CONFORMANCE_DIR", "../shared/data"))
REST = {
    "order": "orders/create",
    "refund": "refunds/create",
    "fulfillment": "fulfillments/create",
    "customer": "customers/update",
    "fulfillment_event": "fulfillment_events/create",
}
pytestmark = [
    pytest.mark.django_db,
    pytest.mark.skipif(not (FOLDER / "shopify").is_dir(), reason="no conformance data"),
]


def deliveries() -> Iterator[tuple[str, Any, dict[str, str]]]:
    for path in sorted((FOLDER / "shopify").glob("*.json")):
        told = json.loads(path.read_text())
        headers = {name: value for name, value in told.get("headers", {}).items() if name.startswith("x-shopify") and "hmac" not in name}
        yield told["topic"], told["body"], headers
    for name, topic in REST.items():
        yield topic, json.loads((FOLDER / "shopify-rest" / f"{name}.json").read_text())[name], {}
    for order in json.loads((FOLDER / "shopify-rest" / "orders.json").read_text())["orders"]:
        yield "orders/updated", order, {}


@pytest.mark.parametrize("backwards", [False, True])
def test_every_real_delivery_is_accepted_and_none_fails(ann: Merchant, shop: Shop, backwards: bool) -> None:
    sent = [told for told in deliveries() if told[0] not in ("customers/redact", "shop/redact")]
    for topic, body, headers in reversed(sent) if backwards else sent:
        assert shop.send(topic, body, **headers).status_code == 200
        shop.read()

    with in_merchant(ann):
        rows = list(InboundDelivery.objects.values_list("topic", "state", "parked_for", "error"))
        assert len(rows) == len({headers.get("x-shopify-webhook-id", index) for index, (_, _, headers) in enumerate(sent)})
        assert [row for row in rows if row[1] not in ("done", "ignored", "parked")] == []
        # the one event that is about a parcel of no body in the folder
        assert [row[0] for row in rows if row[1] == "parked"] == ["fulfillment_events/create"]
        big = Order.objects.get(external_id="820982911946154508")
        assert (big.number, big.total, big.currency) == ("#9999", 38800, "USD")
        assert Order.objects.filter(external_id="450789469").count() == 1
        assert Shipment.objects.get(external_id="123456").order_id == big.pk
        assert Refund.objects.filter(external_id="509562969", amount=20900).count() == 1
        assert Customer.objects.filter(email="bob@biller.com").count() == 1


def test_the_privacy_webhooks_are_accepted_and_done(ann: Merchant, shop: Shop) -> None:
    for topic, body, headers in deliveries():
        if topic.endswith(("redact", "data_request")):
            assert shop.send(topic, body, **headers).status_code == 200
    shop.read()

    with in_merchant(ann):
        assert set(InboundDelivery.objects.values_list("state", flat=True)) == {"done"}
        assert InboundDelivery.objects.count() == 3
