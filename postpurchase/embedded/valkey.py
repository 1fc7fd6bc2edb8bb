"""One Valkey server of our own: started, stopped, killed and started again. It speaks the Redis protocol."""

import contextlib
import signal
import socket
import time
from pathlib import Path

from postpurchase.embedded import process
from postpurchase.embedded.binaries import valkey_program
from postpurchase.embedded.progress import Failure
from postpurchase.embedded.server import Server
from postpurchase.embedded.state import Secrets, State

TRIES = 8
PAUSE = 0.25  # seconds between tries


class Valkey(Server):
    """Valkey. In a durable folder it keeps an append-only file; otherwise memory alone."""

    name, label = "Valkey", "valkey"
    stop_signal = signal.SIGTERM

    def __init__(self, state: State, conf: Secrets, *, durable: bool) -> None:
        super().__init__(state, conf, durable=durable)
        self.program = valkey_program(state.account, state.elsewhere / "programs")
        self.settings = state.servers / "valkey.conf"

    @property
    def url(self) -> str:
        """The broker's address."""
        return f"redis://:{self.conf.valkey_password}@127.0.0.1:{self.conf.valkey_port}/0"

    def start(self) -> None:
        """Start with what was kept. Returns when it answers; raises Failure. Main thread only."""
        self.data.mkdir(exist_ok=True)
        self.state.account.own(self.data, 0o700)
        self.state.account.write_secret(self.settings, self._settings())
        process.rotate(self.log)
        for _ in range(TRIES):
            if self.comes_up():
                return
            time.sleep(PAUSE)
        raise Failure("Valkey did not start.", "read the log; if its data is damaged, remove the folder it names.", self.log)

    def command(self) -> list[str | Path]:
        """The program with its settings file."""
        return [self.program, self.settings]

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
