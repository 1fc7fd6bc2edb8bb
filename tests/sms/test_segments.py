"""How many messages a text is."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from notifications.sms.segments import BASIC, EXTENDED, Length, length, plain

GSM = st.text(st.sampled_from(sorted(BASIC | EXTENDED)), max_size=900)


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("", Length("gsm", 0, 1)),
        ("a" * 160, Length("gsm", 160, 1)),
        ("a" * 161, Length("gsm", 161, 2)),
        ("a" * 306, Length("gsm", 306, 2)),
        ("a" * 307, Length("gsm", 307, 3)),
        ("€" * 80, Length("gsm", 160, 1)),
        ("a" * 152 + "€" * 4 + "a", Length("gsm", 161, 2)),
        ("a" * 152 + "€" + "a" * 152, Length("gsm", 306, 3)),  # the euro's escape may not end a part
        ("ж" * 70, Length("ucs2", 70, 1)),
        ("ж" * 71, Length("ucs2", 71, 2)),
        ("😀" * 35, Length("ucs2", 70, 1)),
        ("ж" * 66 + "😀" + "ж" * 66, Length("ucs2", 134, 3)),  # nor may the halves of a pair be parted
        ("a" * 100 + "ć", Length("ucs2", 101, 2)),
    ],
)
def test_a_text_is_as_many_messages_as_the_standard_says(text: str, wanted: Length) -> None:
    assert length(text) == wanted


@given(GSM)
def test_septets_bound_the_parts(text: str) -> None:
    found = length(text)

    assert found.alphabet == "gsm"
    assert found.units == len(text) + sum(letter in EXTENDED for letter in text)
    least, most = -(-found.units // 153), -(-found.units // 152)
    assert found.parts == 1 if found.units <= 160 else least <= found.parts <= most


@given(st.text(max_size=300), st.text(max_size=50))
def test_more_text_is_never_fewer_messages(text: str, more: str) -> None:
    assert length(text).parts <= length(text + more).parts


@given(st.text(max_size=300).filter(lambda text: any(letter not in BASIC | EXTENDED for letter in text)))
def test_one_strange_letter_makes_it_sixteen_bits(text: str) -> None:
    found = length(text)

    assert (found.alphabet, found.units) == ("ucs2", len(text.encode("utf-16-le", "surrogatepass")) // 2)


def test_typographers_marks_do_not_cost_a_message() -> None:
    assert plain("“Größe”\u00a0–\u202f5\u202f€…") == '"Größe" - 5 €...'
    assert length(plain("“Größe” – 5 €…")).alphabet == "gsm"
