"""Values as other services write them, read into ours; what cannot be read is refused by the name of its field."""

import re
from collections.abc import Iterable, Mapping
from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from api.compat import countries
from api.v1 import decode
from integrations.types import CustomerData, FieldError
from postpurchase.tenancy.problems import Problem

COMPACT = re.compile(r"(\d{4})(\d\d)(\d\d)")
EMAIL = re.compile(r"[^@\s]+@[^@\s]+\.[^@\s]+")
YEARS = range(1990, 2200)


def wrong(pointer: str, message: str) -> Problem:
    """A refusal that names the field (a JSON pointer)."""
    return decode.invalid([FieldError(pointer, message)])


def only(known: Iterable[str], query: Mapping[str, str]) -> None:
    """Raises Problem for a parameter that is none of these, and for a character that no database takes."""
    for name, value in query.items():
        if name not in known:
            raise wrong(f"/{name}", f"is not a filter here: use {', '.join(known)}")
        if "\0" in value:
            raise wrong(f"/{name}", "holds the character U+0000: leave it out")


def day(text: str | None, pointer: str) -> date | None:
    """The date in 2026-03-01, 20260301 or a time; None for nothing. Raises Problem."""
    if not text:
        return None
    compact = COMPACT.fullmatch(text.strip())
    try:
        found = date.fromisoformat("-".join(compact.groups()) if compact else text.strip()[:10])
    except ValueError:
        raise wrong(pointer, "must be a date, for example 2026-03-01") from None
    if found.year not in YEARS:
        raise wrong(pointer, f"the year {found.year} cannot be right")
    return found


def moment(text: str | None, pointer: str, zone: ZoneInfo) -> datetime | None:
    """An aware time; one without an offset, or a date alone, is by the clock of `zone`. None for nothing. Raises Problem."""
    if not text:
        return None
    if COMPACT.fullmatch(text.strip()) or len(text.strip()) == 10:
        first = day(text, pointer)
        return datetime.combine(first, datetime.min.time(), zone) if first else None
    plain = text.strip() if "T" in text else text.strip().replace(" ", "T", 1)
    try:
        found = datetime.fromisoformat(plain.replace(" ", "+"))  # some clients send a plus as it is, which a query reads as a space
    except ValueError:
        raise wrong(pointer, "must be a time, for example 2026-03-01T12:00:00+01:00") from None
    if found.year not in YEARS:
        raise wrong(pointer, f"the year {found.year} cannot be right")
    return found if found.tzinfo else found.replace(tzinfo=zone)


def country(code: str | None, pointer: str) -> str:
    """Two letters for two or three; '' for nothing. Raises Problem."""
    found = countries.two(code or "")
    if found is None:
        raise wrong(pointer, "must be a country's code of three letters (ISO 3166-1), for example DEU")
    return found


def person(*, name: str, email: str, phone: str, language: str, external_id: str, pointer: str) -> CustomerData:
    """Who the parcel is for. Raises Problem for an email that is none."""
    if email and not EMAIL.fullmatch(email.strip()):
        raise wrong(pointer, "must be an email address")
    first, _, last = name.strip().partition(" ")
    return CustomerData(
        external_id=external_id[:120], email=email.strip()[:254], phone=phone.strip()[:40], first_name=first[:120], last_name=last[:120],
        locale=language[:20],
    )  # fmt: skip


def details(told: dict[str, Any], names: tuple[str, ...]) -> dict[str, Any]:
    """What is only kept and given back, of the fields that are told. Raises Problem for more than is kept."""
    found = {name: told[name] for name in names if told.get(name) is not None}
    for name, value in found.items():
        if len(str(value)) > 4000:
            raise wrong(f"/{name}", "must be at most 4000 characters long")
    return found
