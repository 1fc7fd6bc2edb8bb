"""Too many bounces or complaints: marketing rests, order messages go on, and nothing is lost."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from notifications import claim, consent, rates
from notifications.models import Decision, Message, MessagingRules, ProviderEvent, State, Stream
from notifications.prepare import prepare
from postpurchase.events.models import DomainEvent
from postpurchase.lib import clock
from postpurchase.lib.ids import uuid7
from postpurchase.tenancy.models import Merchant
from tests.notifications.conftest import NOW

pytestmark = pytest.mark.django_db
Make = Callable[..., Message]


@pytest.fixture
def sent(message: Make) -> Callable[[int], list[Message]]:
    def make(count: int) -> list[Message]:
        some = message(state=State.SENT, sent_at=NOW, due_at=NOW)
        more = [Message(**_like(some), pk=uuid7(), dedupe_key=f"more:{place}") for place in range(count - 1)]
        return [some, *Message.objects.bulk_create(more)]

    return make


def _like(row: Message) -> dict[str, Any]:
    names = ("order_id", "template", "stream", "to_address", "state", "sent_at", "due_at")
    return {name: getattr(row, name) for name in names}


def report(rows: list[Message], kind: str = "bounced", *, hard: bool = True) -> None:
    ProviderEvent.objects.bulk_create(ProviderEvent(event_id=f"{kind}:{row.pk}", kind=kind, message=row, hard=hard) for row in rows)


def paused() -> list[tuple[str, int, int, int]]:
    return list(MessagingRules.objects.exclude(paused_at=None).values_list("paused_for", "sent", "bounced", "complained"))


@pytest.mark.parametrize(
    ("sent", "bounced", "complained", "why"),
    [
        (499, 499, 499, ""), (500, 25, 0, ""), (500, 26, 0, "bounces"), (1000, 0, 1, ""), (1000, 0, 2, "complaints"),
        (500, 26, 1, "complaints"), (0, 0, 0, ""),
    ],
)  # fmt: skip
def test_the_limits(sent: int, bounced: int, complained: int, why: str) -> None:
    assert rates.too_many(sent, bounced, complained) == why


@given(st.integers(500, 10**7), st.integers(0, 10**6), st.integers(0, 10**6))
def test_the_limits_are_shares_of_what_was_sent(sent: int, bounced: int, complained: int) -> None:
    past = complained / sent > 0.001 or bounced / sent > 0.05

    assert bool(rates.too_many(sent, bounced, complained)) is past


def test_too_many_bounces_pause_once_and_are_told_once(sent: Any, now: clock.Hands) -> None:
    rows = sent(500)
    report(rows[:26])
    report(rows[26:60], "deferred", hard=False)

    rates.count()
    rates.count()

    assert paused() == [("bounces", 500, 26, 0)]
    [told] = DomainEvent.objects.filter(kind="sending.paused")
    assert told.payload["reason"] == "bounces"


def test_a_message_that_bounces_twice_counts_once(sent: Any) -> None:
    rows = sent(500)
    report(rows[:25])
    ProviderEvent.objects.create(event_id="again", kind="rejected", message=rows[0], hard=True)

    rates.count()

    assert paused() == []


def test_a_pause_holds_marketing_and_no_order_message(message: Make, ann_api: Any, in_ann: Merchant) -> None:
    MessagingRules.objects.create(paused_at=NOW, paused_for="complaints")
    consent.record("anna@example.de", given=True, source="checkout", at=NOW)
    news, parcel = message("follow_up", stream=Stream.MARKETING, shipment=None), message()
    token, found = claim.claim()

    ready = prepare(in_ann.pk, found[in_ann.pk], token)

    assert [one.message.pk for one in ready] == [parcel.pk]
    news.refresh_from_db()
    assert (news.state, news.reason, news.lease_token) == (State.HELD, "sending_paused", None)
    assert not Decision.objects.exists()


def test_what_rested_goes_on_after_somebody_resumed_it(message: Make, in_ann: Merchant) -> None:
    MessagingRules.objects.create(paused_at=NOW, paused_for="complaints", sent=900, complained=3)
    rows = [message("follow_up", stream=Stream.MARKETING, state=State.HELD, reason="sending_paused") for _ in range(3)]
    by_hand = message("follow_up", stream=Stream.MARKETING, state=State.HELD, reason="held_by_hand")

    assert rates.resume()
    assert not rates.resume()
    row = MessagingRules.objects.get()
    assert (row.paused_at, row.sent, row.complained, row.resumed_at) == (None, 0, 0, NOW)
    assert rates.to_count() == []
    assert rates.at_rest() == [in_ann.pk]

    assert rates.let_go(in_ann) == 3

    assert set(Message.objects.filter(pk__in=[one.pk for one in rows]).values_list("state", flat=True)) == {State.DUE}
    by_hand.refresh_from_db()
    assert by_hand.state == State.HELD
    assert rates.at_rest() == []


def test_what_was_counted_before_the_reading_pauses_nobody_again(sent: Any, now: clock.Hands) -> None:
    report(sent(500)[:30])
    rates.count()
    rates.resume()
    now.advance(timedelta(minutes=10))

    rates.count()

    assert paused() == []
