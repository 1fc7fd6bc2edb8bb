"""Who is served when: fairly over merchants and endpoints, never too many at once at one, none held up by another."""

import threading
import uuid
from collections import Counter
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from integrations.models import Outbound, WebhookDelivery
from integrations.webhooks import claim, deliver, endpoints
from postpurchase.lib import clock
from postpurchase.lib.ids import uuid7
from postpurchase.tenancy.models import Merchant
from postpurchase.tenancy.scope import every_tenant, in_merchant
from tests.people import open_shop
from tests.webhooks.conftest import NOW, Told, send
from tests.webhooks.receiver import Receiver


def pile(told: Told, count: int, *, ago: timedelta = timedelta(0)) -> None:
    """Deliveries that are due."""
    with in_merchant(told.merchant):
        WebhookDelivery.objects.bulk_create(
            WebhookDelivery(endpoint=told.row, event_id=uuid7(), kind="order.placed", body="{}", due_at=clock.business_now() - ago)
            for _ in range(count)
        )


def claimed_by_endpoint() -> Counter[uuid.UUID]:
    with every_tenant("test: count what is under way"):
        return Counter(WebhookDelivery.objects.filter(state=Outbound.CLAIMED).values_list("endpoint_id", flat=True))


@pytest.mark.django_db
def test_a_backlog_of_one_merchant_does_not_hold_up_another(ann: Merchant, bob: Merchant, receiver: Receiver, now: clock.Hands) -> None:
    busy = [Told(ann, f"{receiver.url}/{n}") for n in range(6)]
    quiet = Told(bob, receiver.url)
    for told in busy:
        pile(told, 50, ago=timedelta(hours=3))
    claim.claim(16)
    pile(quiet, 2)

    _, found = claim.claim(2)

    assert {merchant: len(ids) for merchant, ids in found.items()} == {bob.pk: 2}


@pytest.mark.django_db
def test_merchants_share_the_slots_evenly(receiver: Receiver, now: clock.Hands, db: None) -> None:
    shops = [open_shop(f"shop{n}") for n in range(4)]
    for n, shop in enumerate(shops):
        for one in range(n + 1):
            pile(Told(shop, f"{receiver.url}/{one}"), 30, ago=timedelta(minutes=n))

    _, found = claim.claim(8)

    assert {shop.slug: len(found[shop.pk]) for shop in shops} == dict.fromkeys(("shop0", "shop1", "shop2", "shop3"), 2)


@pytest.mark.django_db
def test_an_endpoint_gets_four_calls_at_once_and_one_while_it_fails(ann: Merchant, endpoint: Told, receiver: Receiver) -> None:
    failing = Told(ann, receiver.url + "/failing")
    with in_merchant(ann):
        failing.row.failing_since = NOW
        failing.row.save()
    pile(endpoint, 10)
    pile(failing, 10)

    for _ in range(3):
        claim.claim(16)

    assert claimed_by_endpoint() == {endpoint.row.pk: 4, failing.row.pk: 1}


@pytest.mark.django_db
def test_failing_endpoints_get_half_the_slots_at_most(ann: Merchant, receiver: Receiver, now: clock.Hands) -> None:
    for n in range(6):
        told = Told(ann, f"{receiver.url}/{n}")
        with in_merchant(ann):
            told.row.failing_since = NOW
            told.row.save()
        pile(told, 3, ago=timedelta(hours=1))

    _, found = claim.claim(4, failing=2)

    assert len(found[ann.pk]) == 2


@pytest.mark.django_db
def test_what_is_not_due_or_not_on_is_left(ann: Merchant, endpoint: Told, receiver: Receiver) -> None:
    off = Told(ann, receiver.url + "/off")
    pile(endpoint, 1, ago=timedelta(seconds=-1))
    with in_merchant(ann):
        endpoints.switch(off.row, on=False)
        off.row.refresh_from_db()
    pile(off, 1)

    assert claim.claim(16)[1] == {}


