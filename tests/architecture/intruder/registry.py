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
    `writes_on_get`: the reviewed reason why a safe method changes a row.
    """

    path: Mapping[str, Fill] = field(default_factory=dict)
    body: Body | None = None
    query: Body | None = None
    shop: frozenset[str] = frozenset({"slug"})
    secrets: frozenset[str] = frozenset()
    works: tuple[str, ...] = ("GET",)
    writes_on_get: str = ""


def row(label: str) -> Fill:
    """The id of a row of that model, as it stands in the database."""
    return lambda world: world.id(label)


def public(prefix: str, label: str) -> Fill:
    """The same as the API writes it."""
    return lambda world: world.public(prefix, label)


def slug(world: World) -> str:
    """The shop's slug."""
    return world.slug


FIXTURES: dict[str, Fixture] = {}
