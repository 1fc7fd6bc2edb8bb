"""Telephone numbers: read as people write them, kept as the network wants them (E.164: +491701234567)."""

from functools import lru_cache

import phonenumbers
from phonenumbers import NumberParseException, PhoneNumberFormat

LONGEST = 40  # characters that are looked at


def e164(text: str, country: str) -> str:
    """The number in E.164, read as it is dialled in `country` (ISO 3166-1 alpha-2); '' for what is no valid number."""
    try:
        found = phonenumbers.parse(text[:LONGEST], country.strip().upper() or None)
    except NumberParseException:
        return ""
    return phonenumbers.format_number(found, PhoneNumberFormat.E164) if phonenumbers.is_valid_number(found) else ""


@lru_cache(maxsize=4096)
def country_of(number: str) -> str:
    """The country (ISO 3166-1 alpha-2) of a number in E.164, or ''. +1 is told apart by its area codes."""
    try:
        return phonenumbers.region_code_for_number(phonenumbers.parse(number)) or ""
    except NumberParseException:
        return ""
