"""Numeric ids past 2**53 that a tool on the way has rounded to a double: all that some bodies say of the order they belong to."""

import math
from collections.abc import Iterable
from decimal import Decimal
from uuid import UUID

from orders.models import Order

EXACT = 2**53


def rounded(external_id: str) -> str:
    """The id as a double prints it: 820982911946154508 -> 820982911946154500. Ids that a double holds stay as they are."""
    if not _may_round(external_id):
        return external_id
    return str(int(Decimal(repr(float(int(external_id))))))


def _may_round(external_id: str) -> bool:
    return external_id.isdecimal() and len(external_id) <= 19 and int(external_id) > EXACT


def true_ids(connection_id: UUID, given: Iterable[str]) -> dict[str, str]:
    """Rounded id -> the one order of this connection that it can mean. Exact, ambiguous and unknown ids are left out."""
    meant: dict[str, list[str]] = {text: _preimages(int(text)) for text in set(given) if _may_round(text) and rounded(text) == text}
    if not meant:
        return {}
    wanted = [candidate for candidates in meant.values() for candidate in candidates]
    rows = Order.objects.filter(connection_id=connection_id, external_id__in=wanted)
    known = set(rows.values_list("external_id", flat=True))
    found = {text: known.intersection(candidates) for text, candidates in meant.items() if text not in known}
    return {text: hits.pop() for text, hits in found.items() if len(hits) == 1}


def _preimages(number: int) -> list[str]:
    """Every id that rounds to the same double: at most a thousand below 2**63."""
    step, double = int(math.ulp(float(number))), float(number)
    return [str(near) for near in range(number - step, number + step + 1) if float(near) == double]
