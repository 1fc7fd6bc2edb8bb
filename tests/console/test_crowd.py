"""The demo store's people: some order again, and do with their mail what people and machines do."""

import random
from collections import Counter
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from console.store import people, tried
from console.store.crowd import Crowd
from console.store.keep import KeepSender
from console.store.play import play
from integrations.models import Connection
from notifications.library import install
from notifications.models import Engagement, Flow, ProviderEvent
from notifications.plans import plan_of
from notifications.results.arms import trials_of
from notifications.results.counts import Period, by_flow
from orders.models import Order
from postpurchase.lib import clock
from postpurchase.tenancy.models import Brand, Merchant
from postpurchase.tenancy.scope import in_merchant

BEGIN, DAY = datetime(2026, 8, 3, 6, tzinfo=UTC), timedelta(days=1)


def test_the_same_seed_tells_of_the_same_people_and_who_is_written_to_orders_again_more_often() -> None:
    moments = [BEGIN + n * timedelta(hours=4) for n in range(500)]

    acts = list(people.lives(random.Random(3), 1001, moments, BEGIN + 120 * DAY))
    orders = people.orders_of(acts)

    assert acts == list(people.lives(random.Random(3), 1001, moments, BEGIN + 120 * DAY))
    assert sum(map(len, orders.values())) > len(moments)
    arms = Counter(tried.WHO.arms[tried.arm(address)].name for address in orders)
    again = Counter(tried.WHO.arms[tried.arm(address)].name for address, placed in orders.items() if len(placed) > 1)
    assert again[tried.SOON] / arms[tried.SOON] > again[tried.LATER] / arms[tried.LATER] > again[tried.HELD] / arms[tried.HELD]


@pytest.mark.django_db
def test_what_the_crowd_does_is_told_in_the_results(ann: Merchant, ann_api: Connection) -> None:
    until = BEGIN + 18 * DAY
    acts = list(people.lives(random.Random(5), 1001, [BEGIN + n * DAY / 4 for n in range(30)], until))
    crowd = Crowd(ann, random.Random(5), people.orders_of(acts), BEGIN, until)
    with clock.frozen(BEGIN) as hands:
        with in_merchant(ann):
            Brand.objects.update(count_opens="everywhere")
            install()
            tried.begin()
        play(ann.pk, ann_api.pk, acts, hands, KeepSender(), until=until, pace=lambda at: DAY / 2, progress=crowd.look)

        with in_merchant(ann):
            done: Any = Counter(Engagement.objects.values_list("kind", "machine"))
            assert min(done["open", False], done["open", True], done["click", False], done["click", True]) > 0
            assert not Engagement.objects.filter(at__gt=until).exists()
            assert not Engagement.objects.filter(machine=True, why="").exists()
            assert ProviderEvent.objects.filter(kind="delivered").count() > 60
            whole = by_flow(Period(BEGIN, until))
            assert sum(one.clicked for one in whole.values()) > 3
            flow = Flow.objects.get(key=tried.FLOW)
            (test,) = trials_of(flow, plan_of(flow.live_id), Period(BEGIN, until))
            assert sum(arm.people for arm in test.arms) > 10
            assert Order.objects.count() >= 30
