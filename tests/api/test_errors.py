"""Every answer of the API that is no success is a problem, and says what to do."""

from typing import Any

import pytest
from django.test import Client

from api.v1 import orders, rate
from orders.models import Order
from postpurchase.tenancy.models import Merchant
from postpurchase.tenancy.scope import in_merchant
from tests.api.conftest import Caller, hire_key, order

pytestmark = pytest.mark.django_db


def problem(response: Any, status: int, code: str) -> str:
    assert (response.status_code, response["Content-Type"]) == (status, "application/problem+json")
    body = response.json()
    assert (body["status"], body["type"]) == (status, f"/problems/{code}")
    assert body["title"]
    assert response["X-Request-Id"]
    return str(body["detail"])


@pytest.mark.parametrize(
    "path", ["/api/", "/api/v1", "/api/v1/", "/api/v1/nothing", "/api/v2/orders", "/api/v1/orders/", "/api/v1/orders/x/y"]
)
@pytest.mark.parametrize("method", ["get", "post", "put", "delete", "options"])
def test_an_unknown_path_is_404_to_everybody(db: None, path: str, method: str) -> None:
    problem(getattr(Client(), method)(path), 404, "not-found")


def test_no_key_and_a_wrong_key_are_401(db: None) -> None:
    for headers in ({}, {"Authorization": "Bearer pk_live_wrong"}, {"Authorization": "Basic x"}, {"Authorization": "Bearer \x00"}):
        response = Client(headers=headers).get("/api/v1/orders")
        problem(response, 401, "not-authenticated")
        assert response["WWW-Authenticate"].startswith("Bearer")


def test_a_missing_scope_is_403_and_named(ann: Merchant) -> None:
    reader = hire_key(ann, scopes=("orders:read",))

    assert "orders:write" in problem(reader.post("orders", order()), 403, "permission-denied")
    assert reader.get("orders").status_code == 200


def test_a_method_that_is_not_there_is_405(caller: Caller) -> None:
    for method in ("put", "patch", "delete", "options"):
        problem(getattr(caller.client, method)("/api/v1/orders"), 405, "method-not-allowed")
    problem(caller.get("orders/bulk"), 405, "method-not-allowed")


@pytest.mark.parametrize("body", [b"", b"{", b"\xff\xfe", b"nope", b'{"external_id": "\xff"}', b'{"extra": ' + b"[" * 100_000])
@pytest.mark.parametrize("path", ["orders", "orders/bulk", "shipments", "scans"])
def test_what_is_not_json_is_400(caller: Caller, path: str, body: bytes) -> None:
    problem(caller.post(path, body), 400, "malformed-json")


@pytest.mark.parametrize("body", [b"[]", b"1", b"null", b'"x"', b"true"])
@pytest.mark.parametrize("path", ["orders", "orders/bulk", "shipments", "scans"])
def test_json_that_is_no_object_is_422(caller: Caller, path: str, body: bytes) -> None:
    problem(caller.post(path, body), 422, "invalid")


def test_characters_that_no_database_holds_are_422(caller: Caller) -> None:
    problem(caller.post("orders", b'{"external_id": "a\\u0000b"}'), 422, "invalid")
    problem(caller.post("orders/bulk", b'{"orders": [{"external_id": "a\\u0000b"}]}'), 422, "invalid")
    surrogate = caller.post("orders", order(extra={"x": "\ud800"}))
    assert surrogate.status_code in (400, 422)


def test_a_body_past_its_limit_is_413(caller: Caller) -> None:
    assert "2 MiB" in problem(caller.post("orders", b" " * (2 * 1024 * 1024 + 1)), 413, "too-large")
    assert "8 MiB" in problem(caller.post("orders/bulk", b" " * (8 * 1024 * 1024 + 1)), 413, "too-large")
    many = [order(external_id=str(n), extra={"note": "x" * 14_000}) for n in range(500)]
    assert caller.post("orders/bulk", {"orders": many}).status_code == 200


def test_a_body_that_is_not_sent_as_json_is_415(caller: Caller) -> None:
    problem(caller.client.post("/api/v1/orders", {"a": "b"}), 415, "not-json")
    problem(caller.post("orders", order(), Content_Encoding="gzip"), 415, "not-json")


@pytest.mark.parametrize(
    ("path", "query", "name"),
    [
        ("orders", {"limit": "0"}, "limit"),
        ("orders", {"limit": "101"}, "limit"),
        ("orders", {"limit": "ten"}, "limit"),
        ("orders", {"cursor": "x"}, "cursor"),
        ("orders", {"emial": "a@b.example"}, "emial"),
        ("orders", {"number": "\x00"}, "number"),
        ("orders", {"status": "lost"}, "status"),
        ("orders", {"placed_after": "2026-03-01"}, "placed_after"),
        ("shipments", {"order": "123"}, "order"),
        ("shipments", {"status": "lost"}, "status"),
        ("messages", {"state": "gone"}, "state"),
        ("events", {"kind": "order.eaten"}, "kind"),
        ("events", {"after": "ord_00000000000000000000000000"}, "after"),
        ("customers", {"page": "2"}, "page"),
    ],
)
def test_a_wrong_query_parameter_is_400_and_named(caller: Caller, path: str, query: dict[str, str], name: str) -> None:
    response = caller.get(path, query)

    problem(response, 400, "bad-query")
    assert response.json()["errors"][0]["parameter"] == name


def test_the_request_id_is_echoed_or_made(caller: Caller) -> None:
    assert caller.get("orders", {}, **{"X-Request-Id": "abc-1"})["X-Request-Id"] == "abc-1"
    assert caller.get("orders", {}, **{"X-Request-Id": "<script>"})["X-Request-Id"].startswith("req_")


def test_our_own_mistake_is_500_rolled_back_and_told_with_its_id(ann: Merchant, caller: Caller, monkeypatch: pytest.MonkeyPatch) -> None:
    kept = orders.record_new

    def fail_late(*args: Any, **kwargs: Any) -> None:
        kept(*args, **kwargs)
        raise RuntimeError("bug")

    monkeypatch.setattr(orders, "record_new", fail_late)

    response = caller.post("orders", order(), X_Request_Id="r-1")

    assert "r-1" in problem(response, 500, "our-mistake")
    assert "bug" not in response.text
    with in_merchant(ann):
        assert Order.objects.count() == 0


def test_past_its_rate_a_key_is_told_to_wait(caller: Caller, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(rate, "limiter", rate.Limiter(rate.limiter._redis, per_second=1))

    answers = [caller.get("orders") for _ in range(12)]

    assert [answer.status_code for answer in answers[:10]] == [200] * 10
    problem(answers[10], 429, "too-many-requests")
    assert 1 <= int(answers[10]["Retry-After"]) <= 10
    assert answers[10]["RateLimit-Policy"] == '"default";q=10;w=10'
    assert answers[0]["RateLimit"].startswith('"default";r=9;t=')
    assert answers[10]["RateLimit"].startswith('"default";r=0;t=')
