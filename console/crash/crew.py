"""The process that keeps senders alive, as the harness sees it: what it tells of their deaths, and that it gets stuck never."""

import os
import random
import signal
import subprocess
import sys
import threading
from pathlib import Path

from django.conf import settings
from django.db import connection

from console.crash.counts import Counts, Wanted, still_open
from postpurchase.lib import clock

PATIENCE = 120.0  # seconds without any progress before the run is called stuck
MODULES = {  # senders: loops in forked processes; schedulers: Celery workers, woken over Valkey by two schedulers at once
    "senders": "console.crash.worker",
    "schedulers": "console.crash.stack",
}
POINTS = frozenset({"P0", "P1", "P2", "P3", "P4", "P5", "P6", "P7", "external"})


class Crew:
    """Senders of one policy, until dismissed."""

    def __init__(self, counts: Counts, email_url: str, share: float, dice: random.Random) -> None:
        env = os.environ | {"EMAIL_URL": email_url, "DATABASE_URL": database_url(), "CRASH_POLICY": counts.policy, "DEVELOPMENT": "1"}
        env |= {"DJANGO_SETTINGS_MODULE": "postpurchase.settings", "LOG_LEVEL": "CRITICAL"}
        env |= {"CRASH_SEED": str(dice.randrange(10**9)), "CRASH_SHARE": str(share)}
        self.counts, self.calm, self.wanted = counts, False, Wanted()
        self.proc = subprocess.Popen(
            [sys.executable, "-m", MODULES[counts.crew]], cwd=Path(settings.BASE_DIR), env=env, text=True, start_new_session=True,
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL,
        )  # fmt: skip
        self.reader = threading.Thread(target=self._read, daemon=True)
        self.reader.start()
        self.moved, self.seen = clock.monotonic(), -1

    def _read(self) -> None:
        for word in map(str.strip, self.proc.stdout or ()):
            if word == "stall":
                self.counts.stalls += 1
            elif word in POINTS and not self.calm:
                self.counts.kills[word] += 1

    def ask(self, merchant_id: str, messages: int, guarantee: str) -> None:
        """Have messages planned."""
        self.wanted[merchant_id] = messages
        self._tell(f"plan {merchant_id} {messages} {guarantee}")

    def tend(self, *, done: bool) -> int:
        """How many messages are open. Once enough have died (`done`), the rest work in peace.

        Raises TimeoutError when nothing moves any more.
        """
        if done and not self.calm:
            self.calm = True
            self._tell("calm")
        left = still_open(self.wanted)
        if left != self.seen:
            self.moved, self.seen = clock.monotonic(), left
        if clock.monotonic() - self.moved > PATIENCE:
            raise TimeoutError(f"{left} messages have not moved for {PATIENCE:.0f} s")
        return left

    def _tell(self, line: str) -> None:
        assert self.proc.stdin
        self.proc.stdin.write(f"{line}\n")
        self.proc.stdin.flush()

    def dismiss(self) -> None:
        """End everybody."""
        os.killpg(self.proc.pid, signal.SIGKILL)
        self.proc.communicate()
        self.reader.join()


def database_url() -> str:
    """The address of the database that this process uses, for its children."""
    given = connection.settings_dict
    return f"postgresql://{given['USER']}:{given['PASSWORD']}@{given['HOST']}:{given['PORT']}/{given['NAME']}"
