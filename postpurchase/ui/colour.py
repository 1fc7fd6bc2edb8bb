"""The contrast guard: whatever colour a merchant picks, text stays readable (WCAG 2.2, 1.4.3 and 1.4.11)."""

from functools import lru_cache
from typing import Final

DARK_INK: Final = "#16180a"
WHITE: Final = "#ffffff"
BLACK: Final = "#000000"
DARK_CARD: Final = "#201e1b"
_TEXT, _CONTROL = 4.5, 3.0

Rgb = tuple[int, int, int]


def _rgb(colour: str) -> Rgb:
    digits = colour.removeprefix("#")
    if len(digits) == 3:
        digits = "".join(digit * 2 for digit in digits)
    return int(digits[0:2], 16), int(digits[2:4], 16), int(digits[4:6], 16)


def _luminance(colour: str) -> float:
    """Relative luminance, 0 to 1 (https://www.w3.org/TR/WCAG22/#dfn-relative-luminance)."""
    parts = [channel / 255 for channel in _rgb(colour)]
    red, green, blue = [part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts]
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str) -> float:
    """The contrast ratio of two colours (#rrggbb), 1 to 21."""
    low, high = sorted((_luminance(one), _luminance(other)))
    return (high + 0.05) / (low + 0.05)


def ink_on(ground: str) -> str:
    """White, near-black or black, the first that has 4.5:1 on `ground`; where white fails, black has at least 4.6."""
    return next((ink for ink in (WHITE, DARK_INK) if contrast(ink, ground) >= _TEXT), BLACK)


def readable(colour: str, on: str, ratio: float = _TEXT) -> str:
    """`colour` moved towards black or white in steps of 4 % until it has `ratio` against `on`; unchanged if it has it already."""
    goal = _rgb(BLACK if _luminance(on) > 0.18 else WHITE)
    start = _rgb(colour)
    for step in range(26):
        share = min(step * 0.04, 1.0)
        mixed = [round(a + (b - a) * share) for a, b in zip(start, goal, strict=True)]
        found = "#{:02x}{:02x}{:02x}".format(*mixed)
        if contrast(found, on) >= ratio:
            return found
    return found


def email_palette(accent: str, surface: str = "#faf9f6") -> dict[str, str]:
    """The colours of an email from a brand's accent (#rrggbb) and surface, for light and dark."""
    return dict(_email_palette(accent, surface))


@lru_cache(maxsize=1024)
def _email_palette(accent: str, surface: str) -> dict[str, str]:
    accent_dark = readable(accent, on=DARK_CARD, ratio=_CONTROL)
    return {
        "accent": accent,
        "ink": ink_on(accent),
        "link": readable(readable(accent, on=WHITE), on=surface),
        "accent_dark": accent_dark,
        "ink_dark": ink_on(accent_dark),
        "link_dark": readable(accent, on=DARK_CARD),
        "surface": surface,
    }
