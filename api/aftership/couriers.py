"""/tracking/<version>/couriers"""

from typing import Any

from django.http import HttpResponse
from rest_framework.request import Request

from api.aftership.envelope import AfterShip, answered
from api.aftership.shapes import Detect
from api.aftership.wanted import SLUGS
from integrations.carriers import directory
from integrations.carriers.numbers.detect import NO_CARRIER, candidates
from postpurchase.tenancy.gates import Key


class Couriers(AfterShip):
    """The carriers that we know by name, and a page of their own if they have one."""

    def get(self, request: Request, version: str) -> HttpResponse:
        """All, or those of `slug`."""
        wanted = {SLUGS.ours(slug) for slug in request.GET.get("slug", "").split(",") if slug.strip()}
        found = [shown(code) for code in directory.CARRIERS if not wanted or code in wanted]
        return answered({"total": len(found), "couriers": found})


class DetectCourier(AfterShip):
    """Whose number it may be."""

    scopes = {"POST": "shipments:read"}

    def post(self, request: Request, version: str) -> HttpResponse:
        """The likeliest first; of those in `slug`, if any are named there."""
        return self.once(request, Detect, _detect)


def _detect(key: Key, told: Detect) -> HttpResponse:
    only = {SLUGS.ours(slug) for slug in told.slug or []}
    codes = [one.carrier for one in candidates(told.tracking_number) if one.carrier != NO_CARRIER]
    found = [shown(code) for code in codes if not only or code in only]
    return answered({"total": len(found), "couriers": found})


def shown(code: str) -> dict[str, Any]:
    """A Courier object."""
    carrier = directory.CARRIERS.get(code)
    return {
        "slug": SLUGS.theirs(code), "name": directory.display(code), "phone": None,
        "other_name": ", ".join(carrier.aliases) if carrier else None,
        "web_url": carrier.url.partition("?")[0] or None if carrier else None, "required_fields": [], "optional_fields": [],
        "default_language": "en", "support_languages": [], "service_from_country_regions": [], "credentials": None,
    }  # fmt: skip
