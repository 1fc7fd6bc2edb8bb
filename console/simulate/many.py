"""Many seeds at once: a process for each core, each with a database of its own."""

import multiprocessing
import os
import signal
from collections.abc import Callable, Sequence
from functools import partial
from multiprocessing.pool import Pool
from typing import TypeVar

from django.db import connection

from console.simulate.run import Outcome, run
from postpurchase.embedded import launch, process
from postpurchase.embedded.postgres import Postgres
from postpurchase.lib import memory

SEEDS_EACH = 25  # that a database lives through; what earlier worlds left planned makes every look at what is due dearer
T = TypeVar("T")
FORK = multiprocessing.get_context("fork")  # Django stands in the children as it does here


def live(seeds: Sequence[int], customers: int, processes: int) -> tuple[list[Outcome], Outcome]:
    """What came of each seed, in order, and of the first once more: in another process, in another database.

    Where PostgreSQL is not ours there is one process, and one database for all.
    """
    postgres, one = launch.current().postgres, partial(run, customers=customers)
    if postgres is None:
        return [one(seed) for seed in seeds], one(seeds[0])
    connection.close()  # nobody may be connected to a template
    memory.settle()
    postgres.drop_copies()  # of a run that was cut off
    begin = partial(_begin, postgres, process.die_with_parent(signal.SIGKILL))
    with FORK.Pool(1, begin) as other:
        again = other.map_async(one, seeds[:1])
        found = in_rounds(one, seeds, processes, begin), again.get()[0]
        _end(other)
    postgres.drop_copies()
    return found


def in_rounds(one: Callable[[int], T], seeds: Sequence[int], processes: int, begin: Callable[[], None]) -> list[T]:
    """`one` of each seed, in order, by processes that each live for SEEDS_EACH of them.

    A pool that renews its workers itself forks them from a thread, and to the kernel the end of that thread is the end of their parent.
    """
    found: list[T] = []
    for at in range(0, len(seeds), SEEDS_EACH * processes):
        with FORK.Pool(processes, begin) as pool:
            found += pool.map(one, seeds[at : at + SEEDS_EACH * processes], chunksize=1)
            _end(pool)
    return found


def _end(pool: Pool) -> None:
    """Its workers go home by themselves: leaving the block would kill them, and each would tell of it."""
    pool.close()
    pool.join()


def _begin(postgres: Postgres, end_with_parent: Callable[[], None] | None) -> None:
    if end_with_parent:
        end_with_parent()
    connection.settings_dict["NAME"] = postgres.copy_database(str(os.getpid()))
