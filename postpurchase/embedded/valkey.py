"""One Valkey server of our own: started, stopped, killed and started again. It speaks the Redis protocol."""

import contextlib
import os
import signal
import socket
import time

from postpurchase.embedded import process
from postpurchase.embedded.binaries import valkey_program
from postpurchase.embedded.progress import Failure
from postpurchase.embedded.state import Secrets, State

TRIES = 8
PAUSE = 0.25  # seconds between tries


class Valkey:
    """The server of one state folder. `durable` keeps an append-only file; otherwise memory alone."""

    name = "Valkey"

    def __init__(self, state: State, conf: Secrets, *, durable: bool) -> None:
        self.state, self.conf, self.durable = state, conf, durable
        self.data = state.servers / "valkey"
        self.log = state.path / "valkey.log"
        self.program = valkey_program(state.account, state.elsewhere / "programs")
        self.process: process.Process | None = None

    @property
    def url(self) -> str:
        """The broker's address."""
        return f"redis://:{self.conf.valkey_password}@127.0.0.1:{self.conf.valkey_port}/0"

    def start(self) -> None:
        """Start with what was kept. Returns when it answers; raises Failure. Main thread only."""
        self.data.mkdir(exist_ok=True)
        self.state.account.own(self.data, 0o700)
        conf = self.state.servers / "valkey.conf"
        self.state.account.write_secret(conf, self._settings())
        process.rotate(self.log)
        for _ in range(TRIES):
            self.process = process.spawn(
                [self.program, conf],
                self.log,
                account=self.state.account,
                environ={**os.environ, process.MARK: str(self.state.path)},
            )
            while self.process.poll() is None:
                if self.answers():
                    return
                time.sleep(0.02)
            time.sleep(PAUSE)
        raise Failure("Valkey did not start.", "read the log; if its data is damaged, remove the folder it names.", self.log)

    def answers(self) -> bool:
        """Whether it takes commands (it refuses them while it loads)."""
        return b"PONG" in self.ask("PING")

    def empty(self) -> None:
        """Delete everything in it."""
        self.ask("FLUSHALL")

    def ask(self, command: str) -> bytes:
        """The raw answer to one command without arguments; empty when it cannot be reached."""
        with (
            contextlib.suppress(OSError),
            socket.create_connection(("127.0.0.1", self.conf.valkey_port), 1) as connection,
            connection.makefile("rb") as answers,
        ):
            connection.sendall(f"AUTH {self.conf.valkey_password}\r\n{command}\r\n".encode())
            return answers.readline() and answers.readline()
        return b""

    def alive(self) -> bool:
        """Whether the server process runs."""
        return self.process is not None and self.process.poll() is None

    def kill(self) -> None:
        """Kill -9 the server. `start` loads what the append-only file holds."""
        if self.process is not None:
            self.process.kill()
            self.process.wait()

    def stop(self, seconds: float = 5) -> None:
        """Orderly end; what is in the append-only file stays."""
        if self.process is not None:
            process.stop([(self.process, signal.SIGTERM)], seconds)

    def _settings(self) -> str:
        lines = [
            "bind 127.0.0.1",
            f"port {self.conf.valkey_port}",
            f"requirepass {self.conf.valkey_password}",  # here and not on the command line, where others could read it
            f'dir "{self.data}"',
            'save ""',
            f"appendonly {'yes' if self.durable else 'no'}",
            "maxmemory 256mb",
            "maxmemory-policy noeviction",
        ]
        return "\n".join(lines) + "\n"
