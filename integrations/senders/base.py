"""What the dispatcher asks of a way to send, and what it gets back."""

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Protocol

from integrations.senders.dkim import Signer


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
    signer: Signer | None = None  # over all of it (DKIM); providers sign by themselves


# Places in the window of which nothing has left yet and everything may now -> those of them that are still ours to send.
Ready = Callable[[list[int]], Collection[int]]


class Sender(Protocol):
    """A way to send. One object per thread; it keeps its connections between windows."""

    @property
    def width(self) -> int:
        """How many messages it hands over at once: as many may be in doubt should we stop in the middle."""

    def deliver(self, window: Sequence[Envelope], ready: Ready) -> list[Reply]:
        """Hand a window of messages over; a reply for each. `ready` is called at the last moment at which nothing of them has left
        yet, once for each part of the window that leaves together; what it does not return ends as FENCED.
        """

    def close(self) -> None:
        """Let go of the connections."""
