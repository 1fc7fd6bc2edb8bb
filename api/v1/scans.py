"""/api/v1/scans"""

from typing import Any

import msgspec
from django.http import HttpResponse
from rest_framework.request import Request

from api.v1 import decode, mode, show
from api.v1.batch import each
from api.v1.openapi import told
from api.v1.resource import MIB, Writable, answer, status_of_outcome
from api.v1.shapes import Result, Results, ScanBatch
from api.v1.shipments import refused_if_parked
from integrations.types import Outcome, Recorded, ScanData
from postpurchase.tenancy.gates import Key
from tracking.scans import record_scans


class Scans(Writable):
    """What carriers saw."""

    scopes = {"POST": "shipments:write"}
    most_bytes = 8 * MIB

    @told("Record scans", takes=(ScanData, ScanBatch), gives=(Result, Results), status=201, writes=True)
    def post(self, request: Request, **named: Any) -> HttpResponse:
        """One scan, or {"scans": [...]} with up to 500. A scan that we hold is `unchanged`; the order they come in does not matter."""
        return super().post(request, **named)

    def write(self, key: Key, raw: bytes) -> HttpResponse:
        """One or many."""
        return self._many(key, raw) if _is_batch(raw) else self._one(key, raw)

    def _one(self, key: Key, raw: bytes) -> HttpResponse:
        recorded = _record(key, [decode.parse(raw, ScanData)])[0]
        if recorded.outcome == Outcome.REFUSED:
            raise decode.invalid(recorded.errors)
        return answer(show.result(recorded, "shp"), status_of_outcome(recorded.outcome))

    def _many(self, key: Key, raw: bytes) -> HttpResponse:
        found = each(raw, "scans", ScanData)
        recorded = iter(_record(key, [item for item in found if isinstance(item, ScanData)]))
        results = [item if isinstance(item, Recorded) else next(recorded) for item in found]
        return answer(Results([show.result(result, "shp") for result in results]))


def _is_batch(raw: bytes) -> bool:
    try:
        return "scans" in msgspec.json.decode(raw, type=dict[str, msgspec.Raw])
    except (msgspec.DecodeError, RecursionError):
        return False  # the decoder of one scan says what is wrong


def _record(key: Key, scans: list[ScanData]) -> list[Recorded]:
    found = record_scans(scans, connection_id=mode.connection_of(key)) if scans else []
    return [refused_if_parked(recorded) for recorded in found]
