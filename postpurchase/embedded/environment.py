"""The virtual environment: made once, brought to the hash lock of the command, left alone while the lock stays the same."""

import contextlib
import fcntl
import hashlib
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator, Sequence
from importlib import metadata
from pathlib import Path

from postpurchase.embedded.progress import Failure, step

ROOT = Path(__file__).resolve().parents[2]
VENV = ROOT / ".venv"
PYTHON = VENV / "bin" / "python"
STAMP = VENV / "postpurchase.stamp"
LOCKS = ROOT / "requirements"
NEED_TEST_LOCK = frozenset({"test", "lint", "bench"})
PIN = re.compile(r"^([A-Za-z0-9._-]+)==([^\s;\\]+)(\s*;)?")
OLDEST_PIP_WITH_PYTHON_OPTION = (22, 3)


def ensure(argv: Sequence[str]) -> None:
    """Return when this interpreter has what the command needs; otherwise install it into .venv and exec its Python."""
    lock = lock_for(argv)
    inside = Path(sys.prefix).resolve() == VENV.resolve()
    if not inside and already_importable(argv):
        return
    if inside and stamped(lock):
        return
    try:
        if not (usable(VENV) and stamped(lock)):
            with alone():
                bring_up_to(lock)
    except Failure as failure:
        sys.exit(f"\n{failure.told()}")
    sys.stdout.flush()
    os.execv(PYTHON, [str(PYTHON), *argv])


def lock_for(argv: Sequence[str]) -> Path:
    """The lock a command needs: test.lock (which holds all of demo.lock) for what checks, demo.lock for the rest."""
    command = argv[1] if len(argv) > 1 else ""
    return LOCKS / ("test.lock" if command in NEED_TEST_LOCK else "demo.lock")


def already_importable(argv: Sequence[str]) -> bool:
    """Whether an interpreter outside .venv (a container image, an environment of your own) has the pinned versions."""
    lock = lock_for(argv)
    return has_pins(pins(lock if lock.name == "test.lock" else LOCKS / "prod.lock"))


def pins(lock: Path) -> dict[str, str]:
    """Name to version of every requirement of a lock that holds on all platforms."""
    found = (PIN.match(line) for line in lock.read_text().splitlines())
    return {match[1]: match[2] for match in found if match and not match[3]}


def has_pins(wanted: dict[str, str]) -> bool:
    """Whether every distribution is installed here in the wanted version."""
    try:
        return all(metadata.version(name) == version for name, version in wanted.items())
    except metadata.PackageNotFoundError:
        return False


def digest(lock: Path) -> str:
    """The sha256 of a lock: what the stamp in .venv holds when that lock is installed."""
    return hashlib.sha256(lock.read_bytes()).hexdigest()


def stamped(lock: Path) -> bool:
    """Whether .venv was last brought to this lock."""
    with contextlib.suppress(OSError):
        return digest(lock) in STAMP.read_text().split()
    return False


def usable(venv: Path) -> bool:
    """Whether the environment exists, its Python is still there (a folder may have moved) and is 3.11 or newer."""
    with contextlib.suppress(OSError):
        version = re.search(r"^version\s*=\s*3\.(\d+)", (venv / "pyvenv.cfg").read_text(), re.MULTILINE)
        return bool(version) and int(version[1]) >= 11 and (venv / "bin" / "python").exists() if version else False
    return False


@contextlib.contextmanager
def alone() -> Iterator[None]:
    """Hold the installation lock: two commands on a fresh clone install one after the other."""
    run = ROOT / ".run"
    try:
        run.mkdir(exist_ok=True)
        file = (run / "install.lock").open("a")
    except OSError as error:
        raise Failure(f"Cannot write to {run}: {error.strerror}.", "clone the project into a folder that belongs to you.") from error
    with file:
        fcntl.flock(file, fcntl.LOCK_EX)
        yield


