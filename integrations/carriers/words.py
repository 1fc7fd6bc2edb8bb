"""What carriers' free text says, where no table knows the code. Rules per language are data: words.json.

Careful: a wrong word misleads a shopper, a missing one only leaves the parcel where it was. "Delivered" is said only of texts that say
nothing else, and that hold none of the words of doubt.
"""

import re
import unicodedata
from functools import lru_cache
from pathlib import Path

import msgspec

from integrations.carriers.mapping import OURS, UNMAPPED, Meaning

LONGEST = 300  # characters that are looked at
# what a text may say against a code, by what the code says
OTHERWISE = {"delivered": ("returned", "returning", "available_for_pickup"), "returning": ("returned",)}


class _Rules(msgspec.Struct):
    doubt: str
    rules: list[tuple[str, str]]
    delivered: str


_rules = msgspec.json.decode(Path(__file__).with_name("words.json").read_bytes(), type=_Rules)
DOUBT, DELIVERED = re.compile(_rules.doubt), re.compile(_rules.delivered)
RULES = [(OURS[name], re.compile(pattern)) for name, pattern in _rules.rules]


@lru_cache(maxsize=8192)
def guess(text: str, *, coded: bool = False) -> Meaning:
    """What the text says in our words; UNMAPPED where it says nothing surely.

    `coded`: it came with a code that no table knows; such a scan never makes an exception of a parcel.
    """
    plain = _plain(text)
    found = next((meant for meant, pattern in RULES if pattern.search(plain)), UNMAPPED)
    if not found.status and DELIVERED.match(plain) and not DOUBT.search(plain):
        return OURS["delivered"]
    return UNMAPPED if coded and found.status == "exception" else found


def sober(meant: Meaning, text: str) -> Meaning:
    """What a table says of a code; where that is "delivered" but the text says surely that the recipient has it not, what the text says.

    Some carriers write one code for every end of the way: at the door, in a shop that keeps it, back at the sender. And some write one for
    the whole way back, of which only the text tells the end.
    """
    elsewhere = OTHERWISE.get(meant.status)
    said = guess(text) if elsewhere else UNMAPPED
    return said if elsewhere and said.status in elsewhere else meant


def _plain(text: str) -> str:
    """Lower case without accents, on one line, with plain apostrophes."""
    bare = unicodedata.normalize("NFKD", text[:LONGEST]).casefold().replace("’", "'")
    return " ".join("".join(char for char in bare if not unicodedata.combining(char)).split())
