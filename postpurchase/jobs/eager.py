"""A place to collect tasks instead of handing them to the broker: simulations and tests run them when they choose."""

import contextlib
import logging
from collections.abc import Callable, Iterator
from contextvars import ContextVar
from typing import Any

from celery import Task

log = logging.getLogger(__name__)
Waiting = list[tuple[Task, list[Any]]]
_waiting: ContextVar[Waiting | None] = ContextVar("waiting", default=None)


def collect_or(send: Callable[[], Any], task: Task, args: list[Any]) -> None:
    """Collect the call where somebody collects; otherwise send it. A broker that does not answer is logged, and the sweeps take over."""
    waiting = _waiting.get()
    if waiting is not None:
        waiting.append((task, args))
        return
    try:
        send()
    except Exception:  # the broker's client raises half a dozen kinds; none may fail work that has committed
        log.warning("broker unreachable: %s waits for its sweep", task.name, exc_info=True)


def collecting() -> bool:
    """Whether calls of this context are being collected."""
    return _waiting.get() is not None


@contextlib.contextmanager
def collected() -> Iterator[Waiting]:
    """Calls made in this block are collected in the list it yields; run(list) runs them and what they in turn enqueue."""
    token = _waiting.set([])
    try:
        yield _waiting.get()  # type: ignore[misc]
    finally:
        _waiting.reset(token)


def run(waiting: Waiting) -> int:
    """Run what has been collected, in order, until nothing is left. Returns how many tasks ran. An error in one is raised."""
    count = 0
    while waiting:
        task, args = waiting.pop(0)
        task(*args)
        count += 1
    return count
