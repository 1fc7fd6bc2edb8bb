"""What held personal data goes when its time is over, in portions, and nothing else does."""

from datetime import timedelta

import pytest

from integrations.models import Connection, Delivery, InboundDelivery
from integrations.tasks import forget_deliveries
from notifications.models import Message, MessageBody
from notifications.tasks import forget_bodies
from postpurchase.jobs import forget
from postpurchase.lib import clock, ids
from postpurchase.tenancy.models import Merchant
from postpurchase.tenancy.scope import in_merchant

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def small_portions(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(forget, "PORTION", 2)


def test_deliveries_go_after_30_days_and_one_that_waits_for_its_order_stays(ann: Merchant, ann_api: Connection) -> None:
    now = clock.machine_now()
    with in_merchant(ann):
        for number, (days, state) in enumerate([(31, "done"), (32, "ignored"), (40, "failed"), (31, "parked"), (31, "due"), (29, "done")]):
            InboundDelivery.objects.create(
                pk=ids.first_of(now - timedelta(days=days, seconds=number)), connection=ann_api, delivery_id=str(number), topic="t",
                headers={}, body=b"anna@example.de", state=state,
            )  # fmt: skip

    forget_deliveries()

    with in_merchant(ann):
        left = InboundDelivery.objects.order_by("pk").values_list("state", flat=True)
        assert list(left) == [Delivery.DUE, Delivery.PARKED, Delivery.DONE]


def test_how_messages_read_is_forgotten_after_90_days_and_that_they_went_is_not(ann: Merchant) -> None:
    now = clock.machine_now()
    with in_merchant(ann):
        for days in (91, 92, 120, 89):
            message = Message.objects.create(
                template="t", stream="transactional", to_address="a@example.com", dedupe_key=str(days), due_at=now
            )
            MessageBody.objects.create(pk=ids.first_of(now - timedelta(days=days)), message=message, html=b"h", text=b"t")

    forget_bodies()

    with in_merchant(ann):
        assert list(MessageBody.objects.values_list("message__dedupe_key", flat=True)) == ["89"]
        assert Message.objects.count() == 4
