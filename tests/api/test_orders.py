"""Orders by the API."""

from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from orders.intake import record_orders
from orders.models import Line, Order
from postpurchase.tenancy.models import Merchant
from postpurchase.tenancy.scope import in_merchant
from tests.api.conftest import Caller, hire_key, order
from tests.factories import order_data

pytestmark = pytest.mark.django_db


def test_a_posted_order_is_created_and_can_be_read_whole(caller: Caller) -> None:
    made = caller.post("orders", order())

    assert made.status_code == 201
    assert made.json() == {"outcome": "created", "external_id": "1043", "id": made.json()["id"], "errors": []}
    read = caller.get(f"orders/{made.json()['id']}").json()
    assert {name: read[name] for name in ("number", "status", "email", "currency", "total", "shipping_total", "items_total", "test")} == {
        "number": "#1043", "status": "open", "email": "mia.berg@example.com", "currency": "EUR", "total": 5400, "shipping_total": 500,
        "items_total": 4900, "test": False,
    }  # fmt: skip
    assert [(line["title"], line["unit_price"], line["shipping"]) for line in read["lines"]] == [("Linen shirt", 4900, 500)]
    assert read["shipping_address"]["line1"] == "Torstraße 12"
    assert (read["refunds"], read["shipments"]) == ([], [])


def test_sent_again_it_is_unchanged_then_updated_then_stale(caller: Caller) -> None:
    first = caller.post("orders", order())

    again = caller.post("orders", order())
    newer = caller.post("orders", order(updated_at="2026-03-02T10:00:00Z", email="new@example.com"))
    older = caller.post("orders", order(updated_at="2026-03-02T09:45:00Z", email="old@example.com"))

    assert [(r.status_code, r.json()["outcome"]) for r in (again, newer, older)] == [(200, "unchanged"), (200, "updated"), (200, "stale")]
    assert {r.json()["id"] for r in (first, again, newer, older)} == {first.json()["id"]}
    assert caller.get(f"orders/{first.json()['id']}").json()["email"] == "new@example.com"


@pytest.mark.parametrize(
    ("changes", "pointer", "message"),
    [
        ({"number": None}, "/number", "must be text, not null"),
        ({"total": "12.30"}, "/total", "must be a whole number, not text"),
        ({"total": 12.5}, "/total", "must be a whole number, not a decimal number"),
        ({"total": -1}, "/total", "must be at least 0"),
        ({"currency": "eur"}, "/currency", "must be text of the form ^[A-Z]{3}$"),
        ({"shop_currency": "ZZZ"}, "/shop_currency", "'ZZZ' is not an ISO 4217 currency code: send one, for example EUR"),
        ({"placed_at": "2026-03-02T09:30:00"}, "/placed_at", "must say its offset from UTC, for example 2026-03-01T12:00:00Z"),
        ({"placed_at": "yesterday"}, "/placed_at", "must be a time with an offset, for example 2026-03-01T12:00:00Z"),
        ({"placed": "x"}, "/placed", "is not a field here: check its spelling or leave it out"),
        ({"lines": [{"external_id": "1", "title": "x", "quantity": 0, "unit_price": 1}]}, "/lines/0/quantity", "must be at least 1"),
        ({"lines": [{"external_id": "1", "title": "x", "quantity": 1}]}, "/lines/0/unit_price", "is required"),
        ({"shipping_address": {"country": "Germany"}}, "/shipping_address/country", "must be text of the form ^([A-Z]{2})?$"),
        ({"number": ""}, "/number", "must be at least 1 characters long"),
    ],
)
def test_a_refusal_names_the_field_and_what_to_do(
    ann: Merchant, caller: Caller, changes: dict[str, Any], pointer: str, message: str
) -> None:
    response = caller.post("orders", order(**changes))

    assert (response.status_code, response["Content-Type"]) == (422, "application/problem+json")
    assert response.json()["errors"] == [{"pointer": pointer, "message": message}]
    with in_merchant(ann):
        assert Order.objects.count() == 0


def test_every_wrong_field_is_named_at_once(caller: Caller) -> None:
    response = caller.post("orders", {"external_id": 7, "number": "x", "lines": []})

    assert [error["pointer"] for error in response.json()["errors"]] == ["/external_id", "/placed_at", "/updated_at", "/currency", "/total"]


def test_a_batch_answers_for_each_item_in_its_place(ann: Merchant, caller: Caller) -> None:
    orders = [order(), order(external_id="2", total=-5), "no order", order(external_id="3"), order()]

    response = caller.post("orders/bulk", {"orders": orders})

    assert response.status_code == 200
    results = response.json()["results"]
    assert [(r["outcome"], r["external_id"]) for r in results] == [
        ("unchanged", "1043"), ("refused", "2"), ("refused", ""), ("created", "3"), ("created", "1043"),
    ]  # fmt: skip
    assert results[1]["errors"] == [{"pointer": "/total", "message": "must be at least 0"}]
    assert results[2]["errors"] == [{"pointer": "", "message": "must be an object, not text"}]
    with in_merchant(ann):
        assert Order.objects.count() == 2


