"""Rows by statements that are written once. For hot paths only: there Django's writing of the same SQL costs more than running it."""

from collections.abc import Callable
from functools import lru_cache
from typing import Any, TypeVar
from uuid import UUID

from django.db import connection, models
from django.db.models.base import ModelState

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
        found = [dict(zip(names, row, strict=True)) for row in cursor.fetchall()]
    for name, convert in converts:
        for row in found:
            row[name] = convert(row[name], None, connection)
    alias = connection.alias
    return [_instance(model, row, here.merchant_id, alias) for row in found]


def _instance(model: type[M], row: dict[str, Any], merchant_id: UUID, alias: str) -> M:
    """What Model.from_db ends in, without its calls for each column; nobody listens to a model's beginning here."""
    made = model.__new__(model)
    made.__dict__.update(row, merchant_id=merchant_id)
    made._state = state = ModelState()
    state.adding, state.db = False, alias
    return made


@lru_cache
def _written(model: type[TenantModel], without: tuple[str, ...]) -> tuple[str, list[str], list[tuple[str, Convert]]]:
    left = {*without, "merchant_id"}
    fields: list[models.Field[Any, Any]] = [field for field in model._meta.concrete_fields if field.attname not in left]
    columns = ", ".join(f'"{field.column}"' for field in fields)
    converts = [(field.attname, field.from_db_value) for field in fields if hasattr(field, "from_db_value")]
    return f'SELECT {columns} FROM "{model._meta.db_table}" WHERE merchant_id = %s AND ', [field.attname for field in fields], converts
