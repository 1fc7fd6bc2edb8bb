"""What every workload stands on: a fresh database, web servers, pgbench, and where their CPU time is counted."""

import contextlib
import os
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from time import perf_counter
from typing import Any

import psycopg2  # type: ignore[import-untyped]

from bench import load, measure
from bench.harness import Report, Sample, Side, rounds
from postpurchase.embedded import launch, parts, process
from postpurchase.embedded.environment import ROOT
from postpurchase.embedded.postgres import SUPERUSER, Postgres
from postpurchase.embedded.progress import Failure, step

PRODUCT = "postpurchase.wsgi:application"
NO_WAIT = "?options=-c%20synchronous_commit%3Doff"  # for what is not measured
QUICKLY = "SET synchronous_commit = off; SET session_replication_role = replica;"
UNLIMITED = "100000000"  # API calls a second of one key


@dataclass(frozen=True)
class Web:
    """A web server that answers on a port of 127.0.0.1."""

    pid: int
    port: int


@dataclass
class Ground:
    """The run's servers, how long a side is measured, and beside how many scheduled messages claims are."""

    running: launch.Running
    seconds: float
    rounds: int
    quick: bool
    rows: int
    say: Callable[[str], None]

    @cached_property
    def postgres(self) -> Postgres:
        """Our own server. Raises Failure where DATABASE_URL names another: its CPU time and files are not ours to use."""
        if self.running.postgres is None or self.running.valkey is None:
            raise Failure("The bench measures servers of its own.", "unset DATABASE_URL and REDIS_URL, then start again.")
        return self.running.postgres

    @property
    def postgres_pid(self) -> int:
        """The postmaster, below which every backend runs."""
        assert self.postgres.process is not None
        return self.postgres.process.pid

    def environ(self, **more: str) -> dict[str, str]:
        """What a child process of the product is started with."""
        mark = {process.MARK: str(self.running.state.path)}
        return {**os.environ, **self.running.env, **mark, "API_CALLS_PER_SECOND": UNLIMITED, "LOG_LEVEL": "WARNING", **more}

    def fresh(self) -> None:
        """An empty database with the product's tables."""
        with step("Fresh database"):
            self.postgres.drop_database()
            self.postgres.prepare()
            if self.running.valkey:
                self.running.valkey.empty()
            self.manage("migrate", "--noinput", **{"DATABASE_URL": self.postgres.owner_url + NO_WAIT})

    def manage(self, *command: str, **more: str) -> None:
        """Run a Django command to its end. Raises Failure with its last lines."""
        log = self.log("manage")
        child = self.spawn(log, sys.executable, "-m", "django", *command, **{"DJANGO_SETTINGS_MODULE": "postpurchase.settings", **more})
        if child.wait():
            raise Failure(f"`{' '.join(command)}` failed.", "read the log.", log)

    def log(self, name: str) -> Path:
        """Where a child writes."""
        return self.running.state.path / f"{name}.log"

    def spawn(self, log: Path, *command: str | Path, keep: Sequence[int] = (), **more: Any) -> process.Process:
        """Start a child of the product with `more` in its environment; it ends with us."""
        return process.spawn(command, log, environ=self.environ(**more), cwd=ROOT, keep=keep)

    def admin(self, database: str = "postpurchase") -> Any:
        """An autocommitting connection as the superuser: seeds go past row security and foreign keys."""
        conf = self.running.conf
        found = psycopg2.connect(
            host="127.0.0.1", port=conf.postgres_port, user=SUPERUSER, password=conf.superuser_password, dbname=database
        )
        found.autocommit = True
        return found

    def sql(self, text: str, values: object = None, *, database: str = "postpurchase") -> list[Any]:
        """Run statements as the superuser; the rows of the last one."""
        with contextlib.closing(self.admin(database)) as connection, connection.cursor() as cursor:
            cursor.execute(text, values)
            return list(cursor.fetchall()) if cursor.description else []

    def script(self, name: str, values: object = None, *, database: str = "postpurchase") -> list[Any]:
        """Run a file of bench/sql as sql() does; what it writes is not waited for, and checks of foreign keys are left out."""
        text = (Path(__file__).with_name("sql") / f"{name}.sql").read_text()
        return self.sql(QUICKLY + text, values, database=database)

    @contextlib.contextmanager
    def web(self, application: str = PRODUCT, **more: str) -> Iterator[Web]:
        """A gunicorn of 2 workers with 8 threads each, as the demo runs it, until the block ends."""
        with parts.listening(0) as listener:
            fd, port = listener.fileno(), int(listener.getsockname()[1])
            command = [application if part == PRODUCT else part for part in parts.gunicorn(fd)]
            log = self.log(f"web-{application.split('.')[0]}")
            child = self.spawn(log, sys.executable, "-m", *command, keep=[fd], **more)
            try:
                if not parts.ask_status(port, lambda: child.poll() is None):
                    raise Failure("A web server of the bench did not start.", "read the log.", log)
                yield Web(child.pid, port)
            finally:
                process.stop([(child, signal.SIGTERM)], 6)

    def http(self, web: Web, request: Callable[[], bytes], *, wanted: int, connections: int = 16, each: int = 1) -> Side:
        """A side that asks a web server; `each` operations a request. Raises Failure for any answer but `wanted`."""

        def side() -> Sample:
            with self.counted(web.pid) as spent:
                found = load.run(web.port, connections, self.seconds, request)
            if set(found.statuses) != {wanted}:
                raise Failure(f"The server answered {dict(found.statuses)} where {wanted} was wanted.", "run it by hand and read the log.")
            done = len(found.waits) * each
            return Sample(found.rate * each, spent[0] / done, found.p99, spent[1] / done)

        return side

    def pgbench(self, name: str, sql: str, *, connections: int = 16, each: int = 1) -> Side:
        """A side that runs a statement by pgbench as the application's role; `each` operations a transaction."""
        script = self.running.state.path / f"{name}.sql"
        script.write_text(sql + "\n")
        conf = self.running.conf
        address = ["-h", "127.0.0.1", "-p", str(conf.postgres_port), "-U", "postpurchase_app", "postpurchase"]
        seconds = str(max(1, round(self.seconds)))
        how = ["-n", "-f", str(script), "-M", "prepared", "-c", str(connections), "-j", "1", "-T", seconds]
        command = [str(self.postgres.programs / "pgbench"), *how, *address]

        def side() -> Sample:
            with self.counted() as spent:
                done = subprocess.run(command, capture_output=True, text=True, env={**os.environ, "PGPASSWORD": conf.app_password})
            told = dict(line.split(" = ", 1) for line in done.stdout.splitlines() if " = " in line)
            count = [line for line in done.stdout.splitlines() if "actually processed" in line]
            if done.returncode or "tps" not in told:
                raise Failure(f"pgbench failed: {(done.stderr or done.stdout)[-500:]}")
            transactions = int(count[0].split(":")[1].split("/")[0])
            operations = max(1, transactions * each)
            return Sample(float(told["tps"].split()[0]) * each, spent[0] / operations, None, spent[1] / operations)

        return side

    @contextlib.contextmanager
    def counted(self, *pids: int) -> Iterator[list[float]]:
        """Yields a list; after the block it holds the microseconds of CPU used in it: by these trees and the database; by it alone."""
        before, spent = [measure.cpu_of(roots) for roots in ([*pids, self.postgres_pid], [self.postgres_pid])], list[float]()
        yield spent
        after = [measure.cpu_of(roots) for roots in ([*pids, self.postgres_pid], [self.postgres_pid])]
        spent += [late - early for early, late in zip(before, after, strict=True)]

    def compare(self, workload: str, sides: dict[str, Side], report: Report) -> dict[str, list[Sample]]:
        """Measure the sides in turn, and keep their medians in the report."""
        found = rounds(sides, self.rounds, lambda text: self.say(f"  {workload} {text}"))
        report.keep(workload, found)
        return found


def until(true: Callable[[], bool], seconds: float, pause: Callable[[], None], what: str) -> float:
    """Wait until something is so; the seconds it took. Raises Failure after `seconds`."""
    begin = perf_counter()
    while not true():
        if perf_counter() - begin > seconds:
            raise Failure(f"{what} did not happen within {seconds:.0f} s.")
        pause()
    return perf_counter() - begin
