"""The look-up says the same to everybody; the link goes to the address of the order."""

import contextlib
from collections.abc import Callable
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from notifications.models import Message
from orders.models import Order
from postpurchase.events.models import DomainEvent
from postpurchase.lib import clock
from postpurchase.tenancy.models import Merchant, RateCount
from postpurchase.tenancy.scope import in_merchant
from tests.portal.acts import place

Settled = Callable[[], contextlib.AbstractContextManager[None]]
RIGHT = {"order": "#1187", "proof": "mia.berg@example.com"}
WRONG = [
    {"order": "#9999", "proof": "mia.berg@example.com"},
    {"order": "#1187", "proof": "someone@example.com"},
    {"order": "#1187", "proof": "99999"},
    {"order": "'; --", "proof": "%' OR 1=1"},
]


@pytest.fixture
def order(ann: Merchant, now: clock.Hands, settled: Settled) -> Order:
    with settled(), in_merchant(ann):
        return place()


def links(ann: Merchant) -> list[tuple[str, str]]:
    with in_merchant(ann):
        return list(Message.objects.filter(template="tracking_link").values_list("to_address", "template"))


def test_the_form_asks_for_two_things(client: Client, ann: Merchant) -> None:
    body = client.get("/s/ann/").content.decode()

    assert 'name="order"' in body
    assert 'name="proof"' in body


def test_an_unknown_shop_is_404(client: Client, ann: Merchant) -> None:
    assert client.get("/s/nobody/").status_code == 404


@pytest.mark.parametrize("proof", ["mia.berg@example.com", "MIA.BERG@example.com ", "10119", "101 19"])
def test_the_link_goes_to_the_address_of_the_order(proof: str, client: Client, ann: Merchant, order: Order, settled: Settled) -> None:
    with settled():
        response = client.post("/s/ann/", {"order": "1187", "proof": proof})

    assert response.status_code == 200
    assert links(ann) == [("mia.berg@example.com", "tracking_link")]


@pytest.mark.parametrize("guess", WRONG[:3])
def test_a_wrong_guess_sends_nothing(guess: dict[str, str], client: Client, ann: Merchant, order: Order, settled: Settled) -> None:
    with settled():
        assert client.post("/s/ann/", guess).status_code == 200

    assert links(ann) == []


@pytest.mark.parametrize("guess", WRONG)
def test_every_guess_gets_the_same_answer_by_the_same_work(guess: dict[str, str], client: Client, order: Order) -> None:
    def ask(data: dict[str, str]) -> tuple[bytes, list[tuple[str, str]], list[str]]:
        with CaptureQueriesContext(connection) as queries:
            response = client.post("/s/ann/", data)
        headers = sorted((name, value) for name, value in response.headers.items() if name != "X-Request-Id")
        return response.content, headers, [query["sql"].split()[0] for query in queries]

    right, wrong = ask(RIGHT), ask(guess)

    assert wrong == right
    print(f"{len(right[2])} statements each")


def test_asking_again_within_the_hour_sends_one_link(client: Client, ann: Merchant, order: Order, settled: Settled) -> None:
    for _ in range(3):
        with settled():
            client.post("/s/ann/", RIGHT)

    assert len(links(ann)) == 1


def test_an_order_of_another_shop_is_not_found(client: Client, ann: Merchant, bob: Merchant, order: Order, settled: Settled) -> None:
    with settled():
        assert client.post("/s/bob/", RIGHT).status_code == 200

    assert links(ann) == links(bob) == []


def test_an_empty_field_is_named(client: Client, ann: Merchant) -> None:
    response = client.post("/s/ann/", {"order": "", "proof": "80337"})

    assert response.status_code == 422
    assert "Enter the order number. It is in the confirmation email." in response.content.decode()


def tries(times: int, **changes: Callable[[int], str]) -> list[int]:
    answers = []
    for n in range(times):
        data = {"order": changes.get("order", lambda n: f"#{n}")(n), "proof": changes.get("proof", lambda n: f"{n}@example.com")(n)}
        address = changes.get("address", lambda n: f"10.0.{n // 250}.{n % 250}")(n)
        answers.append(Client(REMOTE_ADDR=address).post("/s/ann/", data).status_code)
    return answers


@pytest.mark.parametrize(
    ("same", "allowed"),
    [
        ({"order": lambda n: ["#1187", "1187", " #1187 "][n % 3]}, 5),
        ({"address": lambda n: "10.1.1.1"}, 10),
        ({"address": lambda n: f"2001:db8:1:2::{n + 1:x}"}, 10),
        ({"proof": lambda n: "mia.berg@example.com"}, 20),
    ],
    ids=["order number", "address", "IPv6 network", "proof"],
)
def test_guesses_are_limited(same: dict[str, Any], allowed: int, ann: Merchant) -> None:
    assert tries(allowed + 2, **same) == [200] * allowed + [429] * 2


def test_too_many_guesses_are_told_alike_whichever_limit_it_was(ann: Merchant, order: Order) -> None:
    def refused(**same: Any) -> tuple[int, bytes, str]:
        for n in range(25):
            response = Client(REMOTE_ADDR=same.get("address", f"10.9.{n}.1")).post(
                "/s/ann/", {"order": same.get("order", f"#{n}"), "proof": same.get("proof", f"{n}@x.example")}
            )
        return response.status_code, response.content, response["Retry-After"]

    answers = {refused(order="#1187"), refused(order="#0815"), refused(address="10.1.1.1"), refused(proof="mia.berg@example.com")}

    assert [(status, retry) for status, _, retry in answers] == [(429, "3600")]


def test_what_was_typed_is_kept_nowhere(client: Client, ann: Merchant, order: Order, settled: Settled) -> None:
    with settled():
        client.post("/s/ann/", {"order": "#1187", "proof": "canary@example.com"})

    with in_merchant(ann):
        kept = [str(row) for row in DomainEvent.objects.filter(kind="portal.link_asked").values("payload", "subject", "thread")]
    assert len(kept) == 1
    assert "canary" not in kept[0]
    assert not any(b"canary" in bytes(row.key) for row in RateCount.objects.all())
