"""First step of manage.py: find a Python new enough, list the commands, hand over to the environment.

Parses and runs on Python 3.6, so that `python3` on an older system can find a newer one. Standard library only.
"""

import ast
import os
import subprocess
import sys
from pathlib import Path

OLDEST = (3, 11)
NEWEST = (3, 14)  # the newest Python that every pinned wheel exists for
ROOT = Path(__file__).resolve().parent.parent.parent
COMMANDS = ROOT / "console" / "management" / "commands"
FIRST = ("demo", "test", "lint")  # the commands listed first; the others follow by name
TOO_OLD = """Postpurchase needs Python 3.11 or newer; this is {} ({}), and PATH holds no newer one.
Install one (Debian and Ubuntu: apt install python3.11 python3.11-venv; macOS: brew install python@3.13), then run again."""


def enter(argv: "list[str]") -> None:
    """Return once the dependencies of argv's command stand; otherwise install them or exec a better interpreter."""
    if os.name != "posix":
        sys.exit("Postpurchase runs on Linux and macOS. On Windows, use WSL or `docker compose up`.")
    if asks_for_help(argv) and not (ROOT / ".venv" / "bin" / "python").exists():
        print(commands_text())  # nothing is installed for the sake of a list
        sys.exit(0)
    if sys.version_info[:2] < OLDEST:
        hand_over(argv)
    from postpurchase.embedded import environment

    environment.ensure(argv)


def hand_over(argv: "list[str]") -> None:
    """Replace this process by the same command under the newest usable Python on PATH; exit with advice without one."""
    better = newest_python(os.environ.get("PATH", ""))
    if not better:
        sys.exit(TOO_OLD.format(sys.version.split()[0], sys.executable))
    sys.stdout.flush()
    os.execv(better, [better, *argv])


def newest_python(path: str) -> str:
    """The newest Python from 3.11 to 3.14 in the folders of `path` that really starts (a version manager's shim may not)."""
    for minor in range(NEWEST[1], OLDEST[1] - 1, -1):
        for folder in path.split(os.pathsep):
            candidate = str(Path(folder) / f"python3.{minor}")
            if os.access(candidate, os.X_OK) and starts(candidate, minor):
                return candidate
    return ""


def starts(python: str, minor: int) -> bool:
    """Whether this program runs and is Python 3.minor."""
    check = f"import sys, venv; sys.exit(sys.version_info[:2] != (3, {minor}))"
    try:
        return subprocess.call([python, "-c", check], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) == 0
    except OSError:
        return False


def asks_for_help(argv: "list[str]") -> bool:
    """Whether the list of commands is wanted."""
    return len(argv) < 2 or (len(argv) == 2 and argv[1] in ("help", "-h", "--help"))


def commands_text(folder: Path = COMMANDS) -> str:
    """The project's own commands with the first line of each module's docstring."""
    names = [path.stem for path in folder.glob("[a-z]*.py")]
    names.sort(key=lambda name: (FIRST.index(name) if name in FIRST else len(FIRST), name))
    lines = ["Postpurchase", "", "  python3 manage.py COMMAND [--help]", ""]
    for name in names:
        told = ast.get_docstring(ast.parse((folder / f"{name}.py").read_text(encoding="utf-8"))) or ""
        lines.append(f"  {name:<10} {told.splitlines()[0] if told else ''}")
    return "\n".join([*lines, ""])
