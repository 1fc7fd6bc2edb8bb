"""Senders that may die or freeze at any named point of their work. Run as a process: python -m console.crash.worker.

The process keeps WORKERS forked senders alive and tells, a word a line, what befalls them: the point at which one died, `external`
for a kill from outside, `stall` for one that slept past its lease. `calm` on its input stops the dying; its end ends everything.
"""

import os
import random
import select
import signal
import sys
import time
from datetime import timedelta
from types import FrameType

import django

from integrations.senders.smtp import WIDTH

LEASE = timedelta(seconds=1.2)
WORKERS = 3
STALLS = ("P3", "P4", "P5")
EACH = ("P5", "P6")  # reached once for each message of a window, the other points once for all of it


def main() -> None:
    """Environment: CRASH_SEED, CRASH_SHARE (chance of dying at a point), CRASH_POLICY, EMAIL_URL, DATABASE_URL."""
    django.setup()
    signal.signal(signal.SIGTERM, _end)
    dice = random.Random(int(os.environ["CRASH_SEED"]))
    share, living = float(os.environ["CRASH_SHARE"]), set[int]()
    while True:
        while len(living) < WORKERS:
            living.add(_fork(dice.randrange(10**9), share))
        if _told_calm(0.05):
            share = 0.0
            for pid in living:
                os.kill(pid, signal.SIGKILL)
        elif share and dice.random() < 0.02:
            _say("external")
            os.kill(dice.choice(sorted(living)), signal.SIGKILL)
        living -= _reap()


def _told_calm(wait: float) -> bool:
    ready, _, _ = select.select([sys.stdin], [], [], wait)
    if not ready:
        return False
    if not sys.stdin.readline():
        _end(0, None)
    return True


def _reap() -> set[int]:
    gone: set[int] = set()
    while True:
        try:
            pid, _ = os.waitpid(-1, os.WNOHANG)
        except ChildProcessError:
            return gone
        if pid == 0:
            return gone
        gone.add(pid)


def _end(number: int, frame: FrameType | None) -> None:
    signal.signal(signal.SIGTERM, signal.SIG_IGN)
    os.killpg(os.getpgrp(), signal.SIGTERM)
    os._exit(0)


def _say(word: str) -> None:
    os.write(1, f"{word}\n".encode())  # one write: lines of several processes stay whole


def _fork(seed: int, share: float) -> int:
    pid = os.fork()
    if pid:
        return pid
    signal.signal(signal.SIGTERM, signal.SIG_DFL)
    try:
        _send(random.Random(seed), share)
    finally:
        os._exit(1)


def _send(dice: random.Random, share: float) -> None:
    from console.crash import naive  # noqa: PLC0415 - after django.setup()
    from notifications import claim, dispatch  # noqa: PLC0415
    from postpurchase.lib import faults  # noqa: PLC0415

    claim.LEASE = LEASE
    dispatch.RENEW_AFTER = LEASE.total_seconds() / 3

    def strike(point: str) -> None:
        chance = share / WIDTH if point in EACH else share
        if dice.random() < chance:
            _say(point)
            os.kill(os.getpid(), signal.SIGKILL)
        if point in STALLS and dice.random() < chance / 4:
            _say("stall")
            time.sleep(LEASE.total_seconds() * 1.5)

    faults.arm(strike)
    step = naive.drain if os.environ["CRASH_POLICY"] == "naive" else dispatch.drain
    while True:
        try:
            step(batch=10, most_batches=20)
            dispatch.rescue()
        except django.db.Error:
            django.db.connection.close()  # the server was killed under us: the next round connects again
        time.sleep(0.05)


if __name__ == "__main__":
    main()
