"""SMTP with late intent over several connections: the rows say 'handing' only once the server has said 354 to each, and before a message
leaves (RFC 5321, RFC 2920). While one connection waits for its answer the others do their work.
"""

import contextlib
import smtplib
import ssl
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from integrations.senders.base import Envelope, Ready, Reply, Result
from integrations.senders.line import Line, NotNow
from integrations.senders.mime import BadHeader, build
from postpurchase.lib import clock, faults

Work = tuple[Line, Envelope, bytes]
WIDTH = 20  # connections of a sending process; each holds at most one message whose fate is open


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
    """Keeps its connections; one that fails is dropped and opened again when it is next needed."""

    def __init__(self, server: Server, width: int = WIDTH) -> None:
        self.server, self._width = server, width
        self._lines: list[Line] = []

    @property
    def width(self) -> int:
        """As many as the server lets us have connections."""
        return self._width

    def deliver(self, window: Sequence[Envelope], ready: Ready) -> list[Reply]:
        """Hand messages over. Until the server has said 354 nothing has left; after our final dot only its answer tells."""
        replies: dict[int, Reply] = {}
        payloads: dict[int, bytes] = {}
        for place, envelope in enumerate(window):
            try:
                payloads[place] = build(envelope)
            except BadHeader as error:
                replies[place] = Reply(Result.REFUSED, str(error))
        waiting = list(payloads)
        while waiting:
            try:
                lines = self._open(len(waiting))
            except (OSError, smtplib.SMTPException) as error:
                replies |= dict.fromkeys(waiting, Reply(Result.LATER, f"no connection: {error}"[:300]))
                break
            now, waiting = dict(zip(waiting, lines, strict=False)), waiting[len(lines) :]
            work = {place: (line, window[place], payloads[place]) for place, line in now.items()}
            replies |= _together(work, ready, self.server.timeout)
        return [replies[place] for place in range(len(window))]

    def _open(self, count: int) -> list[Line]:
        """So many connections, or as many as the server allows, which is remembered. Raises when there is none."""
        self._lines = [line for line in self._lines if line.usable]
        while len(self._lines) < min(count, self._width):
            try:
                self._lines.append(Line(_connect(self.server), self.server.timeout))
            except (OSError, smtplib.SMTPException):
                if not self._lines:
                    raise
                self._width = len(self._lines)
        return self._lines[:count]

    def close(self) -> None:
        """Drop the connections, politely or not."""
        for line in self._lines:
            line.close()
        self._lines = []


def _together(work: dict[int, Work], ready: Ready, timeout: float) -> dict[int, Reply]:
    """One message on each connection: all asked, all answered, one intent for all, all handed over, all answered."""
    replies: dict[int, Reply] = {}
    going = []
    for line, envelope, _ in work.values():
        line.ask(envelope.sender, envelope.to)
    patience = _patience(timeout)
    for place, (line, _, _) in work.items():
        try:
            line.allowed(patience())
            going.append(place)
        except NotNow as error:
            replies[place] = error.reply
    faults.reach("P3")
    won = set(ready(going)) if going else set()
    faults.reach("P4")
    for place in going:
        line, _, payload = work[place]
        if place in won:
            line.hand_over(payload)
            faults.reach("P5")
        else:
            line.close()  # the server sees an unfinished DATA and forgets it
            replies[place] = Reply(Result.FENCED)
    patience = _patience(timeout)
    for place in sorted(won):
        replies[place] = work[place][0].answer(patience())
        faults.reach("P6")
    return replies


def _patience(timeout: float) -> Callable[[], float]:
    """What is left of a wait that all connections share: each has had as long as the others when its turn comes."""
    end = clock.monotonic() + timeout
    return lambda: max(0.05, end - clock.monotonic())


def _connect(server: Server) -> smtplib.SMTP:
    context = ssl.create_default_context() if server.tls else None  # reading the authorities' certificates takes 20 ms
    if server.tls == "ssl":
        smtp: smtplib.SMTP = smtplib.SMTP_SSL(server.host, server.port, timeout=server.timeout, context=context)
    else:
        smtp = smtplib.SMTP(server.host, server.port, timeout=server.timeout)
    with contextlib.ExitStack() as undo:
        undo.callback(smtp.close)
        smtp.ehlo()
        if server.tls == "starttls":
            smtp.starttls(context=context)
            smtp.ehlo()
        if server.user:
            smtp.login(server.user, server.password)
        undo.pop_all()
    return smtp
