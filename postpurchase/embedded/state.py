"""What a command's own servers keep between runs: a folder, a lock, ports, passwords and secrets."""

import base64
import contextlib
import fcntl
import hashlib
import json
import os
import secrets
import shutil
import socket
import tempfile
from dataclasses import asdict, dataclass, field, replace
from pathlib import Path
from typing import IO, Any

from postpurchase.embedded.account import Account
from postpurchase.embedded.progress import Failure

LONGEST_SOCKET_FOLDER = 80  # the whole socket path must fit 104 bytes on macOS, 108 on Linux


class AlreadyRunning(Failure):
    """Another process holds the lock of this folder."""


@dataclass(frozen=True)
class Secrets:
    """Made once per folder. Passwords are URL-safe text; ports are TCP ports on 127.0.0.1, 0 before the first start."""

    superuser_password: str = field(default_factory=lambda: secrets.token_urlsafe(24))
    owner_password: str = field(default_factory=lambda: secrets.token_urlsafe(24))
    app_password: str = field(default_factory=lambda: secrets.token_urlsafe(24))
    valkey_password: str = field(default_factory=lambda: secrets.token_urlsafe(24))
    secret_key: str = field(default_factory=lambda: secrets.token_urlsafe(48))
    data_key: str = field(default_factory=lambda: base64.b64encode(secrets.token_bytes(32)).decode())
    link_key: str = field(default_factory=lambda: secrets.token_hex(16))
    postgres_port: int = 0
    valkey_port: int = 0
    mail_port: int = 0


class State:
    """The folder `.run/<name>` of one command, and the folder of its servers (elsewhere when they cannot reach it)."""

    def __init__(self, root: Path, name: str, account: Account) -> None:
        self.name, self.account = name, account
        self.path = own_folder(root.resolve() / ".run" / name)
        self.elsewhere = Path("/var/lib") / f"postpurchase-{short_hash(root.resolve())}"
        self.servers = servers_folder(account, self.path / "servers", self.elsewhere / name)
        self._lock: IO[str] | None = None

    def lock(self) -> None:
        """Hold the folder until this process ends. Raises AlreadyRunning when another one does."""
        file = (self.path / "lock").open("a")
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError as error:
            file.close()
            raise AlreadyRunning(f"`{self.name}` already runs in {self.path}.", "wait for it, or stop it, then start again.") from error
        self._lock = file

    def unlock(self) -> None:
        """Let another process have the folder."""
        if self._lock is not None:
            self._lock.close()
            self._lock = None

    def secrets(self) -> Secrets:
        """The kept secrets with ports that are free now: the kept ones where possible.

        Without conf.json nobody knows the passwords of the data any more, so it starts empty: removing .run/<name> starts over.
        """
        kept = read_json(self.path / "conf.json")
        if not kept:
            shutil.rmtree(self.servers)
            self.servers = servers_folder(self.account, self.servers)
        conf = Secrets(**{key: kept[key] for key in Secrets.__dataclass_fields__ if key in kept})
        conf = replace(
            conf,
            postgres_port=free_port(conf.postgres_port),
            valkey_port=free_port(conf.valkey_port),
            mail_port=free_port(conf.mail_port),
        )
        write_private(self.path / "conf.json", json.dumps(asdict(conf), indent=1))
        return conf

    def socket_folder(self) -> Path:
        """A short path for unix sockets that only the servers' account can enter."""
        folder = self.servers / "s"
        if len(os.fsencode(folder)) > LONGEST_SOCKET_FOLDER:
            folder = Path(tempfile.gettempdir()) / f"postpurchase-{short_hash(self.servers)}"
        folder.mkdir(exist_ok=True)
        if folder.is_symlink() or folder.stat().st_uid not in (self.account.uid, os.geteuid()):
            raise Failure(f"{folder} belongs to somebody else.", "remove it, then start again.")
        self.account.own(folder, 0o700)
        return folder


def locked(folder: Path) -> bool:
    """Whether some process holds the lock of a state folder."""
    try:
        file = (folder / "lock").open("r")
    except OSError:
        return False
    with file:
        try:
            fcntl.flock(file, fcntl.LOCK_SH | fcntl.LOCK_NB)
        except OSError:
            return True
    return False


def own_folder(path: Path) -> Path:
    """Make the folder if need be. Raises Failure when it is not ours to write."""
    try:
        path.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise Failure(f"Cannot make {path}: {error.strerror}.", "clone the project into a folder that belongs to you.") from error
    if not os.access(path, os.W_OK | os.X_OK):
        raise Failure(f"{path} belongs to another account.", "remove it, or run the command as that account.")
    return path


def servers_folder(account: Account, *candidates: Path) -> Path:
    """The first folder, made if need be, in which the servers' account can work (it cannot enter root's home)."""
    for folder in candidates:
        folder.mkdir(parents=True, exist_ok=True)
        account.own(folder, 0o700)
        if account.can_use(folder):
            return folder
    raise Failure(f"The servers' account can write in none of {', '.join(map(str, candidates))}.", "run the command as an ordinary user.")


def free_port(preferred: int = 0) -> int:
    """The preferred TCP port of 127.0.0.1 if nobody listens there, else any free one."""
    for port in (preferred, 0):
        with socket.socket() as probe, contextlib.suppress(OSError):
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            probe.bind(("127.0.0.1", port))
            return int(probe.getsockname()[1])
    raise Failure("No TCP port of 127.0.0.1 is free.", "close some programs, then start again.")


def read_json(path: Path) -> dict[str, Any]:
    """The object in a JSON file; empty when there is none or a crash left half of one."""
    with contextlib.suppress(OSError, ValueError):
        content = json.loads(path.read_text())
        if isinstance(content, dict):
            return content
    return {}


def write_private(path: Path, text: str) -> None:
    """Replace a file in one step; only we can read it."""
    new = path.with_suffix(".new")
    descriptor = os.open(new, os.O_CREAT | os.O_WRONLY | os.O_TRUNC, 0o600)
    with os.fdopen(descriptor, "w") as file:
        file.write(text)
        file.flush()
        os.fsync(file.fileno())
    new.replace(path)


def short_hash(path: Path) -> str:
    """Eight hexadecimal digits that stand for a path."""
    return hashlib.sha256(os.fsencode(path)).hexdigest()[:8]
