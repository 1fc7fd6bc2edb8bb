"""/api/v1/tracking/detect"""

from typing import Annotated, Any

from django.http import HttpResponse
from msgspec import Meta, Struct
from rest_framework.request import Request

from api.v1 import decode
from api.v1.openapi import told
from api.v1.resource import Writable, answer
from integrations.carriers.numbers.detect import Candidate, candidates
from postpurchase.tenancy.gates import Key


class DetectRequest(Struct, forbid_unknown_fields=True):
    """A tracking number as people write it: spaces and dots do not matter."""

    number: Annotated[str, Meta(min_length=4, max_length=100)]


class Candidates(Struct):
    """The carriers it may belong to, the likeliest first. Empty where no format fits, or a check digit is wrong."""

    data: list[Candidate]


class Detect(Writable):
    """Whose tracking number it may be."""

    scopes = {"POST": "shipments:read"}

    @told("Find the carrier of a tracking number", takes=DetectRequest, gives=Candidates, writes=True)
    def post(self, request: Request, **named: Any) -> HttpResponse:
        """Formats and check digits alone are asked, no carrier. `confidence` goes from 0 to 100; nothing is recorded."""
        return super().post(request, **named)

    def write(self, key: Key, raw: bytes) -> HttpResponse:
        """Nothing: it is asked only."""
        return answer(Candidates(list(candidates(decode.parse(raw, DetectRequest).number))))
