"""Whole shops: at least one row in every tenant table, with a word of that shop's own in every text, so that a leak can be seen."""

import random
import uuid
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from django.apps import apps
from django.contrib.postgres.fields import ArrayField
from django.db import models

from postpurchase.lib import clock, crypto, ids
from postpurchase.tenancy import keys
from postpurchase.tenancy.base import TenantModel
from postpurchase.tenancy.models import ApiKey, Merchant, Role, User
from postpurchase.tenancy.scope import in_merchant
from tests.people import hire, open_shop

AT = datetime(2026, 3, 4, 5, 6, tzinfo=UTC)


@dataclass
class World:
    """What can be named of a shop. `word` stands in its texts and nowhere else; `ids` has a row's key for each model's label."""

    slug: str
    word: str
    ids: dict[str, Any]
    merchant: Merchant | None = None
    people: dict[str, User] = field(default_factory=dict)
    keys: dict[str, str] = field(default_factory=dict)

    def id(self, label: str) -> str:
        """The key of a row of that model."""
        return str(self.ids[label])

    def public(self, prefix: str, label: str) -> str:
        """The same, as the API shows it."""
        return ids.to_public(prefix, self.ids[label])

    def link(self, label: str = "orders.Order") -> str:
        """The token of its tracking link."""
        return crypto.link_token(self.ids[label])

    @property
    def email(self) -> str:
        """An address of a customer of this shop."""
        return f"{self.word}@shopper.example"

    def owners(self) -> set[str]:
        """Whose rows are this shop's, in the terms of a checksum."""
        return {str(self.ids["tenancy.Merchant"]), *(str(user.pk) for user in self.people.values())}


