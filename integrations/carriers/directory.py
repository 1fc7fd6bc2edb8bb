"""Carriers by one code each, whatever a shop or an aggregator calls them. The names and addresses are in directory.json."""

import re
import unicodedata
from functools import lru_cache
from pathlib import Path
from urllib.parse import quote

import msgspec

LONGEST = 40  # of a code; the columns that hold one are that wide
LONGEST_NUMBER = 60


class Carrier(msgspec.Struct, frozen=True):
    """How a carrier is shown, what else it is called, and where its own page for a number is (`{number}` in `url`)."""

    name: str
    aliases: tuple[str, ...] = ()
    url: str = ""


CARRIERS = msgspec.json.decode(Path(__file__).with_name("directory.json").read_bytes(), type=dict[str, Carrier])


def _bare(name: str) -> str:
    """Letters and digits only, in lower case and without accents: 'DHL Express' and 'dhl_express' are one."""
    plain = unicodedata.normalize("NFKD", name).casefold()
    return "".join(char for char in plain if char.isalnum())


CODES = {
    _bare(word): code
    for code, carrier in CARRIERS.items()
    for word in (code, carrier.name, *carrier.aliases)
}  # fmt: skip


@lru_cache(maxsize=4096)
def normalise(name: str) -> str:
    """The carrier's code (lower snake case). A name we do not know becomes a slug of itself; nothing is refused. '' stays ''."""
    known = CODES.get(_bare(name))
    if known:
        return known
    plain = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode().lower()
    return re.sub(r"[^a-z0-9]+", "_", plain).strip("_")[:LONGEST]


def display(code: str) -> str:
    """What people call the carrier. An unknown code is spelled out: 'acme_post' is 'Acme post'."""
    carrier = CARRIERS.get(code)
    return carrier.name if carrier else code.replace("_", " ").capitalize()


def tracking_url(code: str, number: str) -> str:
    """The carrier's own page for the number, or '' where we know none."""
    carrier = CARRIERS.get(code)
    return carrier.url.replace("{number}", quote(number, safe="")) if carrier and carrier.url and number else ""


def normalise_number(number: str) -> str:
    """A tracking number as we keep it: upper case, no white space."""
    return "".join(number.split()).upper()[:LONGEST_NUMBER]
