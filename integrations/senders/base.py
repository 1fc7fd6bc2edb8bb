"""What the dispatcher asks of a way to send, and what it gets back."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Protocol


class Result(StrEnum):
    """How handing a message over ended."""

    SENT = "sent"  # the server said yes
    LATER = "later"  # it said not now, or was not reached: nothing was handed over, trying again is safe
    REFUSED = "refused"  # it said no for good
    LOST = "lost"  # handed over, and the answer never came: it may or may not have left
    FENCED = "fenced"  # our lease had run out: somebody else has the message


@dataclass(frozen=True)
class Reply:
    """The result, and the server's own words."""

    result: Result
    text: str = ""
    ref: str = ""


@dataclass(frozen=True)
class Envelope:
    """One message, ready to go. Header values must be free of line breaks; `mime` checks."""

    sender: str  # the address that bounces go to
    sender_name: str
    to: str
    subject: str
    text: str
    html: str
    message_id: str
    headers: Mapping[str, str] = field(default_factory=dict)
    key: str = ""  # what a provider may tell repeats by
    reply_to: str = ""


class Sender(Protocol):
    """A way to send. One object per thread; it keeps its connection between messages."""

    def deliver(self, envelope: Envelope, ready: Callable[[], bool]) -> Reply:
        """Hand one message over. `ready` is called at the last moment at which nothing has left yet; False means stop (FENCED)."""

    def close(self) -> None:
        """Let go of the connection."""
