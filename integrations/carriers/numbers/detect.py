"""Whose tracking number this may be: formats and check digits, as data in formats.json.

A number whose check digit is wrong is not of that format.
"""

import re
from functools import cached_property, lru_cache
from pathlib import Path

import msgspec
from babel.core import get_global
from msgspec import Struct

from integrations.carriers import directory
from integrations.carriers.numbers.checks import Check

NO_CARRIER = "upu"  # a valid S10 number of a post that the directory does not have


class Candidate(Struct, frozen=True):
    """A carrier whose number it may be. `confidence`: from 0 to 100, how much the form alone says."""

    carrier: str
    name: str
    format: str
    confidence: int
    checked: bool  # its check digit is right, rather than that there is none
    number: str
    url: str


class Format(Struct, dict=True):
    """One form of numbers. `weight` is the confidence where it fits."""

    carrier: str
    name: str
    pattern: str
    weight: int
    check: Check | None = None

    @cached_property
    def compiled(self) -> re.Pattern[str]:
        """The pattern, ready."""
        return re.compile(self.pattern)


class _Data(Struct):
    formats: list[Format]
    posts: dict[str, str]  # country -> carrier, for S10


DATA = msgspec.json.decode(Path(__file__).with_name("formats.json").read_bytes(), type=_Data)
COUNTRIES = frozenset(get_global("territory_zones")) - {"ZZ", "001"}
BETWEEN = re.compile(r"[\s.\u00a0]+")


@lru_cache(maxsize=4096)
def candidates(number: str) -> tuple[Candidate, ...]:
    """The carriers it may belong to, the likeliest first, one for each carrier; () where no form fits."""
    plain = BETWEEN.sub("", number).upper()[: directory.LONGEST_NUMBER]
    spellings = dict.fromkeys((plain, plain.replace("-", "")))
    found = [one for form in DATA.formats for spelling in spellings if (one := _candidate(form, spelling))]
    best: dict[str, Candidate] = {}
    for one in sorted(found, key=lambda one: -one.confidence):
        best.setdefault(one.carrier, one)
    return tuple(best.values())


def likeliest(number: str, *, at_least: int = 90) -> str:
    """The carrier that the form of the number tells for sure, or ''."""
    found = candidates(number)
    sure = found and found[0].confidence >= at_least and all(one.confidence < at_least for one in found[1:])
    return found[0].carrier if sure and found[0].carrier != NO_CARRIER else ""


def _candidate(form: Format, number: str) -> Candidate | None:
    fits = form.compiled.fullmatch(number)
    if not fits or (form.check and form.check.wants(fits["serial"]) != fits["check"]):
        return None
    country = fits.groupdict().get("country", "")
    if country and country not in COUNTRIES:
        return None
    carrier = form.carrier or DATA.posts.get(country, NO_CARRIER)
    name = directory.display(carrier) if carrier != NO_CARRIER else f"{form.name} ({country})"
    return Candidate(carrier, name, form.name, form.weight, form.check is not None, number, directory.tracking_url(carrier, number))
