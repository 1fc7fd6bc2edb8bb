"""A backtest says what a draft would have done to the store's own past, beside what is live."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from backtest import ask, work
from backtest.models import Backtest, Difference, Outcome
from notifications.editing import publish
from notifications.models import Decision, Enrolment, Flow, Message, State
from postpurchase.jobs import eager
from postpurchase.lib import clock
from postpurchase.lib.states import IllegalMove
from postpurchase.tenancy.models import Merchant
from postpurchase.tenancy.scope import in_merchant
from tests.kept import kept
from tests.notifications.lively import Past, live
from tests.people import open_shop
from transfers.models import Standing

pytestmark = pytest.mark.django_db
BEGIN = datetime(2026, 10, 5, 6, 0, tzinfo=UTC)
ONCE = "once-0123456789-0123456789"


ended: list[datetime] = []  # when the past ends


def lived() -> Merchant:
    """A shop with eight orders behind it."""
    merchant = open_shop("ann")
    with eager.collected(), clock.frozen(BEGIN) as hands:
        live(Past(merchant, hands), 7, 8)
        ended.append(hands.at)
    return merchant


@pytest.fixture
def ann(db: None) -> Merchant:
    return kept("lively for backtests", lived)


@pytest.fixture
def now(ann: Merchant) -> Any:
    with eager.collected(), clock.frozen(ended[0]) as hands:
        yield hands


def edited(flow: Flow, change: Any) -> Flow:
    draft = publish.draft_of(flow)
    change(draft)
    publish.save_draft(flow, draft, revision=flow.draft_revision)
    return flow


def run(merchant: Merchant, flow: Flow, days: int = 90) -> Backtest:
    with in_merchant(merchant):
        row = ask.begin(flow, days=days, by="ann@example.com", once=f"{ONCE}-{Backtest.objects.count()}")
    assert not work.slice_of(merchant.pk, row.pk)
    with in_merchant(merchant):
        row.refresh_from_db()
    return row


def test_what_is_live_against_itself_is_the_same_and_is_what_was_sent(ann: Merchant, now: clock.Hands) -> None:
    with in_merchant(ann):
        flow = Flow.objects.get(key="follow-up")
    before = counts(ann)
    row = run(ann, flow)

    assert (row.state, row.done) == (Standing.DONE, 8)
    with in_merchant(ann):
        sent = set(Message.objects.filter(flow=flow, state=State.SENT).values_list("enrolment__subject", "sent_at"))
        assert set(Outcome.objects.filter(verdict="send").values_list("subject", "at")) == sent != set()
        assert set(Outcome.objects.values_list("difference", flat=True)) == {Difference.SAME}
    assert row.summary["steps"]["email"]["draft"] == row.summary["steps"]["email"]["live"]
    assert row.summary["steps"]["email"]["draft"]["send"] == len(sent)
    assert counts(ann) == before


def counts(merchant: Merchant) -> list[int]:
    with in_merchant(merchant):
        return [model.objects.count() for model in (Message, Enrolment, Decision)]  # type: ignore[attr-defined]


def test_a_longer_wait_moves_and_a_lost_guard_adds(ann: Merchant, now: clock.Hands) -> None:
    def longer(draft: dict[str, Any]) -> None:
        draft["steps"][0]["days"] = 4

    def bolder(draft: dict[str, Any]) -> None:
        draft["stream"], draft["steps"][1]["unless"], draft["cancel_on"] = "transactional", [], []

    with in_merchant(ann):
        flow = edited(Flow.objects.get(key="follow-up"), longer)
    row = run(ann, flow)
    with in_merchant(ann):
        moved = list(Outcome.objects.filter(difference=Difference.MOVED))
        assert moved
        assert {one.at - one.live_at for one in moved if one.at and one.live_at} <= {timedelta(hours=n) for n in (23, 24, 25)}
        edited(flow, bolder)
    second = run(ann, flow)

    with in_merchant(ann):
        assert Outcome.objects.filter(backtest=second, difference=Difference.ONLY_DRAFT).exists()
        assert not Outcome.objects.filter(backtest=row, difference=Difference.ONLY_DRAFT).exists()
    assert sum(second.summary["differences"].values()) == sum(sum(of.values()) for of in [second.summary["differences"]])


def test_portions_come_to_the_same_as_one(ann: Merchant, now: clock.Hands, monkeypatch: pytest.MonkeyPatch) -> None:
    def gap(draft: dict[str, Any]) -> None:
        draft["person_gap_days"] = 10

    with in_merchant(ann):
        flow = edited(Flow.objects.get(key="follow-up"), gap)
    whole = run(ann, flow)
    monkeypatch.setattr(work, "PORTION", 3)
    parts = run(ann, flow)

    assert (parts.summary, parts.done) == (whole.summary, whole.done)
    with in_merchant(ann):
        rows = [
            sorted(Outcome.objects.filter(backtest=one).values_list("subject", "node", "verdict", "reason", "at")) for one in (whole, parts)
        ]
    assert rows[0] == rows[1]


def test_one_is_stopped_once_and_a_faulty_draft_or_wrong_days_start_none(ann: Merchant, now: clock.Hands) -> None:
    with in_merchant(ann):
        flow = Flow.objects.get(key="follow-up")
        row = ask.begin(flow, days=7, by="", once=ONCE)
        assert ask.begin(flow, days=7, by="", once=ONCE) == row
        ask.stop(row)
        with pytest.raises(IllegalMove):
            ask.stop(row)
        with pytest.raises(IllegalMove, match="from 7 to 90"):
            ask.begin(flow, days=91, by="", once=f"{ONCE}1")
        edited(flow, lambda draft: draft["steps"][0].update(next="gone"))
        with pytest.raises(IllegalMove, match="gone"):
            ask.begin(flow, days=7, by="", once=f"{ONCE}2")
    assert not work.slice_of(ann.pk, row.pk)
    with in_merchant(ann):
        assert not Outcome.objects.exists()
        assert Backtest.objects.get().state == Standing.CANCELLED


def test_the_statements_of_a_portion_do_not_grow(ann: Merchant, now: clock.Hands, django_assert_max_num_queries: Any) -> None:
    with in_merchant(ann):
        row = ask.begin(Flow.objects.get(key="follow-up"), days=30, by="", once=ONCE)
        sides = work.sides_of(row)
        orders = list(work.orders_of(row).values_list("pk", "customer_id"))
        for some in (orders[:3], orders):
            with django_assert_max_num_queries(8):
                work.live_through(some, row, sides)
