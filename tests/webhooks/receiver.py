"""A merchant's machine: a real HTTP server on this one, which checks signatures with the scheme's own library."""

import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

from standardwebhooks import Webhook, WebhookVerificationError

Reply = tuple[int, dict[str, str], bytes]


@dataclass(frozen=True)
class Heard:
    """A request as it came."""

    path: str
    headers: dict[str, str]
    body: bytes

    @property
    def id(self) -> str:
        return self.headers["webhook-id"]

    def verified(self, secret: str) -> Any:
        """What the library reads. Raises WebhookVerificationError."""
        return Webhook(secret).verify(self.body, self.headers)

    def holds(self, secret: str) -> bool:
        try:
            self.verified(secret)
        except WebhookVerificationError:
            return False
        return True


@dataclass
class Receiver:
    """Answers as told: by `answers` (status or whole reply, one after the other, the last stays), or by `on`, path by path."""

    answers: list[int | Reply] = field(default_factory=lambda: [200])
    on: dict[str, Callable[[], int]] = field(default_factory=dict)
    heard: list[Heard] = field(default_factory=list)
    at_once: dict[str, int] = field(default_factory=dict)  # path -> most requests at one time
    now: dict[str, int] = field(default_factory=dict)
    lock: Any = field(default_factory=threading.Lock)

    def start(self) -> None:
        receiver = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers["Content-Length"] or 0))
                headers = {name.lower(): value for name, value in self.headers.items()}
                receiver.answer(self, Heard(self.path, headers, body))

            do_GET = do_POST

            def log_message(self, format: str, *args: Any) -> None:
                pass

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.server.daemon_threads = True
        threading.Thread(target=self.server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True).start()

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server.server_address[1]}/hooks"

    def answer(self, handler: BaseHTTPRequestHandler, heard: Heard) -> None:
        with self.lock:
            self.heard.append(heard)
            self.now[heard.path] = self.now.get(heard.path, 0) + 1
            self.at_once[heard.path] = max(self.at_once.get(heard.path, 0), self.now[heard.path])
            told = self.answers.pop(0) if len(self.answers) > 1 else self.answers[0]
        if heard.path in self.on:
            told = self.on[heard.path]()
        with self.lock:
            self.now[heard.path] -= 1
        status, headers, body = (told, {}, b"") if isinstance(told, int) else told
        handler.send_response(status)
        for name, value in {"Content-Length": str(len(body)), **headers}.items():
            handler.send_header(name, value)
        handler.end_headers()
        handler.wfile.write(body)

    def stop(self) -> None:
        self.server.shutdown()
        self.server.server_close()
