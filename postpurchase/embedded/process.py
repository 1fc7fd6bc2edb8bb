"""Child processes that never outlive us: started with a death signal, stopped in order, swept up when all else failed."""

import contextlib
import ctypes
import os
import signal
import subprocess
import sys
import threading
from collections.abc import Callable, Iterable, Mapping, Sequence
from pathlib import Path

from postpurchase.embedded.account import Account

PR_SET_PDEATHSIG = 1  # prctl(2): the kernel signals the child when the thread that started it ends
MARK = "POSTPURCHASE_RUN"  # in the environment of every child: the state folder it belongs to
Process = subprocess.Popen[bytes]


def spawn(
    command: Sequence[str | Path],
    log: Path,
    *,
    account: Account | None = None,
    death_signal: signal.Signals = signal.SIGTERM,
    environ: Mapping[str, str] | None = None,
    cwd: Path | str = "/",
    keep: Iterable[int] = (),
) -> Process:
    """Start a child in a session of its own (Ctrl-C does not reach it) with its output appended to a log.

    `death_signal` comes to it when we die (Linux). `keep` lists file descriptors it inherits.
    Must run in the main thread: the kernel ties the death signal to the thread that forks.
    """
    if threading.current_thread() is not threading.main_thread():
        raise RuntimeError("start and restart servers from the main thread: the child dies with the thread that starts it")
    with log.open("ab") as out:
        return subprocess.Popen(
            [str(part) for part in command],
            stdin=subprocess.DEVNULL,
            stdout=out,
            stderr=out,
            cwd=cwd,
            env=environ,
            pass_fds=tuple(keep),
            start_new_session=True,
            preexec_fn=die_with_parent(death_signal),
            **(account.credentials if account else {}),
        )


def die_with_parent(death_signal: signal.Signals) -> Callable[[], None] | None:
    """What the child runs before exec; nothing outside Linux, where only an orderly end and the sweep clean up."""
    if sys.platform != "linux":
        return None
    libc, parent = ctypes.CDLL(None), os.getpid()

    def ask_kernel() -> None:
        libc.prctl(PR_SET_PDEATHSIG, int(death_signal), 0, 0, 0)
        if os.getppid() != parent:  # the parent died between fork and prctl
            os._exit(1)

    return ask_kernel


def still_runs(process: Process, seconds: float) -> bool:
    """Wait up to `seconds` for a child to end; whether it has not."""
    with contextlib.suppress(subprocess.TimeoutExpired):
        process.wait(seconds)
        return False
    return True


def stop(processes: Iterable[tuple[Process, signal.Signals]], seconds: float) -> None:
    """Signal all, give them `seconds` in all to end, then kill what is left with everything they started."""
    asked = list(processes)
    for process, how in asked:
        with contextlib.suppress(ProcessLookupError):
            process.send_signal(how)
    patience = threading.Timer(seconds, kill_all, [[process for process, _ in asked]])
    patience.start()
    for process, _ in asked:
        process.wait()
    patience.cancel()
    for process, _ in asked:
        kill_group(process.pid)


def kill_all(processes: Iterable[Process]) -> None:
    """Kill -9 those that still run, with everything they started."""
    for process in processes:
        if process.returncode is None:
            kill_group(process.pid)


def kill_group(leader: int) -> None:
    """Kill -9 whatever is left of a child's session: the workers of a master that was itself killed."""
    with contextlib.suppress(ProcessLookupError, PermissionError):
        os.killpg(leader, signal.SIGKILL)


def rotate(log: Path, limit: int = 10_000_000) -> None:
    """Put a log of more than `limit` bytes aside, replacing the one put aside before."""
    with contextlib.suppress(OSError):
        if log.stat().st_size > limit:
            log.replace(log.with_suffix(".log.old"))


def sweep(folder: Path) -> int:
    """Kill -9 processes of an earlier run that carry this folder's mark; returns how many (Linux; 0 elsewhere)."""
    wanted = f"{MARK}={folder}".encode()
    killed = 0
    for entry in Path("/proc").glob("[0-9]*/environ"):
        pid = int(entry.parent.name)
        with contextlib.suppress(OSError):
            if pid != os.getpid() and wanted in entry.read_bytes().split(b"\0"):
                os.kill(pid, signal.SIGKILL)
                killed += 1
    return killed
