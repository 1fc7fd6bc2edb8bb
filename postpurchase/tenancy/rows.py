"""Rows by statements that are written once. For hot paths only: there Django's writing of the same SQL costs more than running it."""

from collections.abc import Callable
from functools import lru_cache
from typing import Any, TypeVar

from django.db import connection, models

from postpurchase.tenancy import scope
from postpurchase.tenancy.base import TenantModel

M = TypeVar("M", bound=TenantModel)
Convert = Callable[[Any, Any, Any], Any]


def rows_of(model: type[M], rest: str, *values: Any, without: tuple[str, ...] = ()) -> list[M]:
    """The merchant's rows WHERE `rest` (which may go on with ORDER BY and LIMIT; lists go in as `column = ANY(%s)`).

    Columns named in `without` are loaded when they are first asked for. Raises NoMerchant outside a merchant's scope.
    """
    here = scope.demand(model._meta.label)
    if here.merchant_id is None:
        raise scope.NoMerchant(f"{model._meta.label} rows are read in one merchant's scope")
    select, names, converts = _written(model, without)
    with connection.cursor() as cursor:
        cursor.execute(select + rest, [here.merchant_id, *values])
        found = cursor.fetchall()
    if converts:
        found = [_converted(row, converts) for row in found]
    return [model.from_db(connection.alias, names, row) for row in found]


@lru_cache
def _written(model: type[TenantModel], without: tuple[str, ...]) -> tuple[str, list[str], list[tuple[int, Convert]]]:
    fields: list[models.Field[Any, Any]] = [field for field in model._meta.concrete_fields if field.attname not in without]
    columns = ", ".join(f'"{field.column}"' for field in fields)
    converts = [(place, field.from_db_value) for place, field in enumerate(fields) if hasattr(field, "from_db_value")]
    return f'SELECT {columns} FROM "{model._meta.db_table}" WHERE merchant_id = %s AND ', [field.attname for field in fields], converts


def _converted(row: tuple[Any, ...], converts: list[tuple[int, Convert]]) -> list[Any]:
    values = list(row)
    for place, convert in converts:
        values[place] = convert(values[place], None, connection)
    return values
