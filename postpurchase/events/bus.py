"""publish() writes facts beside the work that made them true; @on(Fact) names who wants to know."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from typing import Any, TypeVar
from uuid import UUID

import msgspec
from django.db import connection

from postpurchase.events.catalogue import FACTS, Fact
from postpurchase.events.models import DomainEvent
from postpurchase.jobs import nudge
from postpurchase.lib import clock
from postpurchase.lib.ids import uuid7
from postpurchase.tenancy import scope

F = TypeVar("F", bound=Fact)
Handler = Callable[[Any], None]
ManyHandler = Callable[[list[Any]], None]
Watcher = Callable[[Sequence[DomainEvent]], None]

INSERT = "SELECT events_publish(%(merchant)s, %(now)s, %(rows)s)"  # migration 0002

_handlers: dict[str, dict[str, Handler]] = defaultdict(dict)
_many: dict[str, dict[str, ManyHandler]] = defaultdict(dict)
_watchers: list[Watcher] = []


def on(fact: type[F]) -> Callable[[Callable[[F], None]], Callable[[F], None]]:
    """Register a handler. It runs in the merchant's scope, in a transaction of its own, at most once per event in effect; no network."""

    def register(handler: Callable[[F], None]) -> Callable[[F], None]:
        _handlers[fact.kind][f"{handler.__module__}.{handler.__qualname__}"] = handler
        return handler

    return register


def on_many(*facts: type[Fact]) -> Callable[[ManyHandler], ManyHandler]:
    """Register a handler that takes all facts of a relayed batch at once, oldest first. It must stand being given them one by one."""

    def register(handler: ManyHandler) -> ManyHandler:
        for fact in facts:
            _many[fact.kind][f"{handler.__module__}.{handler.__qualname__}"] = handler
        return handler

    return register


def watch(watcher: Watcher) -> Watcher:
    """Register somebody who is shown every relayed row, of any kind, whatever its handlers made of it. No network.

    No receipt is kept, which would cost a row an event: being shown one twice must change nothing.
    """
    _watchers.append(watcher)
    return watcher


def watchers() -> Sequence[Watcher]:
    """Those who are shown everything."""
    return _watchers


def handlers_of(kind: str) -> dict[str, Handler]:
    """Handler name -> function, for one kind of fact."""
    return _handlers[kind]


def many_handlers_of(kind: str) -> dict[str, ManyHandler]:
    """Handler name -> function that takes a list, for one kind of fact. These run before the others."""
    return _many[kind]


def names_of(kind: str) -> list[str]:
    """The names of all handlers of a kind, in the order in which they run."""
    return [*_many[kind], *_handlers[kind]]


def publish(*facts: Fact) -> None:
    """Write facts in the current scope and transaction; they are relayed after COMMIT."""
    publish_all(facts)


def publish_all(facts: Iterable[Fact]) -> None:
    """As publish, for any number, in one statement."""
    written = list(facts)
    if not written:
        return
    merchant = scope.demand("publishing").merchant_id
    with connection.cursor() as cursor:
        cursor.execute(INSERT, {"merchant": merchant, "now": clock.business_now(), "rows": as_json(written)})
    relay_soon()


def as_json(facts: Iterable[Fact]) -> str:
    """Facts for a database function that hands them to events_publish beside its own work; relay_soon() must follow."""
    return msgspec.json.encode([row_of(fact) for fact in facts]).decode()


def relay_soon(merchant_id: UUID | None = None) -> None:
    """Facts of the merchant (of the one in scope, if none is named) have been written: have them relayed after COMMIT."""
    nudge.after_commit("postpurchase.events.tasks.relay", merchant_id or scope.demand("publishing").merchant_id)


def row_of(fact: Fact) -> dict[str, Any]:
    """The fact as a row of events_domainevent."""
    return {
        "id": uuid7(),
        "kind": fact.kind,
        "subject": fact.subject,
        "thread": fact.order_id,
        "payload": msgspec.to_builtins(fact),
    }


def read(kind: str, payload: dict[str, Any]) -> Fact:
    """The fact that a stored payload tells."""
    return msgspec.convert(payload, FACTS[kind])