Shape = Callable[[World], dict[str, Any]]
SHAPES: dict[str, Shape] = {  # what a row needs so that pages can show it; every other column is filled by its type
    "integrations.Connection": lambda world: {"kind": "api", "label": "API", "secret_sealed": None, "old_secret_sealed": None},
    "tenancy.Brand": lambda world: {
        "accent": "#0f766e",
        "surface": "#faf9f6",
        "time_zone": "Europe/Berlin",
        "portal_host": f"{world.slug}.track.example",
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
        "placed_at": clock.business_now(),  # links end some months after an order
        "delivered_at": None,
        "marketing_consent": None,
        "cancelled_at": None,
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
    "tracking.Scan": lambda world: {"status": "in_transit"},
    "tracking.HealthInterval": lambda world: {"flag": "stalled"},
    "notifications.Message": lambda world: {"state": "failed", "to_address": world.email, "lease_token": None, "test": False},
    "notifications.Enrolment": lambda world: {"state": "active"},
    "events.DomainEvent": lambda world: {
        "kind": "order.placed",
        "payload": {"order_id": world.id("tenancy.Merchant"), "word": world.word},
        "relayed_at": AT,
    },
}

MADE_BY_HAND = {"tenancy.Membership", "tenancy.ApiKey"}  # build() makes them, one for each persona


def tenant_models() -> list[type[TenantModel]]:
    """Every table of merchants, those pointed at before those that point."""
    waiting = [model for model in apps.get_models() if issubclass(model, TenantModel)]
    done: list[type[TenantModel]] = []
    while waiting:
        ready = next(
            model for model in waiting if not any(needed(key) in waiting and needed(key) is not model for key in model._meta.local_fields)
        )
        waiting.remove(ready)
        done.append(ready)
    return done


def needed(key: Any) -> type[models.Model] | None:
    """The model that a column must point at; a nullable one can wait."""
    return key.related_model if key.is_relation and not key.null else None


def build(slug: str, word: str) -> World:
    """A shop with its team, its keys and a row in every tenant table."""
    merchant = open_shop(slug)
    world = World(slug, word, {"tenancy.Merchant": merchant.pk}, merchant)
    Merchant.objects.filter(pk=merchant.pk).update(name=f"{word} shop")
    for role in Role:
        world.people[role.value] = hire(merchant, f"{word}-{role.value}@team.example", role)
    world.ids["tenancy.User"] = world.people["viewer"].pk
    with in_merchant(merchant):
        reading = [scope for scope in keys.SCOPES if scope.endswith(":read")]
        world.keys = {
            "read": keys.make(word, scopes=reading, live=True)[1],
            "full": keys.make(word, live=True)[1],
            "test": keys.make(word)[1],
        }
        ApiKey.objects.update(last_used_at=clock.machine_now())  # noted once an hour: not in every answer here
        rows = {model: put(model, world) for model in tenant_models()}
        for model, row in rows.items():
            join_late(model, row, world)
    return world


def put(model: type[TenantModel], world: World) -> TenantModel:
    """One row of that table with the shop's word in its texts. A row that opening the shop has made gets the word too."""
    label = model._meta.label
    row = model._default_manager.order_by("pk").first()
    if row is None or label not in MADE_BY_HAND:
        values = {column.name: value_of(column, world) for column in model._meta.local_fields if fillable(column)}
        values |= SHAPES.get(label, lambda _: {})(world)
        row = row or model()
        for name, value in values.items():
            setattr(row, name, value)
        row.save()
    world.ids[label] = row.pk
    return row


def fillable(column: Any) -> bool:
    """Whether a value can be given: ids, the merchant and computed columns come by themselves."""
    return column.name not in {"id", "merchant"} and not column.generated


def join_late(model: type[TenantModel], row: TenantModel, world: World) -> None:
    """Set the nullable keys whose target did not exist yet."""
    for column in model._meta.local_fields:
        target = column.related_model and column.related_model._meta.label
        if target in world.ids and getattr(row, column.attname) is None and target != "tenancy.Merchant":
            setattr(row, column.attname, world.ids[target])
    row.save()


def value_of(column: Any, world: World) -> Any:
    """Something that fits the column, with the shop's word in it wherever it can stand."""
    if column.is_relation:
        key = world.ids.get(column.related_model._meta.label)
        return column.related_model._base_manager.get(pk=key) if key else None
    if column.choices:
        return column.choices[0][0]
    if isinstance(column, models.CharField | models.TextField):
        return text_of(column, world)
    if isinstance(column, ArrayField):
        return [value_of(column.base_field, world)]
    return PLAIN[type(column)](world)


def text_of(column: Any, world: World) -> str:
    """The shop's word, in the form that the column's name asks for."""
    name, most = column.name, column.max_length or 200
    if isinstance(column, models.EmailField) or name == "address":
        return world.email
    if isinstance(column, models.URLField) or name.endswith("_url"):
        return f"https://{world.word}.example/"
    short = {"locale": "en", "currency": "EUR", "shop_currency": "EUR", "kind": "order.placed"}
    return short.get(name) or (f"{world.word} {name}"[:most] if most >= len(world.word) else "x")


PLAIN: dict[type, Callable[[World], Any]] = {
    models.UUIDField: lambda world: ids.uuid7(),
    models.BinaryField: lambda world: world.word.encode(),
    models.JSONField: lambda world: {"word": world.word},
    models.BooleanField: lambda world: True,
    models.DateField: lambda world: AT.date(),
    models.DateTimeField: lambda world: AT,
    models.IntegerField: lambda world: 1,
    models.BigIntegerField: lambda world: 1000,
    models.PositiveIntegerField: lambda world: 1,
    models.PositiveSmallIntegerField: lambda world: 1,
}


def nowhere(like: World) -> World:
    """A shop that does not exist, with an id for everything that `like` has one for."""
    made = {label: uuid.uuid4() if isinstance(key, uuid.UUID) else random.randrange(10**8, 10**9) for label, key in like.ids.items()}
    tail = uuid.uuid4().hex
    return World(slug=f"x{tail[: len(like.slug) - 1]}", word=f"none{tail}"[: len(like.word)], ids=made)
