"""A new shop of somebody who signed up, and what their browser tells of its language and clock."""

from typing import Any

from babel.core import get_global
from django.db import IntegrityError, transaction
from django.http import HttpRequest
from django.utils.text import slugify

from integrations.opening import open_merchant
from postpurchase.lib.ids import random_token
from postpurchase.tenancy.models import Membership, Merchant, Role, User
from postpurchase.tenancy.scope import in_merchant
from postpurchase.ui import tongue

LONGEST = 40  # of an address, before what makes it unique
# Where a country has several clocks, or places of its own far away: the one of most people.
USUAL = {
    "AU": "Australia/Sydney", "BR": "America/Sao_Paulo", "CA": "America/Toronto", "CN": "Asia/Shanghai", "DE": "Europe/Berlin",
    "ES": "Europe/Madrid", "FR": "Europe/Paris", "GB": "Europe/London", "MX": "America/Mexico_City", "NZ": "Pacific/Auckland",
    "PT": "Europe/Lisbon", "US": "America/New_York", "JP": "Asia/Tokyo",
}  # fmt: skip


def open_shop(user: User, name: str, **brand: Any) -> Merchant:
    """A shop with its default flows, owned by that person. Its address is made from the name; a taken one gets a tail."""
    stem = slugify(name)[:LONGEST] or "shop"
    for slug in (stem, f"{stem}-{_tail()}", f"{stem}-{_tail()}{_tail()}"):
        try:
            with transaction.atomic():
                merchant = open_merchant(name, slug, **brand)
                break
        except IntegrityError:
            continue
    else:
        raise RuntimeError(f"three addresses for {stem!r} were taken")
    with in_merchant(merchant):
        Membership.objects.create(user=user, role=Role.OWNER)
    return merchant


def _tail() -> str:
    return "".join(letter for letter in random_token(160).lower() if letter.isalnum())[:4]


def guesses(request: HttpRequest) -> dict[str, str]:
    """{locale, time_zone}: the first of the browser's languages that shoppers can have, and the clock of the country behind the first."""
    told = request.headers.get("Accept-Language", "")
    return {"locale": tongue.language_of(tongue.accepted(told) or "en"), "time_zone": zone_of(told)}


def zone_of(accepted: str) -> str:
    """Europe/Stockholm for "sv-SE,sv;q=0.9"; UTC where no country is named or it has several clocks."""
    tag = accepted.partition(",")[0].partition(";")[0].strip()
    country = tag.rpartition("-")[2].upper()
    if "-" not in tag or len(country) != 2:
        return "UTC"
    places = [zone for zone, territory in get_global("zone_territories").items() if territory == country and "/" in zone]
    return USUAL.get(country) or (places[0] if len(places) == 1 else "UTC")
