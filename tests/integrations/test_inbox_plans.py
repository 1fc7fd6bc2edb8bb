"""Pages of the inbox are answered by indexes, as the application's role and under row level security, however much came in."""

import re
from collections.abc import Callable, Iterator
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.db.models import QuerySet

from dashboard.inbox import KEYS, VIEWS
from integrations.connections import health, keep
from integrations.models import Connection, Delivery, InboundDelivery
from postpurchase.lib import clock, ids
from postpurchase.tenancy.models import Merchant
from postpurchase.tenancy.scope import in_merchant
from postpurchase.ui.paging import page
from tests.conftest import APP, OWNER, connect_as

pytestmark = pytest.mark.django_db(transaction=True)
MANY = 20_000


@pytest.fixture
def busy(ann: Merchant) -> Iterator[Connection]:
    """A shop that has sent 20,000 deliveries in a month, of which few failed, beside a quiet carrier; PostgreSQL has counted them."""
    with in_merchant(ann):
        shop, quiet = keep.add("shopify", label="Shop")[0], keep.add("easypost", label="Carriers")[0]
        first = clock.machine_now() - timedelta(days=29)
        for start in range(0, MANY, 2000):
            at = [first + timedelta(days=29) * (n / MANY) for n in range(start, start + 2000)]
            InboundDelivery.objects.bulk_create([row(shop, start + n, moment) for n, moment in enumerate(at)])
        InboundDelivery.objects.bulk_create([row(quiet, MANY + n, first + timedelta(days=n)) for n in range(5)])
    connect_as(OWNER)
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE integrations_inbounddelivery")
    connect_as(APP)
    with in_merchant(ann):
        yield shop


def row(source: Connection, n: int, at: Any) -> InboundDelivery:
    state = Delivery.FAILED if n % 500 == 0 else Delivery.DONE
    return InboundDelivery(
        pk=ids.uuid.UUID(int=ids.first_of(at).int + n), connection=source, delivery_id=str(n), topic="orders/create", headers={},
        body=b"{}", state=state, received_at=at, processed_at=at,
    )  # fmt: skip


def plans_of(ask: Callable[[], object]) -> str:
    """The plans of all that is asked, with the rows they touched."""
    seen: list[tuple[str, Any]] = []

    def watch(execute: Callable[..., Any], sql: str, params: Any, many: bool, context: dict[str, Any]) -> Any:
        seen.append((sql, params))
        return execute(sql, params, many, context)

    with connection.execute_wrapper(watch):
        ask()
    told = []
    for sql, params in seen:
        with connection.cursor() as cursor:
            cursor.execute(f"EXPLAIN (ANALYZE, COSTS OFF, TIMING OFF, SUMMARY OFF) {sql}", params)
            told += [line for (line,) in cursor.fetchall()]
    return "\n".join(told)


def inbox(source: Connection, view: str) -> QuerySet[InboundDelivery]:
    return InboundDelivery.objects.filter(connection=source, state__in=VIEWS[view]).defer("body", "headers", "result")


@pytest.mark.parametrize(("view", "index"), [("", "delivery_log"), ("failed", "delivery_trouble"), ("recorded", "delivery_log")])
def test_a_page_of_the_inbox_reads_little_more_than_it_shows(busy: Connection, view: str, index: str) -> None:
    plan = plans_of(lambda: page(inbox(busy, view), size=50, keys=KEYS))

    assert index in plan
    assert "Seq Scan" not in plan
    assert max(int(float(rows)) for rows in re.findall(r"rows=([\d.]+)", plan)) <= 51


def test_the_health_of_all_connections_reads_no_inbox_through(busy: Connection) -> None:
    plan = plans_of(lambda: health.of(keep.kept()))

    assert "Seq Scan on integrations_inbounddelivery" not in plan
    assert max(int(float(rows)) for rows in re.findall(r"rows=([\d.]+)", plan)) <= 60
