"""How a process that sends is armed: at each point of its work it may die, at some it may sleep past its lease."""

import os
import random
import signal
import time
from datetime import timedelta

from console.crash import naive
from integrations.senders.smtp import WIDTH
from notifications import claim, dispatch
from postpurchase.lib import faults

LEASE = timedelta(seconds=1.2)
STALLS = ("P3", "P4", "P5")
EACH = ("P5", "P6")  # reached once for each message of a window, the other points once for all of it


def say(word: str) -> None:
    """Tell the harness. One write: lines of several processes stay whole."""
    os.write(1, f"{word}\n".encode())


def arm(dice: random.Random, share: float) -> None:
    """Shorten the lease, have points strike with the chance `share`, and send as CRASH_POLICY says."""
    naively = os.environ["CRASH_POLICY"] == "naive"  # whose windows are of one message
    claim.LEASE = LEASE
    dispatch.RENEW_AFTER = LEASE.total_seconds() / 3
    if naively:
        dispatch.drain = naive.drain  # type: ignore[assignment]

    def strike(point: str) -> None:
        chance = share / WIDTH if point in EACH and not naively else share
        if dice.random() < chance:
            say(point)
            os.kill(os.getpid(), signal.SIGKILL)
        if point in STALLS and dice.random() < chance / 2:
            say("stall")
            time.sleep(LEASE.total_seconds() * 1.5)

    faults.arm(strike)
