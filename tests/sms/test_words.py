"""What an answer to a text asks for."""

import pytest

from notifications.sms.words import asked


@pytest.mark.parametrize(
    "text",
    ["STOP", " stop. ", "Stop!", "Quit", "END", "revoke", "opt out", "OPT-OUT", "cancel", "Unsubscribe", "Arrêt", "ARRET", "stopp",
     "Abmelden", "baja", "PARAR", "stop please", "Unsubscribe me now", "配信停止"],
)  # fmt: skip
def test_these_end_the_texts(text: str) -> None:
    assert asked(text) == "stop"


@pytest.mark.parametrize(
    "text", ["Please cancel my order", "When does it end?", "cancel order 1001", "", "👍", "I will stop by at the shop"]
)
def test_these_do_not(text: str) -> None:
    assert asked(text) == "reply"


def test_start_and_help() -> None:
    assert [asked(text) for text in ("Start", "UNSTOP", "help", "Hilfe?")] == ["start", "start", "help", "help"]
