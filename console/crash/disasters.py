"""What befalls the servers below the senders. Each says in a word what happened, once the server answers again."""

import time
from collections.abc import Callable

from django.db import connection

from postpurchase.embedded import launch

DARK = 1.0  # seconds without the server: longer than a sender's pause between two tries
Disaster = Callable[[], str]


def wipe_valkey() -> str:
    """All that the broker holds is gone, in its append-only file too, and then the broker itself for a while."""
    valkey = launch.current().valkey
    assert valkey
    valkey.empty()
    valkey.kill()
    time.sleep(DARK)
    valkey.start()
    return "valkey_wiped"


def kill_postgres() -> str:
    """SIGKILL for the postmaster, as when a machine loses its power; it recovers from its log."""
    postgres = launch.current().postgres
    assert postgres
    postgres.kill()
    time.sleep(DARK)
    postgres.start()
    connection.close()
    return "postgres_killed"


def several(times: int) -> list[Disaster]:
    """Each of them so often, in turn; none where the servers are not ours to kill."""
    running = launch.current()
    ours: list[Disaster] = [wipe_valkey] if running.valkey else []
    return [*ours, *([kill_postgres] if running.postgres else [])] * times
