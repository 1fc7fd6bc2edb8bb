"""The addresses of api/."""

from typing import Any

from tests.architecture.intruder.fixture import ORDER, Fixture, external, nothing, public
from tests.architecture.intruder.world import World

PROVIDERS = (
    "amazon_ses", "brevo", "mailersend", "mailgun", "mailjet", "mailtrap", "mandrill", "postal", "postmark", "resend", "sendgrid",
    "sendinblue", "sparkpost", "unisender_go",
)  # fmt: skip


FLOW = {
    "triggers": [{"event": "order.placed"}], "key": "order", "stream": "transactional",
    "steps": [{"do": "send", "id": "email", "template": "confirmation"}],
}  # fmt: skip


def order(world: World) -> dict[str, Any]:
    """An order that uses the shop's own ids."""
    line = {"external_id": external(world, "external_id"), "title": "Lamp", "quantity": 1, "unit_price": 1000}
    at = "2026-03-04T05:06:00Z"
    names = {"external_id": external(world, "external_id"), "number": f"#{world.word}", "email": world.email}
    return names | {"placed_at": at, "updated_at": at, "currency": "EUR", "total": 1000, "lines": [line]}


def shipment(world: World) -> dict[str, Any]:
    """A parcel of the shop's order."""
    names = {"external_id": external(world, "external_id"), "order_external_id": external(world, "external_id")}
    return names | {"carrier": "dhl", "number": f"{world.word} number".upper().replace(" ", "")}


def scan(world: World) -> dict[str, Any]:
    """A scan of the shop's parcel."""
    parcel = {
        "shipment_external_id": external(world, "external_id"),
        "carrier": external(world, "carrier"),
        "number": external(world, "number"),
    }
    return parcel | {"occurred_at": "2026-03-04T05:06:00Z", "status": "delivered"}


def bounce(world: World) -> dict[str, Any]:
    """A bounce of the shop's message, in the forms of Postmark and of Mailgun."""
    told = {"message": world.id("notifications.Message")}
    postmark = {"RecordType": "Bounce", "Type": "HardBounce", "ID": 7, "MessageID": "7", "Metadata": told}
    signature = {"token": "t", "timestamp": "1772600000", "signature": "0" * 64}
    return postmark | {"signature": signature, "event-data": {"event": "complained", "timestamp": 1772600000.0, "user-variables": told}}


def one(prefix: str, label: str) -> Fixture:
    """An address of the API that reads one row."""
    return Fixture({"public_id": public(prefix, label)}, query=nothing)


HOOK = {"public_id": public("whe", "integrations.WebhookEndpoint")}


def hook(*works: str, **more: Any) -> Fixture:
    """An address of one endpoint."""
    return Fixture(HOOK, query=nothing, works=works, **more)


