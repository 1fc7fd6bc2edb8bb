"""The way out has a time limit, follows nobody, and takes no hint from the environment."""

import datetime
import socket
import ssl
import threading
import time
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from postpurchase.lib import http, reach
from tests.lib.serving import Script, Serve
from tests.lib.serving import serve as serve

OK = b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok"


def test_the_client_waits_and_trusts_within_limits(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HTTPS_PROXY", "http://127.0.0.1:9")

    with http.client("https://carrier.example", authorization="Bearer x") as client:
        assert (client.timeout.connect, client.timeout.read, client.timeout.write, client.timeout.pool) == (3.0, 10.0, 10.0, 10.0)
        assert client.follow_redirects is False
        assert client.trust_env is False
        assert client.headers["authorization"] == "Bearer x"


def test_a_post_says_what_it_was_given_and_brings_back_what_was_said(serve: Serve, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HTTP_PROXY", "http://127.0.0.1:9")
    url = serve(b"HTTP/1.1 201 Created\r\nX-Told: yes\r\nContent-Length: 4\r\n\r\ndone")

    answer = http.post(url, b'{"a":1}', {"Content-Type": "application/json", "webhook-id": "evt_1"})

    assert (answer.status, answer.body) == (201, b"done")
    assert ("X-Told", "yes") in answer.headers
    head, _, body = serve.heard[0].partition(b"\r\n\r\n")  # type: ignore[attr-defined]
    assert head.startswith(b"POST /in?a=1 HTTP/1.1\r\n")
    assert b"\r\nwebhook-id: evt_1" in head
    assert body == b'{"a":1}'


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
def test_a_redirect_is_an_answer_and_is_not_followed(serve: Serve, status: int) -> None:
    inside = serve(OK)
    url = serve(f"HTTP/1.1 {status} Moved\r\nLocation: {inside}\r\nContent-Length: 0\r\n\r\n".encode())

    answer = http.post(url, b"{}", {})

    assert answer.status == status
    assert len(serve.heard) == 1  # type: ignore[attr-defined]


def test_the_first_two_kilobytes_of_an_answer_are_kept(serve: Serve) -> None:
    def endless(peer: socket.socket) -> None:
        peer.sendall(b"HTTP/1.1 200 OK\r\n\r\n")
        while True:
            peer.sendall(b"x" * 1000)

    assert http.post(serve(endless), b"{}", {}).body == b"x" * 2048


def test_endless_headers_are_cut_off(serve: Serve) -> None:
    def endless(peer: socket.socket) -> None:
        peer.sendall(b"HTTP/1.1 200 OK\r\n")
        while True:
            peer.sendall(b"X-More: " + b"x" * 1000 + b"\r\n")

    with pytest.raises(http.NoAnswer, match="longer than 66 KiB"):
        http.post(serve(endless), b"{}", {})


def test_few_and_short_headers_are_kept(serve: Serve) -> None:
    many = "".join(f"X-{n}: {'v' * 900}\r\n" for n in range(60)).encode()

    answer = http.post(serve(b"HTTP/1.1 200 OK\r\n" + many + b"Content-Length: 0\r\n\r\n"), b"{}", {})

    assert len(answer.headers) == http.MOST_HEADERS
    assert {len(value) for _, value in answer.headers} == {http.LONGEST_HEADER}


def dripping(peer: socket.socket) -> None:
    for byte in b"HTTP/1.1 200 OK\r\nX-Slow: " + b"x" * 10_000:
        peer.sendall(bytes([byte]))
        threading.Event().wait(0.02)


@pytest.mark.parametrize("script", [dripping, lambda peer: threading.Event().wait(3)], ids=["a byte at a time", "silence"])
def test_the_whole_call_has_one_time_limit(serve: Serve, script: Script) -> None:
    since = time.monotonic()

    with pytest.raises(http.NoAnswer, match=r"No whole answer within 0\.3 seconds"):
        http.post(serve(script), b"{}", {}, seconds=0.3)

    assert time.monotonic() - since < 1.0


def test_a_body_that_drips_past_the_limit_does_not_undo_the_status(serve: Serve) -> None:
    def slow(peer: socket.socket) -> None:
        peer.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nabc")
        threading.Event().wait(3)

    answer = http.post(serve(slow), b"{}", {}, seconds=0.3)

    assert (answer.status, answer.body) == (200, b"abc")


@pytest.mark.parametrize(
    ("said", "why"),
    [
        (b"", "What came back is not HTTP"),
        (b"SSH-2.0-OpenSSH_9.7\r\n", "What came back is not HTTP"),
        (b"HTTP/1.1 99999 Odd\r\n\r\n", "What came back is not HTTP"),
    ],
)
def test_what_is_not_http_is_no_answer(serve: Serve, said: bytes, why: str) -> None:
    with pytest.raises(http.NoAnswer, match=why):
        http.post(serve(said), b"{}", {})


def certificate(name: str, folder: Path) -> tuple[ssl.SSLContext, ssl.SSLContext]:
    """A server's context with a certificate for `name`, and a caller's that trusts it."""
    key = ec.generate_private_key(ec.SECP256R1())
    who = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])
    now = datetime.datetime.now(datetime.UTC)
    made = (
        x509.CertificateBuilder(who, who, key.public_key(), x509.random_serial_number())
        .not_valid_before(now - datetime.timedelta(days=1))
        .not_valid_after(now + datetime.timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName(name)]), critical=False)
        .sign(key, hashes.SHA256())
    )
    cert, secret = folder / f"{name}.pem", folder / f"{name}.key"
    cert.write_bytes(made.public_bytes(serialization.Encoding.PEM))
    plain = serialization.NoEncryption()
    secret.write_bytes(key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, plain))
    server = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    server.load_cert_chain(cert, secret)
    return server, ssl.create_default_context(cafile=str(cert))


