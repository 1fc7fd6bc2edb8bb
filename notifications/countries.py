"""What countries ask of those who write to shoppers. Data, to be read by people too; a merchant's rules have the last word."""

from typing import Final

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

# A tick at checkout proves nothing about who owns the mailbox: courts there want it confirmed (BGH, I ZR 164/09).
CONFIRM: Final = frozenset({"DE", "AT"})

# Where a customer may be written to about similar goods until they object, if the merchant says so (ePrivacy directive, article 13 (2),
# and its likes). What is in no group is in "other".
EEA: Final = frozenset({
    "AT", "BE", "BG", "CY", "CZ", "DE", "DK", "EE", "ES", "FI", "FR", "GR", "HR", "HU", "IE", "IS", "IT", "LI", "LT", "LU", "LV", "MT",
    "NL", "NO", "PL", "PT", "RO", "SE", "SI", "SK",
})  # fmt: skip
GROUPS: Final[dict[str, frozenset[str]]] = {
    "eea": EEA,
    "uk": frozenset({"GB", "GG", "IM", "JE"}),
    "north_america": frozenset({"US", "CA"}),
    "other": frozenset(),
}
NAMES: Final[dict[str, str | Promise]] = {
    "eea": _("European Economic Area"),
    "uk": _("United Kingdom"),
    "north_america": _("United States and Canada"),
    "other": _("Everywhere else"),
}


def group_of(country: str) -> str:
    """The group of a country (ISO 3166-1 alpha-2); '' where no country is known."""
    return next((name for name, members in GROUPS.items() if country in members), "other") if country else ""
