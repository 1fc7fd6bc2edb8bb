"""A caller of the API, and a Shopify shop that sends webhooks."""

import json
from typing import Any

import pytest
from django.test import Client

from api.tasks import process_batch
from integrations.models import Connection, InboundDelivery
from postpurchase.lib import ids, signing
from postpurchase.tenancy import keys
from postpurchase.tenancy.models import Merchant
from postpurchase.tenancy.scope import in_merchant

SECRET = "shpss_secret"


class Caller:
    """The holder of an API key."""

    def __init__(self, key: str) -> None:
        self.client = Client(headers={"Authorization": f"Bearer {key}"}, raise_request_exception=False)

    def get(self, path: str, query: dict[str, Any] | None = None, **headers: str) -> Any:
        return self.client.get(f"/api/v1/{path}", query or {}, headers=headers)

    def post(self, path: str, body: Any, **headers: str) -> Any:
        raw = body if isinstance(body, bytes) else json.dumps(body)
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        return self.client.post(f"/api/v1/{path}", raw, content_type="application/json", headers=named)

    def patch(self, path: str, body: Any) -> Any:
        return self.client.patch(f"/api/v1/{path}", json.dumps(body), content_type="application/json")


def hire_key(merchant: Merchant, *, live: bool = True, scopes: tuple[str, ...] = keys.SCOPES) -> Caller:
    with in_merchant(merchant):
        return Caller(keys.make("test", live=live, scopes=scopes)[1])


@pytest.fixture
def caller(ann: Merchant) -> Caller:
    return hire_key(ann)


@pytest.fixture
def tester(ann: Merchant) -> Caller:
    return hire_key(ann, live=False)


class Shop:
    """A Shopify shop connected to a merchant."""

    def __init__(self, merchant: Merchant) -> None:
        self.merchant = merchant
        with in_merchant(merchant):
            self.connection = Connection(kind="shopify", label="Shop")
            self.connection.set_secret(SECRET)
            self.connection.save()
        self.url = f"/in/{ids.to_public('con', self.connection.pk)}"
        self.client = Client(raise_request_exception=False)
        self.sent = 0

    def send(
        self, topic: str, body: Any, *, delivery: str | None = None, secret: str = SECRET, signed: bytes | None = None, **more: str
    ) -> Any:
        """Sign and send; `signed` are the bytes that the signature covers, where they differ."""
        self.sent += 1
        raw = body if isinstance(body, bytes) else json.dumps(body, indent=1).encode()
        headers = {
            "X-Shopify-Hmac-Sha256": signing.hmac_base64(secret.encode(), raw if signed is None else signed),
            "X-Shopify-Topic": topic,
            "X-Shopify-Webhook-Id": delivery or f"delivery-{self.sent}",
        } | more
        return self.client.post(self.url, raw, content_type="application/json", headers=headers)

    def read(self) -> None:
        """Read the inbox until nothing is due."""
        while process_batch(self.merchant.pk):
            pass


@pytest.fixture
def shop(ann: Merchant) -> Shop:
    return Shop(ann)


def inbox_of(merchant: Merchant) -> list[tuple[str, str, str]]:
    """(topic, state, parked for) of each delivery, oldest first."""
    with in_merchant(merchant):
        return list(InboundDelivery.objects.order_by("id").values_list("topic", "state", "parked_for"))


ORDER: dict[str, Any] = {
    "external_id": "1043",
    "number": "#1043",
    "placed_at": "2026-03-02T09:30:00Z",
    "updated_at": "2026-03-02T09:30:00Z",
    "currency": "EUR",
    "total": 5400,
    "shipping_total": 500,
    "email": "Mia.Berg@example.com",
    "customer": {"email": "mia.berg@example.com", "first_name": "Mia"},
    "shipping_address": {"name": "Mia Berg", "line1": "Torstraße 12", "city": "Berlin", "postcode": "10119", "country": "DE"},
    "lines": [{"external_id": "1", "title": "Linen shirt", "quantity": 1, "unit_price": 4900}],
}


def order(**changes: Any) -> dict[str, Any]:
    return ORDER | changes


@pytest.fixture(autouse=True)
def plain_static(settings: Any) -> None:
    settings.STORAGES = {"staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}}
