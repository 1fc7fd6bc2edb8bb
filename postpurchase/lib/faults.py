"""Named points at which a crash test may strike. Nothing happens there unless the test has armed one."""

from collections.abc import Callable

_strike: Callable[[str], None] | None = None


def arm(strike: Callable[[str], None] | None) -> None:
    """Have `strike` called with the name of every point reached in this process; None disarms."""
    global _strike
    _strike = strike


def reach(point: str) -> None:
    """The code has come to this point."""
    if _strike:
        _strike(point)
