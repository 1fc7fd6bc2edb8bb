"""What PostgreSQL and Valkey have in common: a child process that is started, asked whether it answers, killed and stopped."""

import os
import signal
import time
from abc import ABC, abstractmethod
from pathlib import Path
from typing import ClassVar

from postpurchase.embedded import process
from postpurchase.embedded.state import Secrets, State

POLL = 0.03  # seconds between questions whether it answers


class Server(ABC):
    """The server of one state folder. `durable` survives a power cut; the other mode is for tests and loses data then."""

    name: ClassVar[str]
    label: ClassVar[str]  # of its data folder and log
    stop_signal: ClassVar[signal.Signals]  # asks for an orderly end

    def __init__(self, state: State, conf: Secrets, *, durable: bool) -> None:
        self.state, self.conf, self.durable = state, conf, durable
        self.data = state.servers / self.label
        self.log = state.path / f"{self.label}.log"
        self.process: process.Process | None = None

    @abstractmethod
    def start(self) -> None:
        """Start, and recover whatever a crash left. Returns when it answers; raises Failure. Main thread only."""

    @abstractmethod
    def answers(self) -> bool:
        """Whether it takes work."""

    @abstractmethod
    def command(self) -> list[str | Path]:
        """The program and its arguments."""

    def comes_up(self) -> bool:
        """Start the process and wait until it answers; False when it ended before."""
        self.process = process.spawn(
            self.command(),
            self.log,
            account=self.state.account,
            death_signal=self.stop_signal,
            environ={**os.environ, process.MARK: str(self.state.path)},
        )
        while self.process.poll() is None:
            if self.answers():
                return True
            time.sleep(POLL)
        return False

    def alive(self) -> bool:
        """Whether the server process runs."""
        return self.process is not None and self.process.poll() is None

    def kill(self) -> None:
        """Kill -9 the server, as a power cut would. `start` recovers."""
        if self.process is not None:
            self.process.kill()
            self.process.wait()

    def stop(self, seconds: float = 5) -> None:
        """Orderly end: PostgreSQL rolls back open transactions, Valkey keeps what is in its append-only file."""
        if self.process is not None:
            process.stop([(self.process, self.stop_signal)], seconds)
