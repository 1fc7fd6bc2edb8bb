"""SMTP with late intent: the row says 'handing' only once the server has said 354, and before the message leaves (RFC 5321, RFC 2920)."""

import contextlib
import smtplib
import ssl
from collections.abc import Callable
from dataclasses import dataclass

from integrations.senders.base import Envelope, Reply, Result
from integrations.senders.mime import BadHeader, build
from postpurchase.lib import faults


@dataclass(frozen=True)
class Server:
    """Where and how to connect."""

    host: str
    port: int
    user: str = ""
    password: str = ""
    tls: str = ""  # "", "starttls" or "ssl"
    timeout: float = 20.0


class SmtpSender:
    """Keeps one connection; a failure drops it, and the next message opens a new one."""

    def __init__(self, server: Server) -> None:
        self.server = server
        self._smtp: smtplib.SMTP | None = None

    def deliver(self, envelope: Envelope, ready: Callable[[], bool]) -> Reply:
        """Hand one message over. Until the server has said 354 nothing has left; after our final dot only its answer tells."""
        try:
            payload = build(envelope)
        except BadHeader as error:
            return Reply(Result.REFUSED, str(error))
        opened = self._open(envelope)
        if opened is not None:
            return opened
        faults.reach("P3")
        if not ready():
            self.close()  # the server sees an unfinished DATA and forgets it
            return Reply(Result.FENCED)
        faults.reach("P4")
        return self._finish(payload)

    def _open(self, envelope: Envelope) -> Reply | None:
        """MAIL, RCPT and DATA in one go where the server pipelines. None: it said 354 and waits for the message."""
        try:
            smtp = self._connected()
            commands = [f"MAIL FROM:<{envelope.sender}>", f"RCPT TO:<{envelope.to}>", "DATA"]
            if smtp.has_extn("pipelining"):
                smtp.send("".join(f"{command}\r\n" for command in commands))
                replies = [smtp.getreply() for _ in commands]
            else:
                replies = self._one_by_one(smtp, commands)
        except (OSError, smtplib.SMTPException) as error:
            self.close()
            return Reply(Result.LATER, f"no connection: {error}"[:300])
        return self._judge(smtp, replies)

    def _one_by_one(self, smtp: smtplib.SMTP, commands: list[str]) -> list[tuple[int, bytes]]:
        replies = []
        for command in commands:
            replies.append(smtp.docmd(command))
            if replies[-1][0] >= 400:
                break
        return replies

    def _judge(self, smtp: smtplib.SMTP, replies: list[tuple[int, bytes]]) -> Reply | None:
        bad = next(((code, text) for code, text in replies if code >= 400 or code < 200), None)
        if bad is None and replies[-1][0] == 354:
            return None
        if replies[-1][0] == 354:  # the server pipelined past a refused recipient: an empty message would go to nobody
            self.close()
        else:
            with contextlib.suppress(OSError, smtplib.SMTPException):
                smtp.rset()
        code, text = bad or replies[-1]
        return _reply(code, text)

    def _finish(self, payload: bytes) -> Reply:
        smtp = self._connected()
        try:
            smtp.send(payload + b".\r\n")
            faults.reach("P5")
            code, text = smtp.getreply()
        except (OSError, smtplib.SMTPException) as error:
            self.close()
            return Reply(Result.LOST, f"no answer after the message: {error}"[:300])
        faults.reach("P6")
        return Reply(Result.SENT, _words(code, text), _words(code, text)[:200]) if code == 250 else _reply(code, text)

    def _connected(self) -> smtplib.SMTP:
        if self._smtp is None:
            self._smtp = self._connect()
        return self._smtp

    def _connect(self) -> smtplib.SMTP:
        server = self.server
        context = ssl.create_default_context()
        if server.tls == "ssl":
            smtp: smtplib.SMTP = smtplib.SMTP_SSL(server.host, server.port, timeout=server.timeout, context=context)
        else:
            smtp = smtplib.SMTP(server.host, server.port, timeout=server.timeout)
        smtp.ehlo()
        if server.tls == "starttls":
            smtp.starttls(context=context)
            smtp.ehlo()
        if server.user:
            smtp.login(server.user, server.password)
        return smtp

    def close(self) -> None:
        """Drop the connection, politely or not."""
        if self._smtp is not None:
            with contextlib.suppress(OSError, smtplib.SMTPException):
                self._smtp.close()
            self._smtp = None


def _words(code: int, text: bytes) -> str:
    return f"{code} {text.decode(errors='replace')}"[:300]


def _reply(code: int, text: bytes) -> Reply:
    """421 and the 4xx: later. 5xx: refused for good (RFC 5321, 4.2.1)."""
    return Reply(Result.REFUSED if 500 <= code < 600 else Result.LATER, _words(code, text))
