"""Sends recorded deliveries, signed anew, over HTTP at the running product, and counts what it made of them."""

import json
import time
import unicodedata
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import httpx

from console.store import found
from integrations import registry
from integrations.models import Connection, Delivery, InboundDelivery
from notifications.models import Message
from orders.models import Order
from postpurchase.lib import clock, signing
from postpurchase.lib.http import client
from postpurchase.lib.ids import random_token, to_public
from postpurchase.tenancy.scope import in_merchant
from tracking.models import Scan, Shipment

PATIENCE = 60.0  # seconds for the workers to read what was sent
LAST = ("customers/redact", "shop/redact", "app/uninstalled")  # they take away what the others brought
BARE = {  # a body without its headers: the topic that carries such a body
    "order": "orders/updated", "orders": "orders/updated", "order_cancelled": "orders/cancelled", "fulfillment": "fulfillments/create",
    "fulfilment": "fulfillments/create", "fulfillment_event": "fulfillment_events/create", "fulfilment_event": "fulfillment_events/create",
    "refund": "refunds/create", "customer": "customers/update", "data_request": "customers/data_request", "redact": "customers/redact",
}  # fmt: skip


@dataclass(frozen=True)
class Recorded:
    """One delivery from a file."""

    name: str
    kind: str
    topic: str
    body: bytes
    headers: dict[str, str]


@dataclass
class Outcome:
    """What became of a replay."""

    sent: int = 0
    accepted: int = 0
    kept: int = 0
    repeats_kept: int = 0
    forged: int = 0
    forged_refused: int = 0
    states: Counter[str] = field(default_factory=Counter)
    refused: list[str] = field(default_factory=list)
    unread: Counter[str] = field(default_factory=Counter)
    made: dict[str, int] = field(default_factory=dict)

    @property
    def musts(self) -> dict[str, bool]:
        """What has to hold."""
        return {
            "every delivery sent was kept": self.sent == self.accepted == self.kept > 0,
            "none failed": self.states[Delivery.FAILED] == 0 and self.states[Delivery.DUE] == 0,
            "a repeat changed nothing": self.repeats_kept == 0,
            "every forged one was refused": self.forged == self.forged_refused > 0,
        }


def collect(folder: Path, outcome: Outcome) -> list[Recorded]:
    """The deliveries in a folder, those that take data away last. Folders of systems without an adapter are counted as unread."""
    deliveries: list[Recorded] = []
    for path in sorted(folder.rglob("*.json")):
        read = READ.get(path.parent.name.split("-")[0])
        if read is None:
            outcome.unread[path.parent.name] += 1
            continue
        deliveries += read(path)
    return sorted(deliveries, key=lambda one: one.topic in LAST)


def _shopify(path: Path) -> Iterator[Recorded]:
    content = json.loads(path.read_text())
    if isinstance(content, dict) and "topic" in content and "body" in content:
        headers = {name: value for name, value in content.get("headers", {}).items() if name.startswith("x-shopify-")}
        yield _pretty(path, content["topic"], content["body"], headers)
        return
    topic = BARE.get(path.stem)
    bodies = content[path.stem] if isinstance(content, dict) and set(content) == {path.stem} else content  # REST wraps: {"order": ...}
    for body in bodies if isinstance(bodies, list) else [bodies]:
        if topic:
            yield _pretty(path, topic, body, {})


def _pretty(path: Path, topic: str, body: Any, headers: dict[str, str]) -> Recorded:
    raw = json.dumps(body, indent=2, ensure_ascii=False).encode()
    given = {"x-shopify-webhook-id": random_token(), **headers, "x-shopify-topic": topic}
    return Recorded(f"{path.parent.name}/{path.name}", "shopify", topic, raw, given)


def _easypost(path: Path) -> Iterator[Recorded]:
    body = json.loads(path.read_text())
    if isinstance(body, dict) and str(body.get("description", "")).startswith("tracker."):
        raw = json.dumps(body, separators=(",", ":")).encode()
        yield Recorded(f"{path.parent.name}/{path.name}", "easypost", body["description"], raw, {})


