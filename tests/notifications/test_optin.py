"""What was ticked at checkout: kept with its proof, and confirmed by mail first where the country or the merchant asks for it."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from integrations.models import Connection
from notifications import consent, guards, optin, rules
from notifications.cases import load
from notifications.countries import CONFIRM, GROUPS, group_of
from notifications.models import Confirm, Consent, Message, MessagingRules, Stream
from orders.intake import record_orders
from orders.models import Order
from postpurchase.lib import clock
from postpurchase.tenancy.models import Merchant
from tests.factories import address_data, consent_data, order_data
from tests.notifications.conftest import NOW

pytestmark = pytest.mark.django_db
ANNA = "anna@example.de"
PROOF = {"page": "confirm", "ip": "203.0.113.0/24"}
Place = Callable[..., Order]


@pytest.fixture
def place(now: clock.Hands, in_ann: Merchant, ann_api: Connection) -> Place:
    def make(country: str = "DE", *, at: Any = NOW, order: dict[str, Any] | None = None, **said: Any) -> Order:
        data = order_data(
            email=ANNA, placed_at=at, updated_at=at, shipping_address=address_data(country=country),
            consent=consent_data(**{"at": at, "confirmed": False} | said),
            **(order or {}),
        )  # fmt: skip
        record_orders([data], connection_id=ann_api.pk)
        row = Order.objects.get(external_id=data.external_id)
        optin.from_orders([row])
        return row

    return make


def asked() -> int:
    return Message.objects.filter(template="confirm_consent").count()


def agreed() -> bool | None:
    return consent.consents([ANNA]).get(ANNA)


def test_a_tick_in_germany_counts_once_it_was_confirmed(place: Place) -> None:
    order = place()

    assert (asked(), agreed()) == (1, None)
    mail = Message.objects.get(template="confirm_consent")
    assert (mail.stream, mail.guarantee, mail.expires_at) == ("transactional", "alo", NOW + timedelta(days=7))

    assert optin.confirm(order, proof=PROOF)
    assert agreed() is True
    newest = Consent.objects.latest("id")
    assert (newest.given, newest.pending, newest.proof, newest.source) == (True, False, PROOF, "confirmed by mail")
    assert newest.text == "Send me news and offers by email"


def test_confirming_twice_writes_one_row(place: Place) -> None:
    order = place()

    assert [optin.confirm(order, proof=PROOF) for _ in range(2)] == [True, True]
    assert Consent.objects.filter(pending=False).count() == 1


@pytest.mark.parametrize(("country", "said"), [("FR", {}), ("DE", {"confirmed": True}), ("DE", {"source": "import"})])
def test_elsewhere_or_once_confirmed_the_tick_is_enough(country: str, said: dict[str, Any], place: Place) -> None:
    place(country, **said)

    assert (asked(), agreed()) == (0, True)


def test_a_no_counts_at_once_and_cannot_be_confirmed_away(place: Place) -> None:
    order = place()
    consent.refuse(ANNA, source="unsubscribe link")

    assert not optin.confirm(order, proof=PROOF)
    assert agreed() is False


def test_who_has_confirmed_once_is_not_asked_again(place: Place) -> None:
    optin.confirm(place(), proof=PROOF)
    place()

    assert (asked(), agreed()) == (1, True)


def test_who_does_not_answer_is_asked_once_in_ninety_days(place: Place, now: clock.Hands) -> None:
    place()
    place()
    assert asked() == 1

    now.advance(timedelta(days=91))
    place(at=NOW + timedelta(days=91))
    assert asked() == 2


@pytest.mark.parametrize("order", [{"test": True}, {}])
def test_old_orders_and_test_orders_ask_nobody(order: dict[str, Any], place: Place) -> None:
    place(at=NOW if order else NOW - timedelta(days=3), order=order)

    assert (asked(), agreed()) == (0, None)


def test_confirming_lifts_an_earlier_unsubscribe_and_no_complaint(place: Place) -> None:
    consent.suppress(ANNA, scope=Stream.MARKETING, reason="unsubscribed")
    consent.suppress(ANNA, scope="all", reason="complained")

    optin.confirm(place(), proof=PROOF)

    assert consent.suppressed([ANNA]) == {ANNA: {"all"}}


def test_text_messages_have_a_consent_of_their_own_with_its_proof(place: Place) -> None:
    place(
        order={"phone": "0049 170 / 1234567"}, marketing_email=None, marketing_sms=True, order_sms=False, ip="203.0.113.77",
        user_agent="Firefox", page="https://shop.example/checkout", text_version="2026-02",
    )  # fmt: skip

    number = "+491701234567"
    assert consent.consents([number], channel="sms") == {number: True}
    assert consent.consents([number], channel="sms", purpose=Stream.TRANSACTIONAL) == {number: False}
    assert (consent.consents([number]), agreed()) == ({}, None)
    kept = Consent.objects.filter(purpose="marketing").get()
    assert kept.proof == {"ip": "203.0.113.0/24", "user_agent": "Firefox", "page": "https://shop.example/checkout"}
    assert kept.text_version == "2026-02"
    assert "203.0.113.77" not in str(Order.objects.values_list("marketing_consent", flat=True)[0])


def test_a_batch_is_kept_in_one_statement_and_a_yes_counts_for_the_same_persons_next_order(
    now: clock.Hands, in_ann: Merchant, ann_api: Connection, django_assert_num_queries: Any
) -> None:
    told = (("ben@example.de", True), ("cem@example.de", True), (ANNA, True), (ANNA, False))
    batch = [
        order_data(email=email, shipping_address=address_data(country="DE"), consent=consent_data(at=NOW, confirmed=confirmed))
        for email, confirmed in told
    ]
    record_orders(batch, connection_id=ann_api.pk)
    ben, cem, *annas = (Order.objects.get(external_id=data.external_id) for data in batch)

    with django_assert_num_queries(1):
        optin.from_orders([ben, cem])
    optin.from_orders(annas)

    kept = list(Consent.objects.order_by("id").values_list("address", "given", "order"))
    assert kept == [(ben.email, True, ben.pk), (cem.email, True, cem.pk), (ANNA, True, annas[0].pk)]
    assert (asked(), agreed()) == (0, True)


@pytest.mark.parametrize("phone", ["", "0170 1234567", "call me", "+0170"])
def test_a_number_without_its_country_cannot_be_found_again(phone: str) -> None:
    assert optin.number_of(phone) == ""


@pytest.mark.parametrize(
    ("confirm", "listed", "country", "must"),
    [
        (Confirm.USUAL, [], "AT", True), (Confirm.USUAL, [], "FR", False), (Confirm.USUAL, [], "", True),
        (Confirm.ALWAYS, [], "FR", True), (Confirm.NEVER, [], "DE", False), (Confirm.NEVER, [], "", False),
        (Confirm.LISTED, ["FR"], "FR", True), (Confirm.LISTED, ["FR"], "DE", False), (Confirm.LISTED, ["FR"], "", True),
    ],
)  # fmt: skip
def test_who_must_confirm(confirm: str, listed: list[str], country: str, must: bool) -> None:
    assert rules.must_confirm(MessagingRules(confirm=confirm, confirm_in=listed), country) is must


def test_a_customer_who_said_nothing_may_be_written_to_where_the_rules_say_so(place: Place) -> None:
    order = place(marketing_email=None)
    ask = Message.objects.create(template="follow_up", order=order, stream=Stream.MARKETING, to_address=ANNA, dedupe_key="ask", due_at=NOW)
    without = guards.decide(load([ask])[0])[1]
    MessagingRules.objects.create(soft_opt_in=["uk"])
    elsewhere = guards.decide(load([ask])[0])[1]
    MessagingRules.objects.update(soft_opt_in=["eea"])

    assert (without, elsewhere) == ("no_consent", "no_consent")
    assert guards.decide(load([ask])[0])[0] == "send"

    consent.refuse(ANNA, source="unsubscribe link")
    assert guards.decide(load([ask])[0])[0] == "skip"


@given(st.text(alphabet="ABCDEFGHIJKLMNOPQRSTUVWXYZ", min_size=2, max_size=2))
def test_a_country_is_in_one_group(country: str) -> None:
    assert group_of(country) == next((name for name, members in GROUPS.items() if country in members), "other")
    assert group_of("") == ""
    assert GROUPS["eea"] >= CONFIRM
