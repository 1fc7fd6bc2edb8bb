"""What each default flow does, on real rows with the clock turned: who is written to, and what stops it."""

from datetime import datetime, timedelta
from typing import Any

import pytest

from notifications import arbiter, awake, consent, definition, flows, library, tasks
from notifications.cases import load
from notifications.editing import publish
from notifications.guards import NAMED, OVERTAKEN, decide
from notifications.models import Decision, Enrolment, Flow, Message, State
from orders.models import Order
from postpurchase.events.catalogue import (
    EstimateChanged,
    HealthOpened,
    OrderCancelled,
    OrderChanged,
    OrderDelivered,
    OrderPlaced,
    OrderRefunded,
    ShipmentCreated,
    ShipmentMoved,
)  # fmt: skip
from postpurchase.jobs import eager
from postpurchase.lib import clock
from postpurchase.lib.ids import uuid7
from postpurchase.tenancy.models import Brand, Merchant
from postpurchase.tenancy.scope import in_merchant
from tests.notifications.conftest import NOW
from tracking.models import Shipment, Status

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)


@pytest.fixture(autouse=True)
def quiet() -> Any:
    with eager.collected():
        yield


def only(key: str) -> None:
    """One default flow is on, and no other."""
    Flow.objects.update(enabled=False)
    Flow.objects.filter(key=key).update(enabled=True)


def later(order: Order, now: clock.Hands, to: datetime) -> list[str]:
    """Turn the clock, let steps go on and messages go out as the guards say, and tell what was sent on the way."""
    sent: list[str] = []
    while True:
        sent += _send_due()
        wakes = Enrolment.objects.filter(state=Enrolment.ACTIVE, wake_at__isnull=False).values_list("wake_at", flat=True)
        dues = Message.objects.filter(state=State.DUE).values_list("due_at", flat=True)
        following = min([at for at in [*wakes, *dues] if at <= to], default=None)
        if following is None:
            now.move_to(max(to, clock.business_now()))
            return sent
        now.move_to(max(following, clock.business_now()))
        awake.wake_portion(order.merchant_id)


def _send_due() -> list[str]:
    sent = []
    for message in Message.objects.filter(state=State.DUE, due_at__lte=clock.business_now()).order_by("due_at", "id"):
        case, claimed = load([message])[0], Message.objects.filter(pk=message.pk)
        claimed.update(state=State.CLAIMED)
        verdict, _, _ = decide(case)
        if verdict == "send" and (off := arbiter.rule([case]).off):
            arbiter.put_off(off)
            continue
        claimed.update(state=State.SENT if verdict == "send" else State.SKIPPED)
        flows.move_on([message.pk])
        sent += [message.template] if verdict == "send" else []
    return sent


def told(parcel: Shipment, status: Status, now: clock.Hands) -> None:
    """The parcel comes into a status."""
    Shipment.objects.filter(pk=parcel.pk).update(status=status)
    at = clock.business_now()
    flows.route([ShipmentMoved(order_id=parcel.order_id, shipment_id=parcel.pk, old="", new=status, substatus="", at=at)])


def test_a_new_merchant_has_the_default_flows_as_they_are_shipped_and_installing_again_changes_nothing(order: Order) -> None:
    assert library.install() == []
    assert dict(Flow.objects.values_list("key", "enabled")) == {default.key: default.on for default in library.DEFAULTS}


def test_a_merchant_who_has_flows_gets_new_ones_switched_off_and_keeps_the_own(order: Order) -> None:
    Flow.objects.exclude(key="confirmation").delete()
    Flow.objects.update(name="Mine")

    library.install()

    assert list(Flow.objects.filter(enabled=True).values_list("key", "name")) == [("confirmation", "Mine")]
    assert Flow.objects.count() == len(library.DEFAULTS)


def test_merchants_from_before_an_update_are_offered_what_came_with_it(ann: Merchant) -> None:
    with in_merchant(ann):
        library.install()
        Flow.objects.filter(key__in=["refill", "shipped"]).delete()

    tasks.offer_new_flows()

    with in_merchant(ann):
        assert set(Flow.objects.filter(key__in=["refill", "shipped"]).values_list("key", "enabled")) == {
            ("refill", False),
            ("shipped", False),
        }
        assert Flow.objects.count() == len(library.DEFAULTS)


@pytest.mark.parametrize("default", library.DEFAULTS, ids=lambda default: default.key)
def test_every_default_flow_can_be_published_as_it_is(default: library.Default) -> None:
    assert publish.problems_of(default.definition) == []
    assert definition.read(definition.stored(default.definition)) == definition.linked(default.definition)


@pytest.mark.parametrize("default", library.DEFAULTS, ids=lambda default: default.key)
def test_marketing_ends_with_the_order_and_waits_while_a_parcel_is_in_trouble(default: library.Default) -> None:
    plan = default.definition
    sends = [step for step in plan.steps if isinstance(step, definition.Send)]

    assert all(step.useless_after_hours for step in sends)
    if plan.stream == "marketing":
        assert {"order.cancelled", "order.refunded_whole"} <= set(plan.cancel_on)
        assert all("problem_open" in step.hold_while and "imported" in step.unless for step in sends)
    assert all(step.template in OVERTAKEN or "not_delayed" in step.unless for step in sends if plan.key == "shipment")


