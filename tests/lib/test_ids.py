"""Ids sort by time, and their public form carries the same bits."""

import uuid
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from postpurchase.lib import clock, ids
from postpurchase.lib.ids import ALPHABET, from_public, random_token, to_public, uuid7


def test_a_uuid7_has_its_version_variant_and_time() -> None:
    before = clock.unix_ns()
    made = uuid7()
    after = clock.unix_ns()

    assert (made.version, made.variant) == (7, uuid.RFC_4122)
    assert before // 1_000_000 <= made.int >> 80 <= after // 1_000_000


def test_uuid7s_of_different_milliseconds_sort_by_time(monkeypatch: pytest.MonkeyPatch) -> None:
    stamps = iter([1, 2, 1_700_000_000_000, (1 << 48) - 1])
    monkeypatch.setattr(ids, "_ticks", ids._Ticks())
    monkeypatch.setattr(clock, "unix_ns", lambda: next(stamps) * 1_000_000)

    made = [uuid7() for _ in range(4)]

    assert made == sorted(made)


def test_uuid7s_made_one_after_another_sort_in_that_order() -> None:
    made = [uuid7() for _ in range(10_000)]

    assert made == sorted(made)


def test_uuid7s_keep_their_order_when_the_clock_steps_back(monkeypatch: pytest.MonkeyPatch) -> None:
    stamps = iter([5_000_000, 4_000_000, 4_000_000])
    monkeypatch.setattr(ids, "_ticks", ids._Ticks())
    monkeypatch.setattr(clock, "unix_ns", lambda: next(stamps))

    made = [uuid7() for _ in range(3)]

    assert made == sorted(made)


def test_uuid7s_do_not_repeat() -> None:
    assert len({uuid7() for _ in range(10_000)}) == 10_000


@given(st.uuids(), st.sampled_from(["ord", "shp", "msg"]))
def test_the_public_form_reads_back(value: uuid.UUID, prefix: str) -> None:
    text = to_public(prefix, value)

    assert from_public(prefix, text) == value
    assert len(text) == len(prefix) + 27


@given(st.uuids(), st.uuids())
def test_the_public_form_sorts_like_the_id(a: uuid.UUID, b: uuid.UUID) -> None:
    assert (to_public("x", a) < to_public("x", b)) == (a.int < b.int)


@pytest.mark.parametrize(
    "text",
    ["", "ord", "ord_", "shp_" + "0" * 26, "ord_" + "0" * 25, "ord_" + "0" * 27, "ord_" + "u" * 26, "ord_" + "O" * 26, "ord_" + "z" * 26],
)
def test_a_malformed_public_id_is_none(text: str) -> None:
    assert from_public("ord", text) is None


@given(st.text(max_size=40))
def test_any_text_is_an_id_or_none(text: str) -> None:
    found = from_public("ord", text)

    assert found is None or to_public("ord", found) == text


def test_tokens_are_as_long_as_their_bits_ask_and_never_equal() -> None:
    assert [len(random_token(bits)) for bits in (128, 160, 192)] == [22, 27, 32]
    assert random_token() != random_token()
    assert len(set(ALPHABET)) == 32


def test_the_first_id_of_a_moment_stands_between_those_before_and_after(monkeypatch: pytest.MonkeyPatch) -> None:
    moment = datetime(2026, 3, 2, 9, 30, tzinfo=UTC)
    at = int(moment.timestamp()) * 1_000_000_000
    monkeypatch.setattr(ids, "_ticks", type(ids._ticks)())
    monkeypatch.setattr(clock, "unix_ns", lambda: at - 1_000_000)
    before = ids.uuid7()
    monkeypatch.setattr(clock, "unix_ns", lambda: at)

    assert before < ids.first_of(moment) < ids.uuid7()


@given(st.uuids())
def test_an_id_as_postgresql_writes_it_is_that_id(value: uuid.UUID) -> None:
    found = ids.as_written(str(value))

    assert (found, hash(found), repr(found)) == (value, hash(value), repr(value))
