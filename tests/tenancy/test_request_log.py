"""Each request leaves one line, by its route, under an id that its answer names."""

import logging
from typing import Any

import pytest
from django.test import Client

from postpurchase.tenancy.models import Merchant, Role
from tests.api.conftest import hire_key
from tests.people import signed_in

pytestmark = pytest.mark.django_db
LOGGER = "postpurchase.tenancy.request_log"


@pytest.fixture
def told(caplog: pytest.LogCaptureFixture) -> Any:
    caplog.set_level(logging.INFO, LOGGER)
    return lambda: [record.__dict__ for record in caplog.records if record.name == LOGGER]


def test_a_page_of_the_dashboard_is_told_with_merchant_and_person(ann: Merchant, told: Any) -> None:
    client = signed_in(ann, Role.VIEWER)

    answer = client.get("/m/ann/orders/?q=kim@home.example", headers={"X-Request-Id": "r-1"})

    (line,) = told()
    assert answer["X-Request-Id"] == "r-1"
    assert (line["method"], line["route"], line["status"]) == ("GET", "/m/<slug:slug>/orders/", 200)
    assert line["merchant"] == str(ann.pk)
    assert line["user"] == client.session["_auth_user_id"]
    assert line["ms"] > 0


def test_a_call_is_told_with_its_key(ann: Merchant, told: Any) -> None:
    hire_key(ann).get("orders")

    (line,) = told()
    assert (line["route"], line["merchant"]) == ("/api/v1/orders", str(ann.pk))
    assert "key" in line


@pytest.mark.parametrize("path", ["/t/AAAAAAAAAAAAAAAAAAAAAA", "/u/AAAAAAAAAAAAAAAAAAAAAAAAAAA", "/nothing/of/ours"])
def test_a_link_never_stands_in_the_line(client: Client, told: Any, path: str) -> None:
    answer = client.get(path)

    (line,) = told()
    assert answer.status_code == line["status"] == 404
    assert "AAAA" not in line["route"]


def test_an_id_that_is_no_id_is_replaced(client: Client, db: None) -> None:
    assert client.get("/nothing", headers={"X-Request-Id": "a b"})["X-Request-Id"].startswith("req_")


def test_probes_leave_no_line(client: Client, told: Any) -> None:
    assert client.get("/health/live")["X-Request-Id"].startswith("req_")
    assert told() == []
