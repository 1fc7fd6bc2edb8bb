"""What monitoring sees: figures for Prometheus, and whether work is being done."""

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from prometheus_client.parser import text_string_to_metric_families

from integrations.models import Connection, Delivery, InboundDelivery
from notifications import direct, dispatch
from notifications.models import Message, State
from postpurchase.jobs.queues import QUEUES
from postpurchase.lib import clock
from postpurchase.tenancy.models import Merchant
from postpurchase.tenancy.scope import in_merchant
from tests.portal.acts import place

TOKEN = "a-token-of-our-own"


@pytest.fixture
def figures(client: Client, settings: Any) -> Any:
    """The metrics by name, as Prometheus' own parser reads them; those with a label by name and label."""
    settings.METRICS_TOKEN = TOKEN

    def read() -> dict[str, float]:
        text = client.get("/metrics", headers={"Authorization": f"Bearer {TOKEN}"}).content.decode()
        samples = [sample for family in text_string_to_metric_families(text) for sample in family.samples]
        return {" ".join([one.name.removeprefix("postpurchase_"), *one.labels.values()]): one.value for one in samples}

    return read


@pytest.mark.parametrize(("set_to", "sent"), [("", ""), ("", "Bearer "), (TOKEN, ""), (TOKEN, "Bearer wrong"), (TOKEN, "Bearer ä")])
def test_without_the_token_there_is_no_such_page(client: Client, db: None, settings: Any, set_to: str, sent: str) -> None:
    settings.METRICS_TOKEN = set_to

    assert client.get("/metrics", headers={"Authorization": sent}).status_code == 404


def test_messages_that_are_late_are_counted_over_all_merchants(ann: Merchant, bob: Merchant, now: clock.Hands, figures: Any) -> None:
    for merchant in (ann, bob):
        with in_merchant(merchant):
            direct.write("tracking_link", place())
    now.advance(timedelta(seconds=90))

    found = figures()

    assert (found["messages_due"], found["messages_due_age_seconds"]) == (2, 90)
    assert found["messages_in_doubt"] == found["messages_sent_per_second"] == 0


def test_what_was_sent_and_what_is_in_doubt(ann: Merchant, now: clock.Hands, figures: Any, settings: Any) -> None:
    with in_merchant(ann):
        direct.write("tracking_link", place())
        doubtful = direct.write("tracking_link", place())
        Message.objects.filter(pk=doubtful.pk).update(state=State.UNKNOWN)

    assert dispatch.drain() == 1

    found = figures()
    assert found["messages_in_doubt"] == 1
    assert found["messages_due"] == 0
    assert found["messages_sent_per_second"] + found["messages_put_off_per_second"] == pytest.approx(1 / 300)


def test_a_delivery_that_nobody_reads_is_late_and_wakes_somebody(ann: Merchant, client: Client, figures: Any) -> None:
    assert client.get("/health/work").status_code == 200
    with in_merchant(ann):
        source, at = Connection.objects.get(kind=Connection.API), clock.machine_now() - timedelta(minutes=10)
        InboundDelivery.objects.create(
            connection=source, delivery_id="d-1", topic="orders/create", headers={}, body=b"{}", state=Delivery.DUE, due_at=at
        )

    found, answer = figures(), client.get("/health/work")

    assert found["inbound_waiting"] == 1
    assert 600 <= found["inbound_lag_seconds"] < 660
    assert (answer.status_code, answer.json()["late"]) == (503, ["inbound_lag_seconds"])


def test_each_queue_of_the_broker_has_its_depth_and_none_when_it_is_away(db: None, figures: Any, settings: Any) -> None:
    names = {f"queue_depth {queue}" for queue in QUEUES}
    assert names <= figures().keys()

    settings.REDIS_URL = "redis://127.0.0.1:1/0"

    assert names.isdisjoint(figures())
    assert "messages_due" in figures()
