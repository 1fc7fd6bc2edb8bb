"""Sending over several connections at once: what a lane waits for, its commit or the mail server's answer, costs the others nothing."""

from concurrent.futures import ThreadPoolExecutor

from django.db import connection

from notifications import claim, dispatch

LANES = 4  # threads of a process, each with a database and a mail connection of its own; each leaves at most one message in doubt
BATCH = claim.BATCH // 2  # smaller than one sender's alone: a lane that is busy holds up what has come due since


def drain(*, most_batches: int) -> int:
    """Send until nothing is due, each lane at most so many batches; lanes open only for many. Returns how many messages were taken."""
    taken = dispatch.drain(most_batches=1, batch=BATCH)
    if taken < BATCH:
        return taken
    with ThreadPoolExecutor(LANES, thread_name_prefix="lane") as pool:
        return taken + sum(pool.map(_lane, [most_batches] * LANES))


def _lane(most_batches: int) -> int:
    try:
        return dispatch.drain(most_batches=most_batches, batch=BATCH)
    finally:
        connection.close()  # it belongs to this thread, which ends here
