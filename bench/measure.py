"""CPU time of process trees, from /proc: it hardly moves when other work shares the machine."""

import contextlib
import os
from collections import defaultdict
from collections.abc import Iterable
from pathlib import Path

TICK = 1_000_000 / os.sysconf("SC_CLK_TCK")  # microseconds
UTIME, CSTIME = 11, 15  # among the fields after the command's closing bracket (proc(5)): utime, stime, cutime, cstime


def cpu_of(roots: Iterable[int]) -> float:
    """Microseconds of user and system time that these processes and all below them have used; those that ended count by their parents."""
    times: dict[int, float] = {}
    children: dict[int, list[int]] = defaultdict(list)
    for entry in Path("/proc").glob("[0-9]*/stat"):
        with contextlib.suppress(OSError):
            fields = entry.read_text().rpartition(")")[2].split()
            pid = int(entry.parent.name)
            children[int(fields[1])].append(pid)
            times[pid] = sum(map(int, fields[UTIME:CSTIME])) * TICK
    waiting, total = list(roots), 0.0
    while waiting:
        pid = waiting.pop()
        total += times.get(pid, 0.0)
        waiting += children[pid]
    return total