@pytest.mark.parametrize("body", [{"orders": []}, {"orders": [{}] * 501}, {"order": []}, {"orders": [], "x": []}, [], {"orders": {}}])
def test_a_batch_that_is_no_list_of_1_to_500_is_refused(caller: Caller, body: Any) -> None:
    response = caller.post("orders/bulk", body)

    assert response.status_code == 422
    assert response.json()["errors"][0]["pointer"] == "/orders"


def test_one_order_costs_the_intake_and_two_statements(ann: Merchant, caller: Caller) -> None:
    caller.post("orders", order(external_id="warm"))  # the process learns the connection; the key's last use is noted
    with in_merchant(ann), CaptureQueriesContext(connection) as intake:
        record_orders([order_data(external_id="a", lines=[])], connection_id=Order.objects.values_list("connection_id", flat=True)[0])

    with CaptureQueriesContext(connection) as request:
        caller.post("orders", order(external_id="b"))

    # the key's gate; BEGIN and COMMIT are savepoints in a test, and the scope is set and handed back
    assert len(request) <= len(intake) - 1 + 3 + 3


def test_500_orders_cost_as_many_statements_as_one(caller: Caller) -> None:
    caller.post("orders", order(external_id="warm"))
    with CaptureQueriesContext(connection) as one:
        caller.post("orders/bulk", {"orders": [order(external_id="x", email="x@example.com", customer=None)]})
    many = [order(external_id=f"y{n}", email=f"y{n}@example.com", customer=None) for n in range(500)]

    with CaptureQueriesContext(connection) as bulk:
        response = caller.post("orders/bulk", {"orders": many})

    assert {result["outcome"] for result in response.json()["results"]} == {"created"}
    assert len(bulk) == len(one)


def test_lists_filter_and_page(caller: Caller) -> None:
    for n in range(5):
        caller.post("orders", order(external_id=str(n), number=f"#{n}", placed_at=f"2026-03-0{n + 1}T12:00:00Z", email=f"{n}@example.com"))

    first = caller.get("orders", {"limit": 2}).json()
    second = caller.get("orders", {"limit": 2, "cursor": first["next_cursor"]}).json()
    third = caller.get("orders", {"limit": 2, "cursor": second["next_cursor"]}).json()

    numbers = [[row["number"] for row in page["data"]] for page in (first, second, third)]
    assert numbers == [["#4", "#3"], ["#2", "#1"], ["#0"]]
    assert (first["has_more"], third["has_more"], third["next_cursor"]) == (True, False, None)

    def found(**query: str) -> list[str]:
        return [row["number"] for row in caller.get("orders", query).json()["data"]]

    assert found(number="#3") == ["#3"]
    assert found(email="2@EXAMPLE.com") == ["#2"]
    assert found(placed_after="2026-03-04T12:00:00Z") == ["#4", "#3"]
    assert found(placed_before="2026-03-02T13:00:00+01:00") == ["#0"]
    assert found(status="cancelled") == []
    assert len(found(status="open")) == 5


def test_the_number_of_statements_of_a_page_does_not_depend_on_its_rows(caller: Caller) -> None:
    caller.post("orders/bulk", {"orders": [order(external_id=str(n)) for n in range(60)]})
    caller.get("orders")
    with CaptureQueriesContext(connection) as small:
        caller.get("orders", {"limit": 1})

    with CaptureQueriesContext(connection) as large:
        assert len(caller.get("orders", {"limit": 60}).json()["data"]) == 60

    assert len(large) == len(small)


def test_test_keys_and_live_keys_live_apart(ann: Merchant, caller: Caller, tester: Caller) -> None:
    live, test = caller.post("orders", order()), tester.post("orders", order())

    assert (live.status_code, test.status_code) == (201, 201)
    assert [row["id"] for row in caller.get("orders").json()["data"]] == [live.json()["id"]]
    assert [(row["id"], row["test"]) for row in tester.get("orders").json()["data"]] == [(test.json()["id"], True)]
    assert tester.get(f"orders/{live.json()['id']}").status_code == 404
    assert caller.get(f"orders/{test.json()['id']}").status_code == 404
    with in_merchant(ann):
        assert Line.objects.count() == 2


def test_another_merchants_order_is_as_missing_as_a_made_up_one(bob: Merchant, caller: Caller) -> None:
    made = caller.post("orders", order()).json()["id"]
    stranger = hire_key(bob)

    answers = [stranger.get(f"orders/{public_id}") for public_id in (made, "ord_" + "0" * 26, "ord_x", "cus_" + made[4:])]

    assert {answer.status_code for answer in answers} == {404}
    assert len({answer.content for answer in answers}) == 1
