"""An order of Ann's with a parcel, and the default flows."""

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import pytest

from integrations.models import Connection
from integrations.senders.choose import sender
from notifications import dispatch
from notifications.library import install
from notifications.models import Message, Stream
from orders.intake import record_orders
from orders.models import Order
from postpurchase.embedded.mailbox import Mailbox
from postpurchase.jobs import eager
from postpurchase.lib import clock
from postpurchase.tenancy.models import Merchant
from tests.factories import order_data
from tracking.models import Shipment

NOW = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)


@pytest.fixture
def now() -> Any:
    with clock.frozen(NOW) as hands:
        yield hands


@pytest.fixture
def order(now: clock.Hands, in_ann: Merchant, ann_api: Connection) -> Order:
    install()
    record_orders([order_data(placed_at=NOW, updated_at=NOW, email="anna@example.de")], connection_id=ann_api.pk)
    return Order.objects.get()


@pytest.fixture
def parcel(order: Order, ann_api: Connection) -> Shipment:
    return Shipment.objects.create(order=order, connection=ann_api, carrier="dhl", number="00340434161094042557", status="in_transit")


@pytest.fixture
def message(order: Order, parcel: Shipment) -> Callable[..., Message]:
    def make(template: str = "shipped", **changes: Any) -> Message:
        given = {
            "template": template,
            "order": order,
            "shipment": parcel,
            "stream": Stream.TRANSACTIONAL,
            "to_address": order.email,
            "dedupe_key": f"test:{template}:{Message.objects.count()}",
            "due_at": NOW,
        }
        return Message.objects.create(**(given | changes))

    return make


@pytest.fixture
def box() -> Any:
    with Mailbox() as running:
        yield running


def send(box: Mailbox, **options: Any) -> int:
    mine = sender(box.url)
    with eager.collected():
        taken = dispatch.drain(mine, **options)
    mine.close()
    return taken