FIXTURES: dict[str, Fixture] = {
    "in/<str:public_id>": Fixture(
        {"public_id": public("con", "integrations.Connection")},
        secrets=frozenset({"public_id"}),
        works=(),
        unprovable="only a shop's own signature gets through; tests/integrations has those",
    ),
    "sms/<str:public_id>": Fixture(
        {"public_id": public("sms", "notifications.SmsAccount")},
        secrets=frozenset({"public_id"}),
        works=(),
        unprovable="only the provider's signature gets through; tests/sms has those",
    ),
    "sms/<str:public_id>/<str:token>": Fixture(
        {"public_id": public("sms", "notifications.SmsAccount"), "token": lambda world: world.link("notifications.Message")},
        secrets=frozenset({"public_id", "token"}),
        works=(),
        unprovable="only the provider's signature gets through; tests/sms has those",
    ),
    "api/v1/orders": Fixture(query=lambda world: {"email": world.email, "number": f"#{world.word}"}, body=order, works=("GET", "POST")),
    "api/v1/orders/bulk": Fixture(query=nothing, body=lambda world: {"orders": [order(world)]}, works=("POST",)),
    "api/v1/orders/<str:public_id>": one("ord", "orders.Order"),
    "api/v1/orders/<str:public_id>/expected-messages": Fixture(
        {"public_id": public("ord", "orders.Order")}, query=nothing, silent="its message is in doubt, and nothing follows it"
    ),
    "api/v1/customers": Fixture(query=lambda world: {"email": world.email}),
    "api/v1/customers/<str:public_id>": one("cus", "orders.Customer"),
    "api/v1/shipments": Fixture(
        query=lambda world: {"order": ORDER(world), "number": external(world, "number")}, body=shipment, works=("GET", "POST")
    ),
    "api/v1/shipments/<str:public_id>": one("shp", "tracking.Shipment"),
    "api/v1/scans": Fixture(query=nothing, body=scan, works=("POST",)),
    "api/v1/tracking/detect": Fixture(
        query=nothing,
        body=lambda world: {"number": "1Z5R89390357567127"},
        works=("POST",),
        silent="formats of numbers, the same for everybody",
    ),
    "api/v1/messages": Fixture(query=lambda world: {"order": ORDER(world)}),
    "api/v1/messages/<str:public_id>": one("msg", "notifications.Message"),
    "api/v1/messages/<str:public_id>/why": one("msg", "notifications.Message"),
    "api/v1/flows": Fixture(
        query=nothing,
        body=lambda world: {"name": world.word, "definition": FLOW},
        works=("GET", "POST"),
    ),
    "api/v1/flows/<str:key>": Fixture(
        {"key": lambda world: world.node}, query=nothing, body=lambda world: {"definition": FLOW, "revision": 1}, works=("GET", "PATCH")
    ),
    "api/v1/flows/<str:key>/publish": Fixture(
        {"key": lambda world: world.node}, query=nothing, body=lambda world: {"revision": 1}, works=("POST",)
    ),
    "api/v1/flows/<str:key>/results": Fixture(
        {"key": lambda world: world.node}, query=nothing, silent="counts, amounts and names of steps"
    ),
    "api/v1/events": Fixture(query=lambda world: {"order": ORDER(world), "after": world.public("evt", "events.DomainEvent")}),
    "api/v1/webhooks": Fixture(
        query=nothing, body=lambda world: {"url": f"https://{world.slug}.example.com/in", "label": world.slug}, works=("GET", "POST")
    ),
    "api/v1/webhooks/<str:public_id>": hook("GET", "PATCH", "DELETE", body=lambda world: {"enabled": False}),
    "api/v1/webhooks/<str:public_id>/secret": hook("POST", body=lambda world: {"end_old": True}),
    "api/v1/webhooks/<str:public_id>/test": hook("POST"),
    "api/v1/webhooks/<str:public_id>/replay": hook(
        "POST", body=lambda world: {"since": "2026-03-01T00:00:00Z", "until": "2026-03-31T00:00:00Z", "what": "all"}
    ),
    "api/v1/webhooks/<str:public_id>/deliveries": hook("GET"),
    "api/v1/webhook-deliveries/<str:public_id>": one("whd", "integrations.WebhookDelivery"),
    "api/v1/webhook-deliveries/<str:public_id>/replay": Fixture(
        {"public_id": public("whd", "integrations.WebhookDelivery")}, query=nothing, works=("POST",)
    ),
    "api/v1/openapi.json": Fixture(),
    "api/v1/docs": Fixture(),
    "api/": Fixture(works=(), unprovable="there is nothing there for anybody"),
    "api/<path:rest>": Fixture(
        {"rest": lambda world: f"v2/orders/{ORDER(world)}"}, works=(), unprovable="there is nothing there for anybody"
    ),
} | {
    f"mail/{provider}/tracking/": Fixture(
        body=bounce, works=(), unprovable="only the provider's signature or shared secret gets through: test_provider_events.py has those"
    )
    for provider in PROVIDERS
}
