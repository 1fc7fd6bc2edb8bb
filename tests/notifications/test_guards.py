"""Each reason not to send, asked at the last moment."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest

from notifications import consent
from notifications.cases import load
from notifications.guards import NAMED, decide
from notifications.models import Message, Stream, Suppression
from orders.models import Order
from postpurchase.tenancy.models import Role
from tests.notifications.conftest import NOW
from tests.people import hire
from tracking.models import Shipment, Status

pytestmark = pytest.mark.django_db
Make = Callable[..., Message]


def verdict(message: Message) -> tuple[str, str]:
    said, reason, _ = decide(load([message])[0])
    return said, reason


def named(guard: str, message: Message) -> str | None:
    return NAMED[guard](load([message])[0])


def test_a_plain_order_message_goes_and_lists_every_check(message: Make) -> None:
    said, reason, checks = decide(load([message()])[0])

    assert (said, reason) == ("send", "")
    assert [check["check"] for check in checks] == ["useful", "address", "test", "order", "flow", "suppression", "consent", "wishes"]
    assert all(check["passed"] for check in checks)


def test_nobody_to_write_to(message: Make) -> None:
    assert verdict(message(to_address="")) == ("skip", "no_address")


def test_a_message_past_its_use_expires(message: Make) -> None:
    assert verdict(message(expires_at=NOW)) == ("expire", "too_late")
    assert verdict(message(expires_at=NOW + timedelta(seconds=1)))[0] == "send"


def test_a_test_order_writes_to_the_team_only(message: Make, in_ann: Any) -> None:
    hire(in_ann, "olga@ann.example", Role.OWNER)

    assert verdict(message(test=True)) == ("skip", "test_order")
    assert verdict(message(test=True, to_address="olga@ann.example"))[0] == "send"


def test_marketing_needs_a_consent_that_still_stands(message: Make) -> None:
    ask = message("follow_up", stream=Stream.MARKETING)

    before = verdict(ask)
    consent.record(ask.to_address, given=True, source="checkout", at=NOW)
    given = verdict(ask)
    consent.record(ask.to_address, given=False, source="phone", at=NOW + timedelta(hours=1))

    assert (before, given[0], verdict(ask)) == (("skip", "no_consent"), "send", ("skip", "no_consent"))


def test_an_unsubscribed_person_still_gets_order_messages(message: Make) -> None:
    ask = message("follow_up", stream=Stream.MARKETING)
    consent.record(ask.to_address, given=True, source="checkout", at=NOW)

    consent.unsubscribe(ask)
    consent.unsubscribe(ask)

    assert verdict(ask) == ("skip", "unsubscribed")
    assert verdict(message())[0] == "send"
    assert Suppression.objects.count() == 1


def test_a_bounced_address_gets_nothing(message: Make) -> None:
    consent.suppress("ANNA@example.de ", scope=Suppression.ALL, reason="bounced")

    assert verdict(message()) == ("skip", "suppressed")


def test_the_suppressed_address_itself_is_not_kept(message: Make) -> None:
    consent.suppress("anna@example.de", scope=Suppression.ALL, reason="bounced")

    assert b"anna" not in bytes(Suppression.objects.get().address_hash)


@pytest.mark.parametrize(("field", "reason"), [("cancelled_at", "order_cancelled"), ("erased_at", "erased")])
def test_an_order_that_is_gone_is_not_written_about(message: Make, order: Order, field: str, reason: str) -> None:
    Order.objects.filter(pk=order.pk).update(**{field: NOW})

    assert verdict(message()) == ("skip", reason)


@pytest.mark.parametrize(
    ("template", "status", "reason"),
    [
        ("shipped", Status.IN_TRANSIT, None),
        ("shipped", Status.DELIVERED, "overtaken"),
        ("shipped", Status.OUT_FOR_DELIVERY, "overtaken"),
        ("out_for_delivery", Status.OUT_FOR_DELIVERY, None),
        ("out_for_delivery", Status.DELIVERED, "overtaken"),
        ("delivered", Status.DELIVERED, None),
        ("delivered", Status.RETURNING, "overtaken"),
    ],
)
def test_what_the_parcel_has_overtaken_is_no_news(message: Make, parcel: Shipment, template: str, status: str, reason: str | None) -> None:
    Shipment.objects.filter(pk=parcel.pk).update(status=status)

    assert named("overtaken", message(template)) == reason


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({"health": ["stalled"]}, None),
        ({"health": []}, "moved_again"),
        ({"first_estimate_on": "2026-11-24", "estimate_on": "2026-11-26"}, None),
        ({"status": Status.DELIVERED, "health": ["stalled"]}, "arrived"),
        ({"status": Status.OUT_FOR_DELIVERY, "health": ["late_vs_edd"]}, "arrived"),
    ],
)
def test_a_delay_notice_goes_only_while_there_is_a_delay(
    message: Make, parcel: Shipment, changes: dict[str, Any], reason: str | None
) -> None:
    Shipment.objects.filter(pk=parcel.pk).update(**changes)

    assert named("not_delayed", message("delayed")) == reason


def test_a_review_is_not_asked_for_while_something_is_wrong(message: Make, order: Order, parcel: Shipment) -> None:
    ask = message("review_request", shipment=None)
    assert (named("not_delivered", ask), named("refunded", ask), named("problem_open", ask)) == ("not_delivered", None, None)

    Order.objects.filter(pk=order.pk).update(delivered_at=NOW, refunded_total=order.total - 1)
    assert named("refunded", ask) is None
    Order.objects.filter(pk=order.pk).update(refunded_total=order.total)
    Shipment.objects.filter(pk=parcel.pk).update(status=Status.EXCEPTION)

    assert (named("not_delivered", ask), named("refunded", ask), named("problem_open", ask)) == (None, "refunded", "problem_open")


def test_deciding_costs_the_same_for_one_and_for_thirty(message: Make, django_assert_num_queries: Any) -> None:
    many = [message() for _ in range(30)]

    with django_assert_num_queries(9) as few:
        load(many[:1])
    with django_assert_num_queries(len(few)):
        load(many)
