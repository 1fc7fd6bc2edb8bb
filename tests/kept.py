"""A shop that takes seconds to make, made once a process: its rows are kept, and put back for each further test that asks for it."""

from collections.abc import Callable
from dataclasses import dataclass

from django.apps import apps
from django.db import connection
from django.db.models import GeneratedField

from postpurchase.tenancy.models import Merchant
from postpurchase.tenancy.scope import every_tenant, in_merchant

Rows = dict[str, set[str]]  # table -> its rows as JSON


@dataclass(frozen=True)
class Made:
    merchant: Merchant
    rows: Rows


_made: dict[str, Made] = {}


def kept(name: str, make: Callable[[], Merchant]) -> Merchant:
    """The merchant with all that `make` made beside it. Whatever a test does to it ends with the test."""
    if name not in _made:
        before = _rows()
        merchant = make()
        _made[name] = Made(merchant, {table: rows - before[table] for table, rows in _rows().items() if rows - before[table]})
    elif not Merchant.objects.filter(pk=_made[name].merchant.pk).exists():
        _put_back(_made[name])
    return Merchant.objects.get(pk=_made[name].merchant.pk)


def _rows() -> Rows:
    with every_tenant("tests: keep what was made"), connection.cursor() as cursor:
        found = {}
        for table in _columns():
            cursor.execute(f"SELECT to_jsonb(t)::text FROM {table} t")
            found[table] = {row for (row,) in cursor.fetchall()}
        return found


def _put_back(made: Made) -> None:
    """Foreign keys are looked at when the transaction ends, so the tables' order does not matter."""
    columns = _columns()
    with in_merchant(made.merchant), connection.cursor() as cursor:
        for table, rows in made.rows.items():
            names = ", ".join(columns[table])
            source = f"jsonb_populate_recordset(NULL::{table}, %s::jsonb)"
            cursor.execute(f"INSERT INTO {table} ({names}) OVERRIDING SYSTEM VALUE SELECT {names} FROM {source}", [f"[{','.join(rows)}]"])


def _columns() -> dict[str, list[str]]:
    """Each table with the columns that are not worked out from others."""
    models = [model for model in apps.get_models(include_auto_created=True) if model._meta.managed and not model._meta.proxy]
    return {
        model._meta.db_table: [f'"{field.column}"' for field in model._meta.local_concrete_fields if not isinstance(field, GeneratedField)]
        for model in models
    }
