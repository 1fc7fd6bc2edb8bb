"""`with launch.running("bench") as running:` gives a command servers of its own and the environment that leads to them."""

import contextlib
import json
import os
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from postpurchase.embedded import process
from postpurchase.embedded.account import server_account
from postpurchase.embedded.environment import ROOT
from postpurchase.embedded.postgres import Postgres
from postpurchase.embedded.progress import step
from postpurchase.embedded.state import Secrets, State, locked, read_json, write_private
from postpurchase.embedded.valkey import Valkey

_current: list["Running"] = []


@dataclass(frozen=True)
class Running:
    """The servers of one command. A server is None when DATABASE_URL or REDIS_URL named one from outside."""

    state: State
    conf: Secrets
    postgres: Postgres | None
    valkey: Valkey | None
    env: dict[str, str]  # what a process needs to use them: DATABASE_URL, DATABASE_OWNER_URL, REDIS_URL, secrets


@contextlib.contextmanager
def running(name: str, *, durable: bool = True, root: Path = ROOT) -> Iterator[Running]:
    """Start PostgreSQL and Valkey in `.run/<name>/` and stop them at the end; nothing that the environment names is started.

    Raises AlreadyRunning when the folder is in use, Failure when a server does not start. Main thread only.
    """
    state = State(root, name, server_account())
    state.lock()
    try:
        process.sweep(state.path)
        conf = state.secrets()
        postgres = None if os.environ.get("DATABASE_URL") else Postgres(state, conf, durable=durable)
        valkey = None if os.environ.get("REDIS_URL") else Valkey(state, conf, durable=durable)
        started = Running(state, conf, postgres, valkey, environment(conf, postgres, valkey))
        with contextlib.ExitStack() as at_end:
            if postgres:
                at_end.callback(postgres.stop)
                with step(f"PostgreSQL {postgres.version}"):
                    postgres.start()
                    postgres.prepare()
            if valkey:
                at_end.callback(valkey.stop)
                with step("Valkey"):
                    valkey.start()
            _current.append(started)
            at_end.callback(_current.remove, started)
            yield started
    finally:
        state.unlock()


def current() -> Running:
    """What the running command was given (crash tests kill and restart its servers). Raises LookupError without any."""
    if not _current:
        raise LookupError("this command has no servers of its own: run it through manage.py")
    return _current[-1]


def environment(conf: Secrets, postgres: Postgres | None, valkey: Valkey | None) -> dict[str, str]:
    """Addresses of our servers, and secrets where the environment names none. DEVELOPMENT lets settings accept plain HTTP."""
    env = {"SECRET_KEY": conf.secret_key, "DATA_KEYS": conf.data_key, "LINK_KEY": conf.link_key, "DEVELOPMENT": "true"}
    env = {name: os.environ.get(name) or value for name, value in env.items()}
    if postgres:
        env |= {"DATABASE_URL": postgres.app_url, "DATABASE_OWNER_URL": postgres.owner_url}
    if valkey:
        env["REDIS_URL"] = valkey.url
    return env


def announce(state: State, env: Mapping[str, str]) -> None:
    """Let other commands find the running demo: its environment, readable by us alone."""
    write_private(state.path / "running.json", json.dumps({"pid": os.getpid(), "env": dict(env)}))


def running_demo(root: Path = ROOT) -> dict[str, str]:
    """The environment of the demo that runs now; empty when none does."""
    folder = root / ".run" / "demo"
    if not locked(folder):
        return {}
    env = read_json(folder / "running.json").get("env", {})
    return dict(env) if isinstance(env, dict) else {}
