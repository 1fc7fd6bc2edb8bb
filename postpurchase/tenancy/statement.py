"""Set-based SQL in the merchant's scope: many rows travel as one JSON parameter, whose types the statement names."""

import uuid
from collections.abc import Mapping, Sequence
from typing import Any

import msgspec
from django.db import connection

from postpurchase.tenancy import scope

Row = dict[str, Any]


def execute(sql: str, **parameters: Any) -> list[tuple[Any, ...]]:
    """Run one statement; `%(merchant)s` is the merchant in scope. Returns its rows, if it has any. Raises NoMerchant."""
    with connection.cursor() as cursor:
        cursor.execute(sql, {"merchant": merchant(), **parameters})
        return list(cursor.fetchall()) if cursor.description else []


def merchant() -> uuid.UUID:
    """The one merchant that is written for. Raises NoMerchant outside a scope and for every_tenant()."""
    found = scope.demand("a statement").merchant_id
    if found is None:
        raise scope.NoMerchant("a statement runs for one merchant: open in_merchant(merchant)")
    return found


def as_json(rows: Sequence[Row]) -> str:
    """The parameter for jsonb_to_recordset. UUIDs, dates and times become text."""
    return msgspec.json.encode(rows).decode()


def from_json(text: str | None) -> Any:
    """A jsonb column as a cursor gives it."""
    return None if text is None else msgspec.json.decode(text)


def recordset(parameter: str, columns: Mapping[str, str]) -> str:
    """FROM item: the rows of a JSON parameter, as `r`."""
    return f"jsonb_to_recordset(%({parameter})s::jsonb) AS r ({', '.join(f'{name} {kind}' for name, kind in columns.items())})"


def names(columns: Mapping[str, str], prefix: str = "") -> str:
    """Column list: a, b, c; with a prefix r.a, r.b, r.c."""
    return ", ".join(prefix + name for name in columns)


def assignments(columns: Mapping[str, str], source: str) -> str:
    """SET list: a = source.a, b = source.b."""
    return ", ".join(f"{name} = {source}.{name}" for name in columns)
