"""One order from checkout to review request, through every stage's own verbs."""

import random
from datetime import UTC, datetime, timedelta

import pytest

from console.store.keep import KeepSender
from console.store.life import Act, life
from console.store.places import DE
from console.store.play import play
from integrations.models import api_connection_id
from integrations.types import OrderData
from notifications.library import install
from notifications.models import Decision, Enrolment, Message, State
from postpurchase.lib import clock
from postpurchase.tenancy.models import Merchant
from postpurchase.tenancy.scope import in_merchant

pytestmark = pytest.mark.django_db
START = datetime(2026, 11, 2, 8, 30, tzinfo=UTC)


def played(merchant: Merchant, *, fate: str, consent: bool = True, days: int = 60, seed: int = 4) -> list[tuple[str, str, str]]:
    """(template, state, reason) of every message after the order's life."""
    acts = life(random.Random(seed), 1043, START, fate=fate, country=DE, email="anna@example.de")
    _consent(acts, consent)
    with in_merchant(merchant):
        install()
        connection = api_connection_id(merchant.pk)
    with clock.frozen(START) as hands:
        play(merchant.pk, connection, acts, hands, KeepSender(), until=START + timedelta(days=days))
    with in_merchant(merchant):
        return list(Message.objects.order_by("due_at", "id").values_list("template", "state", "reason"))


def _consent(acts: list[Act], given: bool) -> None:
    order = acts[0].item
    assert isinstance(order, OrderData)
    if order.consent:
        order.consent.marketing_email = given


def sent(rows: list[tuple[str, str, str]]) -> list[str]:
    return [template for template, state, _ in rows if state == State.SENT]


def test_a_smooth_order_gets_seven_messages_once_each(ann: Merchant) -> None:
    rows = played(ann, fate="smooth")

    assert sent(rows) == ["confirmation", "shipped", "out_for_delivery", "delivered", "follow_up", "review_request", "review_reminder"]
    with in_merchant(ann):
        assert Enrolment.objects.filter(state=Enrolment.ACTIVE).count() == 0
        assert Decision.objects.filter(verdict="send").count() == 7


def test_without_consent_only_order_messages_go(ann: Merchant) -> None:
    rows = played(ann, fate="smooth", consent=False)

    assert sent(rows) == ["confirmation", "shipped", "out_for_delivery", "delivered"]
    assert [(t, r) for t, s, r in rows if s == State.SKIPPED] == [("follow_up", "no_consent"), ("review_request", "no_consent")]


def test_a_cancelled_order_gets_its_confirmation_and_nothing_more(ann: Merchant) -> None:
    assert sent(played(ann, fate="cancelled")) == ["confirmation"]


def test_a_late_parcel_is_told_before_it_is_asked_for(ann: Merchant) -> None:
    rows = sent(played(ann, fate="late"))

    assert rows.count("delayed") == 1
    assert rows.index("shipped") < rows.index("delayed") < rows.index("delivered")


def test_a_refunded_order_is_not_asked_for_a_review(ann: Merchant) -> None:
    rows = played(ann, fate="refunded", days=90)

    assert "review_request" not in sent(rows)
    assert sent(rows).count("refunded") == 1


def test_two_parcels_are_told_of_one_by_one_and_the_review_is_asked_for_once(ann: Merchant) -> None:
    rows = sent(played(ann, fate="split", seed=5))

    assert rows.count("delivered") == 2
    assert rows.count("follow_up") == rows.count("review_request") == 1


def test_a_parcel_that_waits_to_be_collected_is_told_of(ann: Merchant) -> None:
    assert "ready_to_collect" in sent(played(ann, fate="pickup"))


def test_a_parcel_that_comes_back_is_told_of_once(ann: Merchant) -> None:
    rows = sent(played(ann, fate="returned"))

    assert rows.count("attempt_failed") == rows.count("returning") == 1


def test_a_lost_parcel_is_never_called_delivered(ann: Merchant) -> None:
    rows = sent(played(ann, fate="lost"))

    assert "delivered" not in rows
    assert "follow_up" not in rows
    assert "delayed" in rows
