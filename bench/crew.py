"""The sending processes and the mail sink, seen from the bench."""

import contextlib
import signal
import subprocess
import sys
from collections.abc import Iterator

from bench.ground import Ground
from postpurchase.embedded import process
from postpurchase.embedded.environment import ROOT
from postpurchase.embedded.progress import Failure
from postpurchase.embedded.state import free_port

PROCESSES = {"ours": 2, "by_time": 2, "peer": 1}


class Crew:
    """Sending processes that take words: two of ours (by_time: not fair over merchants), or the peer's one, which forks two itself."""

    def __init__(self, ground: Ground, side: str, **environ: str) -> None:
        log = ground.log(f"senders-{side}").open("ab")
        self.processes = [
            subprocess.Popen(
                [sys.executable, "-m", "bench.senders", side],
                cwd=ROOT, env=ground.environ(**environ), stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=log, text=True,
                start_new_session=True, preexec_fn=process.die_with_parent(signal.SIGKILL),
            )
            for _ in range(PROCESSES[side])
        ]  # fmt: skip
        self._read()

    @property
    def pids(self) -> list[int]:
        """Whose CPU time counts."""
        return [one.pid for one in self.processes]

    def tell(self, word: str) -> float:
        """Say a word to all; the seconds that the slowest took. Raises Failure when one ended."""
        for one in self.processes:
            assert one.stdin is not None
            one.stdin.write(word + "\n")
            one.stdin.flush()
        return max(map(float, self._read()))

    def _read(self) -> list[str]:
        lines = [one.stdout.readline() for one in self.processes if one.stdout]
        if not all(lines):
            raise Failure("The senders of the bench ended.", "read the senders' log in .run/bench.")
        return lines

    def dismiss(self) -> None:
        """End them with everything they started."""
        for one in self.processes:
            process.kill_group(one.pid)
            one.wait()


@contextlib.contextmanager
def crew(ground: Ground, side: str, **environ: str) -> Iterator[Crew]:
    """A crew for the length of a block."""
    found = Crew(ground, side, **environ)
    try:
        yield found
    finally:
        found.dismiss()


@contextlib.contextmanager
def sink(ground: Ground) -> Iterator[int]:
    """An SMTP server in a process of its own that takes every mail; yields its port."""
    port = free_port(0)
    log = ground.log("sink")
    child = ground.spawn(log, sys.executable, "-m", "postpurchase.embedded.mailbox", "--port", str(port))
    try:
        yield port
    finally:
        process.stop([(child, signal.SIGTERM)], 3)
