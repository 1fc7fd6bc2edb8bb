"""Rows of a file as customers."""

from collections.abc import Sequence

from integrations.types import CustomerData
from transfers.reading.sheet import Numbered
from transfers.turning.cells import Table

NAMES: dict[str, str] = {}
TOLD = ("phone", "locale", "external_id")


def key(table: Table, row: Numbered) -> str:
    """A customer is found again by email."""
    return table.text(row, "email").lower()


def turn(table: Table, rows: Sequence[Numbered]) -> tuple[CustomerData, list[Numbered]]:
    """The customer; of several rows the last that says something counts. Raises Refused."""
    latest = list(reversed(rows))
    first, last = table.first(latest, "first_name")[1], table.first(latest, "last_name")[1]
    if not first and not last:
        first, _, last = table.first(latest, "name")[1].rpartition(" ")
    told = {name: table.first(latest, name)[1] for name in TOLD}
    return CustomerData(email=table.text(rows[0], "email"), first_name=first, last_name=last, **told), list(rows)
