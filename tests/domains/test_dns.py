"""The one module that asks the DNS, in conversation with a real name server."""

import pytest

from postpurchase.lib import dns
from postpurchase.lib.dns import Answer
from tests.domains.conftest import quoted
from tests.domains.name_server import NameServer


def test_a_text_of_several_strings_is_one_value(server: NameServer) -> None:
    server.zone["key.shop.test", "TXT"] = [quoted("v=DKIM1; p=" + "A" * 400)]

    assert dns.ask("key.shop.test", "TXT") == Answer(("v=DKIM1; p=" + "A" * 400,))


def test_an_answer_too_long_for_udp_is_asked_for_again_over_tcp(server: NameServer) -> None:
    server.zone["big.shop.test", "TXT"] = [quoted(f"{n}" * 250) for n in range(8)]

    assert len(dns.ask("big.shop.test", "TXT").values) == 8
    assert [how for _, _, how in server.asked] == ["udp", "tcp"]


def test_names_come_in_lower_case_without_the_last_dot(server: NameServer) -> None:
    server.zone["track.shop.test", "CNAME"] = ["Portal.Ours.TEST."]

    assert dns.ask("track.shop.test", "CNAME") == Answer(("portal.ours.test",))


def test_a_name_that_does_not_exist_and_a_kind_that_it_lacks_are_no_values(server: NameServer) -> None:
    server.zone["shop.test", "A"] = ["203.0.113.7"]

    assert (dns.ask("nothing.test", "TXT"), dns.ask("shop.test", "TXT")) == (Answer(), Answer())
    assert dns.ask("shop.test", "A") == Answer(("203.0.113.7",))


def test_a_broken_name_server_is_silence(server: NameServer) -> None:
    server.broken = True

    assert dns.ask("shop.test", "TXT") == Answer(silent=True)


def test_a_mute_name_server_is_silence_within_the_time(server: NameServer, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(dns, "SECONDS", 0.3)
    monkeypatch.setattr(dns, "PER_SERVER", 0.1)
    server.mute = True

    assert dns.ask("shop.test", "TXT") == Answer(silent=True)
    assert server.asked


def test_nobody_listening_is_silence(server: NameServer, settings: object, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(dns, "SECONDS", 0.3)
    server.stop()

    assert dns.ask("shop.test", "TXT") == Answer(silent=True)
    server.start()
