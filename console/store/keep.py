"""A sender for histories: everything is accepted and nothing leaves."""

from collections.abc import Callable

from integrations.senders.base import Envelope, Reply, Result


class KeepSender:
    """Stands for a mail server that took every message long ago."""

    def deliver(self, envelope: Envelope, ready: Callable[[], bool]) -> Reply:
        """Accept."""
        return Reply(Result.SENT, "250 2.0.0 Ok (history)") if ready() else Reply(Result.FENCED)

    def close(self) -> None:
        """There is no connection."""
