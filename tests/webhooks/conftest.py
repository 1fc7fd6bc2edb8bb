"""Ann's endpoint on a machine of hers, and facts to tell it."""

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from datetime import UTC, datetime
from typing import Any

import pytest

from integrations.models import Connection, WebhookEndpoint, api_test_connection_id
from integrations.types import OrderData
from integrations.webhooks import deliver, endpoints, schedule
from orders.intake import record_orders
from postpurchase.events.tasks import relay_batch
from postpurchase.jobs import eager
from postpurchase.lib import clock
from postpurchase.tenancy.models import Merchant
from postpurchase.tenancy.scope import in_merchant
from tests.factories import order_data
from tests.webhooks.receiver import Receiver

NOW = datetime(2026, 11, 23, 13, 20, tzinfo=UTC)
Settled = Callable[[], AbstractContextManager[None]]


@pytest.fixture
def now() -> Iterator[clock.Hands]:
    with clock.frozen(NOW) as hands:
        yield hands


@pytest.fixture
def no_jitter(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(schedule.random, "uniform", lambda low, high: low)


class Told:
    """An endpoint and its secret."""

    def __init__(self, merchant: Merchant, url: str, **given: Any) -> None:
        self.merchant = merchant
        with in_merchant(merchant):
            self.row, self.secret = endpoints.add(url, **given)

    def again(self) -> WebhookEndpoint:
        with in_merchant(self.merchant):
            return WebhookEndpoint.objects.get(pk=self.row.pk)


@pytest.fixture
def endpoint(ann: Merchant, receiver: Receiver, now: clock.Hands) -> Told:
    return Told(ann, receiver.url)


def place(merchant: Merchant, *orders: OrderData, test: bool = False) -> None:
    """Orders come in, and their facts are relayed; nothing is sent yet."""
    with eager.collected(), in_merchant(merchant):
        source = api_test_connection_id() if test else Connection.objects.get(kind=Connection.API).pk
        found = record_orders(list(orders) or [order_data(test=test)], connection_id=source)
        assert not [one.errors for one in found if one.errors]
    relay(merchant)


def relay(merchant: Merchant) -> None:
    with eager.collected():
        while relay_batch(merchant.pk):
            pass


def send() -> int:
    """Everything that is due goes out."""
    return deliver.drain()
