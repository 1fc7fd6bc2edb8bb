"""One SMTP conversation, server side (RFC 5321, with PIPELINING, SIZE, 8BITMIME and SMTPUTF8)."""

import asyncio
import re
from typing import Protocol

LONGEST_MAIL = 25_000_000  # bytes
LONGEST_LINE = 65_536  # bytes of a command line; far above the 512 of RFC 5321 4.5.3.1
END = b"\r\n.\r\n"
ADDRESS = re.compile(rb"^(?:MAIL FROM|RCPT TO):\s*<?([^<>\s]*)>?(.*)$", re.IGNORECASE | re.DOTALL)
EXTENSIONS = ("PIPELINING", f"SIZE {LONGEST_MAIL}", "8BITMIME", "SMTPUTF8")


class Answer(Protocol):
    """How a mail is treated: see mailbox.Behaviour."""

    @property
    def at_recipient(self) -> str: ...
    @property
    def after_data(self) -> str: ...
    @property
    def drop(self) -> bool: ...
    @property
    def delay(self) -> float: ...


class Box(Protocol):
    """Where mails go and who decides about them: see mailbox.Mailbox."""

    def admit(self) -> bool: ...
    def leave(self) -> None: ...
    def behaviour(self, recipient: str) -> Answer: ...
    def receive(self, sender: str, recipients: list[str], raw: bytes) -> Answer: ...


class Conversation(asyncio.Protocol):
    """Reads commands as they come, several in one packet too, and answers in order with as few packets as possible."""

    def __init__(self, box: Box) -> None:
        self.box = box
        self.buffer = bytearray()
        self.replies = bytearray()
        self.in_data = self.paused = self.oversized = False
        self.searched = 0  # where to look on for the end of the mail
        self.sender: str | None = None
        self.recipients: list[str] = []

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)
        self.transport = transport
        if self.box.admit():
            transport.write(b"220 mailbox ESMTP\r\n")
        else:
            transport.write(b"421 4.7.0 Too many connections\r\n")
            transport.close()

    def connection_lost(self, error: Exception | None) -> None:
        self.box.leave()

    def data_received(self, data: bytes) -> None:
        self.buffer += data
        self._advance()

    def _advance(self) -> None:
        while not self.paused and (self._take_mail() if self.in_data else self._take_command()):
            pass
        if self.replies and not self.transport.is_closing():
            self.transport.write(bytes(self.replies))
        self.replies.clear()

    def _take_command(self) -> bool:
        end = self.buffer.find(b"\n")
        if end < 0:
            if len(self.buffer) > LONGEST_LINE:
                self.transport.abort()
            return False
        line = bytes(self.buffer[:end]).rstrip(b"\r")
        del self.buffer[: end + 1]
        command = getattr(self, f"_on_{line[:4].decode('ascii', 'replace').strip().lower()}", None)
        if command is None:
            self._reply("500 5.5.2 Command not known")
        else:
            command(line)
        return not self.transport.is_closing()

    def _take_mail(self) -> bool:
        if self.buffer.startswith(b".\r\n"):  # a mail without a line
            raw, after = b"", 3
        else:
            end = self.buffer.find(END, self.searched)
            if end < 0:
                self.searched = max(0, len(self.buffer) - len(END))
                return self._too_long()
            raw, after = bytes(self.buffer[: end + 2]), end + len(END)
        del self.buffer[:after]
        self.in_data = False
        if self.oversized or len(raw) > LONGEST_MAIL:
            self._reply("552 5.3.4 Mail too long")
            self._reset()
            return True
        return self._answer(self.box.receive(self.sender or "", self.recipients, unstuffed(raw)))

    def _too_long(self) -> bool:
        if len(self.buffer) > LONGEST_MAIL:  # forget the body, remember that it was too long, wait for its end
            self.oversized = True
            del self.buffer[: -len(END)]
            self.searched = 0
        return False

    def _answer(self, answer: Answer) -> bool:
        self._reset()
        if answer.drop:
            self.transport.abort()
            return False
        if not answer.delay:
            self._reply(answer.after_data)
            return True
        self.paused = True
        asyncio.get_running_loop().call_later(answer.delay, self._answer_late, answer.after_data)
        return False

    def _answer_late(self, text: str) -> None:
        self.paused = False
        self._reply(text)
        self._advance()

    def _on_ehlo(self, line: bytes) -> None:
        self._reset()
        lines = ["mailbox", *EXTENSIONS]
        self.replies += b"".join(f"250{'-' if n + 1 < len(lines) else ' '}{text}\r\n".encode() for n, text in enumerate(lines))

    def _on_helo(self, line: bytes) -> None:
        self._reset()
        self._reply("250 mailbox")

    def _on_mail(self, line: bytes) -> None:
        match = ADDRESS.match(line)
        if not match:
            return self._reply("501 5.5.4 MAIL FROM:<address>")
        if self.sender is not None:
            return self._reply("503 5.5.1 One mail at a time")
        size = re.search(rb"\bSIZE=(\d{1,18})\b", match[2], re.IGNORECASE)
        if size and int(size[1]) > LONGEST_MAIL:
            return self._reply("552 5.3.4 Mail too long")
        self.sender = match[1].decode("utf-8", "replace")
        return self._reply("250 2.1.0 Ok")

    def _on_rcpt(self, line: bytes) -> None:
        match = ADDRESS.match(line)
        if self.sender is None:
            return self._reply("503 5.5.1 MAIL first")
        if not match or not match[1]:
            return self._reply("501 5.5.4 RCPT TO:<address>")
        recipient = match[1].decode("utf-8", "replace")
        text = self.box.behaviour(recipient).at_recipient
        if text.startswith("2"):
            self.recipients.append(recipient)
        return self._reply(text)

    def _on_data(self, line: bytes) -> None:
        if not self.recipients:
            return self._reply("503 5.5.1 No valid recipient")
        self.in_data, self.searched, self.oversized = True, 0, False
        return self._reply("354 End with a dot on a line of its own")

    def _on_rset(self, line: bytes) -> None:
        self._reset()
        self._reply("250 2.0.0 Ok")

    def _on_noop(self, line: bytes) -> None:
        self._reply("250 2.0.0 Ok")

    def _on_vrfy(self, line: bytes) -> None:
        self._reply("252 2.5.0 Send and see")

    def _on_quit(self, line: bytes) -> None:
        self._reply("221 2.0.0 Bye")
        self.transport.write(bytes(self.replies))
        self.replies.clear()
        self.transport.close()

    def _reply(self, text: str) -> None:
        self.replies += text.encode() + b"\r\n"

    def _reset(self) -> None:
        self.sender = None
        self.recipients = []


def unstuffed(raw: bytes) -> bytes:
    """Take away the dot that the client put before every line that begins with one (RFC 5321 4.5.2)."""
    if raw.startswith(b".."):
        raw = raw[1:]
    return raw.replace(b"\r\n..", b"\r\n.")
