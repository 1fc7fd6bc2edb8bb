"""The life of a flow, in any order of what can happen: every visit is decided once, and nothing is sent twice."""

from datetime import timedelta
from typing import Any

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule, run_state_machine_as_test

from console.simulate import laws
from console.simulate.post import Post
from console.simulate.world import FORK, STEPS
from console.store.play import settle as do_all
from integrations.models import api_connection_id
from integrations.opening import open_merchant
from notifications import settle
from notifications.editing import publish
from notifications.models import Enrolment, Flow, InFlight, Message, State
from orders.intake import record_orders
from orders.models import Order
from postpurchase.events import bus
from postpurchase.events.catalogue import OrderCancelled, OrderDelivered, OrderRefunded
from postpurchase.jobs import eager
from postpurchase.lib import clock
from postpurchase.lib.ids import random_token, uuid7
from postpurchase.tenancy.scope import in_merchant
from tests.factories import consent_data, order_data
from tests.notifications.conftest import NOW


class Life(RuleBasedStateMachine):
    """A shop with one flow of forks and waits, and a mail server with faults."""

    def __init__(self) -> None:
        super().__init__()
        self.frozen = clock.frozen(NOW)
        self.hands = self.frozen.__enter__()
        self.post = Post(7)
        self.merchant = open_merchant("Life", f"life-{random_token(60).lower().replace('_', '-')}")
        with in_merchant(self.merchant), eager.collected():
            Flow.objects.update(enabled=False)
            self.flow = publish.create("Forks", "", FORK)
            publish.publish(self.flow, revision=1)
            Flow.objects.filter(pk=self.flow.pk).update(enabled=True)
            self.connection = api_connection_id(self.merchant.pk)

    def teardown(self) -> None:
        self.frozen.__exit__(None, None, None)

    @rule(total=st.sampled_from([4900, 20_000]))
    def order(self, total: int) -> None:
        with in_merchant(self.merchant), eager.collected():
            given = order_data(
                placed_at=self.hands.at, updated_at=self.hands.at, consent=consent_data(at=self.hands.at), shipping_total=total
            )
            record_orders([given], connection_id=self.connection)

    @rule(what=st.sampled_from(["delivered", "cancelled", "refunded"]), pick=st.randoms(use_true_random=False))
    def happens(self, what: str, pick: Any) -> None:
        with in_merchant(self.merchant), eager.collected():
            orders = list(Order.objects.filter(cancelled_at=None).order_by("id"))
            if not orders:
                return
            one = pick.choice(orders)
            changes = {"delivered": "delivered_at", "cancelled": "cancelled_at"}
            if what in changes:
                Order.objects.filter(pk=one.pk).update(**{changes[what]: self.hands.at})
            facts = {
                "delivered": OrderDelivered(order_id=one.pk, at=self.hands.at),
                "cancelled": OrderCancelled(order_id=one.pk),
                "refunded": OrderRefunded(order_id=one.pk, refund_id=uuid7(), full=False),
            }
            bus.publish(facts[what])

    @rule(days=st.integers(1, 5), policy=st.sampled_from(list(InFlight)))
    def publishes(self, days: int, policy: InFlight) -> None:
        with in_merchant(self.merchant), eager.collected():
            row = Flow.objects.get(pk=self.flow.pk)
            steps = [step | {"days": days} if step["id"] == "rest" else step for step in STEPS]
            publish.save_draft(row, FORK | {"steps": steps}, revision=row.draft_revision)
            publish.publish(row, revision=row.draft_revision, in_flight=policy)
        settle.settle(self.merchant.pk)

    @rule(hours=st.sampled_from([1, 26, 100, 500]))
    def time_passes(self, hours: int) -> None:
        self.hands.advance(timedelta(hours=hours))
        do_all(self.merchant.pk, self.post)

    @rule()
    def all_is_done(self) -> None:
        do_all(self.merchant.pk, self.post)

    @invariant()
    def the_laws_hold(self) -> None:
        with in_merchant(self.merchant):
            broken = [law for law in laws.broken(self.post) if "were left" not in law and "did not go on" not in law]
            left = Enrolment.objects.exclude(state=Enrolment.ACTIVE).filter(messages__state__in=[State.DUE, State.HELD])
            assert [*self.post.broken, *broken] == []
            assert not left.exists(), "somebody who is out of the flow still has a message planned"
            assert Message.objects.count() <= Enrolment.objects.count()


@pytest.mark.django_db
def test_whatever_happens_every_visit_is_decided_once_and_nothing_is_sent_twice() -> None:
    quick = settings(max_examples=8, stateful_step_count=15, deadline=None, suppress_health_check=list(HealthCheck))

    run_state_machine_as_test(Life, settings=quick)
