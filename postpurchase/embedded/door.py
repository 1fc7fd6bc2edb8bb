"""What manage.py does once the dependencies stand: give a command its servers, connect it as the right role, run it."""

import contextlib
import os
import signal
import sys
from collections.abc import Iterator, Sequence
from types import FrameType

from django.core.management import execute_from_command_line

from postpurchase.embedded import launch
from postpurchase.embedded.bootstrap import asks_for_help, commands_text
from postpurchase.embedded.environment import ROOT
from postpurchase.embedded.progress import Failure
from postpurchase.embedded.state import AlreadyRunning, read_json

OWN_SERVERS = {
    "demo": True,
    "test": False,
    "bench": True,
    "journey": False,
    "simulate": False,
    "crashtest": True,
    "bulktest": True,
}  # command: durable
AS_OWNER = frozenset({"migrate", "flush"})
INTERRUPTED = 130  # exit code
LOCK_PATIENCE = "-c lock_timeout=5s"  # a change of a table that waits for its lock makes everybody behind it wait


def main(argv: Sequence[str]) -> int:
    """Run one command; returns its exit code. Failures are told without a traceback."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "postpurchase.settings")
    if asks_for_help(list(argv)):
        print(commands_text())
    end_in_order()
    command = argv[1] if len(argv) > 1 else "help"
    try:
        with surroundings(command, help_only=bool({"-h", "--help"}.intersection(argv))):
            execute_from_command_line(list(argv))
    except AlreadyRunning as failure:
        return complain(already(command) or failure.told())
    except Failure as failure:
        return complain(failure.told())
    except KeyboardInterrupt:
        return INTERRUPTED
    return 0


def complain(text: str) -> int:
    """Print to standard error; returns exit code 1."""
    sys.stdout.flush()
    print(f"\n{text}", file=sys.stderr)
    return 1


@contextlib.contextmanager
def surroundings(command: str, *, help_only: bool) -> Iterator[None]:
    """Set the environment that the command needs, with servers of its own where it asks for them."""
    if command in OWN_SERVERS and not help_only:
        print(f"Postpurchase: {command}", flush=True)
        with launch.running(command, durable=OWN_SERVERS[command]) as running:
            os.environ.update(running.env)
            yield
        return
    if not os.environ.get("DATABASE_URL"):
        os.environ.update(launch.running_demo() or {"DEVELOPMENT": "true"})  # no database named: nothing here is production
    if command in AS_OWNER and not help_only:
        connect_as_owner()
    yield


def connect_as_owner() -> None:
    """Make DATABASE_URL the owner's. Raises Failure when the owner's address is not known."""
    owner = os.environ.get("DATABASE_OWNER_URL")
    if not owner:
        raise Failure(
            "This command changes tables and connects as their owner, but DATABASE_OWNER_URL is not set.",
            "set it (.env.example tells how), or run `python3 manage.py demo` in another terminal.",
        )
    os.environ["DATABASE_URL"] = owner
    os.environ.setdefault("PGOPTIONS", LOCK_PATIENCE)


def already(command: str) -> str:
    """What to say when the demo runs already: where, and how to end it. Empty for other commands."""
    if command != "demo":
        return ""
    told = read_json(ROOT / ".run" / "demo" / "running.json")
    address = launch.running_demo().get("BASE_URL")
    if not address:
        return "The demo is starting or stopping in another terminal. Wait a moment, then look there."
    return f"The demo already runs at {address} (process {told.get('pid')}). End it there with Ctrl-C before you start another."


def end_in_order() -> None:
    """Let SIGTERM and a closed terminal unwind like Ctrl-C, so that servers are stopped; a second signal changes nothing."""
    signals = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)

    def unwind(number: int, frame: FrameType | None) -> None:
        for each in signals:
            signal.signal(each, signal.SIG_IGN)
        raise KeyboardInterrupt

    for each in signals:
        signal.signal(each, unwind)
