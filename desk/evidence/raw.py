"""What came in, byte for byte, behind the scans of a parcel. A call that tells of other parcels too is named by its hash alone."""

import base64
import hashlib
from collections import defaultdict
from collections.abc import Sequence
from datetime import timedelta
from functools import reduce
from operator import or_
from typing import Any
from uuid import UUID

from django.db.models import Q

from integrations.models import SETTLED, Connection, InboundDelivery
from tracking.models import Scan, Shipment

BEFORE = timedelta(hours=1)  # a call came in at most so long before its scan was written
STAMP = 80  # bits of a UUIDv7 below its milliseconds
MOST = 200


class Payloads:
    """Calls by the scans they may have brought: those that tell of the parcel and came in shortly before a scan of it was written."""

    def __init__(self, parcel: Shipment, scans: Sequence[Scan]) -> None:
        self.told: list[dict[str, Any]] = []
        self._by_time: list[tuple[int, str]] = []
        for row in _calls(parcel, scans):
            digest = hashlib.sha256(bytes(row.body)).hexdigest()
            alone = {one.get("id") for one in row.result or []} == {str(parcel.pk)}
            kept = base64.b64encode(bytes(row.body)).decode() if alone and row.body else ""
            self.told.append({"sha256": digest, "topic": row.topic, "received_at": row.received_at.isoformat(), "base64": kept})
            self._by_time.append((row.pk.int >> STAMP, digest))

    def of(self, scan: Scan) -> list[str]:
        """The hashes of the calls that may have brought the scan."""
        at = scan.pk.int >> STAMP
        return [digest for came, digest in self._by_time if at - _milliseconds(BEFORE) <= came <= at]


def _calls(parcel: Shipment, scans: Sequence[Scan]) -> list[InboundDelivery]:
    """By ranges of ids, which begin with the time, so that an index has them. Two statements."""
    spans: dict[int, int] = defaultdict(int)  # hour -> its last millisecond that matters
    for scan in scans:
        at = scan.pk.int >> STAMP
        spans[at // _milliseconds(BEFORE)] = max(at, spans[at // _milliseconds(BEFORE)])
    if not spans:
        return []
    ranges = [Q(pk__range=(_floor(hour * _milliseconds(BEFORE) - _milliseconds(BEFORE)), _floor(last + 1))) for hour, last in spans.items()]
    mine = InboundDelivery.objects.filter(
        reduce(or_, ranges), connection__in=list(Connection.objects.values_list("pk", flat=True)), state__in=SETTLED
    )
    return list(mine.filter(result__contains=[{"id": str(parcel.pk)}]).order_by("pk")[:MOST])


def _milliseconds(span: timedelta) -> int:
    return span // timedelta(milliseconds=1)


def _floor(milliseconds: int) -> UUID:
    return UUID(int=milliseconds << STAMP)
