"""Senders that may die or freeze at any named point of their work. Run as a process: python -m console.crash.worker.

The process keeps WORKERS forked senders alive and tells, a word a line, what befalls them: the point at which one died, `external`
for a kill from outside, `stall` for one that slept past its lease. On its input come lines: `plan MERCHANT COUNT GUARANTEE`, and `calm`,
which stops the dying; its end ends everything.
"""

import os
import random
import select
import signal
import time
from types import FrameType

import django

WORKERS = 3
STRIKES = 0.02  # chance of a kill from outside, each round


def main() -> None:
    """Environment: CRASH_SEED, CRASH_SHARE (chance of dying at a point), CRASH_POLICY, EMAIL_URL, DATABASE_URL."""
    django.setup()
    from console.crash.armed import say  # noqa: PLC0415 - after django.setup()

    signal.signal(signal.SIGTERM, _end)
    dice = random.Random(int(os.environ["CRASH_SEED"]))
    share, living = float(os.environ["CRASH_SHARE"]), set[int]()
    while True:
        while len(living) < WORKERS:
            living.add(_fork(dice.randrange(10**9), share))
        if calm(0.05, dice, share):
            share = 0.0
            for pid in living:
                os.kill(pid, signal.SIGKILL)
        elif share and dice.random() < STRIKES:
            say("external")
            os.kill(dice.choice(sorted(living)), signal.SIGKILL)
        living -= _reap()


def calm(wait: float, dice: random.Random, share: float) -> bool:
    """Do what the harness asks for within `wait` seconds: plan messages; or it is time for peace. Its end is ours."""
    from console.crash.planner import plan  # noqa: PLC0415 - after django.setup()

    ready, _, _ = select.select([0], [], [], wait)
    lines = os.read(0, 65_536).decode().splitlines() if ready else []
    if ready and not lines:
        _end(0, None)
    for _plan, merchant_id, count, guarantee in (line.split() for line in lines if line != "calm"):
        plan(merchant_id, int(count), guarantee, dice, share)
    return "calm" in lines


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
    from notifications import dispatch  # noqa: PLC0415 - after django.setup()

    arm(dice, share)
    while True:
        try:
            dispatch.drain(batch=10, most_batches=20)
            dispatch.rescue()
        except django.db.Error:
            django.db.connection.close()  # the server was killed under us: the next round connects again
        time.sleep(0.05)


def arm(dice: random.Random, share: float) -> None:
    """Arm this process, in which Django stands by now."""
    from console.crash import armed  # noqa: PLC0415 - after django.setup()

    armed.arm(dice, share)


if __name__ == "__main__":
    main()
