"""The intruder with SQL of her own, as the app's role in Ann's scope: other shops' rows do not exist, and cannot be made."""

from typing import Any

import pytest
from django.db import DatabaseError, connection, transaction

from postpurchase.tenancy.base import TenantModel
from postpurchase.tenancy.scope import every_tenant, in_merchant
from tests.architecture.intruder.build import APPEND_ONLY, tenant_models
from tests.architecture.intruder.checksum import changed, sums
from tests.architecture.intruder.intruder import Stage

TABLES = [model._meta.db_table for model in tenant_models()]


def run(sql: str, *args: Any) -> Any:
    with connection.cursor() as cursor:
        cursor.execute(sql, args)
        return cursor.fetchall() if cursor.description else cursor.rowcount


def touched(sql: str, *args: Any) -> Any:
    """How many rows, or that it is refused."""
    try:
        with transaction.atomic():
            return run(sql, *args)
    except DatabaseError as error:
        return "permission denied" if "permission denied" in str(error) else str(error)


def test_another_shops_rows_can_neither_be_seen_nor_touched_nor_made(stage: Stage, subtests: pytest.Subtests) -> None:
    ann, bob = stage.ann.id("tenancy.Merchant"), stage.bob.id("tenancy.Merchant")
    for model in tenant_models():
        table = model._meta.db_table
        columns = ", ".join(column.column for column in model._meta.local_fields if not column.generated)
        with every_tenant("test: a copy of Bob's row"):
            theirs = run(f"SELECT to_jsonb(t) || jsonb_build_object('id', gen_random_uuid()) FROM {table} t WHERE merchant_id = %s", bob)[
                0
            ][0]

        with subtests.test(table), in_merchant(ann):
            assert {str(merchant) for (merchant,) in run(f"SELECT DISTINCT merchant_id FROM {table}")} == {ann}
            assert run(f"SELECT count(*) FROM {table} WHERE merchant_id = %s", bob) == [(0,)]
            append_only = model._meta.label in APPEND_ONLY
            for statement in (f"UPDATE {table} SET id = id WHERE merchant_id = %s", f"DELETE FROM {table} WHERE merchant_id = %s"):
                assert touched(statement, bob) == ("permission denied" if append_only else 0)
            with pytest.raises(DatabaseError, match="row-level security"), transaction.atomic():
                run(f"INSERT INTO {table} ({columns}) SELECT {columns} FROM jsonb_populate_record(null::{table}, %s)", theirs)
            refusal = "permission denied" if append_only else "row-level security"
            with pytest.raises(DatabaseError, match=refusal), transaction.atomic():
                run(f"UPDATE {table} SET merchant_id = %s", bob)

    print(f"{len(TABLES) * 6} statements over {len(TABLES)} tables")
    assert changed(stage.before, sums()) == set()


def test_without_a_scope_no_table_answers(stage: Stage) -> None:
    for table in TABLES:
        with pytest.raises(DatabaseError, match="no merchant in scope"), transaction.atomic():
            run(f"SELECT * FROM {table}")


def test_no_key_can_point_at_another_shops_row(stage: Stage, subtests: pytest.Subtests) -> None:
    keys = [(model, key) for model in tenant_models() for key in model._meta.local_fields if points_at_tenant(key)]
    for model, key in keys:
        refused = pytest.raises(DatabaseError, match="same_merchant")
        with subtests.test(str(key)), in_merchant(stage.ann.merchant), refused, transaction.atomic():
            run(f"UPDATE {model._meta.db_table} SET {key.column} = %s", stage.bob.id(key.related_model._meta.label))
            connection.check_constraints()

    print(f"{len(keys)} keys")


def points_at_tenant(key: Any) -> bool:
    return bool(key.is_relation and issubclass(key.related_model, TenantModel))
