"""What a merchant's own mapping brings in beside calls: files of theirs, and the last 30 days once more when it changes."""

import hashlib
from collections.abc import Iterable
from datetime import timedelta
from uuid import UUID

from integrations import inbox, registry
from integrations.connections import replay
from integrations.inbox import Arrival
from integrations.models import Connection, Replay
from postpurchase.lib import clock
from postpurchase.tenancy.gates import Source

KEPT = timedelta(days=30)  # as long as deliveries are


def take_file(row: Connection, parts: Iterable[bytes]) -> int:
    """Put the parts of a file in the inbox, which knows again what it has. Returns how many are new; they are read within seconds."""
    adapter = registry.adapter(row.kind)
    arrivals = [Arrival(hashlib.sha256(body).hexdigest(), adapter.topics[0], {}, body) for body in parts]
    return sum(inbox.accept(Source(UUID(str(row.merchant_id)), row.pk, row.kind, None, None, None), arrivals)) if arrivals else 0


def of_mapping(row: Connection, *, by: str) -> Replay | None:
    """Read all that is kept of a connection again; None if there is nothing. Raises IllegalMove as replay.begin() does."""
    now = clock.machine_now()
    return replay.begin(row, now - KEPT, now + timedelta(minutes=1), what="all", by=by)