def test_the_connection_goes_to_the_checked_address_under_the_names_own_sni_and_host(
    serve: Serve, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    server, trusting = certificate("hooks.example.com", tmp_path)
    asked: list[str | None] = []
    server.sni_callback = lambda sock, name, context: asked.append(name)  # type: ignore[assignment,misc]
    port = serve(OK, tls=server).split(":")[2].split("/")[0]
    monkeypatch.setattr(reach, "ask_dns", lambda host, port: ["127.0.0.1"])

    answer = http.post(f"https://hooks.example.com:{port}/in", b"{}", {}, tls=trusting)

    assert answer.status == 200
    assert asked == ["hooks.example.com"]
    assert f"Host: hooks.example.com:{port}\r\n".encode() in serve.heard[0]  # type: ignore[attr-defined]


@pytest.mark.parametrize("name", ["other.example.com", "127.0.0.1"])
def test_a_certificate_of_another_name_is_refused(serve: Serve, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str) -> None:
    server, trusting = certificate(name, tmp_path)
    port = serve(OK, tls=server).split(":")[2].split("/")[0]
    monkeypatch.setattr(reach, "ask_dns", lambda host, port: ["127.0.0.1"])

    with pytest.raises(http.NoAnswer, match="Its certificate does not hold: Hostname mismatch"):
        http.post(f"https://hooks.example.com:{port}/in", b"{}", {}, tls=trusting)

    assert serve.heard == []  # type: ignore[attr-defined]


def test_a_certificate_that_nobody_vouches_for_is_refused(serve: Serve, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    server, _ = certificate("hooks.example.com", tmp_path)
    port = serve(OK, tls=server).split(":")[2].split("/")[0]
    monkeypatch.setattr(reach, "ask_dns", lambda host, port: ["127.0.0.1"])

    with pytest.raises(http.NoAnswer, match="Its certificate does not hold: self-signed certificate"):
        http.post(f"https://hooks.example.com:{port}/in", b"{}", {})
