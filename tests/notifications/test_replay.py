"""A flow's life in memory says what the engine on rows did."""

from datetime import UTC, datetime
from typing import Any

import pytest

from notifications import library
from notifications.models import Decision, Enrolment, Flow, Message, MessagingRules, State
from notifications.plans import plan_of
from notifications.replay import load
from notifications.replay.engine import Replay
from notifications.replay.life import Moment
from orders.models import Order
from postpurchase.jobs import eager
from postpurchase.lib import clock
from postpurchase.tenancy.models import Merchant
from postpurchase.tenancy.scope import in_merchant
from tests.kept import kept
from tests.notifications.lively import DAY, Past, live
from tests.people import open_shop

pytestmark = pytest.mark.django_db
BEGIN = datetime(2026, 10, 5, 6, 0, tzinfo=UTC)  # the clocks change in between
EXTRA = ["how-to", "refill", "on-hold"]  # off as they are shipped
Line = tuple[Any, ...]


until: dict[int, datetime] = {}  # seed -> when the past ends


def lived(seed: int) -> Merchant:
    """A shop with twelve orders behind it."""

    def make() -> Merchant:
        merchant = open_shop("ann")
        with eager.collected(), clock.frozen(BEGIN) as hands:
            with in_merchant(merchant):
                MessagingRules.objects.create(cap=1, cap_days=9)  # so that flows are in one another's way
                Flow.objects.exists() or library.install()
                Flow.objects.filter(key__in=EXTRA).update(enabled=True)
            live(Past(merchant, hands), seed, 12)
            until[seed] = hands.at
        return merchant

    return kept(f"lively {seed}", make)


def replayed(flow: Flow, until: datetime) -> list[Moment]:
    plan = plan_of(flow.live_id)
    past = load.past(list(Order.objects.values_list("pk", flat=True)), [plan], flow.pk)
    told = sorted((one for mine in past.happenings.values() for one in mine), key=lambda one: one.at)
    return Replay(plan, flow.pk, load.shop()).run({pk: load.fresh(world) for pk, world in past.worlds.items()}, told, until)


def log(flow: Flow) -> list[Line]:
    """Each message that was decided on: what, why, when."""
    rows = Message.objects.filter(flow=flow).exclude(state=State.DUE).values_list("enrolment__subject", "node", "state", "sent_at")
    decisions = {
        (one.enrolment.subject, one.node): one for one in Decision.objects.filter(enrolment__flow=flow).select_related("enrolment")
    }
    states = {"send": "sent", "skip": "skipped", "expire": "expired", "cancel": "cancelled"}
    found = []
    for subject, node, state, sent_at in rows:
        one = decisions[subject, node]
        assert states[one.verdict] == state
        found.append((str(subject), node, one.verdict, one.reason, sent_at or one.decided_at, [check["check"] for check in one.checks]))
    return sorted(found)


def said(moments: list[Moment]) -> list[Line]:
    decided = [one for one in moments if one.kind == "decided"]
    return sorted(
        (str(one.life.subject), one.node, one.verdict, one.reason, one.at, [check["check"] for check in one.checks]) for one in decided
    )


@pytest.mark.parametrize("seed", [1, 2])
def test_replaying_what_is_published_says_exactly_what_was_sent_when_and_why_not(seed: int) -> None:
    with in_merchant(lived(seed)):
        seen = set()
        for flow in Flow.objects.filter(enabled=True).select_related("live"):
            happened = log(flow)
            assert said(replayed(flow, until[seed])) == happened, flow.key
            seen |= {(line[2], line[3]) for line in happened}

        assert len(seen) > 3
        assert "cap" in {one["why"] for told in Message.objects.values_list("put_off", flat=True) for one in told}
        assert Message.objects.filter(state=State.SENT).count() > 30


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_every_visit_and_every_entry_is_the_same(seed: int) -> None:
    with in_merchant(lived(seed)):
        for flow in Flow.objects.filter(enabled=True):
            moments = replayed(flow, until[seed])
            entered = {(str(one.life.subject), one.at, one.life.trigger_at) for one in moments if one.kind == "entered"}
            rows = Enrolment.objects.filter(flow=flow).values_list("subject", "entered_at", "trigger_at")
            assert entered == {(str(subject), at, began) for subject, at, began in rows}
            visits = sorted((str(one.life.subject), one.node, one.verdict, one.reason) for one in moments if one.kind == "passed")
            other = Decision.objects.filter(enrolment__flow=flow, message=None)
            assert visits == sorted(
                (str(subject), *more) for subject, *more in other.values_list("enrolment__subject", "node", "verdict", "reason")
            )


def test_nothing_is_written() -> None:
    with in_merchant(lived(3)):
        before = [model.objects.count() for model in (Message, Enrolment, Decision)]
        for flow in Flow.objects.all():
            replayed(flow, until[3] + DAY)
        assert [model.objects.count() for model in (Message, Enrolment, Decision)] == before
        assert library.install() == []


def test_the_queries_do_not_grow_with_the_orders(django_assert_max_num_queries: Any) -> None:
    with in_merchant(lived(3)):
        plans = [plan_of(flow.live_id) for flow in Flow.objects.all()]
        orders = list(Order.objects.values_list("pk", flat=True))
        for some in (orders[:6], orders):
            with django_assert_max_num_queries(12):
                load.past(some, plans)
