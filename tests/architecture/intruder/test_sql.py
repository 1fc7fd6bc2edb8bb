"""The intruder with SQL of her own, as the app's role in Ann's scope: other shops' rows do not exist, and cannot be made."""

from typing import Any

import pytest
from django.db import DatabaseError, connection, transaction

from postpurchase.tenancy.base import TenantModel
from postpurchase.tenancy.scope import every_tenant, in_merchant
from tests.architecture.intruder.checksum import changed, sums
from tests.architecture.intruder.intruder import Stage, set_stage
from tests.architecture.intruder.world import tenant_models

pytestmark = pytest.mark.django_db
TABLES = [model._meta.db_table for model in tenant_models()]


@pytest.fixture
def stage(db: None) -> Stage:
    return set_stage()


def run(sql: str, *args: Any) -> Any:
    with connection.cursor() as cursor:
        cursor.execute(sql, args)
        return cursor.fetchall() if cursor.description else cursor.rowcount


@pytest.mark.parametrize("model", tenant_models(), ids=lambda model: model._meta.label)
def test_another_shops_rows_can_neither_be_seen_nor_touched_nor_made(stage: Stage, model: type[TenantModel]) -> None:
    table, ann, bob = model._meta.db_table, str(stage.ann.ids["tenancy.Merchant"]), str(stage.bob.ids["tenancy.Merchant"])
    with every_tenant("test: a copy of Bob's row"):
        theirs = run(f"SELECT to_jsonb(t) || jsonb_build_object('id', gen_random_uuid()) FROM {table} t WHERE merchant_id = %s", bob)[0][0]

    with in_merchant(ann):
        assert {str(merchant) for (merchant,) in run(f"SELECT DISTINCT merchant_id FROM {table}")} == {ann}
        assert run(f"SELECT count(*) FROM {table} WHERE merchant_id = %s", bob) == [(0,)]
        assert run(f"UPDATE {table} SET id = id WHERE merchant_id = %s", bob) == 0
        assert run(f"DELETE FROM {table} WHERE merchant_id = %s", bob) == 0
        with pytest.raises(DatabaseError, match="row-level security"), transaction.atomic():
            run(f"INSERT INTO {table} SELECT * FROM jsonb_populate_record(null::{table}, %s)", theirs)
        with pytest.raises(DatabaseError, match="row-level security"), transaction.atomic():
            run(f"UPDATE {table} SET merchant_id = %s", bob)

    assert changed(stage.before, sums()) == set()


@pytest.mark.parametrize("table", TABLES)
def test_without_a_scope_no_table_answers(stage: Stage, table: str) -> None:
    with pytest.raises(DatabaseError, match="no merchant in scope"), transaction.atomic():
        run(f"SELECT * FROM {table}")


@pytest.mark.parametrize("model", tenant_models(), ids=lambda model: model._meta.label)
def test_no_key_can_point_at_another_shops_row(stage: Stage, model: type[TenantModel]) -> None:
    keys = [column for column in model._meta.local_fields if column.is_relation and issubclass(column.related_model, TenantModel)]
    for column in keys:
        with in_merchant(stage.ann.merchant), pytest.raises(DatabaseError, match="same_merchant"), transaction.atomic():
            run(f"UPDATE {model._meta.db_table} SET {column.column} = %s", stage.bob.id(column.related_model._meta.label))
            connection.check_constraints()
