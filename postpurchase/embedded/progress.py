"""What a person sees while things start: one line per step with its seconds, and failures that say what to do."""

import contextlib
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from time import monotonic

WIDTH = 44
LAST_LINES = 15


class Failure(Exception):
    """A step could not be done: `what` failed, `advice` says what to do, `log` (if any) holds the details."""

    def __init__(self, what: str, advice: str = "", log: Path | None = None) -> None:
        super().__init__(what)
        self.what, self.advice, self.log = what, advice, log

    def told(self) -> str:
        """The whole message for the terminal, with the last lines of the log."""
        parts = [self.what]
        if self.log is not None and (lines := last_lines(self.log)):
            parts += [f"Last lines of {self.log}:", *(f"    {line}" for line in lines)]
        if self.advice:
            parts.append(f"What to do: {self.advice}")
        return "\n".join(parts)


def last_lines(log: Path, count: int = LAST_LINES) -> list[str]:
    """The last lines of a log that are not blank; none when it cannot be read."""
    try:
        with log.open("rb") as file:
            file.seek(max(0, log.stat().st_size - 16_384))
            lines = file.read().decode(errors="replace").splitlines()
    except OSError:
        return []
    return [line for line in lines if line.strip()][-count:]


@contextlib.contextmanager
def step(name: str) -> Iterator[Callable[[str], None]]:
    """Print the step's name, then its seconds; yields a function that shows how far it is (on a terminal only)."""
    live = sys.stdout.isatty()
    begin = monotonic()
    print(f"  {name:<{WIDTH}}", end="", flush=True)

    def show(how_far: str) -> None:
        if live:
            print(f"\r  {name:<{WIDTH}} {how_far}\033[K", end="", flush=True)

    def end(word: str) -> None:
        print((f"\r  {name:<{WIDTH}}" if live else "") + word + ("\033[K" if live else ""), flush=True)

    try:
        yield show
    except BaseException:
        end(" failed")
        raise
    end(f"{monotonic() - begin:6.1f} s")
