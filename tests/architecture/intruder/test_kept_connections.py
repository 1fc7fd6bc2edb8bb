"""Two shops' requests alternate over connections that are kept, in real transactions: none sees what the other left behind."""

import random
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import override_settings

from postpurchase.lib import clock
from postpurchase.tenancy import scope
from tests.architecture.intruder.build import build
from tests.architecture.intruder.personas import Persona, logged_in, with_key
from tests.architecture.intruder.shapes import AT
from tests.architecture.intruder.world import World

THREADS, REQUESTS = 4, 80
REST = "SELECT pg_backend_pid(), current_setting('app.merchant', true), current_user::text"


@dataclass
class Seen:
    """What one thread saw."""

    faults: list[str] = field(default_factory=list)
    backends: set[int] = field(default_factory=set)
    statuses: list[int] = field(default_factory=list)


@dataclass(frozen=True)
class Call:
    """A request of one shop's person or program, and what it must get: its own rows, or nothing of the other's."""

    who: Persona
    path: str
    status: int
    own: str
    other: str


@pytest.fixture
def shops(transactional_db: None) -> tuple[World, World]:
    with override_settings(PASSWORD_HASHERS=["django.contrib.auth.hashers.MD5PasswordHasher"]):
        return build("ann", "ottercanary"), build("bob", "marmotcanary")


@pytest.fixture
def kept(monkeypatch: pytest.MonkeyPatch) -> None:
    """As in production: a connection outlives its request."""
    monkeypatch.setitem(connection.settings_dict, "CONN_MAX_AGE", 600)


def calls(mine: World, other: World) -> Iterator[Call]:
    """Of one shop: its own rows by page and by API, and the other's ids, which it must not find."""
    owner, key = logged_in(mine, "owner"), with_key(mine, "full")
    order, theirs = (shop.public("ord", "orders.Order") for shop in (mine, other))
    asked = [
        (owner, f"/m/{mine.slug}/orders/{order}/", 200),
        (owner, f"/m/{mine.slug}/orders/{theirs}/", 404),
        (owner, f"/m/{other.slug}/orders/{theirs}/", 404),
        (key, f"/api/v1/orders/{order}", 200),
        (key, "/api/v1/orders", 200),
        (key, f"/api/v1/orders/{theirs}", 404),
        (Persona("shopper"), f"/t/{mine.link()}", 200),
    ]
    return (Call(who, path, status, mine.word if status == 200 else "", other.word) for who, path, status in asked)


def alternate(of_ann: list[Call], of_bob: list[Call], seed: int, requests: int = REQUESTS) -> Seen:
    """One thread's requests, the two shops in turn, over one connection."""
    seen, dice = Seen(), random.Random(seed)
    try:
        with clock.frozen(AT + timedelta(days=1)):  # links that were sent then still open
            for turn in range(requests):
                look(dice.choice((of_ann, of_bob)[turn % 2]), seen)
    finally:
        connection.close()
    return seen


def look(call: Call, seen: Seen) -> None:
    response: Any = call.who.client().get(call.path)
    text = response.content.decode()
    seen.statuses.append(response.status_code)
    with connection.cursor() as cursor:
        cursor.execute(REST)
        pid, merchant, role = cursor.fetchone()
    seen.backends.add(pid)
    right = response.status_code == call.status and call.own in text and call.other not in text
    if not right or merchant or role != "postpurchase_app":
        seen.faults.append(f"{call.who.name} at {call.path}: {response.status_code}, merchant {merchant!r} as {role} left behind")


def test_requests_of_two_shops_alternate_over_kept_connections_and_nothing_leaks(shops: tuple[World, World], kept: None) -> None:
    ann, bob = shops
    of_ann, of_bob = list(calls(ann, bob)), list(calls(bob, ann))

    with ThreadPoolExecutor(THREADS) as pool:
        threads = [pool.submit(alternate, of_ann, of_bob, seed) for seed in range(THREADS)]
        found = [thread.result() for thread in threads]

    print(f"{sum(len(seen.statuses) for seen in found)} requests over {THREADS} connections")
    assert [fault for seen in found for fault in seen.faults] == []
    assert [len(seen.backends) for seen in found] == [1] * THREADS
    assert {status for seen in found for status in seen.statuses} == {200, 404}


def test_a_merchant_set_for_longer_than_the_transaction_would_be_seen(
    shops: tuple[World, World], kept: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    ann, bob = shops
    of_ann, of_bob = list(calls(ann, bob)), list(calls(bob, ann))
    monkeypatch.setattr(scope, "SET_SCOPE", scope.SET_SCOPE.replace("true", "false"))

    with ThreadPoolExecutor(1) as pool:
        seen = pool.submit(alternate, of_ann, of_bob, 1, 10).result()

    assert any("left behind" in fault for fault in seen.faults)
