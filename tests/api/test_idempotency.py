"""Idempotency-Key: the same POST again does nothing and answers the same."""

import threading
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection, connections
from django.test.utils import CaptureQueriesContext

from api.v1 import orders
from integrations.models import IdempotencyRecord
from integrations.tasks import purge_idempotency_records
from orders.models import Order
from postpurchase.lib import clock
from postpurchase.tenancy.models import Merchant
from postpurchase.tenancy.scope import in_merchant
from tests.api.conftest import Caller, hire_key, order


def count(merchant: Merchant) -> tuple[int, int]:
    with in_merchant(merchant):
        return Order.objects.count(), IdempotencyRecord.objects.count()


def test_a_repeat_gets_the_first_answer_and_does_nothing(ann: Merchant, caller: Caller) -> None:
    first = caller.post("orders", order(), Idempotency_Key="k1")

    again = caller.post("orders", order(), Idempotency_Key="k1")

    assert (again.status_code, again.content) == (201, first.content)
    assert again["Idempotency-Replayed"] == "true"
    assert "Idempotency-Replayed" not in first
    assert count(ann) == (1, 1)


def test_the_key_on_another_body_or_path_is_422(ann: Merchant, caller: Caller) -> None:
    caller.post("orders", order(), Idempotency_Key="k1")

    for path, body in (("orders", order(total=1)), ("orders/bulk", order()), ("orders?x=1", order())):
        answer = caller.post(path, body, Idempotency_Key="k1")
        assert (answer.status_code, answer.json()["type"]) == (422, "/problems/idempotency-key-reused")
    assert count(ann) == (1, 1)


def test_another_key_holder_may_use_the_same_text(ann: Merchant, bob: Merchant, caller: Caller) -> None:
    others = [hire_key(ann), hire_key(bob)]

    answers = [somebody.post("orders", order(external_id=str(n)), Idempotency_Key="k1") for n, somebody in enumerate([caller, *others])]

    assert [answer.status_code for answer in answers] == [201, 201, 201]


def test_a_refusal_is_not_kept_so_the_mended_body_may_use_the_key(ann: Merchant, caller: Caller) -> None:
    refused = caller.post("orders", order(total=-1), Idempotency_Key="k1")

    mended = caller.post("orders", order(), Idempotency_Key="k1")

    assert (refused.status_code, mended.status_code) == (422, 201)


def test_our_own_mistake_is_not_kept(ann: Merchant, caller: Caller, monkeypatch: pytest.MonkeyPatch) -> None:
    with monkeypatch.context() as patch:
        patch.setattr(orders, "record_orders", lambda *args, **kwargs: 1 / 0)
        assert caller.post("orders", order(), Idempotency_Key="k1").status_code == 500

    assert caller.post("orders", order(), Idempotency_Key="k1").status_code == 201


@pytest.mark.parametrize("key", ["", "x" * 256, "a\tb", "ä"])
def test_a_key_that_is_no_key_is_400(caller: Caller, key: str) -> None:
    answer = caller.post("orders", order(), Idempotency_Key=key)

    assert (answer.status_code, answer.json()["type"]) == (400, "/problems/bad-idempotency-key")


def test_without_the_header_nothing_is_asked_or_written(ann: Merchant, caller: Caller) -> None:
    with CaptureQueriesContext(connection) as asked:
        caller.post("orders", order())

    assert not [query for query in asked.captured_queries if "idempotency" in query["sql"] or "advisory" in query["sql"]]
    assert count(ann) == (1, 0)


def test_a_key_is_forgotten_after_a_day(ann: Merchant, caller: Caller) -> None:
    caller.post("orders", order(), Idempotency_Key="old")
    caller.post("orders", order(external_id="2"), Idempotency_Key="new")
    with in_merchant(ann):
        IdempotencyRecord.objects.filter(key="old").update(created_at=clock.machine_now() - timedelta(hours=25))

    purge_idempotency_records()

    with in_merchant(ann):
        assert list(IdempotencyRecord.objects.values_list("key", flat=True)) == ["new"]


@pytest.mark.django_db(transaction=True)
def test_while_the_first_is_at_work_the_second_is_409(ann: Merchant, caller: Caller, monkeypatch: pytest.MonkeyPatch) -> None:
    caller.get("orders")  # the first call of an hour notes the key's last use, and holds its row
    inside, go_on, kept = threading.Event(), threading.Event(), orders.record_orders

    def slow(*args: Any, **kwargs: Any) -> Any:
        inside.set()
        assert go_on.wait(20)
        return kept(*args, **kwargs)

    monkeypatch.setattr(orders, "record_orders", slow)
    with ThreadPoolExecutor(1) as pool:
        first = pool.submit(_post_and_close, caller, order(), "k1")
        assert inside.wait(20)

        second = caller.post("orders", order(), Idempotency_Key="k1")
        go_on.set()

        assert first.result().status_code == 201
    assert (second.status_code, second["Retry-After"], second.json()["type"]) == (409, "1", "/problems/in-flight")
    assert caller.post("orders", order(), Idempotency_Key="k1")["Idempotency-Replayed"] == "true"
    assert count(ann) == (1, 1)


@pytest.mark.django_db(transaction=True)
def test_twenty_at_once_make_one_order_and_answer_alike_or_409(ann: Merchant, caller: Caller) -> None:
    with ThreadPoolExecutor(8) as pool:
        answers = list(pool.map(lambda _: _post_and_close(caller, order(), "k1"), range(20)))

    assert {answer.status_code for answer in answers} <= {201, 409}
    assert len({answer.content for answer in answers if answer.status_code == 201}) == 1
    assert count(ann) == (1, 1)


def _post_and_close(caller: Caller, body: Any, key: str) -> Any:
    try:
        return caller.post("orders", body, Idempotency_Key=key)
    finally:
        connections.close_all()