def _ups(path: Path) -> Iterator[Recorded]:
    for written in json.loads(path.read_text()):
        for example in written["example"].values() if written["path"].startswith("webhooks/") else ():
            yield Recorded(f"{path.parent.name}/{path.name}", "ups", "tracking", json.dumps(example["value"]).encode(), {})


READ: dict[str, Callable[[Path], Iterator[Recorded]]] = {"shopify": _shopify, "easypost": _easypost, "ups": _ups}


def replay(folder: Path, base_url: str) -> Outcome:
    """Send everything in the folder into a store made for it, twice, and once with a wrong signature. Raises httpx.HTTPError."""
    outcome = Outcome()
    deliveries = collect(folder, outcome)
    shop = found.found(f"replay-{random_token(40).lower().replace('_', '-')}", team=False)
    with in_merchant(shop.merchant):
        sources = {"shopify": shop.shopify, "easypost": shop.easypost, "ups": found.connect("ups", "UPS", "")}
    with client(base_url) as http:
        for one in deliveries:
            outcome.sent += 1
            answer = _send(http, one, sources[one.kind])
            outcome.accepted += answer.status_code == 200
            if answer.status_code != 200:
                outcome.refused.append(f"{one.name}: {answer.status_code} {answer.text[:120]}")
        _wait(shop)
        outcome.kept = _kept(shop)
        for one in deliveries:
            _send(http, one, sources[one.kind])
            outcome.forged += 1
            outcome.forged_refused += _send(http, one, sources[one.kind], forged=True).status_code == 401
        _wait(shop)
    _count(shop, outcome)
    return outcome


def _send(http: httpx.Client, one: Recorded, source: Connection, *, forged: bool = False) -> httpx.Response:
    body = one.body + b" " if forged else one.body
    headers = {**one.headers, **_proof(one, source.secrets()[0], forged=forged), "content-type": "application/json"}
    return http.post(f"/in/{to_public('con', source.pk)}", content=body, headers=headers)


def _proof(one: Recorded, secret: str, *, forged: bool) -> dict[str, str]:
    """What shows who sends this. UPS signs no body, so its forgeries bring a wrong credential."""
    if one.kind == "shopify":
        return {"x-shopify-hmac-sha256": signing.hmac_base64(secret.encode(), one.body)}
    if one.kind == "ups":
        return {"credential": random_token() if forged else secret}
    key = unicodedata.normalize("NFKD", secret).encode()
    return {"x-hmac-signature": f"hmac-sha256-hex={signing.hmac_hex(key, one.body)}"}


def _wait(shop: found.Shop) -> None:
    began = clock.monotonic()
    while clock.monotonic() - began < PATIENCE:
        with in_merchant(shop.merchant):
            if not InboundDelivery.objects.filter(state__in=(Delivery.DUE, Delivery.CLAIMED)).exists():
                return
        time.sleep(0.2)


def _kept(shop: found.Shop) -> int:
    with in_merchant(shop.merchant):
        return InboundDelivery.objects.count()


def _count(shop: found.Shop, outcome: Outcome) -> None:
    with in_merchant(shop.merchant):
        rows = list(InboundDelivery.objects.select_related("connection").order_by("id"))
        outcome.states = Counter(row.state for row in rows)
        outcome.repeats_kept = len(rows) - outcome.kept
        outcome.refused += [f"{row.topic}: {row.error}" for row in rows if row.state == Delivery.FAILED]
        outcome.refused += [f"{row.topic}: {_unread(row)}" for row in rows if row.state == Delivery.IGNORED]
        outcome.refused += [f"{row.topic}: waits for {row.parked_for}" for row in rows if row.state == Delivery.PARKED]
        for row in rows:
            for item in row.result or []:
                if isinstance(item, dict) and item.get("outcome") == "refused":
                    outcome.refused.append(f"{row.topic}: {item.get('errors')}")
        outcome.made = {
            "orders": Order.objects.count(),
            "parcels": Shipment.objects.count(),
            "scans": Scan.objects.count(),
            "messages": Message.objects.count(),
        }


def _unread(row: InboundDelivery) -> str:
    known = row.topic in registry.adapter(row.connection.kind).topics
    return "still waited when the shop left, and was forgotten with it" if known else "not a topic we read"
