"""Telephone numbers as people write them."""

import pytest

from notifications.sms import phones


@pytest.mark.parametrize(
    ("text", "country", "wanted"),
    [
        ("0151 23456789", "DE", "+4915123456789"),
        ("+49 (0)151 23456789", "US", "+4915123456789"),
        ("(212) 555-0123", "us", "+12125550123"),
        ("06 12 34 56 78", "FR", "+33612345678"),
        ("0151 23456789", "", ""),
        ("12", "DE", ""),
        ("call me", "DE", ""),
        ("", "DE", ""),
        ("+" + "9" * 500, "DE", ""),
    ],
)
def test_a_number_is_kept_as_the_network_wants_it(text: str, country: str, wanted: str) -> None:
    assert phones.e164(text, country) == wanted


def test_a_number_says_its_country() -> None:
    assert [phones.country_of(one) for one in ("+12125550123", "+14165550123", "+4915123456789", "x")] == ["US", "CA", "DE", ""]
