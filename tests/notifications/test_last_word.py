"""An unsubscribe that was answered holds back whatever has not been handed over by then, wherever the message stood in that moment."""

from collections.abc import Callable, Sequence
from datetime import timedelta
from typing import Any

import pytest

from integrations.senders.base import Envelope, Ready, Reply, Result
from notifications import claim, consent, dispatch, flows
from notifications.ledger import Ledger
from notifications.models import Attempt, Message, State, Stream
from notifications.prepare import prepare
from orders.models import Order
from postpurchase.events import bus
from postpurchase.events.catalogue import HealthOpened, ShipmentCreated
from postpurchase.events.models import DomainEvent
from postpurchase.jobs import eager
from postpurchase.tenancy.models import Merchant
from tests.notifications.conftest import NOW
from tests.notifications.test_definition import SEND
from tests.notifications.test_graph import live
from tracking.models import Shipment

pytestmark = pytest.mark.django_db
Make = Callable[..., Message]
ANNA = "anna@example.de"


class Wire:
    """A way to send that lets somebody act just before the last question, and keeps what leaves."""

    width = 20

    def __init__(self, act: Callable[[], None]) -> None:
        self.act, self.left = act, []  # type: ignore[var-annotated]

    def deliver(self, window: Sequence[Envelope], ready: Ready) -> list[Reply]:
        self.act()
        won = set(ready(list(range(len(window)))))
        self.left += [window[place].key for place in sorted(won)]
        return [Reply(Result.SENT) if place in won else Reply(Result.FENCED) for place in range(len(window))]

    def close(self) -> None:
        pass


@pytest.fixture
def marketing(message: Make) -> Make:
    consent.record(ANNA, given=True, source="checkout", at=NOW)
    return lambda **more: message("follow_up", **({"stream": Stream.MARKETING, "shipment": None} | more))


def test_nothing_leaves_after_the_answer_though_it_was_claimed_and_drawn(marketing: Make, message: Make) -> None:
    rows = [marketing() for _ in range(30)]
    about_the_order = message()

    wire = Wire(lambda: consent.unsubscribe(rows[0]))
    dispatch.drain(wire, most_batches=1)  # type: ignore[arg-type]

    assert wire.left == [str(about_the_order.pk)]
    assert not Attempt.objects.filter(message__in=rows).exists()
    assert not Message.objects.filter(pk__in=[row.pk for row in rows], state__in=(State.SENT, State.HANDING)).exists()


def test_what_was_stopped_so_late_is_ended_by_the_guards_with_the_reason(marketing: Make) -> None:
    row = marketing()
    dispatch.drain(Wire(lambda: consent.unsubscribe(row)), most_batches=1)  # type: ignore[arg-type]
    Message.objects.update(lease_until=NOW - timedelta(days=9))  # the lease runs out
    claim.rescue()

    dispatch.drain(Wire(lambda: None))  # type: ignore[arg-type]

    row.refresh_from_db()
    assert (row.state, row.reason) == (State.SKIPPED, "unsubscribed")


def test_what_ends_a_flow_is_not_overtaken_by_a_message_that_was_claimed_and_drawn(order: Order, parcel: Shipment, ann_api: Any) -> None:
    other = Shipment.objects.create(order=order, connection=ann_api, carrier="dhl", number="1")
    trouble = [HealthOpened(order_id=order.pk, shipment_id=one.pk, flag="stalled") for one in (other, parcel)]
    with eager.collected():
        live(SEND | {"template": "shipped"}, key="shipment", triggers=[{"event": "shipment.created"}], cancel_on=["shipment.health_opened"])
        flows.route([ShipmentCreated(order_id=order.pk, shipment_id=one.pk) for one in (parcel, other)])
        mine = Message.objects.get(shipment=parcel)
        Message.objects.exclude(pk=mine.pk).delete()
        token, found = claim.claim()
        [ready] = prepare(order.merchant_id, found[order.merchant_id], token)
        bus.publish(trouble[0])
        bus.publish(trouble[1])
        first = Ledger(token).intend([mine], {mine.pk: ready.ends})
        DomainEvent.objects.filter(subject=parcel.pk).update(relayed_at=NOW)

        assert (first, Ledger(token).intend([mine], {mine.pk: ready.ends})) == (set(), {mine.pk})


@pytest.mark.parametrize(
    ("channel", "scope", "stream", "leaves"),
    [
        ("email", "marketing", Stream.MARKETING, False),
        ("email", "all", Stream.MARKETING, False),
        ("email", "all", Stream.TRANSACTIONAL, False),
        ("email", "marketing", Stream.TRANSACTIONAL, True),
        ("sms", "all", Stream.MARKETING, True),  # of the address on another channel
    ],
)
def test_the_last_question_minds_channel_and_stream(
    channel: str, scope: str, stream: str, leaves: bool, marketing: Make, ann: Merchant
) -> None:
    row = marketing(stream=stream)
    token, found = claim.claim()
    [ready] = prepare(ann.pk, found[ann.pk], token)
    consent.suppress("ANNA@example.de", scope=scope, reason="unsubscribed", channel=channel)

    assert Ledger(token).intend([ready.message]) == ({row.pk} if leaves else set())
