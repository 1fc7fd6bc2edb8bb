"""The demo as a person starts it: a copy of the tree, real processes, real signals."""

import json
import os
import shutil
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from postpurchase.embedded import parts
from postpurchase.embedded.environment import PYTHON, ROOT, VENV
from postpurchase.embedded.progress import Failure
from postpurchase.embedded.state import free_port
from tests.embedded.conftest import NAMED, reachable_folder

SKIP = shutil.ignore_patterns(".*", "__pycache__", "staticfiles")


class Demo:
    """`manage.py demo` in a folder."""

    def __init__(self, tree: Path, *arguments: str) -> None:
        environ = {name: value for name, value in os.environ.items() if name not in NAMED}
        command = [PYTHON if PYTHON.exists() else sys.executable, "manage.py", "demo", *arguments]
        self.tree = tree
        self.process = subprocess.Popen(
            command, cwd=tree, env=environ, text=True, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT
        )
        self.said: list[str] = []

    def until(self, text: str) -> str:
        """Read what it prints up to a line with this text; fails when it ends before."""
        assert self.process.stdout
        for line in self.process.stdout:
            self.said.append(line)
            if text in line:
                return line
        raise AssertionError(f"ended without {text!r}:\n{''.join(self.said)}")

    def end(self) -> int:
        """Stop it as Ctrl-C does; returns the exit code."""
        self.process.send_signal(signal.SIGINT)
        self.said += self.process.communicate(timeout=30)[0].splitlines(keepends=True)
        return self.process.returncode


@pytest.fixture(scope="module")
def tree() -> Iterator[Path]:
    """A copy of the project with the environment of this one, whose tables the first start makes; the demo store is taken as made."""
    with reachable_folder() as place:
        copy = place / "project"
        shutil.copytree(ROOT, copy, ignore=SKIP, symlinks=True)
        if VENV.exists():
            (copy / ".venv").symlink_to(VENV.resolve())
        (copy / ".run" / "demo").mkdir(parents=True)
        (copy / ".run" / "demo" / "seed.done").touch()
        yield copy


def child(demo: Demo, text: str) -> int:
    """The process id of the demo's part whose command line has this text."""
    for entry in Path("/proc").glob("[0-9]*/stat"):
        try:
            command, stat = (entry.parent / "cmdline").read_bytes(), entry.read_text()
        except OSError:
            continue
        if int(stat.rpartition(")")[2].split()[1]) == demo.process.pid and text.encode() in command:
            return int(entry.parent.name)
    raise LookupError(text)


def status(address: str) -> int:
    """What the first page answers."""
    return parts.ask_status(int(address.rpartition(":")[2]), lambda: True)


def left_behind(tree: Path) -> list[str]:
    """Command lines of processes that still belong to the demo of this tree."""
    mark, found = f"POSTPURCHASE_RUN={tree}/.run/demo".encode(), []
    for entry in Path("/proc").glob("[0-9]*/environ"):
        try:
            if mark in entry.read_bytes().split(b"\0"):
                found.append((entry.parent / "cmdline").read_bytes().replace(b"\0", b" ").decode())
        except OSError:
            continue
    return found


@pytest.mark.slow
@pytest.mark.skipif(sys.platform != "linux", reason="looks into /proc")
def test_after_kill_9_the_demo_starts_again_survives_that_of_its_parts_refuses_a_second_start_and_ends_clean(tree: Path) -> None:
    first = Demo(tree, "--port", str(free_port()))
    first.until("Ctrl-C stops it")
    first.process.kill()
    first.process.wait()

    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        demo = Demo(tree, "--port", str(port))
        said = demo.until("is taken")
        demo.until("Ctrl-C stops it")
    address = json.loads((tree / ".run/demo/running.json").read_text())["env"]["BASE_URL"]
    assert said.strip() == f"Port {port} is taken; the demo uses {address.rpartition(':')[2]}."
    assert 200 <= status(address) < 500

    second = Demo(tree)
    second.process.wait()
    assert second.process.returncode == 1
    second.until(f"The demo already runs at {address} (process {demo.process.pid}).")

    for part, name in {"bin/postgres": "PostgreSQL", "valkey-server": "Valkey", "gunicorn": "web", "worker@demo": "worker"}.items():
        os.kill(child(demo, part), signal.SIGKILL)
        assert "killed by SIGKILL" in demo.until(f"{name} ended")
        demo.until(f"{name} runs again.")
    assert 200 <= status(address) < 500

    assert demo.end() == 0
    assert demo.said[-1] == "Stopping.\n"
    assert left_behind(tree) == []
    assert not (tree / ".run/demo/running.json").exists()


@pytest.mark.slow
def test_a_failed_step_says_what_failed_shows_its_log_and_what_to_do(tree: Path) -> None:
    way_in = tree / "postpurchase" / "wsgi.py"
    as_it_was = way_in.read_text()
    way_in.write_text("raise RuntimeError('no way in')\n")

    try:
        demo = Demo(tree, "--port", str(free_port()))
        demo.until("The web server ended (exit code")
        demo.until("no way in")
        demo.until("What to do: read the log.")
    finally:
        way_in.write_text(as_it_was)

    assert demo.process.wait(timeout=30) == 1
    assert left_behind(tree) == []


def test_the_next_free_port_is_held_from_the_start(capsys: pytest.CaptureFixture[str]) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]

        with parts.listening(port) as listener:
            chosen = listener.getsockname()[1]
            with pytest.raises(OSError, match="in use"):
                socket.create_server(("127.0.0.1", chosen))

    assert chosen > port
    assert capsys.readouterr().out == f"  Port {port} is taken; the demo uses {chosen}.\n"


def test_a_port_beyond_the_last_is_refused_with_advice() -> None:
    with pytest.raises(Failure) as failure, parts.listening(70_000):
        pass

    assert failure.value.told() == "No port from 70000 on is free.\nWhat to do: choose another one: --port N."
