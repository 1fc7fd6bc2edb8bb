"""Tasks of our own, and a broker database of our own: the other tests' queues are left alone."""

import os
from collections.abc import Iterator
from typing import Any

import pytest
from django.conf import settings
from redis import Redis

from postpurchase.celery import app
from postpurchase.jobs.queues import BULK
from postpurchase.jobs.task import TenantTask, task

# One for each process of the suite: they share a server, and a test empties its database.
PROCESS = int(os.environ.get("PYTEST_XDIST_WORKER", "gw0").removeprefix("gw"))
OWN_DATABASE = settings.REDIS_URL.rsplit("/", 1)[0] + f"/{9 + PROCESS % 7}"


@pytest.fixture
def broker(monkeypatch: pytest.MonkeyPatch) -> Iterator[Redis]:
    """An empty Redis database, which Celery uses as its broker during the test."""
    client = Redis.from_url(OWN_DATABASE)
    client.flushdb()
    use_broker(monkeypatch, OWN_DATABASE)
    yield client
    client.flushdb()
    client.close()


@pytest.fixture
def no_broker(monkeypatch: pytest.MonkeyPatch) -> None:
    """A broker that refuses every connection."""
    use_broker(monkeypatch, "redis://127.0.0.1:1/0")


def use_broker(monkeypatch: pytest.MonkeyPatch, url: str) -> None:
    """Celery keeps its connections in two pools: both start anew at the other broker, and come back afterwards."""
    monkeypatch.setattr(app.conf, "broker_url", url)
    monkeypatch.setattr(app, "_pool", None)
    monkeypatch.setattr(app.amqp, "_producer_pool", None)


@pytest.fixture
def own_task() -> Iterator[Any]:
    """own_task(body, network=...) makes a tenant task and forgets it afterwards."""
    made: list[TenantTask] = []

    def make(body: Any, **options: Any) -> TenantTask:
        body.__module__ = "tests.jobs"
        made.append(task(queue=BULK, **options)(body))
        return made[-1]

    yield make
    for one in made:
        app.tasks.pop(one.name, None)
