"""The programs that make up the running product: web server, workers, clock, mail catcher."""

import contextlib
import select
import socket
import sys
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path

from postpurchase.embedded.environment import ROOT
from postpurchase.embedded.progress import Failure
from postpurchase.embedded.supervise import Program, ended_how

PORTS_TRIED = 50
MEMORY = Path("/dev/shm")
PATIENCE, LOOK_EVERY = 90.0, 0.1  # seconds for the first page, and between looks whether the server still lives
WORKERS = {  # worker: queues and processes. What people wait for does not queue behind what runs long.
    "worker": ("inbound,events,send", 2),
    "worker-slow": ("poll,bulk,hooks", 2),
}
QUIET = ("--without-gossip", "--without-mingle", "--without-heartbeat")


def programs(folder: Path, environ: Mapping[str, str], web_socket: int, mail_port: int) -> list[Program]:
    """All of them, the web server first; each logs to a file of its name in `folder`."""
    celery = ["celery", "-A", "postpurchase.celery:app"]
    commands: dict[str, list[str]] = {"web": gunicorn(web_socket)}
    for name, (queues, processes) in WORKERS.items():
        commands[name] = [*celery, "worker", "-Q", queues, "-c", str(processes), "-n", f"{name}@demo", "-l", "INFO", *QUIET]
    commands["beat"] = [*celery, "beat", "-l", "INFO", "-s", str(folder / "beat-schedule"), "--pidfile="]
    commands["mail"] = ["postpurchase.embedded.mailbox", "--port", str(mail_port), "--folder", str(folder / "mail")]

    def program(name: str, command: list[str]) -> Program:
        keep = (web_socket,) if name == "web" else ()
        return Program(name, [sys.executable, "-m", *command], folder / f"{name}.log", environ, ROOT, keep)

    return [program(name, command) for name, command in commands.items()]


def gunicorn(web_socket: int) -> list[str]:
    """The web server on a socket that we hold: while it restarts, browsers wait instead of being refused."""
    options = {"bind": f"fd://{web_socket}", "worker-class": "gthread", "workers": "2", "threads": "8", "graceful-timeout": "4"}
    if MEMORY.is_dir():
        options["worker-tmp-dir"] = str(MEMORY)  # a slow disk would look like a hung worker
    flags = [part for name, value in options.items() for part in (f"--{name}", value)]
    return ["gunicorn", "postpurchase.wsgi:application", "--preload", "--no-control-socket", *flags]


@contextlib.contextmanager
def listening(port: int) -> Iterator[socket.socket]:
    """Hold the web port from the start, so that nobody takes it between looking and using; the next free one if taken."""
    for candidate in range(port, min(port + PORTS_TRIED, 65_536)):
        with socket.socket() as listener:
            listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                listener.bind(("127.0.0.1", candidate))
                listener.listen(256)
            except OSError:
                continue
            if candidate != port:
                print(f"  Port {port} is taken; the demo uses {candidate}.", flush=True)
            yield listener
            return
    raise Failure(f"No port from {port} on is free.", "choose another one: --port N.")


def first_answer(web: Program, port: int) -> int:
    """The status of the first page, as soon as there is one. Raises Failure when the server ends or says nothing."""
    status = ask_status(port, web.alive)
    if not web.alive():
        raise Failure(f"The web server ended ({ended_how(web)}).", "read the log.", web.log)
    if not status:
        raise Failure("The web server does not answer.", "read the log.", web.log)
    return status


def ask_status(port: int, worth_waiting: Callable[[], bool]) -> int:
    """The HTTP status of the page at /, waiting for it while that is worth it; 0 without an answer. Follows no redirect."""
    with contextlib.suppress(OSError, ValueError, IndexError), socket.create_connection(("127.0.0.1", port), timeout=5) as connection:
        connection.sendall(f"GET / HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\nConnection: close\r\n\r\n".encode())
        for _ in range(int(PATIENCE / LOOK_EVERY)):
            if select.select([connection], [], [], LOOK_EVERY)[0]:
                return int(connection.recv(64).split()[1])
            if not worth_waiting():
                return 0
    return 0
