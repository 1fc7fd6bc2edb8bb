"""Reasons not to send, asked at the last moment. A guard returns the reason, or None."""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

from notifications.cases import Case
from notifications.models import Channel, Stream, Suppression
from notifications.models.messages import PAUSED
from postpurchase.lib import clock
from tracking.models import ENDED, Shipment, Status

Guard = Callable[[Case], str | None]

# What a parcel message says is no longer news once the parcel is in one of these states.
OVERTAKEN: dict[str, frozenset[str]] = {
    "shipped": frozenset({Status.OUT_FOR_DELIVERY, Status.ATTEMPT_FAILED, Status.AVAILABLE_FOR_PICKUP, Status.RETURNING, *ENDED}),
    "out_for_delivery": frozenset(Status) - {Status.OUT_FOR_DELIVERY},
    "delivered": frozenset(Status) - {Status.DELIVERED},
}
OLD = timedelta(days=60)
LATE = frozenset({"stalled", "late_vs_promise", "late_vs_edd"})
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
    """The order was cancelled, or the person erased."""
    if case.order and case.order.erased_at:
        return "erased"
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


def not_delivered(case: Case) -> str | None:
    """Something of the order is not there after all."""
    return None if case.order and case.order.delivered_at else "not_delivered"


def refunded(case: Case) -> str | None:
    """Money went back for the order: a question how it was would hurt."""
    return "refunded" if case.order and case.order.refunded_total > 0 else None


def problem_open(case: Case) -> str | None:
    """A parcel of the order is in trouble."""
    return "problem_open" if any(parcel.status in PROBLEMS or parcel.health for parcel in case.shipments) else None


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
    "not_delivered": not_delivered,
    "refunded": refunded,
    "problem_open": problem_open,
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
