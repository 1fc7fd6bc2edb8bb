"""What Northlight sells. Prices in euro cents; other currencies by a fixed rate, rounded to what a shop would print."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Product:
    """One article."""

    sku: str
    title: str
    variants: tuple[str, ...]
    cents: int
    use_days: int
    grams: int


PRODUCTS = (
    Product("NL-JKT-01", "Fjällvind three-layer storm jacket with helmet hood", ("Spruce, S", "Spruce, L", "Slate, M"), 24900, 21, 620),
    Product("NL-SOC-02", "Merino hiking socks, mid-weight", ("Rust, 39–42", "Rust, 43–46", "Moss, 39–42"), 1600, 10, 80),
    Product("NL-CAP-03", "Five-panel cap", ("Slate", "Sand"), 2400, 10, 70),
    Product("NL-BAS-04", "Merino base layer, long sleeve", ("Black, S", "Black, M", "Ink, L"), 7900, 14, 210),
    Product("NL-PAC-05", "Day pack, 24 litres", ("Moss", "Coal"), 11900, 21, 780),
    Product("NL-MUG-06", "Enamel mug", ("White", "Blue"), 1400, 7, 140),
    Product("NL-LMP-07", "Headlamp, 400 lumen", ("Black",), 5900, 14, 90),
    Product("NL-GLV-08", "Wool liner gloves", ("Grey, S", "Grey, M", "Grey, L"), 2900, 14, 60),
    Product("NL-TNT-09", "Two-person tent, three seasons", ("Lichen",), 39900, 30, 2100),
    Product("NL-BTL-10", "Steel bottle, 0.75 litres", ("Brushed", "Rust"), 2700, 10, 290),
    Product("NL-TRS-11", "Softshell trekking trousers", ("Coal, 48", "Coal, 50", "Moss, 52"), 12900, 21, 410),
    Product("NL-MAP-12", "Trail map, Kungsleden, waterproof", ("Sheet 1", "Sheet 2"), 1900, 7, 60),
)

RATES = {"EUR": 1.0, "SEK": 11.2, "GBP": 0.86, "USD": 1.09, "JPY": 163.0, "BRL": 6.1, "CHF": 0.95}
STEPS = {"EUR": 50, "SEK": 500, "GBP": 50, "USD": 50, "JPY": 100, "BRL": 50, "CHF": 50}  # minor units a price is a multiple of


def price(cents: int, currency: str) -> int:
    """The price in minor units of `currency`, rounded to a shop's steps; never zero."""
    exact = cents * RATES[currency] / (100 if currency == "JPY" else 1)
    return max(1, round(exact / STEPS[currency])) * STEPS[currency]
