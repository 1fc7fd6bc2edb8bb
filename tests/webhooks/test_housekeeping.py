"""The log is kept for 30 days; a relay that cannot tell endpoints puts off what it could not tell."""

from collections.abc import Sequence
from datetime import timedelta

import pytest

from integrations.models import Outbound, WebhookAttempt, WebhookDelivery, WebhookEndpoint
from integrations.webhooks import deliver, endpoints, settle, tasks
from postpurchase.events import bus
from postpurchase.events.models import DomainEvent
from postpurchase.jobs import forget
from postpurchase.lib import clock
from postpurchase.lib.ids import uuid7
from postpurchase.tenancy.models import Merchant
from postpurchase.tenancy.scope import in_merchant
from tests.factories import order_data
from tests.webhooks.conftest import NOW, Told, place, relay, send
from tests.webhooks.receiver import Receiver

pytestmark = pytest.mark.django_db


def test_the_log_is_forgotten_after_30_days_and_what_is_due_is_not(
    ann: Merchant, endpoint: Told, now: clock.Hands, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(forget, "PORTION", 2)
    with in_merchant(ann):
        for days, state in ((31, "done"), (31, "failed"), (31, "held"), (40, "done"), (31, "due"), (29, "done")):
            row = WebhookDelivery.objects.create(
                endpoint=endpoint.row, event_id=uuid7(), kind="order.placed", body="{}", state=state, created_at=NOW - timedelta(days=days)
            )
            WebhookAttempt.objects.create(delivery=row, number=1, outcome="delivered", url=endpoint.row.url)

    tasks.purge_log()

    with in_merchant(ann):
        assert set(WebhookDelivery.objects.values_list("state", flat=True)) == {Outbound.DUE, Outbound.DONE}
        assert WebhookDelivery.objects.count() == 2 == WebhookAttempt.objects.count()


def test_a_removed_endpoint_goes_with_the_last_of_its_log(ann: Merchant, endpoint: Told, receiver: Receiver, now: clock.Hands) -> None:
    place(ann)
    with in_merchant(ann):
        endpoints.remove(endpoint.row)
    tasks.purge_log()
    assert endpoint.again()

    now.advance(timedelta(days=31))
    tasks.purge_log()

    with in_merchant(ann):
        assert not WebhookEndpoint.objects.exists()


def test_what_cannot_be_told_is_put_off_alone(ann: Merchant, endpoint: Told, monkeypatch: pytest.MonkeyPatch) -> None:
    tell, bad = bus.watchers()[0], order_data(number="#bad")

    def tell_but_one(events: Sequence[DomainEvent]) -> None:
        if any(event.thread == poison for event in events):
            raise ValueError("cannot")
        tell(events)

    monkeypatch.setattr(bus, "_watchers", [lambda events: None])
    place(ann, bad, order_data())
    with in_merchant(ann):
        DomainEvent.objects.update(relayed_at=None)
        poison = DomainEvent.objects.order_by("id")[0].thread
    monkeypatch.setattr(bus, "_watchers", [tell_but_one])
    relay(ann)

    with in_merchant(ann):
        waiting = DomainEvent.objects.get(relayed_at=None)
        assert (waiting.thread, waiting.attempts, waiting.retry_at is not None) == (poison, 1, True)
        assert WebhookDelivery.objects.count() == 1
    monkeypatch.setattr(bus, "_watchers", [tell])
    with in_merchant(ann):
        DomainEvent.objects.update(retry_at=None)
    relay(ann)
    with in_merchant(ann):
        assert not DomainEvent.objects.filter(relayed_at=None).exists()
        assert WebhookDelivery.objects.count() == 2


def test_an_outcome_that_cannot_be_written_takes_no_other_with_it(
    ann: Merchant, endpoint: Told, receiver: Receiver, monkeypatch: pytest.MonkeyPatch
) -> None:
    Told(ann, receiver.url + "/other")
    place(ann)
    real = settle.settle

    def fragile(row: WebhookDelivery, came: settle.Came) -> None:
        if not came.url.endswith("/other"):
            raise ValueError("cannot")
        real(row, came)

    monkeypatch.setattr(deliver, "settle", fragile)

    assert send() == 2

    with in_merchant(ann):
        assert sorted(WebhookDelivery.objects.values_list("state", flat=True)) == [Outbound.CLAIMED, Outbound.DONE]


def test_a_shop_without_endpoints_pays_one_query_a_batch(ann: Merchant, django_assert_num_queries: object) -> None:
    with in_merchant(ann):
        events = [DomainEvent(kind="order.placed", subject=uuid7(), thread=uuid7(), payload={"order_id": str(uuid7())}) for _ in range(50)]
        with django_assert_num_queries(1):  # type: ignore[operator]
            bus.watchers()[0](events)


def test_telling_many_takes_as_many_queries_as_telling_one(ann: Merchant, endpoint: Told, django_assert_num_queries: object) -> None:
    with in_merchant(ann):
        for count in (1, 80):
            events = [
                DomainEvent(kind="order.placed", subject=(order := uuid7()), thread=order, payload={"order_id": str(order)})
                for _ in range(count)
            ]
            with django_assert_num_queries(3):  # type: ignore[operator]  # endpoints, test orders, the rows
                bus.watchers()[0](events)
