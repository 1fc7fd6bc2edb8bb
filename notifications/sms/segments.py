"""How a text travels: in how many parts, each of them paid for (3GPP TS 23.038, TS 23.040)."""

from dataclasses import dataclass

# The basic alphabet is one septet a character, its extension two (an escape before each).
BASIC = frozenset(
    "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿abcdefghijklmnopqrstuvwxyzäöñüà"
)
EXTENDED = frozenset("\f^{}\\[~]|€")
ALONE, JOINED = {"gsm": 160, "ucs2": 70}, {"gsm": 153, "ucs2": 67}  # units in a single message, and in each part of a longer one
# What looks the same in the basic alphabet: typographers' marks would more than halve what fits.
ALIKE = str.maketrans(
    {"“": '"', "”": '"', "„": '"', "«": '"', "»": '"', "‘": "'", "’": "'", "‚": "'", "–": "-", "—": "-", "‑": "-", "−": "-", "…": "...",
     "\u00a0": " ", "\u202f": " ", "\u2009": " ", "\u2007": " ", "\t": " ", "•": "-", "×": "x", "\u200b": "", "\u00ad": ""}
)  # fmt: skip


@dataclass(frozen=True)
class Length:
    """`alphabet`: gsm (7 bits a character) or ucs2 (16). `units`: septets, or 16-bit units. `parts`: messages that are paid for."""

    alphabet: str
    units: int
    parts: int


def length(text: str) -> Length:
    """How the text is sent. One letter outside the basic alphabet and its extension makes all of it UCS-2."""
    if all(letter in BASIC or letter in EXTENDED for letter in text):
        sizes, alphabet = [2 if letter in EXTENDED else 1 for letter in text], "gsm"
    else:
        sizes, alphabet = [2 if ord(letter) > 0xFFFF else 1 for letter in text], "ucs2"
    units = sum(sizes)
    return Length(alphabet, units, 1 if units <= ALONE[alphabet] else _parts(sizes, JOINED[alphabet]))


def _parts(sizes: list[int], most: int) -> int:
    """An escape and its character, and the halves of a pair, stay together: a part may end a unit early."""
    parts, room = 1, most
    for size in sizes:
        if size > room:
            parts, room = parts + 1, most
        room -= size
    return parts


def plain(text: str) -> str:
    """With typographers' marks and spaces replaced by those of the basic alphabet; letters stay as they are."""
    return text.translate(ALIKE)
