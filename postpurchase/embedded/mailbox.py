"""An SMTP server that keeps what it is given and sends nothing on: for the demo, benches and crash tests.

`with Mailbox() as box:` runs it in a thread; `python -m postpurchase.embedded.mailbox --port 1025 --folder mail` as a process.
It can be told to refuse, to hesitate, or to take a mail and break the connection, as real servers do.
"""

import argparse
import asyncio
import email
import email.policy
import threading
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, field
from email.message import EmailMessage
from functools import cached_property
from pathlib import Path
from types import TracebackType

from postpurchase.embedded.smtp import LONGEST_MAIL, Conversation

KEPT_FILES = 5_000
WAIT = 10.0  # seconds that wait_for waits unless told otherwise


@dataclass(frozen=True)
class Mail:
    """One mail as it came: envelope and bytes (dots unstuffed, CRLF line ends)."""

    sender: str
    recipients: tuple[str, ...]
    raw: bytes

    @cached_property
    def message(self) -> EmailMessage:
        """The parsed mail."""
        return email.message_from_bytes(self.raw, policy=email.policy.default)

    @cached_property
    def message_id(self) -> str:
        """The Message-ID header with its angle brackets; empty without one."""
        head = self.raw.split(b"\r\n\r\n", 1)[0]
        return str(email.message_from_bytes(head, policy=email.policy.default).get("Message-ID", "")).strip()


@dataclass(frozen=True)
class Behaviour:
    """How the server treats a mail. Replies are SMTP lines such as "451 4.3.0 Try again later"."""

    at_recipient: str = "250 2.1.5 Ok"
    after_data: str = "250 2.0.0 Ok"
    drop: bool = False  # break the connection after the final dot, without an answer; the mail is kept
    delay: float = 0.0  # seconds between the final dot and the answer

    @property
    def keeps(self) -> bool:
        """Whether the mail counts as delivered."""
        return self.drop or self.after_data.startswith("2")


ACCEPT = Behaviour()
TRY_LATER = Behaviour(after_data="451 4.3.0 Try again later")
REFUSE = Behaviour(after_data="554 5.6.0 Refused")
UNKNOWN_RECIPIENT = Behaviour(at_recipient="550 5.1.1 No such mailbox")
MAILBOX_BUSY = Behaviour(at_recipient="450 4.2.1 Mailbox busy")
DROP = Behaviour(drop=True)


@dataclass
class Mailbox:
    """A server on a port of 127.0.0.1 (0: any free one). Keeps the last `keep` mails, and files in `folder` if given.

    `policy` picks the behaviour by recipient; `behave` sets it for one address. A `keyed` box stands for a provider that
    takes our Message-ID as a key: a repeated one is answered like the first and kept once (`repeated` counts).
    """

    port: int = 0
    folder: Path | None = None
    keep: int = 5_000
    keyed: bool = False
    most_conversations: int = 1_000  # at a time; another is told 421
    policy: Callable[[str], Behaviour] = lambda recipient: ACCEPT
    messages: deque[Mail] = field(init=False)
    total: int = field(init=False, default=0)
    repeated: int = field(init=False, default=0)
    conversations: int = field(init=False, default=0)  # begun in all
    talking: int = field(init=False, default=0)

    def __post_init__(self) -> None:
        self.messages = deque(maxlen=self.keep)
        self._behaviours: dict[str, Behaviour] = {}
        self._keys: set[str] = set()
        self._changed = threading.Condition()
        self._files = deque(sorted(self.folder.glob("*.eml"))) if self.folder else deque[Path]()
        self._file_number = int(self._files[-1].name.split("-")[0]) if self._files else 0

    @property
    def url(self) -> str:
        """Such as smtp://127.0.0.1:1025: the value of EMAIL_URL."""
        return f"smtp://127.0.0.1:{self.port}"

    def behave(self, recipient: str, behaviour: Behaviour) -> None:
        """From now on, treat mails to this address so."""
        self._behaviours[recipient.lower()] = behaviour

    def behaviour(self, recipient: str) -> Behaviour:
        """How mails to this address are treated."""
        return self._behaviours.get(recipient.lower()) or self.policy(recipient)

    def admit(self) -> bool:
        """Whether one more conversation may begin; it ends with `leave`."""
        self.talking += 1
        self.conversations += 1
        return self.talking <= self.most_conversations

    def leave(self) -> None:
        """A conversation has ended."""
        self.talking -= 1

    def receive(self, sender: str, recipients: list[str], raw: bytes) -> Behaviour:
        """Keep a mail whose final dot has come, and say how to answer: by its first recipient with a special behaviour."""
        special = (found for name in recipients if (found := self.behaviour(name)) != ACCEPT)
        behaviour = next(special, ACCEPT)
        if behaviour.keeps:
            self._keep(Mail(sender, tuple(recipients), raw))
        return behaviour

    def wait_for(self, count: int, seconds: float = WAIT) -> list[Mail]:
        """The mails as soon as `count` have come in all. Raises TimeoutError."""
        with self._changed:
            if not self._changed.wait_for(lambda: self.total >= count, seconds):
                raise TimeoutError(f"{self.total} of {count} mails came within {seconds} s")
            return list(self.messages)

    async def serve(self) -> asyncio.Server:
        """Start to listen in the running loop."""
        server = await asyncio.get_running_loop().create_server(lambda: Conversation(self), "127.0.0.1", self.port)
        self.port = server.sockets[0].getsockname()[1]
        return server

    def __enter__(self) -> "Mailbox":
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever, name="mailbox", daemon=True)
        self._thread.start()
        # Started from the thread: the caller's own may be running a loop already, as under a browser driver.
        self._server = asyncio.run_coroutine_threadsafe(self.serve(), self._loop).result(WAIT)
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self._loop.call_soon_threadsafe(self._server.close)
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join()
        self._loop.close()

    def _keep(self, mail: Mail) -> None:
        with self._changed:
            if self.keyed and mail.message_id and mail.message_id in self._keys:
                self.repeated += 1
                return
            if self.keyed:
                self._keys.add(mail.message_id)
            self.messages.append(mail)
            self.total += 1
            self._changed.notify_all()
        if self.folder:
            self._write(self.folder, mail)

    def _write(self, folder: Path, mail: Mail) -> None:
        self._file_number += 1
        address = "".join(c if c.isalnum() or c in "@.+-_" else "_" for c in mail.recipients[0])[:80]
        path = folder / f"{self._file_number:08d}-{address}.eml"
        path.write_bytes(mail.raw)
        self._files.append(path)
        while len(self._files) > KEPT_FILES:
            self._files.popleft().unlink(missing_ok=True)


def main() -> None:
    """Serve until ended by a signal."""
    options = argparse.ArgumentParser(prog="mailbox", description=f"Keeps mails of up to {LONGEST_MAIL} bytes; sends nothing on.")
    options.add_argument("--port", type=int, default=1025, help="TCP port of 127.0.0.1")
    options.add_argument("--folder", type=Path, help=f"where to write .eml files (the newest {KEPT_FILES} are kept)")
    options.add_argument("--keyed", action="store_true", help="keep mails with the same Message-ID once")
    chosen = options.parse_args()
    if chosen.folder:
        chosen.folder.mkdir(parents=True, exist_ok=True)

    async def forever() -> None:
        server = await Mailbox(port=chosen.port, folder=chosen.folder, keyed=chosen.keyed, keep=100).serve()
        await server.serve_forever()

    asyncio.run(forever())


if __name__ == "__main__":
    main()
