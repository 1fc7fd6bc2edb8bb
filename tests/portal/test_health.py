from datetime import timedelta
from typing import Any

import pytest
from django.db import DatabaseError, connection
from django.test import Client

from notifications import direct
from postpurchase.lib import clock
from postpurchase.tenancy.models import Merchant
from postpurchase.tenancy.scope import in_merchant
from tests.portal.acts import place


def test_a_process_that_answers_lives(client: Client, db: None) -> None:
    response = client.get("/health/live")

    assert (response.status_code, response.content) == (200, b"ok\n")


def test_ready_tells_how_late_sending_is(client: Client, ann: Merchant, now: clock.Hands) -> None:
    with in_merchant(ann):
        direct.write("tracking_link", place())
    now.advance(timedelta(seconds=90))

    response = client.get("/health/ready")

    assert (response.status_code, response.json()) == (200, {"database": True, "broker": True, "longest_wait_seconds": 90})
    assert "no-store" in response["Cache-Control"]


def test_nothing_due_is_no_wait(client: Client, ann: Merchant, now: clock.Hands) -> None:
    assert client.get("/health/ready").json()["longest_wait_seconds"] == 0


def test_without_the_broker_it_is_not_ready(client: Client, ann: Merchant, settings: Any) -> None:
    settings.REDIS_URL = "redis://127.0.0.1:1/0"

    response = client.get("/health/ready")

    assert (response.status_code, response.json()["broker"]) == (503, False)


def test_without_the_database_it_is_not_ready_but_alive(client: Client, db: None, monkeypatch: pytest.MonkeyPatch) -> None:
    def away() -> None:
        raise DatabaseError("away")

    with monkeypatch.context() as broken:
        broken.setattr(connection, "cursor", away)
        ready, live = client.get("/health/ready"), client.get("/health/live")

    assert (ready.status_code, ready.json()["database"]) == (503, False)
    assert live.status_code == 200
