"""How each route's parameters and bodies are filled from a shop. A route that is not named here fails the suite."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from tests.architecture.intruder.world import World

Fill = Callable[[World], str]
Body = Callable[[World], dict[str, Any]]


@dataclass(frozen=True)
class Fixture:
    """`path`: parameter -> its value in a shop. `body`, `query`: everything in them that can name a row.

    `shop`: the parameters that name the shop itself (its slug), which the intruder also fills with her own.
    `secrets`: parameters that are their own permission (a tracking link): the intruder has never seen them, so she gets one
    with a letter changed. `works`: methods by which the shop itself gets a 2xx or 3xx: without one the ids prove nothing.
    `writes_on_get`: the reviewed reason why a safe method changes a row. `unprovable`: the reviewed reason why nothing works.
    """

    path: Mapping[str, Fill] = field(default_factory=dict)
    body: Body | None = None
    query: Body | None = None
    shop: frozenset[str] = frozenset({"slug"})
    secrets: frozenset[str] = frozenset()
    works: tuple[str, ...] = ("GET",)
    writes_on_get: str = ""
    unprovable: str = ""


def row(label: str) -> Fill:
    """The id of a row of that model, as it stands in the database."""
    return lambda world: world.id(label)


def public(prefix: str, label: str) -> Fill:
    """The same as the API writes it."""
    return lambda world: world.public(prefix, label)


def slug(world: World) -> str:
    """The shop's slug."""
    return world.slug


def nothing(world: World) -> dict[str, Any]:
    """No parameters at all: the API refuses those it does not know, and that would hide what comes after."""
    return {}


def external(world: World, column: str) -> str:
    """The id that a shop's own system gave a row, as world.py writes it."""
    return f"{world.word} {column}"


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


def one(prefix: str, label: str) -> Fixture:
    """An address of the API that reads one row."""
    return Fixture({"public_id": public(prefix, label)}, query=nothing)


SECRET = frozenset({"token"})


def tracked(*works: str, body: Body | None = None) -> Fixture:
    """A page behind a tracking link."""
    return Fixture({"token": lambda world: world.link()}, body=body, secrets=SECRET, works=works or ("GET",))


ORDER = public("ord", "orders.Order")
FIXTURES: dict[str, Fixture] = {
    "t/<str:token>": tracked(),
    "t/<str:token>/code": tracked("GET", "POST"),
    "t/<str:token>/verify": tracked(body=lambda world: {"code": "123456"}),
    "u/<str:token>": Fixture({"token": lambda world: world.link("notifications.Message")}, secrets=SECRET, works=("GET", "POST")),
    "s/<slug:slug>/": Fixture(  # a shop's name and look are for everybody, so her own look-up is the one to ask with Bob's number
        {"slug": slug},
        body=lambda world: {"order": f"#{world.word}", "proof": world.email},
        secrets=frozenset({"slug"}),
        works=("GET", "POST"),
    ),
    "brand/<str:accent>-<str:surface>.css": Fixture({"accent": lambda world: "0f766e", "surface": lambda world: "faf9f6"}),
    "health/live": Fixture(),
    "health/ready": Fixture(),
    "in/<str:public_id>": Fixture(
        {"public_id": public("con", "integrations.Connection")},
        secrets=frozenset({"public_id"}),
        works=(),
        unprovable="only a shop's own signature gets through; tests/integrations has those",
    ),
    "api/v1/orders": Fixture(query=lambda world: {"email": world.email, "number": f"#{world.word}"}, body=order, works=("GET", "POST")),
    "api/v1/orders/bulk": Fixture(query=nothing, body=lambda world: {"orders": [order(world)]}, works=("POST",)),
    "api/v1/orders/<str:public_id>": one("ord", "orders.Order"),
    "api/v1/customers": Fixture(query=lambda world: {"email": world.email}),
    "api/v1/customers/<str:public_id>": one("cus", "orders.Customer"),
    "api/v1/shipments": Fixture(
        query=lambda world: {"order": ORDER(world), "number": external(world, "number")}, body=shipment, works=("GET", "POST")
    ),
    "api/v1/shipments/<str:public_id>": one("shp", "tracking.Shipment"),
    "api/v1/scans": Fixture(query=nothing, body=scan, works=("POST",)),
    "api/v1/messages": Fixture(query=lambda world: {"order": ORDER(world)}),
    "api/v1/messages/<str:public_id>": one("msg", "notifications.Message"),
    "api/v1/events": Fixture(query=lambda world: {"order": ORDER(world), "after": world.public("evt", "events.DomainEvent")}),
    "api/v1/openapi.json": Fixture(),
    "api/v1/docs": Fixture(),
    "api/": Fixture(works=(), unprovable="there is nothing there for anybody"),
    "api/<path:rest>": Fixture(
        {"rest": lambda world: f"v2/orders/{ORDER(world)}"}, works=(), unprovable="there is nothing there for anybody"
    ),
}
