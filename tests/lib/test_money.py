"""Amounts are parsed exactly or refused, and shared out without losing or making a cent."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from postpurchase.lib import money
from postpurchase.lib.money import BadAmount

amounts = st.integers(0, money.MOST)
signed = st.integers(-money.MOST, money.MOST)
weights = st.lists(st.integers(0, 10**12), min_size=1, max_size=20)
currencies = st.sampled_from(["EUR", "JPY", "KWD", "CLF", "RSD", "IQD"])


@pytest.mark.parametrize(
    ("currency", "places"), [("EUR", 2), ("JPY", 0), ("KRW", 0), ("KWD", 3), ("CLF", 4), ("RSD", 2), ("ALL", 2), ("IQD", 3), ("HUF", 2)]
)
def test_the_exponent_is_that_of_iso_4217_and_not_of_how_prices_are_shown(currency: str, places: int) -> None:
    assert money.exponent(currency) == places


@pytest.mark.parametrize("code", ["", "EURO", "eur", "ZZZ", "€"])
def test_an_unknown_currency_is_refused_by_name(code: str) -> None:
    with pytest.raises(BadAmount, match="is not an ISO 4217 currency code"):
        money.exponent(code)


@given(signed, currencies)
def test_minor_units_survive_the_way_to_a_decimal_and_back(minor: int, currency: str) -> None:
    assert money.to_minor(money.to_decimal(minor, currency), currency) == minor
    assert money.to_minor(format(money.to_decimal(minor, currency), "f"), currency) == minor


@pytest.mark.parametrize(
    ("text", "currency", "minor"),
    [
        ("12.30", "EUR", 1230),
        ("12.3000", "EUR", 1230),
        ("12", "EUR", 1200),
        ("1230", "JPY", 1230),
        ("1230.00", "JPY", 1230),
        ("1.234", "KWD", 1234),
        ("-0.05", "EUR", -5),
        ("1e2", "EUR", 10000),
        ("0e999999999", "EUR", 0),
        ("1234.50", "RSD", 123450),
    ],
)
def test_an_amount_is_read_in_the_currencys_own_minor_units(text: str, currency: str, minor: int) -> None:
    assert money.to_minor(text, currency) == minor


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("12.345", "more decimals than EUR has"),
        ("12.30" + "0" * 30 + "1", "more decimals"),
        ("1e-999999999", "more decimals"),
        ("10000000000000.01", "too large"),
        ("1e999999999", "too large"),
        ("-1e17", "too large"),
        ("", "not a decimal"),
        ("12,30", "not a decimal"),
        ("1_000", "not a decimal"),
        ("NaN", "not a decimal"),
        ("Infinity", "not a decimal"),
        ("9" * 5000, "not a decimal"),
        ("12.30 EUR", "not a decimal"),
    ],
)
def test_what_cannot_be_read_exactly_is_refused_with_the_reason(text: str, why: str) -> None:
    with pytest.raises(BadAmount, match=why):
        money.to_minor(text, "EUR")


@given(st.decimals(allow_nan=None, allow_infinity=None), currencies)
def test_a_decimal_is_read_exactly_or_refused(amount: Decimal, currency: str) -> None:
    try:
        minor = money.to_minor(amount, currency)
    except BadAmount:
        return

    assert money.to_decimal(minor, currency) == amount


@given(signed, weights)
def test_the_parts_sum_to_the_whole(total: int, weights: list[int]) -> None:
    assert sum(money.allocate(total, weights)) == total


@given(amounts, weights)
def test_no_part_is_a_unit_away_from_its_exact_share(total: int, weights: list[int]) -> None:
    parts = money.allocate(total, weights)

    whole = sum(weights)
    shares = weights if whole else [1] * len(weights)
    for part, weight in zip(parts, shares, strict=True):
        assert part >= 0
        assert abs(part * sum(shares) - total * weight) < sum(shares)


@given(weights, st.data())
def test_a_part_never_exceeds_its_weight_while_the_whole_does_not(weights: list[int], data: st.DataObject) -> None:
    total = data.draw(st.integers(0, sum(weights)))

    assert all(part <= weight for part, weight in zip(money.allocate(total, weights), weights, strict=True))


@given(signed, weights)
def test_a_negative_amount_is_shared_like_its_opposite(total: int, weights: list[int]) -> None:
    assert money.allocate(-total, weights) == [-part for part in money.allocate(total, weights)]


@pytest.mark.parametrize(
    ("total", "weights", "parts"),
    [(100, [1, 1, 1], [34, 33, 33]), (10, [0, 0], [5, 5]), (5, [0, 3, 0], [0, 5, 0]), (0, [2, 3], [0, 0]), (1, [1, 2], [0, 1])],
)
def test_the_largest_remainder_takes_the_odd_cent_and_ties_go_to_the_first(total: int, weights: list[int], parts: list[int]) -> None:
    assert money.allocate(total, weights) == parts


@pytest.mark.parametrize("weights", [[], [1, -1]])
def test_sharing_needs_weights_that_are_not_negative(weights: list[int]) -> None:
    with pytest.raises(ValueError, match="allocate needs weights"):
        money.allocate(1, weights)


def test_ten_euros_over_three_units() -> None:
    assert money.unit_shares(1000, 3) == [333, 334, 333]


@given(signed, st.integers(1, 500))
def test_units_sum_to_the_line_and_differ_by_at_most_one(total: int, units: int) -> None:
    shares = money.unit_shares(total, units)

    assert len(shares) == units
    assert sum(shares) == total
    assert max(shares) - min(shares) <= 1


@given(st.integers(0, 10**9), st.integers(1, 200), st.data())
def test_a_units_share_of_a_discount_never_exceeds_its_price(price: int, units: int, data: st.DataObject) -> None:
    discount = data.draw(st.integers(0, price * units))

    assert all(0 <= share <= price for share in money.unit_shares(discount, units))


@given(amounts, st.integers(1, 60), st.data())
def test_partial_refunds_in_any_order_and_grouping_sum_to_the_line(total: int, units: int, data: st.DataObject) -> None:
    shares = money.unit_shares(total, units)

    left = data.draw(st.permutations(range(units)))
    refunded = 0
    while left:
        several = data.draw(st.integers(1, len(left)))
        refunded += sum(shares[unit] for unit in left[:several])
        left = left[several:]

    assert refunded == total


def test_a_line_without_units_is_refused() -> None:
    with pytest.raises(ValueError, match="at least one unit"):
        money.unit_shares(100, 0)