def test_a_parcel_that_nobody_collects_is_reminded_of_twice(order: Order, parcel: Shipment, now: clock.Hands) -> None:
    only("ready-to-collect")
    told(parcel, Status.AVAILABLE_FOR_PICKUP, now)

    assert later(order, now, NOW + 20 * DAY) == ["ready_to_collect", "collect_reminder", "collect_last"]


def test_reminders_stop_when_the_parcel_is_collected(order: Order, parcel: Shipment, now: clock.Hands) -> None:
    only("ready-to-collect")
    told(parcel, Status.AVAILABLE_FOR_PICKUP, now)
    assert later(order, now, NOW + DAY) == ["ready_to_collect"]

    told(parcel, Status.DELIVERED, now)

    assert later(order, now, NOW + 20 * DAY) == []
    assert Enrolment.objects.get().state == Enrolment.FINISHED


def test_who_waits_for_a_parcel_hears_of_it_after_five_days_and_a_working_morning(order: Order, now: clock.Hands) -> None:
    only("processing-late")
    flows.route([OrderPlaced(order_id=order.pk)])

    assert later(order, now, NOW + 4 * DAY) == []
    assert later(order, now, NOW + 9 * DAY) == ["processing_late"]
    assert Message.objects.get().due_at == datetime.fromisoformat("2026-11-30T09:00:00Z")  # Monday, 10:00 in Berlin


def test_an_order_that_has_left_is_not_late(order: Order, parcel: Shipment, now: clock.Hands) -> None:
    only("processing-late")
    flows.route([OrderPlaced(order_id=order.pk)])
    flows.route([ShipmentCreated(order_id=order.pk, shipment_id=parcel.pk)])

    assert later(order, now, NOW + 9 * DAY) == []
    assert Decision.objects.get().verdict == "happened"


def test_a_shop_that_takes_longer_as_a_rule_is_late_later(order: Order, now: clock.Hands) -> None:
    only("processing-late")
    Brand.objects.update(handling_days=10)
    flows.route([OrderPlaced(order_id=order.pk)])

    assert later(order, now, NOW + 15 * DAY) == []
    assert Message.objects.get().put_off[-1]["why"] == "in_time"
    assert later(order, now, NOW + 20 * DAY) == ["processing_late"]


@pytest.mark.parametrize(("changes", "reason"), [({"fulfilment_status": "fulfilled"}, "shipped_already"), ({}, "nothing_to_ship")])
def test_what_has_left_otherwise_or_cannot_is_not_late(order: Order, message: Any, changes: dict[str, Any], reason: str) -> None:
    Shipment.objects.update(cancelled_at=NOW)
    order.lines.update(requires_shipping=False)
    Order.objects.filter(pk=order.pk).update(**changes)

    assert NAMED["shipped_already"](load([message("processing_late", shipment=None)])[0]) == reason


@pytest.mark.parametrize(("status", "templates"), [("pending", ["payment_pending"]), ("paid", [])])
def test_an_unpaid_order_is_told_of_after_a_day(order: Order, now: clock.Hands, status: str, templates: list[str]) -> None:
    only("on-hold")
    Order.objects.update(financial_status=status)
    flows.route([OrderPlaced(order_id=order.pk)])

    assert later(order, now, NOW + 3 * DAY) == templates


def test_a_payment_that_comes_in_time_is_not_asked_for(order: Order, now: clock.Hands) -> None:
    only("on-hold")
    Order.objects.update(financial_status="pending")
    flows.route([OrderPlaced(order_id=order.pk)])
    Order.objects.update(financial_status="paid")
    flows.route([OrderChanged(order_id=order.pk, fields=("financial_status",))])

    assert later(order, now, NOW + 3 * DAY) == []


@pytest.mark.parametrize(("tags", "templates"), [(["VIP", "Backorder"], ["backordered"]), ([], [])])
def test_what_stays_out_of_stock_is_told_of_once_and_not_called_late_as_well(
    order: Order, now: clock.Hands, tags: list[str], templates: list[str]
) -> None:
    Flow.objects.exclude(key__in=["backordered", "processing-late"]).update(enabled=False)
    Order.objects.update(fulfilment_status="backordered")
    flows.route([OrderPlaced(order_id=order.pk)])

    Order.objects.update(fulfilment_status="", tags=tags)

    assert later(order, now, NOW + 4 * DAY) == templates
    assert later(order, now, NOW + 9 * DAY) == ([] if templates else ["processing_late"])


def test_tomorrow_moves_with_the_estimate(order: Order, parcel: Shipment, now: clock.Hands) -> None:
    only("arriving-tomorrow")
    flows.route([ShipmentCreated(order_id=order.pk, shipment_id=parcel.pk)])
    for days in (3, 6):
        Shipment.objects.update(estimate_on=(NOW + days * DAY).date())
        day = (NOW + days * DAY).date()
        flows.route([EstimateChanged(order_id=order.pk, shipment_id=parcel.pk, was=None, now=day, slipped=False)])

    assert later(order, now, NOW + 4 * DAY) == []
    assert later(order, now, NOW + 6 * DAY) == ["arriving_tomorrow"]
    assert Message.objects.get().due_at == (NOW + 5 * DAY).replace(hour=9)


