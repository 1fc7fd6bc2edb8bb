"""Handlers for one test only."""

from collections.abc import Callable, Iterator
from typing import Any

import pytest

from postpurchase.events import bus
from postpurchase.events.catalogue import OrderPlaced
from postpurchase.lib.ids import uuid7

Subscribe = Callable[[str, Callable[[Any], None]], None]


@pytest.fixture
def subscribe(monkeypatch: pytest.MonkeyPatch) -> Iterator[Subscribe]:
    """subscribe(name, handler): the only handlers of order.placed while the test runs."""
    mine: dict[str, Callable[[Any], None]] = {}
    monkeypatch.setitem(bus._handlers, OrderPlaced.kind, mine)
    yield mine.__setitem__


@pytest.fixture
def placed() -> OrderPlaced:
    return OrderPlaced(order_id=uuid7())
