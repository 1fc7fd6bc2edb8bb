"""What a row of a shop needs so that pages can show it; every other column is filled by its type."""

import zlib
from collections.abc import Callable
from datetime import UTC, date, datetime
from typing import Any

from notifications.definition import Definition, Send, Trigger, stored
from postpurchase.lib import clock, crypto
from tests.architecture.intruder.world import World
from tracking.scorecard import monday as monday_of

SHOP = "integrations.Connection:shop"  # what that second row is called among the ids of a world
OWN = "integrations.Connection:own"  # and a third one, which is read by a mapping of the shop's own
AT = datetime(2026, 3, 4, 5, 6, tzinfo=UTC)
Shape = Callable[[World], dict[str, Any]]


def flow(world: World) -> dict[str, Any]:
    """A flow of one step."""
    step = Send(id=world.node, template="confirmation")
    return stored(Definition(triggers=[Trigger(event="order.placed")], key="order", stream="transactional", steps=[step]))


def email(world: World) -> dict[str, Any]:
    """A design of three blocks that the check has nothing against."""
    text = {"type": "text", "id": "text", "title": world.word, "text": f"{world.word} was here"}
    blocks = [{"type": "header", "id": "header"}, text, {"type": "footer", "id": "footer"}]
    return {"language": "en", "subject": f"{world.word} writes", "preheader": world.word, "blocks": blocks}


def tracking_page(world: World) -> dict[str, Any]:
    """A tracking page with a question of the shop's, which may be framed by its site."""
    plain = [{"id": kind, "kind": kind} for kind in ("parcels", "aside", "support", "order")]
    faq = {"id": "faq", "kind": "faq", "title": world.word, "rows": [{"title": world.word, "text": world.word}]}
    return {"variants": [{"id": "all", "sections": [*plain, faq]}], "asks": ["missing"], "origins": [f"https://{world.slug}.example"]}


def legible(text: str) -> bytes:
    """A message's body as it is kept, but for the compression: the shop's word must be seen in the row."""
    return zlib.compress(text.encode(), 0)


def shop_of(world: World) -> dict[str, Any]:
    """A second connection, which deliveries come in by: the first is the API's own."""
    sealed = crypto.seal(world.word, world.ids["tenancy.Merchant"])
    return {
        "kind": "shopify",
        "label": f"{world.word} shop",
        "account": f"{world.word}.myshopify.com",
        "secret_sealed": sealed,
        "old_secret_sealed": sealed,
        "old_secret_until": datetime(2100, 1, 1, tzinfo=UTC),  # by the real clock it still holds
    }


def own_of(world: World) -> dict[str, Any]:
    """A connection with a mapping of the shop's own."""
    places = {"number": ["number"], "time": ["at"], "code": [world.word]}
    return {
        "kind": "custom",
        "label": f"{world.word} own",
        "secret_sealed": crypto.seal(world.word, world.ids["tenancy.Merchant"]),
        "mapping": {"source": "own.0123456789ab", "places": places, "always": {"carrier": world.word}},
    }


def monday() -> date:
    """Of this week: the score card looks back some weeks."""
    return monday_of(clock.business_now().date())


