"""One PostgreSQL server of our own: made, started, given its roles, stopped, killed and started again."""

import os
import shutil
import signal
import subprocess
import time
from pathlib import Path

from postpurchase.embedded import process
from postpurchase.embedded.binaries import postgres_programs
from postpurchase.embedded.progress import Failure
from postpurchase.embedded.server import Server
from postpurchase.embedded.state import Secrets, State

SUPERUSER = "postgres"
ROLES = Path(__file__).with_name("roles.sql")
TRIES = 24  # after kill -9 orphaned backends hold the shared memory for a moment
PAUSE = 0.25  # seconds between tries
FAST = {"fsync": "off", "synchronous_commit": "off", "full_page_writes": "off", "max_wal_size": "2GB"}
ADVICE = "read the log; if the data is damaged, remove the folder it names and start over with an empty store."


class Postgres(Server):
    """PostgreSQL. In a durable folder it syncs each commit to disk; otherwise none."""

    name, label = "PostgreSQL", "postgres"
    stop_signal = signal.SIGINT  # fast shutdown: open transactions are rolled back

    def __init__(self, state: State, conf: Secrets, *, durable: bool) -> None:
        super().__init__(state, conf, durable=durable)
        self.programs = postgres_programs(state.account, state.elsewhere / "programs")

    @property
    def version(self) -> str:
        """Such as "18.6"."""
        told = subprocess.run([self.programs / "postgres", "--version"], capture_output=True, text=True, check=True).stdout
        return told.split()[2]

    def url(self, role: str, password: str) -> str:
        """The address of the project's database for a role."""
        return f"postgresql://{role}:{password}@127.0.0.1:{self.conf.postgres_port}/postpurchase"

    @property
    def app_url(self) -> str:
        """For everything but migrations."""
        return self.url("postpurchase_app", self.conf.app_password)

    @property
    def owner_url(self) -> str:
        """For migrate, flush and making test databases."""
        return self.url("postpurchase_owner", self.conf.owner_password)

    def start(self) -> None:
        """Start, and recover whatever a crash left. Returns when it answers; raises Failure. Main thread only."""
        process.rotate(self.log)
        if not (self.data / "PG_VERSION").exists():
            self._make()
        for _ in range(TRIES):
            if self.comes_up():
                return
            time.sleep(PAUSE)
        if self.durable:
            raise Failure("PostgreSQL did not start.", ADVICE, self.log)
        shutil.rmtree(self.data)  # a power cut ruins the fast mode's data, which nobody needs
        self._make()
        if not self.comes_up():
            raise Failure("PostgreSQL did not start.", ADVICE, self.log)

    def command(self) -> list[str | Path]:
        """The program with its settings."""
        settings = {
            "listen_addresses": "127.0.0.1",
            "port": str(self.conf.postgres_port),
            "unix_socket_directories": str(self.state.socket_folder()),
            "shared_preload_libraries": "pg_stat_statements",
            "timezone": "UTC",
            "log_timezone": "UTC",
            "autovacuum_naptime": "10s",  # a table that fills up in a minute is planned for as if it were empty until then
            **({} if self.durable else FAST),
        }
        options = [part for name, value in settings.items() for part in ("-c", f"{name}={value}")]
        return [self.programs / "postgres", "-D", self.data, *options]

    def answers(self) -> bool:
        """Whether it takes connections."""
        address = ["-h", "127.0.0.1", "-p", str(self.conf.postgres_port), "-U", SUPERUSER]
        return subprocess.run([self.programs / "pg_isready", "-q", *address]).returncode == 0

    def prepare(self) -> None:
        """Make the roles, the database and the extensions that need a superuser; harmless when they exist."""
        self.psql("-f", str(ROLES))

    def drop_database(self) -> None:
        """Throw the project's database away; `prepare` makes an empty one."""
        self.psql("-c", "DROP DATABASE IF EXISTS postpurchase WITH (FORCE)")

    def copy_database(self, mark: str) -> str:
        """A copy of the project's database, to which nobody may be connected meanwhile; returns its name."""
        name = f"copy_{mark}"
        self.psql("-c", f"CREATE DATABASE {name} TEMPLATE postpurchase")
        return name

    def drop_copies(self) -> None:
        """Throw all copies away, whoever is connected."""
        for name in self.psql("-c", "SELECT datname FROM pg_database WHERE datname LIKE 'copy\\_%'").split():
            self.psql("-c", f"DROP DATABASE {name} WITH (FORCE)")

    def psql(self, *arguments: str) -> str:
        """Run psql as the superuser and return what it prints. Raises Failure."""
        passwords = {
            "PGPASSWORD": self.conf.superuser_password,
            "DATABASE_OWNER_PASSWORD": self.conf.owner_password,
            "DATABASE_APP_PASSWORD": self.conf.app_password,
        }
        address = ["-h", "127.0.0.1", "-p", str(self.conf.postgres_port), "-U", SUPERUSER, "-d", "postgres"]
        command = [str(self.programs / "psql"), "-X", "-q", "-A", "-t", "-v", "ON_ERROR_STOP=1", *address, *arguments]
        done = subprocess.run(command, capture_output=True, text=True, env={**os.environ, **passwords})
        if done.returncode:
            raise Failure(f"PostgreSQL refused: {done.stderr.strip()}", ADVICE, self.log)
        return done.stdout

    def _make(self) -> None:
        new, password = self.data.with_suffix(".new"), self.state.servers / "password"
        shutil.rmtree(new, ignore_errors=True)  # a killed initdb leaves no half cluster: the name comes last
        account = self.state.account
        account.write_secret(password, self.conf.superuser_password)
        options = ["-U", SUPERUSER, f"--pwfile={password}", "--auth=scram-sha-256", "--encoding=UTF8", "--locale=C"]
        if int(self.version.split(".")[0]) >= 17:  # sorts alike on every machine and knows upper case beyond ASCII
            options += ["--locale-provider=builtin", "--builtin-locale=C.UTF-8"]
        if not self.durable:
            options.append("--no-sync")
        command = [str(self.programs / "initdb"), "-D", str(new), *options]
        with self.log.open("ab") as out:
            done = subprocess.run(command, stdout=out, stderr=out, cwd="/", **account.credentials)
        password.unlink()
        if done.returncode:
            raise Failure("PostgreSQL could not make its data folder.", "read the log; is the disk full?", self.log)
        new.rename(self.data)
