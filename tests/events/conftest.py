"""Handlers for one test only."""

from collections.abc import Callable, Iterator
from typing import Any

import pytest

from postpurchase.events import bus
from postpurchase.events.catalogue import OrderPlaced
from postpurchase.events.models import DomainEvent
from postpurchase.lib.ids import uuid7
from postpurchase.tenancy.scope import every_tenant

Subscribe = Callable[[str, Callable[[Any], None]], None]


@pytest.fixture
def subscribe(monkeypatch: pytest.MonkeyPatch) -> Iterator[Subscribe]:
    """subscribe(name, handler): the only handlers of order.placed while the test runs."""
    mine: dict[str, Callable[[Any], None]] = {}
    monkeypatch.setitem(bus._handlers, OrderPlaced.kind, mine)
    monkeypatch.setitem(bus._many, OrderPlaced.kind, {})
    yield mine.__setitem__


@pytest.fixture(autouse=True)
def opening_is_told(request: pytest.FixtureRequest) -> None:
    """Opening the two shops is a fact too; here it has been told and forgotten."""
    for name in {"ann", "bob", "in_ann"} & set(request.fixturenames):
        request.getfixturevalue(name)
    if "db" in request.fixturenames or "transactional_db" in request.fixturenames:
        with every_tenant("test: start without events"):
            DomainEvent.objects.all().delete()


@pytest.fixture
def placed() -> OrderPlaced:
    return OrderPlaced(order_id=uuid7())
