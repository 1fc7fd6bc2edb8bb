"""What a worker writes names the task, the merchant, and the request that set it off: through a real broker and a real worker."""

import threading
from collections.abc import Iterator
from typing import Any

import pytest
import structlog
from celery.contrib.testing.worker import start_worker
from redis import Redis

from postpurchase.celery import app
from postpurchase.jobs import courier
from postpurchase.jobs.courier import Courier
from postpurchase.lib import logs

seen: list[dict[str, Any]] = []
ran = threading.Semaphore(0)


@pytest.fixture
def look() -> Iterator[Any]:
    seen.clear()

    @app.task(name="tests.look", queue="names")
    def look(merchant: str) -> None:
        seen.append(structlog.contextvars.get_contextvars())
        ran.release()

    yield look
    app.tasks.pop("tests.look")


def test_a_task_knows_the_request_that_caused_it_and_the_next_one_forgets(
    db: None, broker: Redis, look: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    mine = Courier()
    mine._thread = threading.current_thread()  # deliver() makes him set out
    monkeypatch.setattr(courier, "_courier", mine)
    with logs.about(request_id="r-1"):
        courier.take(look, ["m-1"])
    mine.deliver()
    courier.take(look, ["m-2"])
    mine.deliver()

    with start_worker(app, queues=["names"], perform_ping_check=False, pool="solo"):
        assert ran.acquire(timeout=30)
        assert ran.acquire(timeout=30)

    first, second = ({name: value for name, value in one.items() if name != "task_id"} for one in seen)
    assert first == {"task": "tests.look", "merchant": "m-1", "request_id": "r-1"}
    assert second == {"task": "tests.look", "merchant": "m-2"}
    assert seen[0]["task_id"] != seen[1]["task_id"]
