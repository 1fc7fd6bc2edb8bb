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
    `writes_on_get`: the reviewed reason why a safe method changes a row. `strict`: the address refuses parameters that it does not
    know, so it gets those of `query` only. `proved_elsewhere`: why nothing here can get through, and which test does.
    """

    path: Mapping[str, Fill] = field(default_factory=dict)
    body: Body | None = None
    query: Body | None = None
    shop: frozenset[str] = frozenset({"slug"})
    secrets: frozenset[str] = frozenset()
    works: tuple[str, ...] = ("GET",)
    writes_on_get: str = ""
    strict: bool = False
    proved_elsewhere: str = ""


def row(label: str) -> Fill:
    """The id of a row of that model, as it stands in the database."""
    return lambda world: world.id(label)


def public(prefix: str, label: str) -> Fill:
    """The same as the API writes it."""
    return lambda world: world.public(prefix, label)


def slug(world: World) -> str:
    """The shop's slug."""
    return world.slug


def one(prefix: str, label: str) -> Fixture:
    """A row of the API."""
    return Fixture({"public_id": public(prefix, label)})


def listed(**query: Fill) -> Fixture:
    """A list of the API, with every filter that can name a row."""
    return Fixture(query=lambda world: {name: fill(world) for name, fill in query.items()}, strict=True)


def email(world: World) -> str:
    """A customer's address."""
    return world.email


NOTHING = "there is nothing at these addresses: tests/api/test_errors.py"
ORDER = public("ord", "orders.Order")
FIXTURES: dict[str, Fixture] = {
    "in/<str:public_id>": Fixture(
        {"public_id": public("con", "integrations.Connection")}, proved_elsewhere="it takes a signature: tests/api/test_inbound.py"
    ),
    "api/v1/orders": Fixture(
        query=lambda world: {"number": f"#{world.word}", "email": world.email},
        body=lambda world: {"external_id": f"{world.word} external_id", "customer": {"external_id": f"{world.word} external_id"}},
        strict=True,
    ),
    "api/v1/orders/bulk": Fixture(body=lambda world: {"orders": [{"external_id": f"{world.word} external_id", "email": world.email}]}),
    "api/v1/orders/<str:public_id>": one("ord", "orders.Order"),
    "api/v1/customers": listed(email=email),
    "api/v1/customers/<str:public_id>": one("cus", "orders.Customer"),
    "api/v1/shipments": Fixture(
        query=lambda world: {"order": ORDER(world), "number": f"{world.word} number"},
        body=lambda world: {"order_external_id": f"{world.word} external_id", "carrier": "dhl", "number": f"{world.word} number"},
        strict=True,
    ),
    "api/v1/shipments/<str:public_id>": one("shp", "tracking.Shipment"),
    "api/v1/scans": Fixture(
        body=lambda world: {"shipment_external_id": f"{world.word} external_id", "occurred_at": "2026-03-04T05:06:07Z"}
    ),
    "api/v1/messages": listed(order=ORDER),
    "api/v1/messages/<str:public_id>": one("msg", "notifications.Message"),
    "api/v1/events": listed(order=ORDER, after=public("evt", "events.DomainEvent")),
    "api/v1/openapi.json": Fixture(),
    "api/v1/docs": Fixture(),
    "api/": Fixture(),
    "api/<path:rest>": Fixture({"rest": lambda world: f"v1/returns/{ORDER(world)}"}, proved_elsewhere=NOTHING),
}
