"""A closed-loop HTTP client in one thread: every connection sends its next request when the answer to the last one is there."""

import selectors
import socket
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from time import perf_counter

END = b"\r\n\r\n"
LENGTH = b"content-length:"


@dataclass
class Load:
    """What came back: answers by status, and how long each took (seconds)."""

    seconds: float
    statuses: Counter[int] = field(default_factory=Counter)
    waits: list[float] = field(default_factory=list)

    @property
    def rate(self) -> float:
        """Answers a second."""
        return len(self.waits) / self.seconds

    @property
    def p99(self) -> float:
        """Milliseconds that 99 of 100 answers stayed below."""
        return sorted(self.waits)[int(len(self.waits) * 0.99)] * 1000 if self.waits else 0.0


class Line:
    """One connection."""

    def __init__(self, port: int) -> None:
        self.socket = socket.create_connection(("127.0.0.1", port))
        self.socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self.buffer, self.head, self.sent_at = b"", b"", 0.0

    def send(self, request: bytes) -> None:
        """Send a request; its answer is timed from here."""
        self.sent_at = perf_counter()
        self.socket.sendall(request)

    def answer(self) -> int:
        """Take what has come; the status when the answer is complete, else 0. Raises ConnectionError."""
        taken = self.socket.recv(262_144)
        if not taken:
            raise ConnectionError("the server hung up")
        self.buffer += taken
        head, end, body = self.buffer.partition(END)
        if not end or len(body) < _length(head):
            return 0
        self.buffer, self.head = b"", head
        return int(head[9:12])


def _length(head: bytes) -> int:
    at = head.lower().find(LENGTH)
    return int(head[at + len(LENGTH) :].split(b"\r\n", 1)[0]) if at >= 0 and head[9:12] != b"304" else 0


def run(port: int, connections: int, seconds: float, request: Callable[[], bytes]) -> Load:
    """Ask for `seconds` over so many connections; answers still on their way then are waited for."""
    lines = [Line(port) for _ in range(connections)]
    with selectors.DefaultSelector() as selector:
        for line in lines:
            selector.register(line.socket, selectors.EVENT_READ, line)
            line.send(request())
        begin, load, open_lines = perf_counter(), Load(seconds), len(lines)
        while open_lines:
            for key, _ in selector.select():
                open_lines -= _go_on(key.data, load, begin + seconds, request)
        load.seconds = perf_counter() - begin
    for line in lines:
        line.socket.close()
    return load


def _go_on(line: Line, load: Load, until: float, request: Callable[[], bytes]) -> bool:
    """Take an answer and ask again; True when the line is done."""
    status = line.answer()
    if not status:
        return False
    now = perf_counter()
    load.statuses[status] += 1
    load.waits.append(now - line.sent_at)
    if now < until:
        line.send(request())
        return False
    return True


def varied(raw: bytes, hole: bytes, fill: Callable[[], str]) -> Callable[[], bytes]:
    """Makes requests that differ where `hole` stands; what fills it must be as long."""
    return lambda: raw.replace(hole, fill().encode())


def get(path: str, port: int, **headers: str) -> bytes:
    """The bytes of a GET."""
    return _request("GET", path, port, b"", headers)


def post(path: str, port: int, body: bytes, **headers: str) -> bytes:
    """The bytes of a POST with a JSON body."""
    return _request("POST", path, port, body, {"Content-Type": "application/json", **headers})


def _request(method: str, path: str, port: int, body: bytes, headers: dict[str, str]) -> bytes:
    named = {"Host": f"127.0.0.1:{port}", "Content-Length": str(len(body)), **headers}
    lines = "".join(f"{name.replace('_', '-')}: {value}\r\n" for name, value in named.items())
    return f"{method} {path} HTTP/1.1\r\n{lines}\r\n".encode() + body
