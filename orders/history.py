"""What newer copies of an order changed, kept for good."""

import uuid
from collections.abc import Sequence
from datetime import datetime
from typing import Any

from postpurchase.lib import clock
from postpurchase.lib.ids import uuid7
from postpurchase.tenancy.statement import as_json, execute, recordset

Changed = dict[str, list[Any]]  # column, or lines/<external id>[/<column>] -> [before, after]

HISTORY = f"""
INSERT INTO orders_orderchange (id, merchant_id, order_id, source_updated_at, changed, recorded_at)
SELECT r.id, %(merchant)s, r.order_id, r.at, r.changed, %(now)s
FROM {recordset("changes", {"id": "uuid", "order_id": "uuid", "at": "timestamptz", "changed": "jsonb"})}"""


def remember(changes: Sequence[tuple[uuid.UUID, datetime, Changed]]) -> None:
    """Keep changes as history: (order, time at the source, column -> [before, after])."""
    rows = [{"id": uuid7(), "order_id": order, "at": at, "changed": changed} for order, at, changed in changes]
    if rows:
        execute(HISTORY, changes=as_json(rows), now=clock.business_now())
