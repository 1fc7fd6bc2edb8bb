"""A transaction begins with its first statement, and ends only if it has begun."""

from collections.abc import Iterator
from typing import Any

import pytest
from django.db import DatabaseError, connection, transaction
from django.test.utils import CaptureQueriesContext

from orders.models import Customer
from postpurchase.tenancy import scope
from postpurchase.tenancy.models import Merchant
from postpurchase.tenancy.scope import in_merchant

pytestmark = pytest.mark.django_db(transaction=True)


def ask(sql: str) -> Any:
    with connection.cursor() as cursor:
        cursor.execute(sql)
        return cursor.fetchone()[0]


@pytest.fixture
def sent() -> Iterator[CaptureQueriesContext]:
    with CaptureQueriesContext(connection) as context:
        yield context


def texts(sent: CaptureQueriesContext) -> list[str]:
    return [query["sql"] for query in sent.captured_queries]


def test_the_first_statement_brings_begin_and_scope_along(ann: Merchant, sent: CaptureQueriesContext) -> None:
    with in_merchant(ann):
        assert ask("SELECT current_setting('app.merchant')") == str(ann.pk)
        assert ask("SELECT 1") == 1

    first, second = (text for text in texts(sent) if "SELECT" in text)
    assert first.startswith("BEGIN;SELECT set_config('role', 'none', true)")
    assert first.endswith(";SELECT current_setting('app.merchant')")
    assert second == "SELECT 1"


def test_a_block_without_a_statement_sends_nothing(ann: Merchant) -> None:
    before = ask("SELECT pg_stat_get_db_xact_commit(oid) FROM pg_database WHERE datname = current_database()")

    for _ in range(5):
        with in_merchant(ann):
            pass

    assert connection.connection.get_transaction_status() == 0
    assert ask("SELECT pg_stat_get_db_xact_commit(oid) FROM pg_database WHERE datname = current_database()") <= before + 1


def test_statements_of_a_block_stand_or_fall_together(ann: Merchant) -> None:
    with pytest.raises(ZeroDivisionError), in_merchant(ann):
        Customer.objects.create(email="a@x.example")
        Customer.objects.create(email="b@x.example")
        raise ZeroDivisionError

    with in_merchant(ann):
        assert Customer.objects.count() == 0


def test_an_error_in_the_first_statement_leaves_a_usable_connection(ann: Merchant) -> None:
    with pytest.raises(DatabaseError, match="division"), in_merchant(ann):
        ask("SELECT 1/0")

    assert connection.connection.get_transaction_status() == 0
    assert ask("SELECT current_setting('app.merchant', true)") in ("", None)


def test_a_savepoint_may_come_first_and_be_rolled_back(ann: Merchant) -> None:
    with in_merchant(ann):
        with pytest.raises(DatabaseError), transaction.atomic():
            ask("SELECT 1/0")
        Customer.objects.create(email="a@x.example")

    with in_merchant(ann):
        assert Customer.objects.count() == 1


def test_many_at_once_are_in_the_transaction_too(ann: Merchant) -> None:
    with pytest.raises(ZeroDivisionError), in_merchant(ann):
        with connection.cursor() as cursor:
            cursor.executemany("UPDATE tenancy_brand SET name = %s", [("a",), ("b",)])
        raise ZeroDivisionError

    with in_merchant(ann):
        assert ask("SELECT name FROM tenancy_brand") not in ("a", "b")


def test_a_lone_statement_commits_in_one_message_and_what_follows_is_a_transaction(ann: Merchant, sent: CaptureQueriesContext) -> None:
    with pytest.raises(ZeroDivisionError), in_merchant(ann):
        scope.let_next_commit()
        ask("UPDATE tenancy_brand SET name = 'kept' RETURNING name")
        ask("UPDATE tenancy_brand SET name = 'lost' RETURNING name")
        raise ZeroDivisionError

    first, second = (text for text in texts(sent) if "UPDATE" in text)
    assert first.startswith("SELECT set_config")
    assert second.startswith("BEGIN;SELECT set_config")
    with in_merchant(ann):
        assert ask("SELECT name FROM tenancy_brand") == "kept"


def test_a_lone_statement_is_none_once_the_transaction_has_begun(ann: Merchant) -> None:
    with pytest.raises(ZeroDivisionError), in_merchant(ann):
        ask("SELECT 1")
        scope.let_next_commit()
        ask("UPDATE tenancy_brand SET name = 'lost' RETURNING name")
        raise ZeroDivisionError

    with in_merchant(ann):
        assert ask("SELECT name FROM tenancy_brand") != "lost"


def test_without_autocommit_each_end_begins_anew(ann: Merchant) -> None:
    transaction.set_autocommit(False)
    try:
        ask("SELECT 1")
        transaction.commit()
        ask("SELECT 1")
        assert connection.connection.get_transaction_status() == 2
        transaction.rollback()
        assert connection.connection.get_transaction_status() == 0
    finally:
        transaction.set_autocommit(True)
