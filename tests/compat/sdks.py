"""The environment of the official clients: made once from requirements/sdks.lock, and kept under .run until the lock changes.

They cannot live with our pins: AfterShip's client is a package called `tracking`, as one of our apps is.
"""

import fcntl
import json
import subprocess
import sys
from pathlib import Path
from typing import Any

from postpurchase.embedded import environment

ROOT = environment.ROOT
LOCK = environment.LOCKS / "sdks.lock"
CALLS = Path(__file__).with_name("calls.py")


def python() -> Path:
    """The interpreter that has them. Raises Failure where no package index can be reached and nothing was made before."""
    home = ROOT / ".run" / f"sdks-{environment.digest(LOCK)[:12]}"
    made = home / "bin" / "python"
    home.parent.mkdir(exist_ok=True)
    with (home.parent / "sdks.lock").open("a") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        if not (home / "done").exists():
            subprocess.run([sys.executable, "-m", "venv", "--clear", "--without-pip", str(home)], check=True)
            environment.install([*environment.find_pip(), "--python", str(made)], LOCK, lambda seen: None)
            (home / "done").touch()
    return made


def call(**given: Any) -> dict[str, Any]:
    """What the clients were answered, call by call."""
    done = subprocess.run([str(python()), "-I", str(CALLS)], input=json.dumps(given), capture_output=True, text=True, timeout=120)
    assert done.returncode == 0, done.stderr
    found: dict[str, Any] = json.loads(done.stdout)
    return found
