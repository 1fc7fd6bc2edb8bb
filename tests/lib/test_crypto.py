"""Sealed secrets open for their owner only; tracking links hide the id and cannot be guessed from one another."""

import uuid
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from postpurchase.lib.crypto import Tokens, Undecipherable, from_link_token, link_token, seal, unseal
from postpurchase.lib.ids import uuid7

OWNER, OTHER = uuid.uuid4(), uuid.uuid4()


@given(st.text(max_size=200))
def test_a_sealed_secret_opens_again(secret: str) -> None:
    assert unseal(memoryview(seal(secret, OWNER)), OWNER) == secret


def test_a_secret_is_sealed_differently_each_time_and_does_not_show() -> None:
    first, second = seal("hush", OWNER), seal("hush", OWNER)

    assert first != second
    assert b"hush" not in first


def test_a_secret_does_not_open_for_another_merchant() -> None:
    with pytest.raises(Undecipherable, match="another merchant"):
        unseal(seal("hush", OWNER), OTHER)


@pytest.mark.parametrize("place", [4, 15, 16, -1])
def test_an_altered_secret_does_not_open(place: int) -> None:
    sealed = bytearray(seal("hush", OWNER))
    sealed[place] ^= 1

    with pytest.raises(Undecipherable):
        unseal(bytes(sealed), OWNER)


def test_a_key_can_be_rotated_and_a_lost_key_is_named_as_such(settings: Any) -> None:
    old, new = b"o" * 32, b"n" * 32
    settings.DATA_KEYS = [old]
    sealed = seal("hush", OWNER)

    settings.DATA_KEYS = [new, old]
    assert unseal(sealed, OWNER) == "hush"
    settings.DATA_KEYS = [new]
    with pytest.raises(Undecipherable, match="no key in DATA_KEYS"):
        unseal(sealed, OWNER)


@given(st.uuids())
def test_a_link_leads_back_to_its_row(row: uuid.UUID) -> None:
    token = link_token(row)

    assert from_link_token(token) == row
    assert len(token) == 22


def test_links_of_neighbouring_ids_have_nothing_in_common_and_show_no_id() -> None:
    rows = [uuid7() for _ in range(200)]
    tokens = [link_token(row) for row in rows]

    assert len({token[:6] for token in tokens}) == 200
    assert all(row.hex[:12] not in token for row, token in zip(rows, tokens, strict=True))


def test_another_key_gives_another_link(settings: Any) -> None:
    row = uuid7()
    token = link_token(row)
    settings.LINK_KEY = b"k" * 16

    assert link_token(row) != token
    assert from_link_token(token) != row


@pytest.mark.parametrize("text", ["", "a", "a" * 21, "a" * 23, "a" * 21 + "=", "ä" * 22, "a" * 20 + "/+", "a b" * 7 + "a"])
def test_a_malformed_link_is_none(text: str) -> None:
    assert from_link_token(text) is None


@given(st.uuids())
def test_a_link_has_one_spelling(row: uuid.UUID) -> None:
    token = link_token(row)

    others = [token[:-1] + last for last in "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"]
    assert [spelling for spelling in others if from_link_token(spelling) == row] == [token]


@given(st.text(max_size=30))
def test_any_text_is_a_link_to_some_id_or_none(text: str) -> None:
    found = from_link_token(text)

    assert found is None or link_token(found) == text


@given(st.uuids(), st.binary(min_size=1, max_size=9))
def test_tokens_made_in_one_go_are_those_made_one_by_one(row: uuid.UUID, places: bytes) -> None:
    assert Tokens().of_places(row, places) == [link_token(uuid.UUID(int=row.int & ~0xFF | place)) for place in places]
