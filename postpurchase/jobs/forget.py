"""Rows that have been kept for long enough go, a portion at a time: one transaction for a million would hold up everybody."""

from typing import Any

from django.db.models import QuerySet

from postpurchase.tenancy.scope import every_tenant

PORTION, MOST_ROUNDS = 2000, 100  # rows of a transaction; transactions of a call


def forget(rows: QuerySet[Any], why: str) -> int:
    """Delete rows of all merchants, in the order of the query set, and say how many. What is left goes with the next call."""
    gone = 0
    for _ in range(MOST_ROUNDS):
        with every_tenant(why):
            ids = list(rows.values_list("pk", flat=True)[:PORTION])
            rows.model._base_manager.filter(pk__in=ids).delete()
        gone += len(ids)
        if len(ids) < PORTION:
            break
    return gone