SHAPES: dict[str, Shape] = {
    "integrations.Connection": lambda world: {"kind": "api", "label": "API", "secret_sealed": None, "old_secret_sealed": None},
    "integrations.InboundDelivery": lambda world: {
        "connection_id": world.ids[SHOP],
        "state": "failed",
        "lease_token": None,
        "body": f'{{"note": "{world.word}"}}'.encode(),
        "result": [{"item": "order", "outcome": "created", "external_id": world.word, "id": world.id("tenancy.Merchant")}],
        "processed_at": AT,
    },
    "integrations.Replay": lambda world: {"connection_id": world.ids[SHOP], "states": ["failed"], "finished_at": AT},
    "tracking.CarrierCode": lambda world: {"source": "ups", "carrier": "ups", "status": "", "redo_total": None},
    "domains.Domain": lambda world: {
        "kind": "portal",
        "name": f"{world.slug}.track.example",
        "state": "verified",
        "findings": {},
        "key_sealed": None,
    },
    "integrations.WebhookEndpoint": lambda world: {
        "url": f"https://{world.word}.example/hooks",
        "kinds": [],
        "stopped_for": "",
        "stopped_at": None,
        "failing_since": None,
        "removed_at": None,
        "old_secret_until": datetime(2100, 1, 1, tzinfo=UTC),  # by the real clock it still holds
    },
    "integrations.WebhookDelivery": lambda world: {"kind": "order.placed", "state": "failed", "lease_token": None, "trial": False},
    "integrations.WebhookAttempt": lambda world: {
        "outcome": "answered",
        "url": f"https://{world.word}.example/hooks",
        "status": 500,
        "request_headers": [["webhook-id", world.word]],
        "response_headers": [["X-Word", world.word]],
    },
    "transfers.Import": lambda world: {
        "kind": "orders",
        "state": "draft",
        "how": {"form": "csv", "encoding": "utf-8", "delimiter": ","},
        "headers": [f"{world.word} number", "Placed at"],
        "sample": [[world.word, "2026-03-02"]],
        "mapping": {"number": 0, "placed_at": 1},
        "lease_until": None,
        "lease_token": None,
    },
    "transfers.RowError": lambda world: {"row": 2, "cells": [world.word]},
    "transfers.Export": lambda world: {"state": "done", "expires_at": datetime(2100, 1, 1, tzinfo=UTC), "lease_token": None, "cursor": ""},
    "bulk.SavedFilter": lambda world: {"user": None, "subject": "orders", "query": f"q={world.word}", "removed_at": None},
    "bulk.Job": lambda world: {
        "subject": "orders",
        "act": "tracking_link",
        "query": "",
        "state": "running",
        "cursor": "",
        "lease_until": None,
        "lease_token": None,
    },
    "backtest.Backtest": lambda world: {
        "definition": flow(world),
        "state": "running",
        "since": AT,
        "until": AT,
        "summary": {"reasons": {world.word: {"draft": 1}}},
        "cursor": "",
        "lease_until": None,
        "lease_token": None,
    },
    "backtest.Outcome": lambda world: {"difference": "only_draft", "verdict": "skip", "reason": world.word, "at": AT},
    "transfers.Piece": lambda world: {"position": 0},
    "brands.Logo": lambda world: {"body": b"\x89PNG"},  # a picture has no words
    "brands.Suggestion": lambda world: {
        "state": "found",
        "website": f"https://{world.word}.example/",
        "name": world.word,
        "accent": "#123456",
    },
    "brands.PageDesign": lambda world: {"draft": tracking_page(world)},
    "brands.PageVersion": lambda world: {"number": 1, "content": tracking_page(world)},
    "tracking.Wish": lambda world: {"kind": "instructions", "state": "asked", "settled_at": None},
    "notifications.SmsAccount": lambda world: {"provider": "sink", "token_sealed": crypto.seal(world.word, world.ids["tenancy.Merchant"])},
    "notifications.Engagement": lambda world: {"kind": "click", "machine": False},
    "alerts.Choice": lambda world: {"at_once": ["doubt"], "daily": [], "time_zone": "Europe/Berlin"},
    "alerts.Channel": lambda world: {"host": f"chat.{world.word}.example", "kinds": ["doubt"], "failing_since": None},
    "alerts.Pile": lambda world: {"kind": "doubt", "first": []},
    "tenancy.Brand": lambda world: {
        "accent": "#0f766e",
        "surface": "#faf9f6",
        "time_zone": "Europe/Berlin",
        "portal_host": f"{world.slug}.track.example",
    },
    "tenancy.AuditCheck": lambda world: {"broken_at": None},
    "tenancy.Invitation": lambda world: {
        "email": world.email,
        "expires_at": datetime(2100, 1, 1, tzinfo=UTC),
        "accepted_at": None,
        "revoked_at": None,
    },
    "orders.Customer": lambda world: {"email": world.email, "erased_at": None},
    "orders.Order": lambda world: {
        "email": world.email,
        "number": f"#{world.word}",
        "test": False,
        "shop_totals": None,
        "shipping_address": {"name": world.word, "line1": world.word, "city": world.word, "country": "DE"},
        "billing_address": None,
        "ship_country": "DE",
        "marketing_consent": None,
        "cancelled_at": None,
        "delivered_at": None,
        "erased_at": None,
    },
    "orders.Line": lambda world: {"removed_at": None},
    "orders.Refund": lambda world: {"lines": []},
    "orders.OrderChange": lambda world: {"changed": {"email": [world.email, world.email]}},
    "tracking.Shipment": lambda world: {
        "status": "in_transit",
        "cancelled_at": None,
        "delivered_at": None,
        "origin_country": "DE",
        "health": [],
    },
    "tracking.Following": lambda world: {"details": {"title": world.word}, "completed_at": None, "removed_at": None, "retracks": 0},
    "tracking.EstimateSnapshot": lambda world: {"grounds": None},
    "tracking.Scan": lambda world: {"status": "in_transit"},
    "tracking.Poller": lambda world: {
        "connection_id": world.ids[OWN],
        "url": f"https://{world.word}.example/{{number}}",
        "carriers": [world.word],
        "account_sealed": crypto.seal('{"header": "", "value": ""}', world.ids["tenancy.Merchant"]),
        "token_sealed": None,
    },
    "tracking.PickupPoint": lambda world: {"country": "DE", "on": True},
    "tracking.PromiseWeek": lambda world: {"carrier": world.word, "week": monday(), "took": {"2": 1}},
    "tracking.LaneStat": lambda world: {"arrived": {"2": 1}},
    "tracking.HealthRule": lambda world: {"learned": False, "country": "DE"},
    "desk.Case": lambda world: {
        "kinds": ["stalled"],
        "answered": ["stalled"],
        "state": "snoozed",
        "assignee": None,
        "until": datetime(2100, 1, 1, tzinfo=UTC),
    },
    "desk.Step": lambda world: {"act": "done"},
    "desk.SigningKey": lambda world: {"sealed": crypto.seal("11" * 32, world.ids["tenancy.Merchant"]), "public": "22" * 32},
    "tracking.HealthInterval": lambda world: {"flag": "stalled"},
    "notifications.Flow": lambda world: {"key": world.node, "draft": flow(world)},
    "notifications.FlowVersion": lambda world: {"definition": flow(world)},
    "notifications.EmailDesign": lambda world: {"key": world.node, "stream": "transactional", "draft": email(world), "links": {}},
    "notifications.EmailDesignVersion": lambda world: {"number": 1, "content": email(world)},
    "notifications.Enrolment": lambda world: {"state": "active", "node": world.node},
    "notifications.Message": lambda world: {
        "state": "unknown",
        "template": "confirmation",
        "node": world.node,
        "to_address": world.email,
        "lease_token": None,
        "test": False,
        "put_off": [],
    },
    "notifications.MessagingRules": lambda world: {
        "confirm": "always",
        "confirm_in": ["DE"],
        "soft_opt_in": ["eea"],
        "paused_for": "bounces",
        "resumed_at": None,
    },
    "notifications.Suppression": lambda world: {"channel": "email", "scope": "marketing", "reason": "unsubscribed"},
    "notifications.MessageBody": lambda world: {"html": legible(f"<p>{world.word}</p>"), "text": legible(world.word)},
    "notifications.Decision": lambda world: {"node": world.node, "checks": [{"check": "useful", "passed": True, "detail": world.word}]},
    "events.DomainEvent": lambda world: {
        "kind": "order.placed",
        "payload": {"order_id": world.id("tenancy.Merchant"), "word": world.word},
        "relayed_at": AT,
    },
}
