"""Fetching what a merchant's page names: whatever answers, it costs little time and memory and leads nowhere inside."""

import gzip
import itertools
import socket
from typing import Any

import pytest

from postpurchase.lib import http, reach
from tests.lib.hostile import DNS, URLS
from tests.lib.serving import Serve
from tests.lib.serving import serve as serve

MOST = 10_000


def get(url: str, seconds: float = 5.0) -> http.Fetched:
    return http.get(url, accept="text/html", seconds=seconds, most=MOST)


def answer(body: bytes, *headers: str, status: str = "200 OK") -> bytes:
    lines = [f"HTTP/1.1 {status}", f"Content-Length: {len(body)}", *headers]
    return "\r\n".join(lines).encode() + b"\r\n\r\n" + body


def moved(to: str) -> bytes:
    return answer(b"", f"Location: {to}", status="302 Found")


def test_a_page_is_brought_with_its_kind_and_charset(serve: Serve) -> None:
    url = serve(answer(b"<title>x</title>", 'Content-Type: Text/HTML; charset="latin-1"'))

    found = get(url)

    assert found == http.Fetched(url, "text/html", "latin-1", b"<title>x</title>", True)
    head = serve.heard[0]  # type: ignore[attr-defined]
    assert head.startswith(b"GET /in?a=1 HTTP/1.1\r\n")
    assert b"\r\nAccept-Encoding: identity" in head
    assert b"Cookie" not in head


@pytest.mark.parametrize("url", URLS)
def test_a_hostile_address_is_refused(url: str) -> None:
    with pytest.raises(reach.Refused):
        get(url)


@pytest.mark.parametrize("told", DNS, ids=" ".join)
def test_a_good_name_that_leads_inside_is_refused(told: list[str], monkeypatch: Any) -> None:
    monkeypatch.setattr(reach, "ask_dns", lambda host, port: told)

    with pytest.raises(reach.Refused):
        get("https://shop.example.com/")


def test_redirects_are_followed_three_times_and_relative_ones_too(serve: Serve) -> None:
    end = serve(answer(b"here"))
    last = serve(moved(end))
    third = serve(moved(last))
    fourth = serve(moved(third))

    assert get(third).body == b"here"
    assert get(third).url == end
    assert get(fourth).body == b"here"
    with pytest.raises(http.NoAnswer, match="without end"):
        get(serve(moved(fourth)))


@pytest.mark.parametrize(
    "inside",
    ["http://127.0.0.1/", "https://169.254.169.254/latest/", "https://[::1]/", "file:///etc/passwd", "//10.0.0.1/", "https://localhost/"],
)
def test_a_redirect_inside_is_refused_like_any_address_inside(serve: Serve, inside: str) -> None:
    with pytest.raises(reach.Refused):
        get(serve(moved(inside)))

    assert len(serve.heard) == 1  # type: ignore[attr-defined]


def test_a_name_is_looked_up_again_for_each_hop_and_each_answer_is_checked(serve: Serve, monkeypatch: Any, settings: Any) -> None:
    told = iter([["93.184.215.14"], ["127.0.0.1"]])
    monkeypatch.setattr(reach, "ask_dns", lambda host, port: next(told))
    dialled = []

    def connect(address: tuple[str, int], *args: Any, **named: Any) -> socket.socket:
        dialled.append(address[0])
        raise ConnectionRefusedError

    monkeypatch.setattr(socket, "create_connection", connect)
    with pytest.raises(http.NoAnswer):
        get("https://shop.example.com/")
    with pytest.raises(reach.Refused):
        get("https://shop.example.com/")

    assert dialled == ["93.184.215.14"]


def test_an_endless_body_is_cut_off(serve: Serve) -> None:
    def endless(peer: socket.socket) -> None:
        peer.sendall(b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n\r\n")
        for _n in itertools.repeat(0):
            peer.sendall(b"x" * 1000)

    found = get(serve(endless))

    assert (len(found.body), found.whole) == (MOST, False)


def test_a_gzip_bomb_unpacks_to_no_more_than_was_asked_for(serve: Serve) -> None:
    bomb = gzip.compress(b"\0" * 9_000_000)
    assert len(bomb) < MOST

    found = get(serve(answer(bomb, "Content-Encoding: gzip")))

    assert (len(found.body), found.whole) == (MOST, False)


def test_an_honest_page_that_is_packed_is_unpacked_and_a_broken_one_is_no_answer(serve: Serve) -> None:
    assert get(serve(answer(gzip.compress(b"hello"), "Content-Encoding: gzip"))).body == b"hello"
    with pytest.raises(http.NoAnswer, match="cannot be unpacked"):
        get(serve(answer(b"not packed at all", "Content-Encoding: gzip")))
    with pytest.raises(http.NoAnswer, match="did not ask for"):
        get(serve(answer(b"?", "Content-Encoding: br")))


def test_ten_megabytes_of_headers_are_not_read(serve: Serve) -> None:
    sent = []

    def large(peer: socket.socket) -> None:
        peer.sendall(b"HTTP/1.1 200 OK\r\n")
        for _n in range(10_000):
            peer.sendall(b"X-More: " + b"x" * 1000 + b"\r\n")
            sent.append(1)

    with pytest.raises(http.NoAnswer):
        get(serve(large))
    assert len(sent) < 9_000


def test_who_drips_is_not_waited_for(serve: Serve) -> None:
    def drip(peer: socket.socket) -> None:
        peer.settimeout(0.02)
        for byte in itertools.cycle(b"HTTP/1.1 200 OK\r\nX: "):
            peer.sendall(bytes([byte]))
            try:
                peer.recv(1)  # waits its time-out: nothing comes
            except TimeoutError:
                continue
            return

    with pytest.raises(http.NoAnswer, match=r"No whole answer within 0\.2 seconds"):
        get(serve(drip), seconds=0.2)


@pytest.mark.parametrize("status", ["404 Not Found", "500 Oops", "304 Not Modified", "302 Found"])
def test_what_is_no_page_is_no_answer(serve: Serve, status: str) -> None:
    with pytest.raises(http.NoAnswer, match=f"It answered {status[:3]}"):
        get(serve(answer(b"", status=status)))
