"""Whole shops: at least one row in every tenant table, with a word of that shop's own in every text, so that a leak can be seen."""

from collections.abc import Callable
from typing import Any

from django.apps import apps
from django.contrib.postgres.fields import ArrayField
from django.db import models

from integrations.models import Connection
from postpurchase.lib import clock, ids
from postpurchase.tenancy import audit, keys
from postpurchase.tenancy.base import TenantModel
from postpurchase.tenancy.models import ApiKey, Membership, Merchant, Role
from postpurchase.tenancy.scope import in_merchant
from tests.architecture.intruder.shapes import AT, OWN, SHAPES, SHOP, own_of, shop_of
from tests.architecture.intruder.world import World
from tests.people import hire, open_shop

MADE_BY_HAND = {"tenancy.Membership", "tenancy.ApiKey", "tenancy.AuditEntry"}  # build() makes them, for each persona, or as only it may
APPEND_ONLY = {"tenancy.AuditEntry"}


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
        audit.record(audit.SYSTEM, "shop.opened", subject=f"shop:{word}", words=word)
        rows = {model: put(model, world) for model in tenant_models()}
        world.ids["tenancy.Membership"] = Membership.objects.get(user=world.people["viewer"]).pk  # the first is the owner's, who must stay
        for model, row in rows.items():
            join_late(model, row, world)
    world.texts = {model._meta.label: texts_of(row, world) for model, row in rows.items()} | {"tenancy.Merchant": {f"{word} shop"}}
    return world


def texts_of(row: TenantModel, world: World) -> set[str]:
    """The texts of a row that have the shop's word in them."""
    values = (getattr(row, column.attname) for column in row._meta.local_fields)
    return {value for value in values if isinstance(value, str) and world.word in value}


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
    if label == "integrations.Connection":
        world.ids[SHOP] = Connection.objects.create(**shop_of(world)).pk
        world.ids[OWN] = Connection.objects.create(**own_of(world)).pk
    return row


def fillable(column: Any) -> bool:
    """Whether a value can be given: ids, the merchant and computed columns come by themselves."""
    return column.name not in {"id", "merchant"} and not column.generated


def join_late(model: type[TenantModel], row: TenantModel, world: World) -> None:
    """Set the nullable keys whose target did not exist yet."""
    if model._meta.label in APPEND_ONLY:
        return
    said = SHAPES.get(model._meta.label, lambda _: {})(world)
    for column in model._meta.local_fields:
        if column.name in said:
            continue
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
    models.FloatField: lambda world: 1.0,
    models.IntegerField: lambda world: 1,
    models.BigIntegerField: lambda world: 1000,
    models.PositiveIntegerField: lambda world: 1,
    models.PositiveSmallIntegerField: lambda world: 1,
}
