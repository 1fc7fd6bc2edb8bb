"""Land, borders and towns in tenths of a degree, from text files beside this one (where they come from: docs/dependencies.md)."""

import unicodedata
from functools import lru_cache
from pathlib import Path

HERE = Path(__file__).parent
PLAIN = str.maketrans({"ß": "ss", "ø": "o", "ł": "l"})
Point = tuple[float, float]  # east, north; tenths of a degree


@lru_cache(maxsize=2)
def lines(name: str) -> tuple[tuple[Point, ...], ...]:
    """'land' (outlines) or 'borders'. A line of the file is a first point and then steps from one to the next."""
    return tuple(_line(text) for text in (HERE / f"{name}.dat").read_text().splitlines())


def _line(text: str) -> tuple[Point, ...]:
    found: list[Point] = []
    x = y = 0
    for step in text.split():
        east, _comma, north = step.partition(",")
        x, y = x + int(east), y + int(north)
        found.append((x, y))
    return tuple(found)


@lru_cache(maxsize=1)
def _towns() -> dict[str, str]:
    """Country -> its line of the file: split only when somebody asks for it."""
    return dict(line.split(":", 1) for line in (HERE / "places.dat").read_text().splitlines())


@lru_cache(maxsize=256)
def _of(country: str) -> dict[str, Point]:
    rows = [row.split(",") for row in _towns().get(country, "").split(";") if row]
    return {name: (int(east), int(north)) for name, north, east in rows}


def place(city: str, country: str) -> Point | None:
    """Where a town of 25,000 people or more is; None for one that we do not know. `country`: ISO 3166-1 alpha-2."""
    return _of(country.upper()).get(fold(city))


def fold(name: str) -> str:
    """Without case and accents, and without what carriers write behind a town's name."""
    bare = "".join(char for char in unicodedata.normalize("NFKD", name.casefold().translate(PLAIN)) if not unicodedata.combining(char))
    return bare.partition(",")[0].partition("(")[0].strip()
