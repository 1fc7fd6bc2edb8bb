"""A made-up order lives a usual life: each flow shows its messages, or says what keeps the order out."""

import pytest

from notifications import library
from notifications import text_accounts as accounts
from notifications.definition import loose
from notifications.models import Flow, FlowVersion
from notifications.plans import plan_of
from notifications.replay.simulate import Simulation, simulate
from notifications.replay.usual import LIVES
from orders.models import Order
from postpurchase.tenancy.models import Brand
from tests.notifications.conftest import NOW
from tracking.models import Shipment, Status

pytestmark = pytest.mark.django_db
WRITES = {  # flow -> the life that it is tried on, and what it writes then
    "confirmation": ("usual", ["confirmation"]),
    "on-hold": ("unpaid", ["payment_pending"]),
    "backordered": ("no_stock", ["backordered"]),
    "processing-late": ("unshipped", ["processing_late"]),
    "shipped": ("usual", ["shipped"]),
    "first-scan": ("usual", ["first_scan"]),
    "arriving-tomorrow": ("usual", ["arriving_tomorrow"]),
    "out-for-delivery": ("usual", ["out_for_delivery"]),
    "ready-to-collect": ("pickup", ["ready_to_collect", "collect_reminder", "collect_last"]),
    "attempt-failed": ("attempt", ["attempt_failed", "attempt_failed"]),
    "delayed": ("late", ["delayed"]),
    "delivered": ("usual", ["delivered"]),
    "returned": ("returned", ["returning"]),
    "refunded": ("refunded", ["refunded"]),
    "how-to": ("usual", ["how_to"]),
    "follow-up": ("usual", ["follow_up"]),
    "review-request": ("usual", ["review_request", "review_reminder"]),
    "refill": ("usual", ["refill"]),
    "win-back": ("usual", ["win_back"]),
}


def sent(found: Simulation) -> list[str]:
    assert found.failed == {}
    return [one.letter.template for one in found.moments if one.kind == "decided" and one.verdict == "send" and one.letter]


def lived(key: str, order: Order | None = None, how: str = "") -> Simulation:
    flow = Flow.objects.get(key=key)
    return simulate(plan_of(flow.live_id), flow.pk, order, [], NOW, how)


def test_each_default_flow_shows_its_messages_on_a_made_up_order(order: Order) -> None:
    Brand.objects.update(guide_title="Care", website="https://ann.example/")
    found = {default.key: lived(default.key) for default in library.DEFAULTS}

    assert {key: (one.how, sent(one)) for key, one in found.items()} == WRITES
    assert all(one.supposed for one in found.values())


def test_what_the_shop_lacks_and_a_condition_that_does_not_hold_are_told(order: Order) -> None:
    Brand.objects.update(guide_title="", website="")

    assert [one.reason for one in lived("how-to").moments if one.kind == "decided"] == ["no_guide"]
    assert [one.reason for one in lived("win-back").moments if one.kind == "decided"] == ["no_website"]

    refill = Flow.objects.get(key="refill")
    raw = FlowVersion.objects.get(pk=refill.live_id).definition
    raw["triggers"][0]["when"]["value"] = 300
    plan = loose(raw)
    kept = simulate(plan, refill.pk, None, [], NOW)
    assert (kept.kept_out, kept.moments) == (plan.triggers, [])


def test_what_a_real_order_has_behind_it_stays_and_the_rest_is_supposed(order: Order, parcel: Shipment) -> None:
    Shipment.objects.update(status=Status.OUT_FOR_DELIVERY)

    on = {how: lived("delivered", order, how) for how in LIVES}

    assert sent(on["usual"]) == ["delivered"]
    assert on["usual"].supposed and on["usual"].supposed > NOW
    assert {one.fact.kind for one in on["usual"].happened if one.at >= on["usual"].supposed} == {"shipment.moved", "order.delivered"}
    assert sent(on["returned"]) == sent(on["cancelled"]) == []
    assert all("order.changed" not in {one.fact.kind for one in found.happened} for found in on.values())

    Order.objects.update(delivered_at=NOW)
    Shipment.objects.update(status=Status.DELIVERED)
    assert lived("delivered", Order.objects.get()).supposed is None


def test_a_text_goes_to_the_number_and_not_without_an_account(order: Order) -> None:
    flow = Flow.objects.get(key="shipped")
    raw = FlowVersion.objects.get(pk=flow.live_id).definition
    raw["steps"][0]["channel"] = "sms"
    plan = loose(raw)

    assert [one.reason for one in simulate(plan, flow.pk, None, [], NOW).moments if one.kind == "decided"] == ["no_sms_account"]

    accounts.keep(provider="sink", sid="", token="", sender="Ann")
    found = simulate(plan, flow.pk, None, [], NOW)
    assert [(one.letter.to_address, one.letter.channel) for one in found.moments if one.kind == "decided" and one.letter] == [
        ("+4915112345678", "sms")
    ]
    (drawn,) = found.drawn.values()
    assert (drawn.html, drawn.text.startswith("Ann")) == ("", True)
