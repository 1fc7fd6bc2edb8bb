"""Keep the parts of the demo alive: what dies is started again, each time a little later, and said so."""

import signal
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from time import monotonic
from typing import NoReturn, Protocol

from postpurchase.embedded.process import Process, kill_group, rotate, spawn
from postpurchase.embedded.progress import Failure

LOOK_EVERY = 0.3  # seconds
FIRST_PAUSE, LONGEST_PAUSE = 0.5, 30.0  # seconds before a part starts again; doubled every time
STABLE = 60.0  # seconds of life after which the pause starts small again


class Part(Protocol):
    """Something that runs and can be started again: a program here, PostgreSQL, Valkey."""

    @property
    def name(self) -> str: ...
    @property
    def log(self) -> Path: ...
    @property
    def process(self) -> Process | None: ...
    def start(self) -> None: ...
    def alive(self) -> bool: ...


@dataclass
class Program:
    """A part that is one command with its output in a log. `keep` lists file descriptors it inherits."""

    name: str
    command: Sequence[str]
    log: Path
    environ: Mapping[str, str]
    cwd: Path
    keep: tuple[int, ...] = ()
    process: Process | None = field(init=False, default=None)

    def start(self) -> None:
        """Start it; what a killed one left behind goes first."""
        if self.process is not None:
            kill_group(self.process.pid)
        rotate(self.log)
        self.process = spawn(self.command, self.log, environ=self.environ, cwd=self.cwd, keep=self.keep)

    def alive(self) -> bool:
        """Whether its first process runs."""
        return self.process is not None and self.process.poll() is None


def ended_how(part: Part) -> str:
    """Such as "killed by SIGKILL" or "exit code 1"."""
    code = part.process.returncode if part.process else None
    return f"killed by {signal.Signals(-code).name}" if code is not None and code < 0 else f"exit code {code}"


@dataclass
class Health:
    """How a part has fared: when it last started, the next pause, and when its turn to start again comes."""

    started: float
    pause: float = FIRST_PAUSE
    due: float | None = None


class Supervisor:
    """Watches parts until told to stop. Earlier parts are seen to first: the database before those who need it."""

    def __init__(self, parts: Sequence[Part], tell: Callable[[str], None], stopwatch: Callable[[], float] = monotonic) -> None:
        self.parts, self.tell, self.stopwatch = parts, tell, stopwatch
        self.health = {part.name: Health(stopwatch()) for part in parts}

    def watch(self) -> NoReturn:
        """Look after the parts until a KeyboardInterrupt. Main thread only."""
        while True:
            time.sleep(LOOK_EVERY)
            for part in self.parts:
                self.look_after(part)

    def look_after(self, part: Part) -> None:
        """Note a death and plan the restart, or carry out the planned one."""
        health, now = self.health[part.name], self.stopwatch()
        if health.due is None and not part.alive():
            if now - health.started > STABLE:
                health.pause = FIRST_PAUSE
            health.due = now + health.pause
            self.tell(f"{part.name} ended ({ended_how(part)}); it starts again in {health.pause:g} s. Its log: {part.log}")
            health.pause = min(LONGEST_PAUSE, health.pause * 2)
        elif health.due is not None and now >= health.due:
            health.started, health.due = now, None
            self._start(part)

    def _start(self, part: Part) -> None:
        try:
            part.start()
        except Failure as failure:
            self.tell(failure.told())
        else:
            self.tell(f"{part.name} runs again.")
