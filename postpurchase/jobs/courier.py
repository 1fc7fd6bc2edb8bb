"""A thread of this process that gives tasks to the broker, so that no request waits for a slow or dead one."""

import logging
import threading
from collections.abc import Sequence

from celery import Task

from postpurchase.jobs import eager
from postpurchase.lib import logs

log = logging.getLogger(__name__)
GATHER = 0.2  # seconds in which equal calls become one; the first is passed on at once
Call = tuple[str, tuple[str | int, ...]]
Cause = tuple[Task, str]  # what to run, and the id of the request that set it off first


class Courier:
    """Passes calls on, equal ones once. Calls lost with the process cost latency: the sweeps find the rows."""

    def __init__(self) -> None:
        self._wanted: dict[Call, Cause] = {}
        self._lock = threading.Lock()
        self._thread: threading.Thread | None = None
        self._wake = threading.Event()

    def add(self, task: Task, args: Sequence[str | int]) -> None:
        """Remember one call and see that somebody passes it on."""
        with self._lock:
            self._wanted.setdefault((task.name, tuple(args)), (task, logs.request_id()))
            if self._thread is None or not self._thread.is_alive():  # a fork leaves threads behind
                self._wake = threading.Event()
                self._thread = threading.Thread(target=self._run, name="courier", daemon=True)
                self._thread.start()
        self._wake.set()

    def _run(self) -> None:
        pause = threading.Event()
        while self._wake.wait():
            self._wake.clear()
            self.deliver()
            pause.wait(GATHER)

    def deliver(self) -> None:
        """Give all that is waiting to the broker, first come first."""
        with self._lock:
            wanted, self._wanted = self._wanted, {}
        for (_, args), (task, cause) in wanted.items():
            hand_over(task, args, cause)


_courier = Courier()


def take(task: Task, args: Sequence[str | int]) -> None:
    """Have a task run soon. Where calls are being collected, it is collected instead."""
    if not eager.collect(task, list(args)):
        _courier.add(task, args)


def hand_over(task: Task, args: Sequence[str | int], cause: str = "") -> None:
    """Give a task to the broker, with the id of the request that caused it. A broker that is down costs latency, not work: the sweeps
    find every waiting row.
    """
    try:
        task.apply_async(args, ignore_result=True, retry=False, headers={"cause": cause})
    except Exception as error:  # the broker's client raises half a dozen kinds; none may fail work that has committed
        log.warning("broker unreachable, %s waits for its sweep: %s", task.name, error)
