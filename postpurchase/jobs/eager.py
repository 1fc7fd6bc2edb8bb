"""A place to collect tasks instead of handing them to the broker: simulations and tests run them when they choose."""

import contextlib
from collections.abc import Iterator
from contextvars import ContextVar
from typing import Any

from celery import Task

Waiting = list[tuple[Task, list[Any]]]
_waiting: ContextVar[Waiting | None] = ContextVar("waiting", default=None)


def collect(task: Task, args: list[Any]) -> bool:
    """Keep the call where somebody collects, and say whether anybody did."""
    waiting = _waiting.get()
    if waiting is not None:
        waiting.append((task, args))
    return waiting is not None


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
