"""Who the servers run as: ourselves, or, because PostgreSQL refuses root, an account that every system has."""

import contextlib
import os
import pwd
import subprocess
from dataclasses import dataclass
from pathlib import Path
from typing import TypedDict

from postpurchase.embedded.progress import Failure

UNPRIVILEGED = ("postgres", "nobody")  # the first that exists; no account is ever made


class Credentials(TypedDict, total=False):
    """What subprocess.Popen takes to run a child as another account."""

    user: int
    group: int
    extra_groups: list[int]


@dataclass(frozen=True)
class Account:
    """The account of the servers; `dropped` when we are root and they are not."""

    uid: int
    gid: int
    dropped: bool

    @property
    def credentials(self) -> Credentials:
        """Arguments for subprocess.Popen; empty when the servers run as ourselves."""
        return {"user": self.uid, "group": self.gid, "extra_groups": []} if self.dropped else {}

    def own(self, path: Path, mode: int) -> None:
        """Give a file or folder to this account, readable by nobody else unless the mode says so."""
        if self.dropped:
            os.chown(path, self.uid, self.gid)
        path.chmod(mode)

    def write_secret(self, path: Path, text: str) -> None:
        """Write a file that only this account (and root) can read."""
        descriptor = os.open(path, os.O_CREAT | os.O_WRONLY | os.O_TRUNC, 0o600)
        if self.dropped:
            os.fchown(descriptor, self.uid, self.gid)
        with os.fdopen(descriptor, "w") as file:
            file.write(text)

    def can_run(self, program: Path) -> bool:
        """Whether this account can start the program (its folders may be closed to it, or a library missing)."""
        return self._succeeds([str(program), "--version"])

    def can_use(self, folder: Path) -> bool:
        """Whether this account can reach the folder and write in it."""
        return self._succeeds(["/bin/sh", "-c", 'test -w "$1" && test -x "$1"', "sh", str(folder)])

    def _succeeds(self, command: list[str]) -> bool:
        with contextlib.suppress(OSError):
            return subprocess.run(command, capture_output=True, cwd="/", **self.credentials).returncode == 0
        return False


def server_account() -> Account:
    """The account for PostgreSQL and Valkey on this machine. Raises Failure when root has nobody to drop to."""
    if os.geteuid() != 0:
        return Account(os.geteuid(), os.getegid(), dropped=False)
    for name in UNPRIVILEGED:
        with contextlib.suppress(KeyError):
            entry = pwd.getpwnam(name)
            return Account(entry.pw_uid, entry.pw_gid, dropped=True)
    raise Failure(
        "PostgreSQL does not run as root, and this system has neither an account `postgres` nor `nobody`.",
        "run the command as an ordinary user, or set DATABASE_URL and REDIS_URL to servers of your own.",
    )