def bring_up_to(lock: Path) -> None:
    """Make .venv if need be and install the lock; another process may have done it while we waited."""
    if usable(VENV) and stamped(lock):
        return
    print("Python environment (.venv), once per change of the pinned dependencies")
    if not usable(VENV):
        with step(f"Virtual environment, Python {sys.version.split()[0]}"):
            run_logged(
                [sys.executable, "-m", "venv", "--clear", "--without-pip", str(VENV)],
                "The virtual environment could not be made.",
            )
    pip = find_pip()
    count = len(pins(lock))
    with step(f"{count} pinned packages ({lock.name})") as show:
        STAMP.unlink(missing_ok=True)
        install(pip, lock, lambda done: show(f"{min(done, count)} of {count}"))
    stamps = {digest(lock), digest(LOCKS / "demo.lock")}
    STAMP.write_text("\n".join(sorted(stamps)) + "\n")


def find_pip() -> list[str]:
    """The command line of a pip that installs into .venv: its own, ensurepip's, the system's, or Debian's as root."""
    own = [str(PYTHON), "-m", "pip"]
    if works([*own, "--version"]):
        return own
    with step("pip"):
        if works([str(PYTHON), "-m", "ensurepip"]):
            return own
        for pip in ([sys.executable, "-m", "pip"], ["pip3"], ["pip"]):
            if has_python_option(pip):
                return [*pip, "--python", str(PYTHON)]
        if apt_install(f"python3.{sys.version_info[1]}-venv", "python3-venv") and works([str(PYTHON), "-m", "ensurepip"]):
            return own
    raise Failure(
        "No pip: this Python comes without ensurepip, and there is no other pip from version 22.3 on.",
        f"install one (Debian and Ubuntu: apt install python3.{sys.version_info[1]}-venv), then run the same command again.",
    )


def has_python_option(pip: Sequence[str]) -> bool:
    """Whether this pip can install into another environment (`--python`, from 22.3 on)."""
    with contextlib.suppress(OSError):
        told = subprocess.run([*pip, "--version"], capture_output=True, text=True).stdout
        if version := re.match(r"pip (\d+)\.(\d+)", told):
            return (int(version[1]), int(version[2])) >= OLDEST_PIP_WITH_PYTHON_OPTION
    return False


def apt_install(*packages: str) -> bool:
    """Install Debian packages when we are root and apt-get is there; the first that installs is enough."""
    if os.geteuid() != 0 or not shutil.which("apt-get"):
        return False
    quiet = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    works(["apt-get", "update"], quiet)
    return any(works(["apt-get", "install", "-y", "--no-install-recommends", package], quiet) for package in packages)


def works(command: Sequence[str], environ: dict[str, str] | None = None) -> bool:
    """Whether a command exits with 0; its output is not shown."""
    try:
        return subprocess.run(command, capture_output=True, stdin=subprocess.DEVNULL, env=environ).returncode == 0
    except OSError:
        return False


def install(pip: Sequence[str], lock: Path, show: Callable[[int], None]) -> None:
    """Install exactly the lock, hash by hash; `show` is called with the number of packages met so far."""
    options = ["install", "--no-deps", "--require-hashes", "--no-input", "--disable-pip-version-check", "--progress-bar", "off"]
    advice = "look at the lines above. Without a network or behind a proxy, configure pip (pip.conf), then run the same command again."
    run_logged([*pip, *options, "-r", str(lock)], "The pinned packages could not be installed.", advice, show)


def run_logged(command: Sequence[str], failed: str, advice: str = "", show: Callable[[int], None] | None = None) -> None:
    """Run a command with its output in .run/install.log; `show` gets the count of "Collecting" lines. Raises Failure."""
    log = ROOT / ".run" / "install.log"
    environ = {**os.environ, "PIP_USER": "0", "PIP_REQUIRE_VIRTUALENV": "0"}
    seen = 0
    with (
        log.open("w") as out,
        subprocess.Popen(
            command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, stdin=subprocess.DEVNULL, text=True, env=environ
        ) as process,
    ):
        assert process.stdout is not None
        for line in process.stdout:
            out.write(line)
            seen += line.startswith(("Collecting", "Requirement already"))
            if show:
                show(seen)
    if process.returncode:
        raise Failure(failed, advice, log)
