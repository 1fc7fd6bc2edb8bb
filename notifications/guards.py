"""Reasons not to send, asked at the last moment. A guard returns the reason, or None."""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

from notifications.cases import Case
from notifications.models import Channel, Stream, Suppression
from notifications.models.messages import PAUSED
from postpurchase.lib import clock
from tracking import workdays, zones
from tracking.health import LATE
from tracking.models import ENDED, Shipment, Status

Guard = Callable[[Case], str | None]

PAST_TRANSIT = frozenset({Status.OUT_FOR_DELIVERY, Status.ATTEMPT_FAILED, Status.AVAILABLE_FOR_PICKUP, Status.RETURNING, *ENDED})
# What a parcel message says is no longer news once the parcel is in one of these states.
OVERTAKEN: dict[str, frozenset[str]] = {
    "shipped": PAST_TRANSIT,
    "out_for_delivery": frozenset(Status) - {Status.OUT_FOR_DELIVERY},
    "delivered": frozenset(Status) - {Status.DELIVERED},
    "first_scan": PAST_TRANSIT,
    "arriving_tomorrow": PAST_TRANSIT,
    **dict.fromkeys(("ready_to_collect", "collect_reminder", "collect_last"), frozenset(Status) - {Status.AVAILABLE_FOR_PICKUP}),
    "attempt_failed": frozenset(Status) - {Status.ATTEMPT_FAILED},
    "returning": frozenset(Status) - {Status.RETURNING, Status.RETURNED},
}
OLD = timedelta(days=60)
HISTORY = timedelta(days=14)  # an order that reaches us so long after it was placed came in with an import
PATIENCE = 2  # working days on top of the shop's own handling time, before an order is late
ENDINGS = frozenset({"order.cancelled", "order.refunded", "order.refunded_whole"})
SHIPPED = ("fulfilled", "shipped", "delivered")  # as shops call an order that has left, where they tell of no parcel
PROBLEMS = frozenset({Status.EXCEPTION, Status.ATTEMPT_FAILED, Status.RETURNING, Status.RETURNED, Status.LOST_OR_DESTROYED})


def no_address(case: Case) -> str | None:
    """There is nobody to write to."""
    if case.message.channel == Channel.SMS:
        return no_number(case)
    return None if "@" in case.message.to_address else "no_address"


def no_number(case: Case) -> str | None:
    """There is no number to text to, or nothing to text with."""
    if not case.message.to_address.startswith("+"):
        return "no_number"
    return None if case.texting else "no_sms_account"


def test_order(case: Case) -> str | None:
    """A test order writes to the merchant's own team only: its addresses may belong to real people."""
    return "test_order" if case.message.test and case.message.to_address not in case.team else None


def suppressed(case: Case) -> str | None:
    """The address bounced, complained, or wants none of this stream."""
    if Suppression.ALL in case.suppressed:
        return "suppressed"
    return "unsubscribed" if case.message.stream in case.suppressed else None


def no_consent(case: Case) -> str | None:
    """Marketing goes to those who agreed, and whose last word it was; to customers who said nothing where the merchant's rules let it."""
    if case.message.stream != Stream.MARKETING or case.consent or (case.consent is None and case.soft_opt_in):
        return None
    return "no_consent"


def only_if_late(case: Case) -> str | None:
    """The shopper wants to hear of this order's parcels only when something is late."""
    about = case.message
    wanted = case.wishes.late_only if case.wishes and about.enrolment_id and about.template in OVERTAKEN else ()
    return "only_if_late" if about.order_id in wanted else None


def merchant_paused(case: Case) -> str | None:
    """The merchant's marketing rests: too many bounces or complaints."""
    return PAUSED if case.rules.paused_at and case.message.stream == Stream.MARKETING else None


def order_gone(case: Case) -> str | None:
    """The order was cancelled, or the person erased. What a cancellation or refund itself starts is written all the same."""
    if case.order and case.order.erased_at:
        return "erased"
    if case.plan and all(trigger.event in ENDINGS for trigger in case.plan.triggers):
        return None
    return "order_cancelled" if case.order and case.order.cancelled_at else None


def flow_off(case: Case) -> str | None:
    """The merchant has switched the flow off since."""
    enrolment = case.message.enrolment
    return "flow_off" if enrolment and not enrolment.flow.enabled else None


def overtaken(case: Case) -> str | None:
    """The parcel is further than the message would say."""
    parcel = case.shipment
    return "overtaken" if parcel and parcel.status in OVERTAKEN.get(case.message.template, frozenset()) else None


def not_delayed(case: Case) -> str | None:
    """The parcel is no longer late: it moved again, is out for delivery, or has arrived."""
    parcel = case.shipment
    if parcel and (parcel.shipped_at or parcel.created_at) < clock.business_now() - OLD:
        return "too_old"  # an import of history is no news
    if parcel is None or parcel.status in (*ENDED, Status.OUT_FOR_DELIVERY, Status.AVAILABLE_FOR_PICKUP):
        return "arrived"
    return None if LATE & set(parcel.health) or slipped(parcel) else "moved_again"


