"""A sender that may die or freeze at any named point of its work. Run as a process: python -m console.crash.worker."""

import os
import random
import signal
import sys
import time
from datetime import timedelta

import django

LEASE = timedelta(seconds=2)
POINTS = ("P2", "P3", "P4", "P5", "P6", "P7")


def main() -> None:
    """Send until standard input closes. Environment: CRASH_SEED, CRASH_SHARE (chance of dying at a point), CRASH_POLICY, EMAIL_URL."""
    django.setup()
    from console.crash import naive  # noqa: PLC0415 - after django.setup()
    from notifications import claim, dispatch  # noqa: PLC0415
    from postpurchase.lib import faults  # noqa: PLC0415

    claim.LEASE = LEASE
    dispatch.RENEW_AFTER = LEASE.total_seconds() / 3
    faults.arm(_striker(random.Random(int(os.environ["CRASH_SEED"])), float(os.environ["CRASH_SHARE"])))
    step = naive.drain if os.environ["CRASH_POLICY"] == "naive" else dispatch.drain
    while os.getppid() != 1:
        try:
            step(batch=10, most_batches=20)
            dispatch.rescue()
        except django.db.Error as error:
            print(f"database: {error}", file=sys.stderr)  # killed under us: the next loop connects again
            django.db.connection.close()
        time.sleep(0.05)


def _striker(dice: random.Random, share: float):  # type: ignore[no-untyped-def]
    def strike(point: str) -> None:
        if dice.random() < share:
            print(point, flush=True)
            os.kill(os.getpid(), signal.SIGKILL)
        if point in ("P3", "P4", "P5") and dice.random() < share / 4:
            print("stall", flush=True)
            time.sleep(LEASE.total_seconds() * 1.5)

    return strike


if __name__ == "__main__":
    main()
