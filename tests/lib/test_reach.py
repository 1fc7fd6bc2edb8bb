"""No address that a merchant can write, and no answer of a name server, leads to anything but a public place."""

import socket
import threading
from collections.abc import Iterator
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.provisional import urls

from postpurchase.lib import http, reach
from tests.lib.hostile import DNS, GOOD, URLS


@pytest.fixture
def dns(monkeypatch: pytest.MonkeyPatch) -> list[list[str]]:
    """What the name server says, question by question; the last answer stays."""
    told: list[list[str]] = []
    monkeypatch.setattr(reach, "ask_dns", lambda host, port: told.pop(0) if len(told) > 1 else told[0])
    return told


@pytest.fixture
def dialled(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The addresses to which a connection was tried; none is made."""
    tried: list[str] = []

    def refuse(address: tuple[str, int], *args: Any, **named: Any) -> socket.socket:
        tried.append(address[0])
        raise ConnectionRefusedError

    monkeypatch.setattr(socket, "create_connection", refuse)
    return tried


def test_the_tables_are_long() -> None:
    assert len(set(URLS)) >= 120
    assert len(URLS) == len(set(URLS))


@pytest.mark.parametrize("url", URLS)
def test_a_hostile_address_is_refused_before_anything_is_looked_up(url: str, dns: list[list[str]], dialled: list[str]) -> None:
    with pytest.raises(reach.Refused):
        http.post(url, b"{}", {})

    assert dialled == []


@pytest.mark.parametrize("answer", DNS, ids=" ".join)
def test_a_good_name_that_leads_inside_is_refused_whatever_else_it_leads_to(
    answer: list[str], dns: list[list[str]], dialled: list[str]
) -> None:
    dns.append(answer)

    with pytest.raises(reach.Refused, match="not on the public internet") as refused:
        http.post("https://hooks.example.com/", b"{}", {})

    assert dialled == []
    assert not any(address in str(refused.value) for address in answer)  # it tells nothing about the network inside


@pytest.mark.parametrize(("written", "called"), GOOD)
def test_a_good_address_passes(written: str, called: str, dns: list[list[str]]) -> None:
    dns.append(["93.184.215.14", "2606:2800:21f:cb07:6820:80da:af6b:8b2c"])

    found = reach.target(written)

    assert found.url == called
    assert reach.addresses(found, seconds=1)


def test_a_name_is_looked_up_once_and_the_checked_address_is_called(dns: list[list[str]], dialled: list[str]) -> None:
    dns += [["93.184.215.14", "2606:2800:21f::1"], ["127.0.0.1"]]  # rebinding: the second answer would lead inside

    with pytest.raises(http.NoAnswer, match="No connection could be made"):
        http.post("https://hooks.example.com/", b"{}", {})

    assert dialled == ["93.184.215.14", "2606:2800:21f::1"]
    assert dns == [["127.0.0.1"]]
    with pytest.raises(reach.Refused):
        http.post("https://hooks.example.com/", b"{}", {})
    assert len(dialled) == 2


def test_the_systems_own_resolver_is_not_asked_about_odd_forms_of_ipv4(dialled: list[str]) -> None:
    assert socket.getaddrinfo("0x7f.1", 443)[0][4][0] == "127.0.0.1"  # this is why

    with pytest.raises(reach.Refused):
        http.post("https://0x7f.1/", b"{}", {})
    assert dialled == []


@pytest.fixture
def listener() -> Iterator[tuple[int, list[str]]]:
    """A server inside our network, and who came."""
    came: list[str] = []
    with socket.create_server(("127.0.0.1", 0)) as server:

        def answer() -> None:
            while True:
                try:
                    peer, where = server.accept()
                except OSError:
                    return
                came.append(where[0])
                peer.close()

        threading.Thread(target=answer, daemon=True).start()
        yield server.getsockname()[1], came


def test_a_listed_host_may_be_private_and_speak_plain_http_and_no_other(listener: tuple[int, list[str]], settings: Any) -> None:
    port, came = listener
    for url in (f"http://127.0.0.1:{port}/", f"https://127.0.0.1:{port}/", f"http://localhost:{port}/"):
        with pytest.raises(reach.Refused):
            http.post(url, b"{}", {})
    assert came == []

    settings.OUTBOUND_HOSTS = [f"127.0.0.1:{port}"]

    with pytest.raises(http.NoAnswer):
        http.post(f"http://127.0.0.1:{port}/", b"{}", {})
    assert came == ["127.0.0.1"]
    for url in (f"http://localhost:{port}/", f"http://127.0.0.1:{port + 1}/", "http://127.0.0.1/"):
        with pytest.raises(reach.Refused):
            http.post(url, b"{}", {})
    assert came == ["127.0.0.1"]


def test_a_name_server_that_says_nothing_does_not_hold_us(monkeypatch: pytest.MonkeyPatch) -> None:
    never = threading.Event()
    monkeypatch.setattr(reach, "ask_dns", lambda host, port: [str(never.wait(20))])

    with pytest.raises(http.NoAnswer, match="The name server did not answer"):
        http.post("https://hooks.example.com/", b"{}", {}, seconds=0.05)
    never.set()


def test_a_name_that_does_not_exist_is_no_answer(monkeypatch: pytest.MonkeyPatch) -> None:
    def unknown(host: str, port: int) -> list[str]:
        raise socket.gaierror(-2, "Name or service not known")

    monkeypatch.setattr(reach, "ask_dns", unknown)

    with pytest.raises(http.NoAnswer, match=r"^The host name was not found\.$"):
        http.post("https://nowhere.example.com/", b"{}", {})


@given(st.one_of(st.ip_addresses(v=4), st.ip_addresses(v=6)))
def test_no_address_passes_that_python_knows_to_be_special(address: Any) -> None:
    special = address.is_private or address.is_loopback or address.is_link_local or address.is_multicast or address.is_unspecified
    if special or address.is_reserved:
        assert not reach.may_reach(address)


@given(st.one_of(urls(), st.text(max_size=60), st.from_regex(r"\Ahttps?://[0-9a-fx.:\[\]%@#\\]{1,30}/?\Z")))
def test_whatever_is_written_is_refused_or_called_as_it_was_checked(url: str) -> None:
    try:
        found = reach.target(url)
    except reach.Refused:
        return

    assert found.url.isascii()
    assert found.scheme == "https"
    assert reach.target(found.url) == found  # it reads the same a second time
    address = reach.as_address(found.host)
    assert address is None or reach.may_reach(address)