def slipped(parcel: Shipment) -> bool:
    """Whether the parcel is now expected later than was first said."""
    return bool(parcel.estimate_on and parcel.first_estimate_on and parcel.estimate_on > parcel.first_estimate_on)


def not_tomorrow(case: Case) -> str | None:
    """The parcel is not expected for tomorrow, on the shopper's calendar."""
    parcel, order = case.shipment, case.order
    if parcel is None or order is None:
        return "not_tomorrow"
    today = clock.business_now().astimezone(zones.of_country(order.ship_country, case.brand.time_zone)).date()
    return None if parcel.estimate_on == today + timedelta(days=1) else "not_tomorrow"


def shipped_already(case: Case) -> str | None:
    """A parcel of the order has left, or there is nothing that could."""
    order = case.order
    if any(parcel.cancelled_at is None for parcel in case.shipments) or (
        order and (order.delivered_at or order.fulfilment_status in SHIPPED)
    ):
        return "shipped_already"
    return None if any(line.requires_shipping for line in case.lines) else "nothing_to_ship"


def in_time(case: Case) -> str | None:
    """The shop takes so long as a rule, or what it promised can still come true."""
    order = case.order
    if order is None:
        return None
    zone = zones.named(case.brand.time_zone)
    today, placed = clock.business_now().astimezone(zone).date(), order.placed_at.astimezone(zone).date()
    if order.promised_to:
        return "in_time" if workdays.add(today, case.brand.transit_days_min, order.ship_country) <= order.promised_to else None
    home = zones.country_of(case.brand.time_zone)
    return "in_time" if today <= workdays.add(placed, case.brand.handling_days + PATIENCE, home) else None


def not_delivered(case: Case) -> str | None:
    """Something of the order is not there after all."""
    return None if case.order and case.order.delivered_at else "not_delivered"


def refunded(case: Case) -> str | None:
    """All of the order's money went back: a question how it was would hurt. A part of it, as for the postage, is no reason."""
    order = case.order
    return "refunded" if order and order.refunded_total >= max(order.total, 1) else None


def problem_open(case: Case) -> str | None:
    """A parcel of the order is in trouble."""
    return "problem_open" if any(parcel.status in PROBLEMS or parcel.health for parcel in case.shipments) else None


def imported(case: Case) -> str | None:
    """The order came in long after it was placed: history is no news."""
    return "imported" if case.order and case.order.recorded_at - case.order.placed_at > HISTORY else None


def ordered_since(case: Case) -> str | None:
    """The person has ordered again."""
    return "ordered_since" if case.order and case.newest_order and case.newest_order > case.order.placed_at else None


def no_guide(case: Case) -> str | None:
    """The shop has written no guide."""
    return None if case.brand.guide_title else "no_guide"


def no_website(case: Case) -> str | None:
    """There is no shop to lead to."""
    return None if case.brand.website else "no_website"


ALWAYS: dict[str, Guard] = {
    "address": no_address,
    "test": test_order,
    "order": order_gone,
    "flow": flow_off,
    "suppression": suppressed,
    "consent": no_consent,
    "wishes": only_if_late,
}
NAMED: dict[str, Guard] = {
    "overtaken": overtaken,
    "not_delayed": not_delayed,
    "not_tomorrow": not_tomorrow,
    "shipped_already": shipped_already,
    "in_time": in_time,
    "not_delivered": not_delivered,
    "refunded": refunded,
    "problem_open": problem_open,
    "imported": imported,
    "ordered_since": ordered_since,
    "no_guide": no_guide,
    "no_website": no_website,
}

EVERY = {**NAMED, **ALWAYS}


def decide(case: Case, now: datetime | None = None) -> tuple[str, str, list[dict[str, Any]]]:
    """(verdict, reason, checks): 'send', 'skip', 'expire' or 'hold'. Each check made is listed with its outcome, up to one that failed."""
    now = now or clock.business_now()
    at = now.isoformat()
    checks: list[dict[str, Any]] = []
    expires = case.message.expires_at
    late = bool(expires and expires <= now)
    _note(checks, "useful", "too_late" if late else None, at)
    if late:
        return "expire", "too_late", checks
    for name in (*ALWAYS, *(case.step.unless if case.step else [])):
        reason = EVERY[name](case)
        _note(checks, name, reason, at)
        if reason:
            return "skip", reason, checks
    if reason := merchant_paused(case):
        return "hold", reason, checks
    return "send", "", checks


def _note(checks: list[dict[str, Any]], check: str, reason: str | None, at: str) -> None:
    checks.append({"check": check, "passed": reason is None, "detail": reason or "", "at": at})
