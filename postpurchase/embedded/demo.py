"""`python3 manage.py demo`: the whole product on this machine, from nothing to a page that answers."""

import contextlib
import json
import os
import signal
import sys
from collections.abc import Sequence
from pathlib import Path

from postpurchase.embedded import launch, process
from postpurchase.embedded.environment import ROOT
from postpurchase.embedded.parts import first_answer, listening, programs
from postpurchase.embedded.progress import Failure, last_lines, step
from postpurchase.embedded.supervise import Part, Program, Supervisor

STOP_WITHIN = 5.0  # seconds for web and workers; the servers come after them
TABLES = ("migrate", "--noinput", "--skip-checks")  # lint and tests check the code; the checks load every page
NO_WAIT = {"PGOPTIONS": "-c synchronous_commit=off"}  # for the disk: the store is made anew if its making is cut off


def run(running: launch.Running, *, port: int, fresh: bool, seed: bool) -> None:
    """Bring the demo up and keep it up until a KeyboardInterrupt; then take it down. Raises Failure."""
    with listening(port) as listener, contextlib.ExitStack() as at_end:
        chosen = int(listener.getsockname()[1])
        environ = demo_environment(running, f"http://127.0.0.1:{chosen}")
        prepare(running, environ, fresh=fresh, seed=seed)
        started = programs(running.state.path, environ, listener.fileno(), running.conf.mail_port)
        at_end.callback(take_down, started)
        bring_up(started, chosen)
        launch.announce(running.state, {name: environ[name] for name in (*running.env, "BASE_URL", "EMAIL_URL", "OUTBOUND_HOSTS")})
        at_end.callback((running.state.path / "running.json").unlink, missing_ok=True)
        say(welcome(running.state.path, environ["BASE_URL"]))
        servers: list[Part] = [server for server in (running.postgres, running.valkey) if server is not None]
        at_end.callback(say, "\nStopping.")
        Supervisor([*servers, *started], say).watch()


def say(text: str) -> None:
    """Print at once, also into a pipe."""
    print(text, flush=True)


def demo_environment(running: launch.Running, base_url: str) -> dict[str, str]:
    """What web, workers and commands of the demo are started with."""
    mail = os.environ.get("EMAIL_URL") or f"smtp://127.0.0.1:{running.conf.mail_port}"
    hosts = os.environ.get("OUTBOUND_HOSTS") or "127.0.0.1,localhost"  # so that webhooks reach a receiver on this machine
    static = str(running.state.path / "static")  # hashed and compressed, as in production
    told = {"BASE_URL": base_url, "EMAIL_URL": mail, "OUTBOUND_HOSTS": hosts, "STATIC_ROOT": static}
    return {**os.environ, **running.env, process.MARK: str(running.state.path), **told}


def prepare(running: launch.Running, environ: dict[str, str], *, fresh: bool, seed: bool) -> None:
    """Tables, and on the first run the demo store. A first run that was cut off starts over from an empty database."""
    path = running.state.path
    begun, seeded = path / "seed.begun", path / "seed.done"
    if fresh or (begun.exists() and not seeded.exists()):
        seeded.unlink(missing_ok=True)
        empty(running)
    command(path, environ, "Database tables and static files", TABLES, ("collectstatic", "--noinput"))
    if seed and not seeded.exists():
        begun.touch()
        command(path, environ | NO_WAIT, "Demo store (first run only)", ("seed",))
        if running.postgres:
            running.postgres.psql("-c", "CHECKPOINT")  # on the disk before it counts as made
        seeded.touch()


def empty(running: launch.Running) -> None:
    """Throw away what the database and the broker hold. Raises Failure when they are not ours."""
    if running.postgres is None:
        raise Failure("The demo does not empty a database that DATABASE_URL names.", "empty it yourself, then start again.")
    with step("Starting over with an empty database"):
        running.postgres.drop_database()
        running.postgres.prepare()
        if running.valkey:
            running.valkey.empty()


def command(path: Path, environ: dict[str, str], title: str, *calls: Sequence[str]) -> None:
    """Run management commands, side by side, to their ends; the last line of the first is shown while it runs. Raises Failure."""
    environ = {**environ, "PYTHONUNBUFFERED": "1"}
    with step(title) as show:
        children = {log_of(path, call): spawned(path, environ, call) for call in calls}
        try:
            for log, child in children.items():
                while process.still_runs(child, 0.2):
                    show(" ".join(last_lines(log, 1))[:70])
        finally:
            process.stop([(child, signal.SIGTERM) for child in children.values()], 3)
        for log, child in children.items():
            if child.returncode:
                raise Failure(f"`manage.py {log.stem}` failed.", "read the log; `python3 manage.py demo --fresh` starts over.", log)


def log_of(path: Path, call: Sequence[str]) -> Path:
    """Where a management command writes."""
    return path / f"{call[0]}.log"


def spawned(path: Path, environ: dict[str, str], call: Sequence[str]) -> process.Process:
    """A management command with a new log."""
    log = log_of(path, call)
    log.unlink(missing_ok=True)
    return process.spawn([sys.executable, "manage.py", *call], log, environ=environ, cwd=ROOT)


def bring_up(started: Sequence[Program], port: int) -> None:
    """Start all parts, the web server first: the others would slow it down. Returns when a page answers. Raises Failure."""
    web, *others = started
    with step("Web server"):
        web.start()
        status = first_answer(web, port)
        if status >= 500:
            raise Failure(f"The first page answers {status}.", "read the log.", web.log)
    with step(", ".join(part.name for part in others)):
        for part in others:
            part.start()


def take_down(started: Sequence[Program]) -> None:
    """End all programs at once, in seconds."""
    process.stop([(part.process, signal.SIGTERM) for part in started if part.process is not None], STOP_WITHIN)


def welcome(path: Path, base_url: str) -> str:
    """Addresses and log-ins. `welcome.json`, which the seed writes, lists {label, value}; {base_url} in a value is filled in."""
    rows = [("Address", base_url)]
    with contextlib.suppress(OSError, ValueError, KeyError, TypeError):
        told = json.loads((path / "welcome.json").read_text())
        rows += [(str(row["label"]), str(row["value"]).replace("{base_url}", base_url)) for row in told]
    rows += [("Mail", f"{path / 'mail'} (nothing leaves this machine)"), ("Logs", f"{path}/*.log")]
    width = max(len(label) for label, _ in rows)
    lines = [f"  {label:<{width}}  {value}" for label, value in rows]
    return "\n".join(["", "Postpurchase runs.", "", *lines, "", "Ctrl-C stops it."])
