"""/v4/couriers"""

from typing import Any

from django.http import HttpResponse
from rest_framework.request import Request

from api.compat.door import Theirs
from api.trackingmore import shapes
from api.trackingmore.envelope import NO_COURIER, TrackingMore, answered
from api.trackingmore.wanted import CODES
from integrations.carriers import directory
from integrations.carriers.numbers.detect import NO_CARRIER, candidates
from postpurchase.tenancy.gates import Key


class All(TrackingMore):
    """The carriers that we know by name."""

    def get(self, request: Request) -> HttpResponse:
        """All of them."""
        return answered([_shown(code) for code in directory.CARRIERS])


class Detect(TrackingMore):
    """Whose number it may be."""

    scopes = {"POST": "shipments:read"}

    def post(self, request: Request) -> HttpResponse:
        """The likeliest first."""
        return self.once(request, shapes.Detect, _detect)


def _detect(key: Key, told: shapes.Detect) -> HttpResponse:
    found = [one.carrier for one in candidates(told.tracking_number) if one.carrier != NO_CARRIER]
    if not found:
        raise Theirs(400, NO_COURIER, "Cannot detect courier.")
    return answered([_shown(code) for code in found])


def _shown(code: str) -> dict[str, Any]:
    carrier = directory.CARRIERS.get(code)
    return {
        "courier_name": directory.display(code), "courier_code": CODES.theirs(code), "courier_country_iso2": None, "courier_phone": None,
        "courier_url": carrier.url.partition("?")[0] or None if carrier else None, "courier_type": None, "courier_logo": None,
    }  # fmt: skip
