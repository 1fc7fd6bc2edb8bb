"""How a route's parameters and bodies are filled from a shop."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from tests.architecture.intruder.world import World

Fill = Callable[[World], str]
Body = Callable[[World], dict[str, Any]]


@dataclass(frozen=True)
class Fixture:
    """`path`: parameter -> its value in a shop. `body`, `query`: everything in them that can name a row; `more`: further queries.

    `shop`: the parameters that name the shop itself (its slug), which the intruder also fills with her own; `own`: those that she
    then fills with her own in a third round, so that only the query and the body are another's. `mine`: what of a body is hers anyway.
    `secrets`: parameters that are their own permission (a tracking link): the intruder has never seen them, so she gets one
    with a letter changed. `works`: methods by which the shop itself gets a 2xx or 3xx: without one the ids prove nothing.
    `open_to_all`: the reviewed reason why an address names a shop to anybody; then `shows` are models whose texts stand there, and
    `appends` tables that anybody adds to. `silent`: the reviewed reason why the shop's own answer shows none of its rows.
    `writes_on_get`: the reviewed reason why a safe method changes a row. `unprovable`: the reviewed reason why nothing works.
    `alarm`: the reviewed reason why it may answer 503.
    """

    path: Mapping[str, Fill] = field(default_factory=dict)
    body: Body | None = None
    query: Body | None = None
    more: tuple[Body, ...] = ()
    mine: Body | None = None
    shop: frozenset[str] = frozenset({"slug"})
    own: frozenset[str] = frozenset()
    secrets: frozenset[str] = frozenset()
    works: tuple[str, ...] = ("GET",)
    open_to_all: str = ""
    shows: tuple[str, ...] = ()
    appends: frozenset[str] = frozenset()
    silent: str = ""
    writes_on_get: str = ""
    unprovable: str = ""
    alarm: str = ""


def row(label: str) -> Fill:
    """The id of a row of that model, as it stands in the database."""
    return lambda world: world.id(label)


def public(prefix: str, label: str) -> Fill:
    """The same as the API and the pages write it."""
    return lambda world: world.public(prefix, label)


def slug(world: World) -> str:
    """The shop's slug."""
    return world.slug


def nothing(world: World) -> dict[str, Any]:
    """No parameters at all: the API refuses those it does not know, and that would hide what comes after."""
    return {}


def external(world: World, column: str) -> str:
    """The id that a shop's own system gave a row, as build.py writes it."""
    return f"{world.word} {column}"


ORDER = public("ord", "orders.Order")
