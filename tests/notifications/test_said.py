"""What a shop says that people agreed to or refused, beside their orders."""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from integrations.models import Connection
from integrations.types import ConsentData, ConsentTold, Outcome
from notifications import consent
from notifications.models import Consent, Message, Stream
from notifications.said import record_consents
from orders.models import Order
from postpurchase.lib import clock
from postpurchase.tenancy.models import Merchant
from tests.notifications.conftest import NOW

pytestmark = pytest.mark.django_db
ANNA, NUMBER = "anna@example.de", "+4917012345678"
Say = Callable[..., Outcome]


@pytest.fixture
def say(now: clock.Hands, in_ann: Merchant, ann_api: Connection) -> Say:
    def tell(yes: bool, at: datetime = NOW, *, country: str = "US", **more: Any) -> Outcome:
        said = ConsentData(marketing_email=yes, at=at, source="shopify", **more)
        [result] = record_consents([ConsentTold(said, "7", email="Anna@example.de", country=country)], connection_id=ann_api.pk)
        return result.outcome

    return tell


def agreed() -> bool | None:
    return consent.consents([ANNA]).get(ANNA)


def stopped() -> bool:
    return Stream.MARKETING in consent.suppressed([ANNA]).get(ANNA, set())


def test_a_refusal_at_the_shop_holds_here_with_its_date_and_source(say: Say) -> None:
    say(True, NOW - timedelta(days=9))
    assert (agreed(), stopped()) == (True, False)

    assert say(False, NOW - timedelta(days=1)) == Outcome.CREATED

    assert (agreed(), stopped()) == (False, True)
    row = Consent.objects.order_by("-at")[0]
    assert (row.at, row.source, row.channel, row.purpose) == (NOW - timedelta(days=1), "shopify", "email", "marketing")


def test_what_was_said_earlier_but_comes_later_changes_nothing(say: Say) -> None:
    say(True, NOW - timedelta(days=1))

    assert say(False, NOW - timedelta(days=2)) == Outcome.STALE
    assert say(True, NOW - timedelta(days=1)) == Outcome.UNCHANGED
    assert (agreed(), stopped(), Consent.objects.count()) == (True, False, 1)


def test_an_agreement_at_the_shop_lifts_no_unsubscribe_that_was_made_here(say: Say, message: Callable[..., Message]) -> None:
    consent.unsubscribe(message("follow_up", stream=Stream.MARKETING))

    say(True, NOW + timedelta(days=1))

    assert stopped()


@pytest.mark.parametrize(
    ("country", "confirmed", "counts"), [("DE", False, None), ("DE", True, True), ("US", False, True), ("", False, None)]
)
def test_an_agreement_counts_as_one_at_checkout_would(country: str, confirmed: bool, counts: bool | None, say: Say) -> None:
    say(True, country=country, confirmed=confirmed)

    assert agreed() is counts
    assert not Message.objects.exists()


def test_a_country_that_is_not_told_is_that_of_the_last_order(say: Say, order: Order) -> None:
    Order.objects.update(ship_country="US")

    say(True, country="")

    assert agreed() is True


def test_a_number_has_its_own_word(say: Say, ann_api: Connection) -> None:
    said = ConsentData(marketing_email=None, at=NOW, source="shopify", marketing_sms=False)
    tell = [ConsentTold(said, "7", phone="+49 170 12345678"), ConsentTold(said, "8", phone="0170 12345678")]

    assert [one.outcome for one in record_consents(tell, connection_id=ann_api.pk)] == [Outcome.CREATED, Outcome.UNCHANGED]
    assert consent.suppressed([NUMBER], channel=consent.SMS) == {NUMBER: {"marketing"}}
    assert not stopped()


@settings(max_examples=20, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(words=st.permutations([(True, 1), (False, 2), (True, 3), (False, 4)]), repeats=st.integers(0, 3))
def test_in_any_order_the_last_word_is_kept(words: list[tuple[bool, int]], repeats: int, say: Say) -> None:
    Consent.objects.all().delete()
    for yes, day in [*words, *words[:repeats]]:
        say(yes, NOW + timedelta(days=day))

    assert (agreed(), stopped()) == (False, True)
