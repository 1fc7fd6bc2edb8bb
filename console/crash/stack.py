"""The product's own way to send, with everything about to die: a Celery worker woken over the broker, and two schedulers at once.

As a process (python -m console.crash.stack) it keeps them alive, and kills one of them now and then; it speaks as worker.py does. As
a Celery application (`-A console.crash.stack`) it is the product's, whose processes are armed and whose schedule is quicker.
"""

import os
import random
import signal
import subprocess
import sys

import django
from celery.beat import Scheduler
from celery.schedules import schedule

from console.crash.worker import arm, calm
from postpurchase.celery import Loader, app
from postpurchase.embedded import process
from postpurchase.jobs.queues import SEND

CELERY = [sys.executable, "-m", "celery", "-q", "-A", "console.crash.stack:app"]
WORKER = [*CELERY, "worker", "-Q", SEND, "-c", "3", "--without-gossip", "--without-mingle", "--without-heartbeat"]
BEAT = [*CELERY, "beat", "--pidfile=", "-S", "console.crash.stack:Quick"]
STRIKES, LOOK_EVERY = 0.01, 0.25  # chance of a kill from outside each time that it looks; seconds between


class Armed(Loader):
    """The product's loader, which arms the processes of the worker."""

    def on_worker_process_init(self) -> None:
        """Before its first task."""
        super().on_worker_process_init()
        arm(random.Random(f"{os.environ['CRASH_SEED']} {os.getpid()}"), float(os.environ["CRASH_SHARE"]))


class Quick(Scheduler):
    """Only what sends, every second: seconds are what a crash test has."""

    def setup_schedule(self) -> None:
        """Leave the product's other sweeps out."""
        super().setup_schedule()
        for name, entry in list(self.data.items()):
            if entry.options.get("queue") == SEND:
                entry.schedule = schedule(1.0)
            else:
                del self.data[name]


app.loader = Armed(app)


def main() -> None:
    """Environment: as worker.main; REDIS_URL besides."""
    django.setup()
    dice = random.Random(int(os.environ["CRASH_SEED"]))
    commands = {"worker": WORKER, "beat": BEAT, "other beat": BEAT}
    living = {name: _start(command) for name, command in commands.items()}
    while True:
        share = float(os.environ["CRASH_SHARE"])
        if calm(LOOK_EVERY, dice, share):
            os.environ["CRASH_SHARE"] = "0"
            _kill(living["worker"])
        elif share and dice.random() < STRIKES:
            os.write(1, b"external\n")
            _kill(living[dice.choice(sorted(living))])
        living |= {name: _start(commands[name]) for name, one in living.items() if one.poll() is not None}


def _start(command: list[str]) -> process.Process:
    return subprocess.Popen(
        command, stdin=subprocess.DEVNULL, start_new_session=True, preexec_fn=process.die_with_parent(signal.SIGKILL)
    )  # fmt: skip


def _kill(one: process.Process) -> None:
    """The process and those it forked."""
    process.kill_group(one.pid)
    one.wait()


if __name__ == "__main__":
    main()
