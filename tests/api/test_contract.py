"""The contract is what was agreed, and what the code does."""

import json
import os
import re
from pathlib import Path
from typing import Any

import pytest
from django.test import Client
from django.urls import get_resolver

from api.v1.docs import contract
from tests.api.conftest import Caller, order

GOLDEN = Path(__file__).parent.parent / "golden" / "openapi.json"
pytestmark = pytest.mark.django_db


def test_the_contract_is_the_golden_one(db: None) -> None:
    made = json.dumps(json.loads(Client().get("/api/v1/openapi.json").content), indent=2, sort_keys=True, ensure_ascii=False) + "\n"
    if os.environ.get("REFRESH_GOLDEN"):
        GOLDEN.write_text(made)

    assert made == GOLDEN.read_text(), "the contract changed: look at the diff, then run this test with REFRESH_GOLDEN=1"


def test_every_address_of_the_api_is_in_the_contract_and_every_reference_leads_somewhere() -> None:
    routes = {str(entry.pattern) for include in get_resolver().url_patterns for entry in getattr(include, "url_patterns", [])}
    ours = {"/" + re.sub(r"<str:(\w+)>", r"{\1}", route) for route in routes if route.startswith("api/v1/")}
    document = contract()

    assert ours - {"/api/v1/openapi.json", "/api/v1/docs"} == set(document["paths"])
    names = set(re.findall(r"#/components/schemas/(\w+)", json.dumps(document)))
    assert names <= set(document["components"]["schemas"])
    assert document["openapi"].startswith("3.1")
    ids = [operation["operationId"] for methods in document["paths"].values() for operation in methods.values()]
    assert len(ids) == len(set(ids))
    assert all(
        operation["summary"] and operation["description"] for methods in document["paths"].values() for operation in methods.values()
    )


def test_answers_have_the_fields_that_the_contract_names(caller: Caller) -> None:
    made = caller.post("orders", order()).json()["id"]

    def fields(shape: str) -> set[str]:
        return set(contract()["components"]["schemas"][shape]["properties"])

    listed = caller.get("orders").json()
    assert set(listed) == fields("OrderPage")
    assert set(listed["data"][0]) == fields("Order")
    assert set(caller.get(f"orders/{made}").json()) == fields("OrderDetail")
    assert set(caller.get("customers").json()["data"][0]) == fields("Customer")
    assert set(caller.get("events").json()["data"][0]) == fields("Event")
    problem: dict[str, Any] = caller.get("orders/ord_x").json()
    assert set(problem) <= fields("ProblemDetails")


def test_the_page_tells_every_operation_and_asks_nobody_else(db: None) -> None:
    page = Client().get("/api/v1/docs")

    assert page.status_code == 200
    text = page.content.decode()
    for methods in contract()["paths"].values():
        for operation in methods.values():
            assert f'id="{operation["operationId"]}"' in text
    assert not re.findall(r'(?:src|href)="(?:https?:)?//', text)
    assert "<script" not in text
    anchors = set(re.findall(r'href="#([\w-]+)"', text))
    assert anchors <= set(re.findall(r'id="([\w-]+)"', text))
