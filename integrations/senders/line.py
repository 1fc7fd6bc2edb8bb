"""One SMTP connection, one message at a time, in steps: ask, be allowed, hand over, be answered."""

import contextlib
import smtplib

from integrations.senders.base import Reply, Result


class NotNow(Exception):
    """The server did not say 354: nothing has left, and its reply says whether to try again."""

    def __init__(self, reply: Reply) -> None:
        super().__init__(reply.text)
        self.reply = reply


class Line:
    """Keeps to the order of its steps. What fails closes it, and it is told at the next step that reads."""

    def __init__(self, smtp: smtplib.SMTP, timeout: float) -> None:
        self._smtp, self._timeout = smtp, timeout  # seconds that writing may take
        self._pipelines = smtp.has_extn("pipelining")
        self._broken: Exception | None = None
        self._commands: list[str] = []

    @property
    def usable(self) -> bool:
        """Whether it can take a message."""
        return self._smtp.sock is not None

    def ask(self, sender: str, to: str) -> None:
        """MAIL, RCPT and DATA, in one go where the server pipelines."""
        self._broken, self._commands = None, [f"MAIL FROM:<{sender}>", f"RCPT TO:<{to}>", "DATA"]
        if self._pipelines:
            self._send("".join(f"{command}\r\n" for command in self._commands).encode())

    def allowed(self, patience: float) -> None:
        """Return once the server waits for the message, within so many seconds. Raises NotNow."""
        try:
            self._listen(patience)
            replies = [self._smtp.getreply() for _ in self._commands] if self._pipelines else self._one_by_one()
        except (OSError, smtplib.SMTPException) as error:
            self.close()
            raise NotNow(Reply(Result.LATER, f"no connection: {error}"[:300])) from error
        self._judge(replies)

    def _one_by_one(self) -> list[tuple[int, bytes]]:
        replies = []
        for command in self._commands:
            replies.append(self._smtp.docmd(command))
            if replies[-1][0] >= 400:
                break
        return replies

    def _judge(self, replies: list[tuple[int, bytes]]) -> None:
        bad = next(((code, text) for code, text in replies if code >= 400 or code < 200), None)
        if bad is None and replies[-1][0] == 354:
            return
        if replies[-1][0] == 354:  # the server pipelined past a refused recipient: an empty message would go to nobody
            self.close()
        else:
            with contextlib.suppress(OSError, smtplib.SMTPException):
                self._smtp.rset()
        raise NotNow(_reply(*(bad or replies[-1])))

    def hand_over(self, payload: bytes) -> None:
        """The message and the final dot."""
        self._send(payload + b".\r\n")

    def answer(self, patience: float) -> Reply:
        """What the server says of the message; LOST when it says nothing within so many seconds."""
        try:
            self._listen(patience)
            code, text = self._smtp.getreply()
        except (OSError, smtplib.SMTPException) as error:
            self.close()
            return Reply(Result.LOST, f"no answer after the message: {error}"[:300])
        return Reply(Result.SENT, _words(code, text), _words(code, text)[:200]) if code == 250 else _reply(code, text)

    def close(self) -> None:
        """Drop the connection, politely or not."""
        with contextlib.suppress(OSError, smtplib.SMTPException):
            self._smtp.close()

    def _listen(self, patience: float) -> None:
        if self._broken or self._smtp.sock is None:
            raise self._broken or smtplib.SMTPServerDisconnected("the connection is closed")
        self._smtp.sock.settimeout(patience)

    def _send(self, raw: bytes) -> None:
        try:
            if self._smtp.sock:
                self._smtp.sock.settimeout(self._timeout)
            self._smtp.send(raw)
        except (OSError, smtplib.SMTPException) as error:
            self._broken = error


def _words(code: int, text: bytes) -> str:
    """The server's answer on one line, at most 300 characters."""
    return f"{code} {text.decode(errors='replace')}"[:300]


def _reply(code: int, text: bytes) -> Reply:
    """421 and the 4xx: later. 5xx: refused for good (RFC 5321, 4.2.1)."""
    return Reply(Result.REFUSED if 500 <= code < 600 else Result.LATER, _words(code, text))