@pytest.mark.django_db
def test_a_slow_endpoint_holds_up_nobody(ann: Merchant, bob: Merchant, receiver: Receiver, now: clock.Hands) -> None:
    let_go = threading.Event()
    slow, quick = Told(ann, receiver.url + "/slow"), Told(bob, receiver.url + "/quick")
    pile(slow, 30, ago=timedelta(hours=1))
    pile(quick, 40)

    def last_of_the_quick() -> int:
        if sum(one.path == "/hooks/quick" for one in receiver.heard) == 40:
            let_go.set()
        return 200

    receiver.on = {"/hooks/slow": lambda: 200 if let_go.wait(10) else 500, "/hooks/quick": last_of_the_quick}
    assert send() == 70

    first_forty_four = Counter(one.path for one in receiver.heard[:44])
    assert first_forty_four == {"/hooks/quick": 40, "/hooks/slow": 4}
    assert receiver.at_once["/hooks/slow"] == 4
    with every_tenant("test: all have arrived"):
        assert set(WebhookDelivery.objects.values_list("state", flat=True)) == {Outbound.DONE}


@pytest.mark.django_db(transaction=True)
def test_many_workers_never_call_an_endpoint_more_often_at_once_nor_twice(ann: Merchant, bob: Merchant, receiver: Receiver) -> None:
    piles = [Told(ann, receiver.url + "/a"), Told(ann, receiver.url + "/b"), Told(bob, receiver.url + "/c")]
    for told in piles:
        pile(told, 40)
    pause = threading.Event()
    receiver.on = {f"/hooks/{name}": lambda: 200 if not pause.wait(0.01) else 500 for name in "abc"}
    made: list[int] = []

    def work() -> None:
        try:
            made.append(deliver.drain())
        finally:
            connection.close()

    workers = [threading.Thread(target=work) for _ in range(4)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()

    assert sum(made) == 120 == len(receiver.heard)
    assert Counter(one.id for one in receiver.heard).most_common(1)[0][1] == 1
    assert max(receiver.at_once.values()) <= claim.AT_ONCE
    with every_tenant("test: all have arrived"):
        assert set(WebhookDelivery.objects.values_list("state", "attempts")) == {(Outbound.DONE, 1)}


sizes = st.lists(st.lists(st.integers(0, 9), min_size=1, max_size=3), min_size=1, max_size=4)


@pytest.mark.django_db
@given(shops=sizes, free=st.integers(1, 16))
@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_any_claim_fills_the_slots_as_far_as_it_may_and_leaves_no_merchant_two_behind(
    receiver: Receiver, shops: list[list[int]], free: int
) -> None:
    with every_tenant("test: start over"):
        WebhookDelivery.objects.all().delete()
    told: dict[uuid.UUID, list[int]] = {}
    for piles in shops:
        shop = open_shop(f"s{uuid.uuid4().hex[:12]}")
        told[shop.pk] = piles
        for n, count in enumerate(piles):
            pile(Told(shop, f"{receiver.url}/{n}"), count)

    _, found = claim.claim(free)

    may = {merchant: sum(min(count, claim.AT_ONCE) for count in piles) for merchant, piles in told.items()}
    got = {merchant: len(found.get(merchant, [])) for merchant in told}
    assert sum(got.values()) <= free
    assert all(got[merchant] <= may[merchant] for merchant in told)
    most = max(got.values())
    assert all(got[merchant] >= most - 1 for merchant in told if got[merchant] < may[merchant])  # who could have more has no less
    assert sum(got.values()) == min(free, sum(may.values()))


@pytest.mark.django_db
def test_the_choice_is_made_by_index_probes_and_not_by_reading_the_backlog(ann: Merchant, endpoint: Told, receiver: Receiver) -> None:
    other = Told(ann, receiver.url + "/other")
    for told in (endpoint, other):
        pile(told, 2000)
    wanted = {"now": clock.business_now(), "free": 4, "failing": 2, "at_once": 4}
    with every_tenant("test: look at the plan"), connection.cursor() as cursor:
        cursor.execute("EXPLAIN (ANALYZE, BUFFERS OFF, FORMAT JSON) " + claim.CHOOSE, wanted)
        nodes = list(_nodes(cursor.fetchone()[0][0]["Plan"]))

    read = [node["Actual Rows"] * node["Actual Loops"] for node in nodes if node.get("Relation Name") == "integrations_webhookdelivery"]
    assert sum(read) <= 10  # of 4000 that are due
    assert any(node.get("Index Name") == "outbound_due" for node in nodes)


def _nodes(plan: dict[str, Any]) -> Iterator[dict[str, Any]]:
    yield plan
    for child in plan.get("Plans", []):
        yield from _nodes(child)
