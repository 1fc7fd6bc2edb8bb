"""Money is an integer of minor units and a currency. Parsing, and sharing an amount out without losing a cent."""

from collections.abc import Sequence
from decimal import MAX_EMAX, MIN_EMIN, Context, Decimal, InvalidOperation
from functools import lru_cache

from babel.numbers import list_currencies

MOST = 10**15  # beyond any order; keeps sums of sums inside a bigint
LONGEST = 60  # characters of an amount
EXACT = Context(prec=2 * LONGEST, Emax=MAX_EMAX, Emin=MIN_EMIN)  # the default context rounds at 28 digits

# ISO 4217: the currencies whose minor unit is not 1/100. CLDR's digits say how prices are shown (RSD 0, IQD 0), not what shops send.
EXPONENTS = {
    **dict.fromkeys(
        ("BIF", "CLP", "DJF", "GNF", "ISK", "JPY", "KMF", "KRW", "PYG", "RWF", "UGX", "UYI", "VND", "VUV", "XAF", "XOF", "XPF"), 0
    ),
    **dict.fromkeys(("BHD", "IQD", "JOD", "KWD", "LYD", "OMR", "TND"), 3),
    **dict.fromkeys(("CLF", "UYW"), 4),
}


class BadAmount(ValueError):
    """Not an amount of this currency. The message says why."""


@lru_cache(maxsize=512)
def exponent(currency: str) -> int:
    """Decimal places of a currency (ISO 4217): EUR 2, JPY 0, KWD 3. Raises BadAmount for an unknown code."""
    if currency not in _currencies():
        raise BadAmount(f"{currency!r} is not an ISO 4217 currency code")
    return EXPONENTS.get(currency, 2)


@lru_cache(maxsize=1)
def _currencies() -> frozenset[str]:
    return frozenset(list_currencies())


def to_minor(amount: str | int | Decimal, currency: str) -> int:
    """'12.30' EUR -> 1230. More decimals than the currency has are refused unless they are zeros: rounding is the sender's choice.

    Raises BadAmount.
    """
    number = _decimal(amount)
    minor = number.scaleb(exponent(currency), EXACT)
    if (minor and minor.adjusted() > LONGEST) or abs(minor) > MOST:
        raise BadAmount(f"{amount} {currency} is too large")
    if minor != minor.to_integral_value():
        raise BadAmount(f"{amount} has more decimals than {currency} has ({exponent(currency)})")
    return int(minor)


def _decimal(amount: str | int | Decimal) -> Decimal:
    """The finite number that is written, exactly. Python's underscores between digits are not part of it."""
    text = str(amount)
    try:
        number = Decimal(text if len(text) <= LONGEST and "_" not in text else "nan")
    except (InvalidOperation, ValueError) as error:
        raise BadAmount(f"{text[:LONGEST]!r} is not a decimal number") from error
    if not number.is_finite():
        raise BadAmount(f"{text[:LONGEST]!r} is not a decimal number")
    return number


def to_decimal(minor: int, currency: str) -> Decimal:
    """1230 EUR -> Decimal('12.30')."""
    return Decimal(minor).scaleb(-exponent(currency))


def allocate(total: int, weights: Sequence[int]) -> list[int]:
    """Split `total` minor units in proportion to non-negative `weights`: largest remainder (Hamilton's method), ties to the first.

    The parts always sum to `total`. All weights zero: equal parts. Raises ValueError for no weights or a negative one.
    """
    if not weights or min(weights) < 0:
        raise ValueError("allocate needs weights, none of them negative")
    if total < 0:
        return [-part for part in allocate(-total, weights)]
    whole = sum(weights)
    if whole == 0:
        return allocate(total, [1] * len(weights))
    parts = [total * weight // whole for weight in weights]
    if sum(parts) == total:
        return parts
    remainders = sorted(range(len(weights)), key=lambda i: (-(total * weights[i] % whole), i))
    for i in remainders[: total - sum(parts)]:
        parts[i] += 1
    return parts


def unit_shares(total: int, units: int) -> list[int]:
    """What each of `units` equal units carries of `total`, by cumulative rounding (half up): unit k gets share(k) - share(k-1).

    Whatever units are refunded in whatever order, the refunds of all of them sum to `total`: 1000 / 3 -> 333, 334, 333.
    Raises ValueError for less than one unit.
    """
    if units < 1:
        raise ValueError("a line has at least one unit")
    marks = [(2 * total * k + units) // (2 * units) for k in range(units + 1)]
    return [high - low for low, high in zip(marks, marks[1:], strict=False)]
