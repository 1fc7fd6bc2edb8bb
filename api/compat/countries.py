"""Countries by two letters, as we keep them, and by three, as AfterShip writes them (ISO 3166-1, from CLDR)."""

from collections.abc import Mapping

from babel import Locale
from babel.core import get_global

ALIASES: Mapping[str, list[str]] = get_global("territory_aliases")
NAMES = Locale("en").territories
TWO = {three: two[0] for three, two in ALIASES.items() if len(three) == 3 and three.isalpha() and len(two) == 1 and two[0] in NAMES}
THREE: dict[str, str] = {}
for _three, _two in sorted(TWO.items()):
    if _two not in THREE or _three[:2] == _two:  # former codes lead to the same country
        THREE[_two] = _three


def two(code: str) -> str | None:
    """DE for DEU, deu, DE; None for what is no country's code. '' stays ''."""
    plain = code.strip().upper()
    if len(plain) == 3:
        return TWO.get(plain)
    return plain if plain in THREE or not plain else None


def three(code: str) -> str | None:
    """DEU for DE; None for a country that is not known."""
    return THREE.get(code.strip().upper())


def name(code: str) -> str | None:
    """Germany for DE; None where it is not known."""
    found = NAMES.get(code.strip().upper())
    return str(found) if found and code else None
