"""Walks PostgreSQL's own catalogue, so that a table made tomorrow is held to the rules too."""

import contextlib
from collections.abc import Iterator
from typing import Any

import psycopg2
import pytest
from django.conf import settings
from django.db import connection

from tests.architecture.catalogue import APP_ROLE, DEFINERS, GATES, GLOBAL, GUARDED, LOOSE_IDS, QUESTIONS, TABLES, UUIDS, Question

pytestmark = pytest.mark.django_db
ROLES = {"app": settings.APP_ROLE, "platform": settings.PLATFORM_ROLE}


def rows(sql: str) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(sql, ROLES if "%(" in sql else None)
        return cursor.fetchall()


def unguarded(found: list[tuple[Any, ...]]) -> list[str]:
    """Tables that are neither reviewed as global nor wholly under row security."""
    return [name for name, *rest in found if name not in GLOBAL and rest != GUARDED]


@pytest.fixture
def owner() -> Iterator[Any]:
    """A cursor of the tables' owner, whose work is never committed."""
    role = settings.DATABASE_OWNER
    opened = psycopg2.connect(
        host=role["HOST"], port=role["PORT"], user=role["USER"], password=role["PASSWORD"], dbname=connection.settings_dict["NAME"]
    )
    with contextlib.closing(opened), opened.cursor() as cursor:
        yield cursor


def test_every_table_is_global_by_review_or_under_forced_row_security() -> None:
    found = rows(TABLES)

    print(f"{len(found)} tables: {len(found) - len(GLOBAL)} of merchants, {len(GLOBAL)} global by review")
    assert unguarded(found) == []
    assert GLOBAL.keys() - {name for name, *_ in found} == set()
    assert len(found) - len(GLOBAL) >= 25


@pytest.mark.parametrize("question", QUESTIONS, ids=lambda question: question.name)
def test_nothing_in_the_catalogue_breaks_a_rule(question: Question) -> None:
    found = rows(question.sql)

    print(f"{question.name}: {len(found)} asked")
    assert [name for name, good in found if not good and name not in question.reviewed] == []


@pytest.mark.parametrize(("question", "bad"), [(q, bad) for q in QUESTIONS for bad in q.bad], ids=lambda it: getattr(it, "name", it))
def test_each_rule_sees_its_bad_sample(question: Question, bad: str, owner: Any) -> None:
    owner.execute(bad)
    owner.execute(question.sql)

    assert "bad" in str([name for name, good in owner.fetchall() if not good and name not in question.reviewed])


@pytest.mark.parametrize(
    "mutant",
    [
        "ALTER TABLE {} DISABLE ROW LEVEL SECURITY",
        "ALTER TABLE {} NO FORCE ROW LEVEL SECURITY",
        "DROP POLICY tenant ON {}",
        "DROP POLICY tenant ON {0}; CREATE POLICY tenant ON {0} USING (true) WITH CHECK (true)",
        "CREATE POLICY another ON {} USING (true)",
        "DROP POLICY tenant ON {0}; CREATE POLICY tenant ON {0} USING (merchant_id = (SELECT app_merchant())) WITH CHECK (true)",
        "DROP POLICY tenant ON {0}; CREATE POLICY tenant ON {0} FOR SELECT USING (merchant_id = (SELECT app_merchant()))",
        "ALTER TABLE {} ALTER merchant_id DROP NOT NULL",
    ],
)
def test_every_way_of_weakening_any_table_is_seen(mutant: str, owner: Any) -> None:
    tables = [name for name, *_ in rows(TABLES) if name not in GLOBAL]

    missed = []
    for table in tables:
        owner.execute("SAVEPOINT s")
        owner.execute(mutant.format(table))
        owner.execute(TABLES)
        missed += [table] if table not in unguarded(owner.fetchall()) else []
        owner.execute("ROLLBACK TO s")

    print(f"{len(tables)} mutants")
    assert missed == []


@pytest.mark.parametrize(
    "bad", ["CREATE TABLE bad (id uuid PRIMARY KEY, merchant_id uuid)", "CREATE MATERIALIZED VIEW bad AS SELECT 1 AS x"]
)
def test_a_table_without_review_is_seen(bad: str, owner: Any) -> None:
    owner.execute(bad)
    owner.execute(TABLES)

    assert unguarded(owner.fetchall()) == ["bad"]


def test_the_reviewed_loose_ids_still_exist() -> None:
    assert LOOSE_IDS.keys() - {name for name, covered in rows(UUIDS) if not covered} == set()


def test_only_the_gates_run_with_borrowed_rights_and_only_for_the_app() -> None:
    assert dict(rows(DEFINERS)) == dict.fromkeys(GATES, True)


def test_a_function_with_borrowed_rights_is_seen(owner: Any) -> None:
    owner.execute("CREATE FUNCTION bad() RETURNS int LANGUAGE sql SECURITY DEFINER AS 'SELECT 1'")
    owner.execute(DEFINERS, ROLES)

    assert ("bad", False) in owner.fetchall()


def test_the_app_role_owns_nothing_inherits_nothing_and_makes_nothing() -> None:
    assert rows(APP_ROLE) == [(False, False, False, False, False)]


def test_an_app_role_with_a_table_is_seen(owner: Any) -> None:
    owner.execute("SAVEPOINT s")
    owner.execute(f"GRANT INSERT ON django_migrations TO {settings.APP_ROLE}")
    owner.execute(APP_ROLE, ROLES)

    assert owner.fetchall() == [(False, False, False, False, True)]
