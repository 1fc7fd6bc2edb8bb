"""Run the linters and pytest as they are, with the surroundings they need."""

import os
import subprocess
import sys
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from time import monotonic

from postpurchase.embedded.chromium import ensure_chromium
from postpurchase.embedded.environment import ROOT

TOOLS = Path(sys.executable).parent
LINTERS = {  # the longest first: beside it the others take their turns
    "mypy": ("mypy", "."),
    "lint-imports": ("lint-imports", "--no-cache"),
    "ruff check": ("ruff", "check", "--quiet", "."),
    "ruff format": ("ruff", "format", "--check", "--quiet", "."),
}
PARALLEL = ("-n", "2", "--dist", "loadfile", "--no-loadscope-reorder")


def lint() -> list[str]:
    """Run every linter, two at a time, print each verdict with its seconds, and what a failing one said. Returns the names of those."""
    with ThreadPoolExecutor(2) as pool:
        verdicts = list(pool.map(lambda name: passes(name, LINTERS[name]), LINTERS))
    return [name for name, passed in zip(LINTERS, verdicts, strict=True) if not passed]


def passes(name: str, command: Sequence[str]) -> bool:
    """Whether one linter is content."""
    begin = monotonic()
    program, *arguments = command
    done = subprocess.run([TOOLS / program, *arguments], cwd=ROOT, capture_output=True, text=True)
    told = f"  {name:<14}{'passed' if done.returncode == 0 else 'FAILED':<8}{monotonic() - begin:6.1f} s\n"
    said = f"{(done.stdout + done.stderr).rstrip()}\n\n" if done.returncode else ""
    sys.stdout.write(told + said)  # in one piece: two of them may be done at once
    sys.stdout.flush()
    return done.returncode == 0


def pytest(arguments: Sequence[str]) -> int:
    """Run the tests in two processes (a later -n in `arguments` wins). Returns pytest's exit code; 1 when interrupted."""
    environ = {**os.environ, "DJANGO_ALLOW_ASYNC_UNSAFE": "true", "POSTPURCHASE_CHROMIUM": ensure_chromium()}
    command = [sys.executable, "-m", "pytest", *PARALLEL, *arguments]
    with subprocess.Popen(command, cwd=ROOT, env=environ) as child:
        try:
            return child.wait()
        except KeyboardInterrupt:  # Ctrl-C reached pytest too and it ends by itself; a SIGTERM did not
            child.terminate()
            return child.wait() or 1