def test_what_is_expected_today_is_not_called_tomorrow(order: Order, parcel: Shipment, now: clock.Hands) -> None:
    only("arriving-tomorrow")
    Shipment.objects.update(estimate_on=NOW.date())
    flows.route([ShipmentCreated(order_id=order.pk, shipment_id=parcel.pk)])

    assert later(order, now, NOW + 3 * DAY) == []


def test_a_second_failed_attempt_is_told_of_too(order: Order, parcel: Shipment, now: clock.Hands) -> None:
    only("attempt-failed")
    told(parcel, Status.ATTEMPT_FAILED, now)
    first = later(order, now, NOW + DAY)
    flows.route([HealthOpened(order_id=order.pk, shipment_id=parcel.pk, flag="repeated_attempts")])

    assert [*first, *later(order, now, NOW + 9 * DAY)] == ["attempt_failed", "attempt_failed"]


def test_a_refund_is_told_of_although_the_order_is_cancelled(order: Order, now: clock.Hands) -> None:
    only("refunded")
    Order.objects.update(cancelled_at=NOW, refunded_total=500)
    flows.route([OrderCancelled(order_id=order.pk), OrderRefunded(order_id=order.pk, refund_id=uuid7(), full=False)])

    assert later(order, now, NOW + DAY) == ["refunded"]


@pytest.fixture
def willing(order: Order) -> Order:
    """Everything came, and the shopper agreed to marketing."""
    Order.objects.update(delivered_at=NOW)
    Brand.objects.update(website="https://ann.example/")
    consent.record(order.email, given=True, source="checkout", at=NOW)
    return Order.objects.get()


@pytest.mark.parametrize(("clicked", "reminders"), [([], ["review_reminder"]), (["review_request"], [])])
def test_a_review_is_reminded_of_once_unless_its_link_was_followed(
    willing: Order, now: clock.Hands, monkeypatch: pytest.MonkeyPatch, clicked: list[str], reminders: list[str]
) -> None:
    only("review-request")
    willing.lines.update(use_days=None)
    flows.route([OrderDelivered(order_id=willing.pk, at=NOW)])
    assert later(willing, now, NOW + 15 * DAY) == ["review_request"]

    own = flows.Sights.facts_of
    monkeypatch.setattr(flows.Sights, "facts_of", lambda self, row: own(self, row) | {"messages.clicked": clicked})

    assert later(willing, now, NOW + 60 * DAY) == reminders


def test_a_review_that_was_not_asked_for_is_not_reminded_of(order: Order, now: clock.Hands) -> None:
    only("review-request")
    Order.objects.update(delivered_at=NOW)
    flows.route([OrderDelivered(order_id=order.pk, at=NOW)])

    assert later(order, now, NOW + 60 * DAY) == []
    assert not Message.objects.filter(template="review_reminder").exists()


def test_a_refill_is_offered_where_a_product_says_how_long_it_lasts(willing: Order, now: clock.Hands) -> None:
    only("refill")
    willing.lines.update(use_days=None)
    flows.route([OrderDelivered(order_id=willing.pk, at=NOW)])
    assert not Enrolment.objects.exists()

    willing.lines.update(use_days=20)
    flows.route([OrderDelivered(order_id=willing.pk, at=NOW)])

    assert later(willing, now, NOW + 19 * DAY) == []
    assert later(willing, now, NOW + 21 * DAY) == ["refill"]


@pytest.mark.parametrize(("again", "templates"), [(None, ["win_back"]), (NOW + 40 * DAY, [])])
def test_who_ordered_again_is_not_missed(willing: Order, now: clock.Hands, again: datetime | None, templates: list[str]) -> None:
    only("win-back")
    flows.route([OrderPlaced(order_id=willing.pk)])
    if again:
        second = Order.objects.get()
        second.pk, second.external_id, second.placed_at, second._state.adding = uuid7(), "second", again, True
        second.save()

    assert later(willing, now, NOW + 89 * DAY) == []
    assert later(willing, now, NOW + 92 * DAY) == templates


def test_an_import_of_history_asks_for_nothing(willing: Order, now: clock.Hands) -> None:
    only("review-request")
    Order.objects.update(placed_at=NOW - 300 * DAY)
    flows.route([OrderDelivered(order_id=willing.pk, at=NOW - 290 * DAY)])

    assert later(willing, now, NOW + 60 * DAY) == []


def test_the_guide_goes_to_those_whose_shop_wrote_one(willing: Order, now: clock.Hands) -> None:
    only("how-to")
    assert NAMED["no_guide"](load([Message(template="how_to", order=willing, to_address=willing.email)])[0]) == "no_guide"

    Brand.objects.update(guide_title="Care")
    flows.route([OrderDelivered(order_id=willing.pk, at=NOW)])

    assert later(willing, now, NOW + 3 * DAY) == ["how_to"]
