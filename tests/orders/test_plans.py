"""What is asked often is answered by an index, as the application's role and under row level security, however many orders there are."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection

from integrations.models import Connection
from orders import lookup, people
from orders.intake import record_orders
from orders.models import Order
from postpurchase.events import tasks as event_tasks
from postpurchase.jobs import eager
from postpurchase.tenancy.models import Merchant
from postpurchase.tenancy.scope import in_merchant
from postpurchase.ui.paging import page
from tests.conftest import APP, OWNER, connect_as
from tests.factories import PLACED, customer_data, order_data

pytestmark = pytest.mark.django_db(transaction=True)
MANY = 3000
RELAY = event_tasks.relay  # what a commit nudges: its name must be known to this process


@pytest.fixture
def busy(ann: Merchant) -> Iterator[Merchant]:
    """Ann has 3,000 orders, and PostgreSQL has counted them."""
    with eager.collected(), in_merchant(ann):
        shop = Connection.objects.get().pk
        for start in range(0, MANY, 500):
            record_orders([an_order(n) for n in range(start, start + 500)], connection_id=shop)
    connect_as(OWNER)
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE orders_order, orders_customer")
    connect_as(APP)
    with eager.collected(), in_merchant(ann):
        yield ann


def an_order(n: int) -> Any:
    at, email = PLACED + timedelta(minutes=n // 3), f"p{n}@example.com"
    return order_data(
        placed_at=at,
        email=email,
        lines=[],
        total=0,
        customer=customer_data(email=email, last_name="Berg" + "".join("abcdefghij"[int(digit)] for digit in str(n))),
    )


@contextmanager
def watched() -> Iterator[list[tuple[str, Any]]]:
    seen: list[tuple[str, Any]] = []

    def watch(execute: Callable[..., Any], sql: str, params: Any, many: bool, context: dict[str, Any]) -> Any:
        seen.append((sql, params))
        return execute(sql, params, many, context)

    with connection.execute_wrapper(watch):
        yield seen


def plan_of(ask: Callable[[], Any]) -> list[str]:
    with watched() as seen:
        ask()
    assert len(seen) == 1
    with connection.cursor() as cursor:
        cursor.execute(f"EXPLAIN {seen[0][0]}", seen[0][1])
        return [row[0].strip() for row in cursor.fetchall()]


def test_every_search_has_its_index(busy: Merchant) -> None:
    searches: list[tuple[str, str, Callable[[], Any]]] = [
        ("order_by_number", "number_key", lambda: lookup.find("1001", email="a@x.example")),
        ("order_by_number", "number_key", lambda: list(lookup.search("1001").newest_first())),
        ("order_by_email", "email", lambda: list(lookup.search("p7@example.com").newest_first())),
        ("customer_by_name", "name_key", lambda: list(lookup.search("mia berghab").newest_first())),
    ]
    for index, column, ask in searches:
        plan = plan_of(ask)

        assert any(index in line for line in plan), "\n".join(plan)
        assert any(column in line for line in plan if line.startswith("Index Cond")), plan
        assert not any("Seq Scan" in line for line in plan), plan


def test_people_are_found_in_ranges_of_four_indexes(busy: Merchant) -> None:
    plan = "\n".join(plan_of(lambda: list(people.named("berghab")[:8])))

    for index in ("customer_by_name", "customer_by_first", "customer_by_third", "customer_by_fourth"):
        assert f"Index Scan on {index}" in plan
    assert "Seq Scan" not in plan


def test_customers_by_their_last_order_are_read_without_sorting(busy: Merchant) -> None:
    plan = plan_of(lambda: page(people.newest_orders(), size=5))

    assert any("using order_newest" in line for line in plan), plan
    assert any("using order_by_customer" in line for line in plan), plan
    assert not any("Sort" in line or "Seq Scan" in line for line in plan), plan


def test_a_deep_page_reads_one_range_of_the_index_without_sorting(busy: Merchant) -> None:
    deep = ""
    for _ in range(5):
        deep = page(Order.objects.all(), after=deep, size=500).next_cursor

    plan = plan_of(lambda: page(Order.objects.all(), after=deep, size=50))

    assert any("order_newest" in line for line in plan), plan
    assert any("ROW(" in line for line in plan if line.startswith("Index Cond")), plan
    assert not any("Sort" in line or "Seq Scan" in line for line in plan), plan


def test_a_deep_page_touches_no_more_than_the_first(busy: Merchant) -> None:
    deep = ""
    for _ in range(5):
        deep = page(Order.objects.all(), after=deep, size=500).next_cursor

    assert buffers(deep) <= buffers("") + 10


def buffers(cursor_text: str) -> int:
    """8 kB blocks that a page of 50 reads."""
    with watched() as seen:
        assert len(page(Order.objects.all(), after=cursor_text).items) == 50
    with connection.cursor() as cursor:
        for _ in range(2):  # the first time also reads the catalogue
            cursor.execute(f"EXPLAIN (ANALYZE, BUFFERS, FORMAT JSON) {seen[0][0]}", seen[0][1])
            [[[told]]] = cursor.fetchall()
    plan: dict[str, int] = told["Plan"]
    return plan["Shared Hit Blocks"] + plan["Shared Read Blocks"]
