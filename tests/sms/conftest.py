"""Ann's shop with an account for texts, an order with a parcel, and messages about it."""

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import pytest

from integrations.models import Connection
from notifications.models import Channel, Message, SmsAccount, Stream
from orders.intake import record_orders
from orders.models import Order
from postpurchase.embedded.mailbox import Mailbox
from postpurchase.lib import clock, crypto
from postpurchase.tenancy.models import Merchant
from tests.factories import order_data
from tracking.models import Shipment

NOW = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)
NUMBER = "+4915123456789"
SID, TOKEN = "AC" + "a" * 32, "0123456789abcdef0123456789abcdef"
Make = Callable[..., Message]


@pytest.fixture
def now() -> Any:
    with clock.frozen(NOW) as hands:
        yield hands


@pytest.fixture
def box() -> Any:
    with Mailbox() as running:
        yield running


@pytest.fixture
def account(now: clock.Hands, in_ann: Merchant) -> SmsAccount:
    return SmsAccount.objects.create(provider="sink", account_sid=SID, sender="Northlight", token_sealed=crypto.seal(TOKEN, in_ann.pk))


@pytest.fixture
def order(now: clock.Hands, in_ann: Merchant, ann_api: Connection) -> Order:
    record_orders([order_data(placed_at=NOW, updated_at=NOW, email="anna@example.de")], connection_id=ann_api.pk)
    return Order.objects.get()


@pytest.fixture
def text(order: Order, account: SmsAccount, ann_api: Connection) -> Make:
    parcel = Shipment.objects.create(order=order, connection=ann_api, carrier="dhl", number="00340434161094042557", status="in_transit")

    def make(template: str = "shipped", **changes: Any) -> Message:
        given = {
            "template": template, "channel": Channel.SMS, "order": order, "shipment": parcel, "stream": Stream.TRANSACTIONAL,
            "to_address": NUMBER, "dedupe_key": f"test:{template}:{Message.objects.count()}", "due_at": NOW,
        }  # fmt: skip
        return Message.objects.create(**(given | changes))

    return make
