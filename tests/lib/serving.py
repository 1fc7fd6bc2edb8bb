"""A server on this machine that says exactly what it is told to, byte by byte, and that the settings list."""

import contextlib
import socket
import ssl
import threading
from collections.abc import Callable, Iterator
from typing import Any

import pytest

Script = Callable[[socket.socket], None]
Serve = Callable[..., str]


@pytest.fixture
def serve(settings: Any) -> Iterator[Serve]:
    """`serve(script)` or `serve(bytes)`: a server on this machine that is listed; returns its address. `serve.heard` are the requests."""
    heard: list[bytes] = []
    with contextlib.ExitStack() as open_ones:

        def start(script: Script | bytes, tls: ssl.SSLContext | None = None) -> str:
            server = open_ones.enter_context(socket.create_server(("127.0.0.1", 0)))
            port = server.getsockname()[1]
            threading.Thread(target=_accept, args=(server, script, tls, heard), daemon=True).start()
            settings.OUTBOUND_HOSTS = [*settings.OUTBOUND_HOSTS, f"127.0.0.1:{port}", f"hooks.example.com:{port}"]
            return f"http://127.0.0.1:{port}/in?a=1"

        start.heard = heard  # type: ignore[attr-defined]
        yield start


def _accept(server: socket.socket, script: Script | bytes, tls: ssl.SSLContext | None, heard: list[bytes]) -> None:
    while True:
        try:
            peer, _ = server.accept()
        except OSError:
            return
        with contextlib.suppress(OSError), peer:
            peer.settimeout(5)
            peer = tls.wrap_socket(peer, server_side=True) if tls else peer
            heard.append(_request(peer))
            peer.sendall(script) if isinstance(script, bytes) else script(peer)
            peer.shutdown(socket.SHUT_RDWR)


def _request(peer: socket.socket) -> bytes:
    found = b""
    while b"\r\n\r\n" not in found:
        found += peer.recv(4096)
    head, _, body = found.partition(b"\r\n\r\n")
    length = next((int(line.split(b":")[1]) for line in head.lower().split(b"\r\n") if line.startswith(b"content-length")), 0)
    while len(body) < length:
        body += peer.recv(4096)
    return head + b"\r\n\r\n" + body
