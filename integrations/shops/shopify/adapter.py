"""Shopify's webhooks: signature, names, topics. https://shopify.dev/docs/apps/build/webhooks"""

import hashlib
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from typing import Any

from integrations.registry import Unreadable, register
from integrations.shops.shopify import orders, parcels, people
from integrations.shops.shopify.values import Raw, moment
from integrations.types import Item
from postpurchase.lib import clock, signing

Reader = Callable[[Raw, datetime | None], list[Item]]

ORDER_TOPICS = ("create", "updated", "paid", "cancelled", "fulfilled", "partially_fulfilled", "edited")
TOPICS: dict[str, Reader] = {
    **{f"orders/{word}": orders.order for word in ORDER_TOPICS},
    "orders/delete": lambda raw, at: [orders.deleted(raw, at or clock.business_now())],
    "fulfillments/create": lambda raw, at: [*parcels.shipments(raw)],
    "fulfillments/update": lambda raw, at: [*parcels.shipments(raw)],
    "fulfillment_events/create": lambda raw, at: parcels.happened(raw),
    "refunds/create": lambda raw, at: [orders.refund(raw)],
    "customers/create": lambda raw, at: people.known_customer(raw),
    "customers/update": lambda raw, at: people.known_customer(raw),
    "customers_email_marketing_consent/update": lambda raw, at: people.changed_mind(raw),
    "customers_marketing_consent/update": lambda raw, at: people.changed_mind(raw),  # by text message
    "customers/redact": lambda raw, at: [people.privacy("redact", "orders_to_redact", raw)],
    "customers/data_request": lambda raw, at: [people.privacy("data_request", "orders_requested", raw)],
    "shop/redact": lambda raw, at: [people.closed("redact", "shop_domain", raw)],
    "app/uninstalled": lambda raw, at: [people.closed("uninstalled", "myshopify_domain", raw)],
}


class Shopify:
    """Reads what a Shopify shop sends. The topic stands in an unsigned header, so each reader demands its own body's shape."""

    kind = "shopify"
    name = "Shopify"
    topics = tuple(TOPICS)
    at_once = frozenset({"customers/redact", "customers/data_request", "shop/redact", "app/uninstalled"})
    makes_secret = True

    def verify(self, secrets: Sequence[str], headers: Mapping[str, str], body: bytes) -> bool:
        """HMAC-SHA256 of the raw body in base64, under any of the secrets."""
        given = headers.get("x-shopify-hmac-sha256", "")
        made = [signing.same(given, signing.hmac_base64(secret.encode(), body)) for secret in secrets]
        return any(made)

    def delivery_id(self, headers: Mapping[str, str], body: bytes) -> str:
        """X-Shopify-Webhook-Id; without it the digest of topic and body, so that a repeat is still a repeat."""
        given = headers.get("x-shopify-webhook-id", "").strip()
        return given[:160] or hashlib.sha256(self.topic(headers, body).encode() + b"\n" + body).hexdigest()

    def topic(self, headers: Mapping[str, str], body: bytes) -> str:
        """X-Shopify-Topic."""
        return headers.get("x-shopify-topic", "").strip()[:80]

    def read(self, topic: str, payload: Any, headers: Mapping[str, str]) -> list[Item] | None:
        """The facts in a body; None for a topic that we do not read. Raises Unreadable."""
        reader = TOPICS.get(topic)
        if reader is None:
            return None
        if not isinstance(payload, dict):
            raise Unreadable("the body is not an object")
        return reader(payload, moment(headers.get("x-shopify-triggered-at")))


register(Shopify())
