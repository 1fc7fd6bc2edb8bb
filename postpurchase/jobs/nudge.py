"""Nudges: 'merchant M has work of kind T'. Many commits in a moment become one task, so that a busy intake does not pay for the broker."""

import threading
import uuid

from django.db import transaction

from postpurchase.celery import app
from postpurchase.jobs import eager
from postpurchase.jobs.task import hand_over

GATHER = 0.05  # seconds in which nudges of one kind and merchant become one task


class _Nudger:
    """A thread of this process that passes nudges on. Nudges lost with the process cost latency: the sweeps find the rows."""

    def __init__(self) -> None:
        self._wanted: set[tuple[str, str]] = set()
        self._lock = threading.Lock()
        self._thread: threading.Thread | None = None
        self._wake = threading.Event()

    def add(self, task: str, merchant: str) -> None:
        """Remember one nudge and see that somebody passes it on."""
        with self._lock:
            self._wanted.add((task, merchant))
            if self._thread is None or not self._thread.is_alive():  # a fork leaves threads behind
                self._wake = threading.Event()
                self._thread = threading.Thread(target=self._run, name="nudger", daemon=True)
                self._thread.start()
        self._wake.set()

    def _run(self) -> None:
        pause = threading.Event()
        while self._wake.wait():
            self._wake.clear()
            with self._lock:
                wanted, self._wanted = self._wanted, set()
            for task, merchant in sorted(wanted):
                hand_over(app.tasks[task], [merchant])
            pause.wait(GATHER)


_nudger = _Nudger()


def after_commit(task: str, merchant: uuid.UUID | None) -> None:
    """Once the transaction has committed, have `task` run soon for `merchant`."""
    transaction.on_commit(lambda: _pass(task, str(merchant)))


def _pass(task: str, merchant: str) -> None:
    if eager.collecting():
        hand_over(app.tasks[task], [merchant])
    else:
        _nudger.add(task, merchant)
